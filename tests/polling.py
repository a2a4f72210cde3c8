"""Calendar programs for tests: they ask in front of Flask, and time goes on between two questions as a test wants."""

from flask.testing import FlaskClient

from tracker.bootstrap import Tracker
from tracker.web.app import create_app
from tracker.web.front import Front


class Seconds:
    """A monotonic clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def calendar_program(tracker: Tracker, seconds: Seconds) -> tuple[FlaskClient, Front]:
    """A client and the front that answers it."""
    app = create_app(tracker)
    front = Front(tracker, app.wsgi_app, seconds)
    app.wsgi_app = front  # type: ignore[method-assign]  # as Flask says to put something in front
    return app.test_client(), front
