"""Logging in as people do, by the forms: what tests of the ways in share."""

import datetime as dt

from flask.testing import FlaskClient
from passlib.totp import TOTP

from tests.web.conftest import Pages, first
from tracker.actions.users import one_time_link
from tracker.bootstrap import secret_key
from tracker.store import accounts

PASSWORD = "drei Brücken am Fluss"
SECURITY = "/account/security"


def user(pages: Pages, email: str) -> accounts.UserRow:
    with pages.tracker.database.reading() as session:
        found = accounts.user_by_email(session, email)
    assert found
    return found


def send(client: FlaskClient, path: str, page: str = "", **fields: str):  # type: ignore[no-untyped-def]  # of Flask, untyped
    token = first(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(page or path).text)
    return client.post(path, data={"csrf_token": token, **fields})


def link_of(pages: Pages, role: str) -> str:
    return one_time_link(user(pages, f"{role}@example.org"), "", secret_key(pages.tracker.settings))


def with_password(pages: Pages, role: str) -> None:
    send(pages.app.test_client(), link_of(pages, role), password=PASSWORD, password_confirm=PASSWORD)


def log_in(pages: Pages, role: str, client: FlaskClient | None = None, **more: str):  # type: ignore[no-untyped-def]  # likewise
    client = client or pages.app.test_client()
    return client, send(client, "/login", email=f"{role}@example.org", password=PASSWORD, **more)


class App:
    """The app on somebody's telephone, set by the same clock."""

    def __init__(self, pages: Pages, page: str) -> None:
        self._pages, self._key = pages, first(r'id="key" readonly value="([^"]+)"', page).replace(" ", "")

    def code(self, later: int = 0) -> str:
        at = self._pages.tracker.clock() + dt.timedelta(seconds=later)
        return str(TOTP(key=self._key).generate(time=at.timestamp()).token)


def set_up(pages: Pages, client: FlaskClient, page: str = "/account/second-factor") -> tuple[App, list[str]]:
    app = App(pages, client.get(page).text)
    shown = send(client, page, code=app.code())
    assert shown.status_code == 200
    return app, first(r"<textarea[^>]*>([^<]+)</textarea>", shown.text).split()
