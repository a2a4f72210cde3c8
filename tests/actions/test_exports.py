"""Exporting: once per burst, only where something changed, the same bytes everywhere, and no change ever lost."""

import datetime as dt
import gzip
from pathlib import Path
from uuid import UUID

import icalendar
import pytest
from sqlalchemy import select

from tests.calendars import COLOGNE, COVENTRY, ME, choice, put_twin, record, revise, sent, served, settle, subscribed
from tests.conftest import BARE, Clock, Served
from tracker import bootstrap
from tracker.actions.calendars import create_calendar
from tracker.actions.exports import export_calendar, export_calendars, feed_bytes, mark_touched
from tracker.actions.feeds import whole
from tracker.bootstrap import Tracker
from tracker.consumers import reading
from tracker.domain.activities import Visibility
from tracker.domain.calendars import Selection
from tracker.store import calendars
from tracker.store.exports import ExportRow
from tracker.store.twins import load_all


def exports(tracker: Tracker) -> list[ExportRow]:
    with tracker.database.reading() as session:
        return list(session.scalars(select(ExportRow)))


def test_two_changes_in_one_burst_give_one_export(tracker: Tracker) -> None:
    put_twin(tracker, COLOGNE)
    subscribed(tracker, choice("cologne"))
    settle(tracker)
    made = record(tracker)
    revise(tracker, made, place="Town hall")

    assert settle(tracker) == 1
    assert settle(tracker) == 0


def test_only_calendars_that_hold_the_entry_are_exported_anew(tracker: Tracker) -> None:
    put_twin(tracker, COLOGNE)
    put_twin(tracker, COVENTRY)
    for wanted in (choice("cologne"), choice("coventry"), choice(kinds=("festival",), occasions=()), choice()):
        subscribed(tracker, wanted)
    settle(tracker)

    record(tracker)

    assert settle(tracker) == 2


def test_the_bytes_have_their_tag_their_compressed_form_and_their_time(tracker: Tracker) -> None:
    put_twin(tracker, COLOGNE)
    record(tracker)
    settle(tracker)
    token = subscribed(tracker, choice())

    [row] = exports(tracker)
    calendar = served(tracker, token)

    assert gzip.decompress(calendar.body_gzip) == calendar.body
    assert calendar.body_gzip[4:8] == bytes(4)  # no time of compressing: the same bytes each time
    assert row.entries == calendar.body.count(b"BEGIN:VEVENT") == 6  # one activity, five anniversaries
    assert row.last_modified == tracker.clock()


def test_a_change_that_commits_while_a_calendar_is_exported_is_exported_next(tracker: Tracker, mode: str) -> None:
    if mode == "embedded":
        return  # SQLite has one writer: nothing can commit meanwhile
    put_twin(tracker, COLOGNE)
    token = subscribed(tracker, choice("cologne"))
    settle(tracker)
    first = record(tracker)
    reading.catch_up(tracker.database, tracker.consumers, tracker.clock())
    mark_touched(tracker.database, tracker.clock())

    with tracker.database.unit("system", tracker.clock()) as unit:
        [(calendar_id, _)] = calendars.stale_ids(unit.session)
        [calendar] = calendars.claim_stale(unit.session, [calendar_id])
        assert export_calendar(unit, calendar, load_all(unit.session))
        second = record(tracker, start="2026-12-11")
        reading.catch_up(tracker.database, tracker.consumers, tracker.clock())

    assert str(second.id).encode() not in sent(tracker, token)
    assert export_calendars(tracker.database, tracker.clock()) == 1
    body = sent(tracker, token)
    assert str(first.id).encode() in body
    assert str(second.id).encode() in body


def test_a_change_that_commits_while_a_calendar_is_made_is_exported_next(tracker: Tracker, mode: str) -> None:
    if mode == "embedded":
        return  # SQLite has one writer: nothing can commit meanwhile
    put_twin(tracker, COLOGNE)
    settle(tracker)
    made = record(tracker)

    with tracker.database.unit("system", tracker.clock()) as unit:
        row, _ = calendars.by_choice(unit.session, choice(), UUID(int=7), tracker.clock())
        row.stale_since = tracker.clock()
        reading.catch_up(tracker.database, tracker.consumers, tracker.clock())
        mark_touched(tracker.database, tracker.clock())
    export_calendars(tracker.database, tracker.clock())

    exported = whole(tracker.database, UUID(int=7))
    assert exported is not None
    assert str(made.id).encode() in exported.body


def test_a_calendar_that_was_just_made_is_looked_at_once_more(tracker: Tracker) -> None:
    create_calendar(tracker.database, choice(), ME, tracker.clock())

    with tracker.database.reading() as session:
        assert len(calendars.stale_ids(session)) == 1
    assert export_calendars(tracker.database, tracker.clock()) == 0  # the same bytes
    with tracker.database.reading() as session:
        assert calendars.stale_ids(session) == []


