"""A house with the registry loaded and one person per role, each with a browser of their own."""

import re
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Map, Rule
from werkzeug.test import TestResponse

from tests.conftest import READ, REGISTRY, Template, installation
from tracker.actions.logins import open_session
from tracker.actions.users import NewUser, add_user
from tracker.bootstrap import Tracker
from tracker.domain.logins import Way
from tracker.store import accounts
from tracker.web.app import create_app

ROLES = ("reader", "editor", "administrator")
AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


class ReadOnce(Rule):
    """An address of the application, compiled the first time only: that takes longer than most tests."""

    _compiled: ClassVar[dict[tuple[str, str, frozenset[str]], Rule]] = {}

    def bind(self, map: Map, rebind: bool = False) -> None:  # noqa: A002 -- named as werkzeug has it
        key = (self.rule, self.endpoint, frozenset(self.methods or ()))
        if key in self._compiled:
            vars(self).update(vars(self._compiled[key]))
        else:
            super().bind(map, rebind)
            self._compiled[key] = self


Flask.url_rule_class = ReadOnce


def let_in(made: Tracker) -> None:
    """An account for each role."""
    for role in ROLES:
        new = NewUser(f"{role}@example.org", role, role.title(), language="en", timezone="Europe/Berlin")
        add_user(made.database, new, "system", made.clock())


HOUSE = Template("house", let_in, REGISTRY)
HOUSE_READ = Template("house_read", let_in, READ)


class Pages:
    """The pages as somebody with a role sees them; forms are sent with the token their page carries."""

    def __init__(self, tracker: Tracker) -> None:
        self.tracker = tracker
        self.app: Flask = create_app(tracker)
        with tracker.database.reading() as session:
            nobody = accounts.user_by_email(session, f"{ROLES[0]}@example.org") is None
        if nobody:
            let_in(tracker)

    def browser(self, role: str | None = "editor") -> FlaskClient:
        client = self.app.test_client()
        if role:
            with self.tracker.database.reading() as session:
                user = accounts.user_by_email(session, f"{role}@example.org")
                assert user
            with client.session_transaction() as cookie:
                secret = open_session(self.tracker.database, user.id, Way.PASSWORD, AGENT, self.tracker.clock())
                cookie["_user_id"], cookie["_fresh"], cookie["fs_paa"] = secret, True, time.time()
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
def pages(mode: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Pages]:
    with installation(HOUSE, tmp_path, request) as made:
        yield Pages(made)


@pytest.fixture
def pages_read(mode: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Pages]:
    """The same house with the registry taken in by every consumer."""
    with installation(HOUSE_READ, tmp_path, request) as made:
        yield Pages(made)
