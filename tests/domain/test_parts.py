# ruff: noqa: DTZ001 - entries carry wall times
"""The parts of an activity as entries: which there are, where they stand, and what a calendar program reads of them."""

import datetime as dt
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Event

from tracker.domain.activities import Activity
from tracker.domain.calendars import AccessClass, Entry, EntryStatus
from tracker.domain.entries import Days, Numbering, uid_of
from tracker.domain.parts import PartKind, days_of_part, part_entry, parts_of, uid_of_part
from tracker.domain.twins import Twin
from tracker.i18n import LANGUAGES
from tracker.outputs.ical import render_entry

NOW = dt.datetime(2026, 10, 1, 12, tzinfo=dt.UTC)
OWN = UUID(int=7)
TWINS = {
    "cologne": Twin(
        slug="cologne", names={"en": "Cologne", "de": "Köln", "ru": "Кёльн"}, country="DE",
        latitude=50.9375, longitude=6.9603, timezone="Europe/Berlin",
    ),
    "hiroshima": Twin(slug="hiroshima", names={"en": "Hiroshima"}, country="JP", timezone="Asia/Tokyo"),
    "nowhere": Twin(slug="nowhere", names={"en": "Nowhere"}, country="XX", timezone="Europe/Stalingrad"),
}  # fmt: skip
LISTS = {
    "delegation": ("programme", {"start": "2026-12-04", "title": "Dinner"}),
    "exchange": ("legs", {"start": "2026-12-04"}),
    "aid_shipment": ("stages", {"stage": "packed", "on": "2026-12-04"}),
}


def activity(kind: str = "delegation", *parts: dict[str, Any], **fields: Any) -> Activity:
    base = {
        "kind": kind, "status": "confirmed", "title": {"en": "Visit of the mayor", "de": "Besuch"},
        "twins": ["cologne"], "start": "2026-12", "id": OWN, "version": 1, "created_at": NOW, "changed_at": NOW,
    }  # fmt: skip
    if parts:
        name, blank = LISTS[kind]
        base["details"] = {name: [blank | part for part in parts]}
    return Activity.model_validate(base | fields)


def entries(whole: Activity, language: str = "en", **more: Any) -> list[Entry | None]:
    return [
        part_entry(whole, part, TWINS, language, Numbering(uid_of_part(whole.id, part.key), 0, NOW), **more)
        for part in parts_of(whole)
    ]


def made(whole: Activity, language: str = "en", **more: Any) -> Entry:
    (entry,) = entries(whole, language, **more)
    assert entry is not None
    return entry


# --- which parts there are --------------------------------------------------------------------------------------------


def test_each_kind_has_its_parts_under_keys_that_do_not_tell_the_time() -> None:
    visit = activity("delegation", {"id": "a1"}, {"id": "b2", "start": "2027"})
    exchange = activity("exchange", {"id": "out"}, {"id": "back", "way": "return"})
    aid = activity("aid_shipment", {"stage": "dispatched", "on": "2026-12-04"}, {"stage": "arrived", "on": "2026-12"})
    agreement = activity("milestone", details={"ends": "2030-12-31"})

    assert [part.key for part in parts_of(visit)] == ["programme-a1", "programme-b2"]
    assert [part.key for part in parts_of(exchange)] == ["leg-out", "leg-back"]
    assert [part.key for part in parts_of(aid)] == ["stage-dispatched", "stage-arrived"]
    assert [(part.key, part.kind) for part in parts_of(agreement)] == [("ends", PartKind.ENDS)]
    assert parts_of(activity("festival")) == parts_of(activity("milestone")) == ()


def test_what_was_kept_before_items_had_ids_goes_by_its_place() -> None:
    assert [part.key for part in parts_of(activity("delegation", {}, {}))] == ["programme-1", "programme-2"]