def test_a_calendar_names_the_zones_of_its_times_and_reaches_back_to_the_oldest(tracker: Tracker) -> None:
    put_twin(tracker, COLOGNE | {"dates": []})
    record(tracker, start="2026-12-04")
    record(tracker, start="2014-05-06T18:00", end="2014-05-06T20:00", timezone="Europe/Volgograd")
    record(tracker, start="1994-07-01T09:00", timezone="Europe/Berlin", status="held")
    settle(tracker)

    body = feed_bytes(tracker.database, Selection(), tracker.clock())

    parsed = icalendar.Calendar.from_ical(body)
    days = sorted((entry["DTSTART"].dt for entry in parsed.walk("VEVENT")), key=lambda day: day.year)
    assert [day.year for day in days] == [1994, 2014, 2026]
    # Volgograd was four hours ahead in the summer of 2014, Cologne two in that of 1994.
    assert [day.utcoffset() for day in days[:2]] == [dt.timedelta(hours=2), dt.timedelta(hours=4)]
    zones = {str(zone["TZID"]): zone for zone in parsed.walk("VTIMEZONE")}
    assert zones.keys() == {"Europe/Berlin", "Europe/Volgograd"}
    # Programs reckon by the calendar's own rules, so these must reach back to the oldest time.
    assert min(rule["DTSTART"].dt.year for rule in zones["Europe/Berlin"].subcomponents) <= 1994


def test_a_feed_that_nobody_saved_is_narrowed_by_days_kinds_and_level(tracker: Tracker) -> None:
    put_twin(tracker, COLOGNE)
    record(tracker, title={"en": "Past"}, start="2025-05-01", status="held")
    record(tracker, title={"en": "Choir"}, kind="festival")
    record(tracker, title={"en": "Board"}, visibility="staff")
    settle(tracker)
    first = dt.date(2026, 1, 1)

    def names(selection: Selection, level: Visibility = Visibility.PUBLIC) -> set[str]:
        body = feed_bytes(tracker.database, selection, tracker.clock(), level=level)
        return {str(entry["SUMMARY"]) for entry in icalendar.Calendar.from_ical(body).walk("VEVENT")}

    assert names(Selection(occasions=())) == {"Past", "Choir"}
    assert names(Selection(occasions=(), first=first)) == {"Choir"}
    assert names(Selection(kinds=("festival",), occasions=())) == {"Choir"}
    assert names(Selection(occasions=(), first=first), Visibility.STAFF) == {"Choir", "Board"}


def test_the_calendar_is_called_after_what_it_holds(tracker: Tracker) -> None:
    put_twin(tracker, COLOGNE)

    def name(selection: Selection) -> str:
        body = feed_bytes(tracker.database, selection, tracker.clock())
        return str(icalendar.Calendar.from_ical(body)["X-WR-CALNAME"])

    assert name(Selection(("cologne",), language="de")) == "Köln – Wolgograd"
    assert name(Selection(language="ru")) == "Побратимские связи: Волгоград"
    assert name(Selection(("cologne",), ("festival",))) == "Cologne – Volgograd: Festival"


def test_both_databases_give_the_same_bytes(tmp_path: Path, served: Served) -> None:
    served_environ = served.copy(BARE, tmp_path / "served")
    made: list[bytes] = []
    for environ in ({"TRACKER_HOME": str(tmp_path / "embedded")}, served_environ):
        tracker = bootstrap.assemble(environ, Clock())
        bootstrap.prepare(tracker)
        made.append(_years_of_work(tracker))
        tracker.database.engine.dispose()
    served.give_back(served_environ)

    assert made[0] == made[1]
    assert made[0].count(b"BEGIN:VEVENT") == 9  # three entries, one farewell, five anniversaries


def _years_of_work(tracker: Tracker) -> bytes:
    put_twin(tracker, COLOGNE)
    put_twin(tracker, COVENTRY)
    ids = [UUID(text * 8) for text in ("aaaa", "bbbb", "0000", "ffff")]
    record(tracker, id=ids[0])
    moved = record(tracker, id=ids[1], twins=["coventry", "cologne"])
    record(
        tracker, id=ids[2], start="2026-12-04T10:00", timezone="Europe/Berlin", title={"ru": "Приём", "de": "Empfang"}
    )
    hidden = record(tracker, id=ids[3])
    settle(tracker)
    revise(tracker, moved, twins=["cologne"], status="cancelled", reason="Snow")
    revise(tracker, hidden, visibility="confidential")
    settle(tracker)
    return feed_bytes(tracker.database, Selection(("cologne",), language="ru"), tracker.clock())


@pytest.mark.parametrize("language", ["en", "de", "ru"])
def test_every_line_ends_and_folds_as_programs_want(tracker: Tracker, language: str) -> None:
    put_twin(tracker, COLOGNE)
    record(tracker, title={"ru": "Визит делегации молодёжного оркестра города Кёльна в Волгоград по приглашению"})
    settle(tracker)

    body = feed_bytes(tracker.database, Selection(language=language), tracker.clock())

    lines = body.split(b"\r\n")
    assert b"\n" not in b"".join(lines)
    assert all(len(line) <= 75 for line in lines)
    assert all(line.decode() is not None for line in lines)  # no letter is cut in two
