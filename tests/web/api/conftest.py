"""A house with three twins, one account per role with a token each, and the API in front of it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.conftest import BARE, Template, installation
from tracker.actions.tokens import issue_token
from tracker.actions.users import NewUser, add_user
from tracker.bootstrap import Tracker
from tracker.domain.commands import Actor
from tracker.domain.report_readers import Reader
from tracker.domain.twins import Twin
from tracker.store.report_readers import ReaderRow, write_reader
from tracker.store.twins import LinkKindRow, TwinRow, write_twin
from tracker.web.app import create_app

ROLES = ("reader", "editor", "administrator")
TWINS = (
    Twin(slug="cologne", names={"en": "Cologne", "de": "Köln", "ru": "Кёльн"}, country="DE"),
    Twin(slug="coventry", names={"en": "Coventry", "de": "Coventry", "ru": "Ковентри"}, country="GB"),
    Twin(slug="hiroshima", names={"en": "Hiroshima", "ru": "Хиросима"}, local_name="広島市", country="JP"),
)
MEMBERS = Reader.model_validate(
    {
        "slug": "members",
        "names": {"en": "Members", "de": "Mitglieder", "ru": "Участники"},
        "level": "members",
        "sections": [{"name": "highlights"}, {"name": "activities"}, {"name": "chronicle"}, {"name": "people"}],
    }
)


@dataclass
class Api:
    """Speaks to the API as the bearer of a role's token; `Mapping` bodies are sent as JSON."""

    tracker: Tracker
    app: Flask
    tokens: dict[str, str] = field(default_factory=dict)

    def client(self) -> FlaskClient:
        return self.app.test_client()

    def call(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        role: str = "editor",
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> TestResponse:
        given = {"Authorization": f"Bearer {self.tokens[role]}", **(headers or {})}
        if body is not None:
            more |= {"data": json.dumps(body), "content_type": "application/json"}
        return self.client().open(f"/api/v1{path}", method=method, headers=given, **more)

    def get(self, path: str, **more: Any) -> TestResponse:
        return self.call("GET", path, **more)

    def post(self, body: Mapping[str, Any], **more: Any) -> TestResponse:
        return self.call("POST", "/activities", body, **more)

    def put(self, id_: str, body: Mapping[str, Any], version: int | None = None, **more: Any) -> TestResponse:
        headers = {} if version is None else {"If-Match": f'"{version}"'}
        return self.call("PUT", f"/activities/{id_}", body, headers=headers, **more)

    def made(self, **fields: Any) -> dict[str, Any]:
        """Record an activity and return its JSON."""
        response = self.post(activity(**fields), role="administrator")
        assert response.status_code == 201, response.text
        return dict(response.json)


def activity(**fields: Any) -> dict[str, Any]:
    return {"kind": "delegation", "title": {"en": "Visit"}, "twins": ["cologne"], "start": "1960-05", **fields}


def _three_twins(made: Tracker) -> None:
    with made.database.unit("system", made.clock()) as unit:
        unit.session.add(LinkKindRow(slug="twin", names={"en": "Twin city"}))
        unit.session.flush()
        for twin in TWINS:
            row = TwinRow(version=1, changed_at=unit.now)
            write_twin(row, twin)
            unit.session.add(row)
        reader = ReaderRow(version=1, changed_at=unit.now)
        write_reader(reader, MEMBERS)
        unit.session.add(reader)
    for role in ROLES:
        add_user(made.database, NewUser(f"{role}@example.org", role), "system", made.clock())


THREE_TWINS = Template("three_twins", _three_twins, BARE)


@pytest.fixture
def tracker(mode: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Tracker]:
    with installation(THREE_TWINS, tmp_path, request) as made:
        yield made


@pytest.fixture
def house(tracker: Tracker) -> Api:
    tokens = {
        role: issue_token(tracker.database, f"{role}@example.org", tracker.clock(), Actor("system")) for role in ROLES
    }
    return Api(tracker, create_app(tracker), tokens)


@pytest.fixture
def minimal() -> dict[str, Any]:
    """The least that can be sent."""
    return activity()
