"""The HTTP API, version 1: bearer tokens in, JSON or problem+json out. `register` joins it to the application.

No cookie is read or set here, so neither CSRF tokens nor CORS rules apply.
"""

from flask_openapi3 import OpenAPI

from tracker.bootstrap import Tracker
from tracker.web.api import activities, description, occasions, problems, reports, twins
from tracker.web.api.blueprint import PREFIX, api

__all__ = ["activities", "occasions", "register", "reports", "twins"]


def register(app: OpenAPI, tracker: Tracker) -> None:  # noqa: ARG001 -- all parts register alike
    problems.register(app, PREFIX)
    app.extensions["csrf"].exempt(api)
    app.register_api(api)
    description.register(app)
