"""`/feeds/<token>.ifb`: when a subscribed calendar is free or busy, for programs that look for a common hour."""

from flask import Blueprint, Flask, Response, current_app, request

from tracker.actions.freebusy import freebusy
from tracker.bootstrap import Tracker
from tracker.web.auth import Audience, allowed
from tracker.web.copies import COMMON
from tracker.web.front import Front


def register(app: Flask, tracker: Tracker) -> None:
    # A blueprint of Flask's own: the application's `get` belongs to the API's description, where this has no place.
    times = Blueprint("freebusy", __name__)

    @times.get("/feeds/<token>.ifb")
    @allowed(Audience.TOKEN)
    def free_and_busy(token: str) -> Response:
        body = freebusy(tracker.database, token, tracker.clock())
        if body is None:
            front: Front = current_app.extensions["front"]  # which counts wrong addresses, whatever they end with
            missed = front.miss(request.environ)
            return Response(missed.body, missed.status, missed.headers)
        response = Response(body, headers=COMMON, content_type="text/calendar; charset=utf-8; component=VFREEBUSY")
        response.headers["Content-Disposition"] = 'inline; filename="freebusy.ifb"'
        response.add_etag()
        response.make_conditional(request)
        return response

    app.register_blueprint(times)