def test_of_two_parts_with_one_key_the_first_counts() -> None:
    twice = activity("aid_shipment", {"stage": "packed", "on": "2026-12-04"}, {"stage": "packed", "on": "2026-12-05"})

    assert [(part.key, part.start) for part in parts_of(twice)] == [("stage-packed", "2026-12-04")]


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        ("2026-12-04", None, Days(dt.date(2026, 12, 4), dt.date(2026, 12, 4))),
        ("2026-12-04", "2026-12-06", Days(dt.date(2026, 12, 4), dt.date(2026, 12, 6))),
        ("2026-12-04T22:00", "2026-12-05T01:00", Days(dt.date(2026, 12, 4), dt.date(2026, 12, 5))),
        ("2026-12", None, Days(dt.date(2026, 12, 1), dt.date(2026, 12, 1), day_known=False)),
        ("2026", None, None),
        ("2013-23", None, None),
        # Kept from before such things were refused: the days are kept, the rest is let go.
        ("2026-12-04T18:00", "2026-12-06", Days(dt.date(2026, 12, 4), dt.date(2026, 12, 6))),
        ("2026-12-04T25:00", None, Days(dt.date(2026, 12, 4), dt.date(2026, 12, 4))),
        ("2026-12-04T18:00", "2026-12-03T19:00", Days(dt.date(2026, 12, 4), dt.date(2026, 12, 4))),
        ("2026-12-04", "2026-12-03", Days(dt.date(2026, 12, 4), dt.date(2026, 12, 4))),
        ("2026-12-04", "2026-12-06/2026-12-07", Days(dt.date(2026, 12, 4), dt.date(2026, 12, 7))),
        ("1960-05T10:00", None, Days(dt.date(1960, 5, 1), dt.date(1960, 5, 1), day_known=False)),
    ],
)
def test_a_part_stands_only_where_somebody_knows_it_is(start: str, end: str | None, days: Days | None) -> None:
    (part,) = parts_of(activity("delegation", {"start": start, "end": end}))

    assert days_of_part(part) == days


# --- what an entry says -----------------------------------------------------------------------------------------------


def test_a_programme_item_stands_under_its_own_title_and_belongs_to_the_visit() -> None:
    item = {"id": "a1", "start": "2026-12-04T18:00", "end": "2026-12-04T20:00", "place": "Cologne"}

    entry = made(activity("delegation", item, visibility="members"), "de", base_url="https://t.example")

    assert (entry.uid, entry.related_to) == (f"{OWN}-programme-a1@tracker", uid_of(OWN))
    assert (entry.summary, entry.location, entry.geo) == ("Dinner", "Köln", (50.9375, 6.9603))
    assert entry.description.splitlines() == ["Köln – Wolgograd", "Besuch"]
    assert (entry.start, entry.end) == (dt.datetime(2026, 12, 4, 18), dt.datetime(2026, 12, 4, 20))
    assert (entry.transparent, entry.status, entry.access_class) == (False, EntryStatus.CONFIRMED, AccessClass.PRIVATE)
    assert (entry.categories, entry.color) == (("Delegation", "Köln"), "royalblue")
    assert entry.url == f"https://t.example/activities/{OWN}"


@pytest.mark.parametrize(
    ("leg", "summary"),
    [
        (
            {"origin": "Köln", "destination": "Wolgograd", "means": "train"},
            "Outward journey: Cologne – Volgograd (train)",
        ),
        ({"way": "return", "origin": "Volgograd"}, "Return journey: Volgograd"),
        (
            {"origin": "Köln", "destination": "Wolgograd", "start": "1958-05-01"},
            "Outward journey: Cologne – Stalingrad",
        ),
        ({"origin": "Köln Hbf", "destination": "Rossoshka"}, "Outward journey: Köln Hbf – Rossoshka"),
        ({"means": "bus"}, "Outward journey: Visit of the mayor (bus)"),
        ({}, "Outward journey: Visit of the mayor"),
    ],
)
def test_a_journey_says_from_where_to_where_under_the_names_of_then(leg: dict[str, Any], summary: str) -> None:
    assert made(activity("exchange", leg)).summary == summary


def test_a_journey_begins_at_the_place_it_leaves() -> None:
    entry = made(activity("exchange", {"origin": "Volgograd", "destination": "Cologne"}))

    assert (entry.location, entry.geo) == ("Volgograd", (48.7080, 44.5133))


@pytest.mark.parametrize(
    ("stage", "summary"),
    [
        ("collected", "Collected: Visit of the mayor"),
        ("packed", "Packed: Visit of the mayor"),
        ("dispatched", "Dispatched: Visit of the mayor"),
        ("customs", "At customs: Visit of the mayor"),
        ("arrived", "Arrived: Visit of the mayor"),
        ("distributed", "Distributed: Visit of the mayor"),
        ("receipt_confirmed", "Receipt confirmed: Visit of the mayor"),
    ],
)
def test_a_stage_says_which_and_of_what(stage: str, summary: str) -> None:
    entry = made(activity("aid_shipment", {"stage": stage, "on": "2026-12-04", "note": "Two lorries"}))

    assert (entry.summary, entry.transparent) == (summary, True)
    assert entry.description.splitlines() == ["Cologne – Volgograd", "Two lorries"]


