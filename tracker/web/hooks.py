"""What other programs tell us: `POST /hooks/bounces`, that a mail did not arrive.

The body is the report as a mail (`message/rfc822`, as a mail server can pipe it on) or JSON:
`{"recipient": "…", "status": "5.1.1", "said": "…", "message_id": "<…>"}`, or a list of such. The bearer token of an
administrator says who is telling; no cookie counts, so no other site can forge it.
"""

from flask import Flask, Response, jsonify, request
from flask.typing import ResponseReturnValue

from tracker.actions.bounces import note_bounces
from tracker.actions.tokens import Bearer, bearer_of
from tracker.bootstrap import Tracker
from tracker.domain.access import Role
from tracker.domain.commands import Actor
from tracker.errors import InvalidInput
from tracker.i18n import N_, gettext
from tracker.intake.bounces import parse_json, parse_report
from tracker.web.auth import Audience, allowed
from tracker.web.language import language

LARGEST_REPORT = 1_000_000

_READERS = {
    "message/rfc822": parse_report,
    "multipart/report": parse_report,
    "application/json": parse_json,
}


def register(app: Flask, tracker: Tracker) -> None:
    @allowed(Audience.TOKEN)
    def bounces() -> ResponseReturnValue:
        request.max_content_length = LARGEST_REPORT
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        known = bearer_of(tracker.database, token.strip(), tracker.clock()) if scheme.lower() == "bearer" else None
        if known is None:
            return _problem(401, N_("Send the bearer token of an administrator."))
        if known.role is not Role.ADMINISTRATOR:
            return _problem(403, N_("Only an administrator’s token opens this."))
        return _noted(tracker, known)

    app.add_url_rule("/hooks/bounces", "bounces_hook", bounces, methods=["POST"])
    app.extensions["csrf"].exempt(bounces)


def _noted(tracker: Tracker, teller: Bearer) -> ResponseReturnValue:
    read = _READERS.get(request.mimetype)
    if read is None:
        return _problem(415, N_("Send message/rfc822 or application/json."))
    try:
        found = read(request.get_data())
    except InvalidInput as fault:
        return _problem(422, fault.message(language()))
    noted = note_bounces(tracker.database, found, Actor(f"user:{teller.user_id}"), tracker.clock(), believed=True)
    return jsonify({"reports": len(found), "new": noted})


def _problem(status: int, detail: str) -> Response:
    """As RFC 9457 says."""
    answer = jsonify({"type": "about:blank", "status": status, "detail": gettext(language(), detail)})
    answer.status_code, answer.mimetype = status, "application/problem+json"
    if status == 401:
        answer.headers["WWW-Authenticate"] = 'Bearer realm="tracker"'
    return answer
