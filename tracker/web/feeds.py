"""Where calendars are subscribed to: `front` answers polls in front of Flask; robots are told what they may fetch."""

from flask import Blueprint, Flask, Response

from tracker.bootstrap import Tracker
from tracker.web.auth import Audience, allowed
from tracker.web.front import Front

_ROBOTS = "User-agent: *\nAllow: /feeds/\nAllow: /welcome\nDisallow: /\n"


def register(app: Flask, tracker: Tracker) -> None:
    front = app.extensions["front"] = Front(tracker, app.wsgi_app)
    app.wsgi_app = front  # type: ignore[method-assign]  # as Flask says to put something in front
    # A blueprint of Flask's own: the application's `get` belongs to the API's description, where this has no place.
    feeds = Blueprint("feeds", __name__)

    @feeds.get("/robots.txt")
    @allowed(Audience.EVERYBODY)
    def robots() -> Response:
        return Response(_ROBOTS, mimetype="text/plain")

    app.register_blueprint(feeds)