def test_a_deadline_says_what_runs_out() -> None:
    entry = made(activity("milestone", details={"ends": "2030-12", "title_of_paper": "Treaty"}))

    assert (entry.summary, entry.start) == ("Runs out: Visit of the mayor (day unknown)", dt.date(2030, 12, 1))
    assert entry.description.splitlines() == ["December 2030", "Cologne – Volgograd", "Treaty"]


def test_what_is_known_to_the_year_only_has_no_entry() -> None:
    assert entries(activity("delegation", {"start": "2027"})) == [None]


def test_a_part_shares_the_fate_of_the_whole() -> None:
    off = made(activity("delegation", {}, status="cancelled", reason="No visas"))
    put_off = made(activity("delegation", {}, status="postponed", reason="No visas"))
    planned = made(activity("delegation", {}, status="planned"))

    assert (off.status, off.summary, off.transparent) == (EntryStatus.CANCELLED, "Cancelled: Dinner", True)
    assert (put_off.status, put_off.summary) == (EntryStatus.TENTATIVE, "Postponed: Dinner")
    assert "Reason: No visas" in off.description
    assert (planned.status, planned.summary) == (EntryStatus.TENTATIVE, "Dinner")


def test_a_part_that_was_taken_off_keeps_its_title_only() -> None:
    entry = made(activity("delegation", {"place": "Cologne"}), cancelled=True, base_url="https://t.example")

    assert (entry.status, entry.summary) == (EntryStatus.CANCELLED, "Cancelled: Dinner")
    assert (entry.description, entry.location, entry.geo, entry.url) == ("", "", None, "")


def test_who_led_and_how_many_came_is_said_of_the_whole_only() -> None:
    whole = activity("delegation", {}, leaders=[{"name": "Harry Stanley"}], counts=[{"value": 12}])

    assert made(whole).description.splitlines() == ["Cologne – Volgograd", "Visit of the mayor"]


# --- whose clock ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "zone"),
    [
        ({"part": "Asia/Tokyo", "timezone": "Europe/Volgograd"}, "Asia/Tokyo"),
        ({"part": "Europe/Stalingrad", "timezone": "Europe/Volgograd"}, "Europe/Volgograd"),
        ({"timezone": "Europe/Volgograd", "direction": "from_hub"}, "Europe/Volgograd"),
        ({"direction": "to_hub"}, "Europe/Volgograd"),
        ({"direction": "from_hub"}, "Europe/Berlin"),
        ({"direction": "from_hub", "twins": ["nowhere", "hiroshima", "cologne"]}, "Asia/Tokyo"),
        ({"direction": "from_hub", "twins": ["nowhere"]}, "Europe/Volgograd"),
    ],
)
def test_a_time_is_by_the_nearest_clock_that_anybody_named(fields: dict[str, Any], zone: str) -> None:
    item = {"start": "2026-12-04T18:00", "timezone": fields.pop("part", None)}

    entry = made(activity("delegation", item, **fields))

    assert (entry.start, entry.timezone) == (dt.datetime(2026, 12, 4, 18), zone)


def test_a_ticket_tells_each_end_of_a_journey_by_the_clock_of_its_place() -> None:
    times = {"start": "2026-12-04T08:00", "end": "2026-12-04T16:00"}
    way = {"origin": "Cologne", "destination": "Volgograd"}

    local = made(activity("exchange", times | way, direction="to_hub"))
    told = made(activity("exchange", times | way | {"timezone": "Europe/Volgograd"}, direction="to_hub"))

    assert (local.timezone, local.start, local.end) == (
        "Europe/Berlin", dt.datetime(2026, 12, 4, 8), dt.datetime(2026, 12, 4, 14),
    )  # fmt: skip
    assert (told.timezone, told.start, told.end) == (
        "Europe/Volgograd", dt.datetime(2026, 12, 4, 8), dt.datetime(2026, 12, 4, 16),
    )  # fmt: skip


def test_a_journey_that_would_arrive_before_it_leaves_has_no_end() -> None:
    times = {"start": "2026-12-04T08:00", "end": "2026-12-04T09:00", "origin": "Cologne", "destination": "Volgograd"}

    assert made(activity("exchange", times)).end is None


# --- whatever the domain accepts --------------------------------------------------------------------------------------

