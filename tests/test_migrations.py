"""An installation of the last release is brought to this one: its calendars and addresses go on."""

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import text

from tests.calendars import COLOGNE, entry, put_twin, record, settle, subscribed
from tests.conftest import Clock, Served
from tracker import bootstrap
from tracker.actions.calendars import token_hash
from tracker.actions.feeds import poll
from tracker.bootstrap import Tracker
from tracker.domain.calendars import Selection
from tracker.domain.choices import CalendarChoice
from tracker.store import deliveries
from tracker.store.activity_rows import ActivityRow

CALENDAR = UUID("00000000-0000-4000-8000-000000000001")
TOKEN = "a-token-of-the-last-release"


@pytest.fixture
def of_last_release(mode: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Tracker]:
    """An installation whose database is as 0.1.0 left it, with a calendar of Cologne and an address of it."""
    environ = {"TRACKER_HOME": str(tmp_path)}
    if mode == "served":
        place: Served = request.getfixturevalue("served")
        database = place.make()
        environ = place.environ(database, tmp_path)
    made = bootstrap.assemble(environ, Clock())
    config = Config()
    config.set_main_option("script_location", str(bootstrap.MIGRATIONS))
    with made.database.engine.execution_options(writing=True).connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        _fill(connection, served=mode == "served")
        connection.commit()
    yield made
    made.database.engine.dispose()
    if mode == "served":
        place.drop(database)


def _fill(connection: object, *, served: bool) -> None:
    key = str(CALENDAR) if served else CALENDAR.hex
    now = dt.datetime(2026, 9, 1, tzinfo=dt.UTC)
    execute = connection.execute  # type: ignore[attr-defined]  # a connection
    execute(
        text(
            "INSERT INTO calendars (id, key, twins, kinds, language, occasions, visibility, created_at, years_back)"
            " VALUES (:id, 'as it was', '[\"cologne\"]', '[]', 'en', true, 'public', :now, 1)"
        ),
        {"id": key, "now": now},
    )
    execute(
        text(
            "INSERT INTO subscriptions (id, version, calendar_id, name, token_hash, created_at, last_agent)"
            " VALUES (:id, 1, :id, 'Office', :hash, :now, '')"
        ),
        {"id": key, "hash": token_hash(TOKEN), "now": now},
    )
    execute(
        text(
            "INSERT INTO deliveries (id, key, channel, recipient, subject, payload, status, reason, tries, next_try_at,"
            " last_error, created_at)"
            " VALUES (1, 'reminder:1', 'mail', 'a@example.org', 'Köln', '{}', 'sent', '', 1, :now, '', :now)"
        ),
        {"now": now},
    )
    execute(
        text(
            "INSERT INTO delivery_attempts (delivery_id, number, begun_at, outcome, error)"
            " VALUES (1, 1, :now, 'sent', '')"
        ),
        {"now": now},
    )


def test_changing_a_table_loses_nothing_that_refers_to_it(of_last_release: Tracker) -> None:
    tracker = of_last_release

    bootstrap.prepare(tracker)

    with tracker.database.reading() as session:
        assert [(row.key, len(row.attempts)) for row in deliveries.listed(session)] == [("reminder:1", 1)]
        assert session.execute(text("SELECT name FROM subscriptions")).scalars().all() == ["Office"]


def test_calendars_of_the_last_release_go_on(of_last_release: Tracker) -> None:
    tracker = of_last_release

    bootstrap.prepare(tracker)
    put_twin(tracker, COLOGNE)
    made = record(tracker)
    settle(tracker)

    assert entry(tracker, TOKEN, made) is not None
    found = poll(tracker.database, TOKEN, tracker.clock())
    assert found is not None
    assert found.calendar_id == CALENDAR


def test_an_old_calendar_is_shared_by_new_addresses_of_its_choice(of_last_release: Tracker) -> None:
    tracker = of_last_release
    bootstrap.prepare(tracker)
    put_twin(tracker, COLOGNE)

    token = subscribed(tracker, CalendarChoice(Selection(("cologne",)), years_back=1))

    found = poll(tracker.database, token, tracker.clock())
    assert found is not None
    assert found.calendar_id == CALENDAR


@pytest.mark.parametrize(
    ("kind", "details", "watched"),
    [
        ("milestone", {"ends": "2027-05"}, dt.date(2027, 5, 1)),
        ("milestone", {"ends": "2027"}, None),
        (
            "aid_shipment",
            {"stages": [{"stage": "packed", "on": "2026-08-01T10:00"}, {"stage": "collected", "on": "2026-07"}]},
            dt.date(2026, 8, 1),
        ),
        ("festival", {}, None),
    ],
)
def test_dates_within_activities_are_found_as_those_of_new_ones(
    of_last_release: Tracker, kind: str, details: dict[str, Any], watched: dt.date | None
) -> None:
    tracker, changed = of_last_release, dt.datetime(2026, 9, 2, tzinfo=dt.UTC)
    empty = dict.fromkeys(("leaders", "organisers", "counts_for", "sources"), "[]")
    row = {"id": CALENDAR if tracker.settings.database_url.startswith("postgresql") else CALENDAR.hex, "version": 1,
           "kind": kind, "subtype": "", "status": "planned", "reason": "", "title": '{"en": "One"}',
           "description": "{}", "direction": "none", "start": "2026", "sort_key": "2026", "place": "",
           "earliest": dt.date(2026, 1, 1), "latest": dt.date(2026, 12, 31),
           "visibility": "public", "owner": "", "quantity_note": "", "note": "", "details": json.dumps(details),
           "search_text": "", "created_at": changed, "changed_at": changed, **empty}  # fmt: skip
    with tracker.database.engine.execution_options(writing=True).connect() as connection:
        names = ", ".join(f'"{name}"' for name in row)
        connection.execute(
            text(f"INSERT INTO activities ({names}) VALUES ({', '.join(f':{name}' for name in row)})"),
            row,
        )
        connection.commit()

    bootstrap.prepare(tracker)

    with tracker.database.reading() as session:
        kept = session.get_one(ActivityRow, CALENDAR)
        assert (kept.watched_on, kept.dated_at, kept.responsible) == (watched, changed, "")
        assert (kept.begun_year, kept.begun_decade) == (2026, 2020)
