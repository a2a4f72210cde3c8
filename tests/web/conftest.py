"""A house with the registry loaded and one person per role, each with a browser of their own."""

import re
from collections.abc import Mapping
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tracker.actions.users import NewUser, add_user
from tracker.bootstrap import Tracker
from tracker.store import accounts
from tracker.web.app import create_app

ROLES = ("reader", "editor", "administrator")


class Pages:
    """The pages as somebody with a role sees them; forms are sent with the token their page carries."""

    def __init__(self, tracker: Tracker) -> None:
        self.tracker = tracker
        self.app: Flask = create_app(tracker)
        for role in ROLES:
            new = NewUser(f"{role}@example.org", role, role.title(), language="en", timezone="Europe/Berlin")
            add_user(tracker.database, new, "system", tracker.clock())

    def browser(self, role: str | None = "editor") -> FlaskClient:
        client = self.app.test_client()
        if role:
            with self.tracker.database.reading() as session:
                user = accounts.user_by_email(session, f"{role}@example.org")
                assert user
            with client.session_transaction() as cookie:
                cookie["_user_id"], cookie["_fresh"] = user.fs_uniquifier, True
        return client

    def get(self, path: str, role: str | None = "editor", lang: str = "en") -> TestResponse:
        client = self.browser(role)
        client.set_cookie("lang", lang)
        return client.get(path)

    def post(
        self, path: str, fields: Mapping[str, Any], role: str = "editor", lang: str = "en", page: str = ""
    ) -> TestResponse:
        """Send a form, with the token and the hidden version of the page it stands on."""
        client = self.browser(role)
        client.set_cookie("lang", lang)
        shown = client.get(page or path).text
        hidden = {"csrf_token": first(r'name="csrf_token" value="([^"]+)"', shown)}
        if version := re.search(r'name="version" value="(\d+)"', shown):
            hidden["version"] = version[1]
        return client.post(path, data={**hidden, **fields})


def first(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    assert found, f"{pattern} is nowhere"
    return found[1]


@pytest.fixture
def pages(with_registry: Tracker) -> Pages:
    return Pages(with_registry)