# Controls are tested with the calendar's bytes; here the words shall come back as they are.
words = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=60)
named = st.one_of(st.just(""), st.sampled_from(["Köln", "Stalingrad", "HIROSHIMA", "Hbf"]), words)
days = st.dates(dt.date(1, 1, 1), dt.date(9999, 12, 31)).map(dt.date.isoformat)
times = st.datetimes(dt.datetime(1, 1, 1)).map(lambda t: t.isoformat(timespec="seconds"))
written = st.one_of(
    days, times, st.dates(dt.date(2026, 10, 20), dt.date(2026, 11, 5)).map(dt.date.isoformat),
    st.datetimes(dt.datetime(2026, 10, 20), dt.datetime(2026, 11, 5)).map(lambda t: t.isoformat(timespec="minutes")),
    st.sampled_from(["1944", "1960-05", "199X", "2013-23", "2002/..", "../2030-01-01", "2026-10-25~", "2026-10?",
                     "2026-10-25/2026-10-27", "2026-10/2026-11", "1960-05T10:00", "2026-10-25T25:61", "2026-10-25T"]),
)  # fmt: skip
moved = st.fixed_dictionaries(
    {"start": written},
    optional={
        "id": st.text("abc-0", max_size=3),
        "end": st.none() | written,
        "timezone": st.sampled_from(["Europe/Volgograd", "Europe/Berlin", "America/Chicago", "UTC", "", "Mars"]),
    },
)


def with_fields(base: st.SearchStrategy[Any], **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.tuples(base, st.fixed_dictionaries(fields)).map(lambda both: both[0] | both[1])


item = with_fields(moved, title=words.filter(str.strip), place=named)
leg = with_fields(moved, way=st.sampled_from(["outward", "return"]), origin=named, destination=named, means=named)
stages = ("collected", "packed", "dispatched", "customs", "arrived", "distributed", "receipt_confirmed")
stage = st.fixed_dictionaries({"stage": st.sampled_from(stages), "on": written, "note": words})
wholes = st.fixed_dictionaries(
    {
        "kind_and_details": st.one_of(
            st.tuples(st.just("delegation"), st.fixed_dictionaries({"programme": st.lists(item, max_size=3)})),
            st.tuples(st.just("exchange"), st.fixed_dictionaries({"legs": st.lists(leg, max_size=3)})),
            st.tuples(st.just("aid_shipment"), st.fixed_dictionaries({"stages": st.lists(stage, max_size=3)})),
            st.tuples(st.just("milestone"), st.fixed_dictionaries({"ends": written, "title_of_paper": words})),
        ),
        "direction": st.sampled_from(["to_hub", "from_hub", "mutual", "elsewhere", "none"]),
        "status": st.sampled_from(["planned", "confirmed", "held", "cancelled", "postponed"]),
        "twins": st.lists(st.sampled_from([*TWINS, "unheard-of"]), min_size=1, unique=True),
        "timezone": st.sampled_from([None, "Europe/Volgograd", "Asia/Tokyo"]),
        "title": st.dictionaries(st.sampled_from(["en", "de", "ja"]), words.filter(str.strip), min_size=1),
    }
)


def instant(time: Any, zone: str | None) -> Any:
    return time.replace(tzinfo=ZoneInfo(zone)) if isinstance(time, dt.datetime) and zone else time


@given(fields=wholes, language=st.sampled_from(LANGUAGES), cancelled=st.booleans())
def test_whatever_details_there_are_a_calendar_program_reads_what_was_meant(
    fields: dict[str, Any], language: str, cancelled: bool
) -> None:
    kind, details = fields.pop("kind_and_details")
    whole = activity(kind, **fields | {"details": details})

    for part, entry in zip(parts_of(whole), entries(whole, language, cancelled=cancelled), strict=True):
        stands = days_of_part(part)
        assert (entry is None) == (stands is None)
        if entry is None or stands is None:
            continue
        read: Any = Event.from_ical(render_entry(entry))
        assert stands.first <= stands.last
        last = entry.end if isinstance(entry.start, dt.datetime) else None
        assert read.errors == []
        assert (read["UID"], read["RELATED-TO"]) == (f"{OWN}-{part.key}@tracker", uid_of(OWN))
        assert read["SUMMARY"] == entry.summary
        assert read.get("LOCATION", "") == entry.location
        assert read.get("DESCRIPTION", "") == entry.description
        assert (read["STATUS"], read["CLASS"]) == (entry.status, "PUBLIC")
        assert read["TRANSP"] == ("OPAQUE" if part.timed and entry.status != "CANCELLED" else "TRANSPARENT")
        assert read["DTSTART"].dt == instant(entry.start, entry.timezone)
        assert entry.start == (dt.datetime.fromisoformat(part.start) if part.timed else stands.first)
        if last and last > entry.start:
            assert read["DTEND"].dt == instant(last, entry.timezone)
        if not part.timed:
            assert read["DTEND"].dt == stands.last + dt.timedelta(days=1)
