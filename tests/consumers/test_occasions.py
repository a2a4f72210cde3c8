"""Occasions follow the rows they come from, however often and in whatever order their events are taken in."""

from typing import Any
from uuid import UUID

import pytest

from tracker.actions.activities import record_activity, remove_activity, revise_activity
from tracker.bootstrap import Tracker
from tracker.consumers import reading
from tracker.consumers.occasions import OCCASIONS
from tracker.domain.activities import Activity, ActivityContent
from tracker.domain.commands import Actor, RecordActivity, RemoveActivity, ReviseActivity
from tracker.domain.events import EventType, changes
from tracker.domain.occasions import Occasion, OccasionKind
from tracker.domain.twins import Twin, TwinDate
from tracker.store import occasions
from tracker.store.twins import HonourRow, LinkKindRow, ObservanceRow, TwinRow, write_twin

ME = Actor("user:1")


def add_twin(tracker: Tracker, slug: str, *dates: tuple[str, bool], link: str = "twin", basis: str = "signed") -> None:
    twin = Twin(
        slug=slug,
        names={"en": slug.title()},
        country="DE",
        link=link,
        dates=tuple(TwinDate(date=date, primary=primary, basis=basis) for date, primary in dates),
    )
    with tracker.database.unit("registry", tracker.clock()) as unit:
        if unit.session.get(LinkKindRow, link) is None:
            unit.session.add(LinkKindRow(slug=link, names={"en": link}))
            unit.session.flush()
        row = unit.session.get(TwinRow, slug)
        known = row is not None
        row = row or TwinRow(slug=slug, version=0)
        row.version, row.changed_at = row.version + 1, tracker.clock()
        write_twin(row, twin)
        unit.session.add(row)
        unit.append(EventType.TWIN_REVISED if known else EventType.TWIN_ADDED, f"twin:{slug}", {})


def milestone(**fields: Any) -> ActivityContent:
    base = {
        "kind": "milestone",
        "subtype": "gift",
        "status": "held",
        "title": {"en": "A bell"},
        "twins": ["cologne"],
        "start": "1990-05-01",
    }
    return ActivityContent.model_validate(base | fields)


def record(tracker: Tracker, **fields: Any) -> Activity:
    return record_activity(tracker.database, RecordActivity(milestone(**fields)), ME, tracker.clock())


def revise(tracker: Tracker, activity_id: UUID, **fields: Any) -> None:
    revise_activity(tracker.database, ReviseActivity(activity_id, milestone(**fields), None), ME, tracker.clock())


def taken_in(tracker: Tracker) -> list[Occasion]:
    reading.catch_up(tracker.database, (OCCASIONS,), tracker.clock())
    with tracker.database.reading() as session:
        return occasions.load_all(session)


def dates(found: list[Occasion]) -> list[tuple[OccasionKind, str]]:
    return [(o.kind, o.date.edtf if o.date else "") for o in found]


def test_a_twins_primary_date_is_its_twinning_and_every_other_an_agreement(tracker: Tracker) -> None:
    add_twin(tracker, "kemi", ("1953", True), ("1959-06", False))

    assert dates(taken_in(tracker)) == [(OccasionKind.TWINNING, "1953"), (OccasionKind.AGREEMENT, "1959-06")]


def test_a_date_that_nobody_explains_is_nothing_to_celebrate(tracker: Tracker) -> None:
    add_twin(tracker, "ostrava", ("1948", True), ("1947", False), basis="")

    assert dates(taken_in(tracker)) == [(OccasionKind.TWINNING, "1948")]


def test_a_planned_link_has_nothing_to_remember_until_it_is_there(tracker: Tracker) -> None:
    add_twin(tracker, "brest", ("2017-07-15", True), link="planned")
    before = taken_in(tracker)
    add_twin(tracker, "brest", ("2017-07-15", True), link="twin")

    assert before == []
    assert dates(taken_in(tracker)) == [(OccasionKind.TWINNING, "2017-07-15")]


def test_a_milestone_of_a_planned_link_is_remembered_only_if_somebody_asked_for_it(tracker: Tracker) -> None:
    add_twin(tracker, "brest", link="planned")
    record(tracker, twins=["brest"], subtype="agreement signing")
    asked = record(tracker, twins=["brest"], subtype="agreement signing", details={"remembered": True})

    assert [o.key for o in taken_in(tracker)] == [f"milestone:{asked.id}"]


def test_a_twinning_told_by_the_twin_and_by_a_milestone_is_one_with_the_twins_words(tracker: Tracker) -> None:
    add_twin(tracker, "cologne", ("1988-11-28", True))
    told = record(tracker, subtype="twinning", start="1988-11-28", title={"en": "They become partners"})

    (only,) = taken_in(tracker)

    assert (only.key, only.kind, dict(only.titles)) == ("founding:cologne", OccasionKind.TWINNING, {})
    assert set(only.sources) == {"twin:cologne", f"activity:{told.id}"}


def test_a_milestone_gives_the_day_where_the_twin_knows_the_year_only(tracker: Tracker) -> None:
    add_twin(tracker, "cologne", ("1988", True))
    record(tracker, subtype="twinning", start="1988-11-28")

    (only,) = taken_in(tracker)

    assert (only.key, only.date.edtf if only.date else None) == ("founding:cologne", "1988-11-28")


@pytest.mark.parametrize(
    ("fields", "count"),
    [
        ({"subtype": "gift"}, 1),
        ({"subtype": "Tree planting"}, 1),
        ({"subtype": "suspension"}, 0),
        ({"subtype": "suspension", "details": {"remembered": True}}, 1),
        ({"subtype": "gift", "details": {"remembered": False}}, 0),
        ({"subtype": "gift", "status": "cancelled", "reason": "no money"}, 0),
        ({"subtype": "gift", "visibility": "confidential"}, 0),
        ({"kind": "delegation", "subtype": "gift"}, 0),
    ],
)
def test_only_what_is_worth_remembering_becomes_an_occasion(
    tracker: Tracker, fields: dict[str, Any], count: int
) -> None:
    add_twin(tracker, "cologne")
    record(tracker, **fields)

    assert len(taken_in(tracker)) == count


def test_a_milestone_that_changes_takes_its_occasion_along(tracker: Tracker) -> None:
    add_twin(tracker, "cologne")
    add_twin(tracker, "ruse")
    made = record(tracker)
    taken_in(tracker)

    revise(tracker, made.id, twins=["ruse"], start="1991-05-01")
    (moved,) = taken_in(tracker)
    revise(tracker, made.id, twins=["ruse"], start="1991-05-01", kind="festival")
    gone = taken_in(tracker)

    assert (moved.twins, moved.date.edtf if moved.date else None) == (("ruse",), "1991-05-01")
    assert gone == []


def test_a_removed_milestone_loses_its_occasion(tracker: Tracker) -> None:
    add_twin(tracker, "cologne")
    made = record(tracker)
    taken_in(tracker)

    remove_activity(tracker.database, RemoveActivity(made.id, None), ME, tracker.clock())

    assert taken_in(tracker) == []


def test_an_observance_is_an_occasion_by_its_rule(tracker: Tracker) -> None:
    with tracker.database.unit("registry", tracker.clock()) as unit:
        unit.session.add(ObservanceRow(slug="victory-day", version=1, rule="05-09", titles={"en": "Victory Day"}))
        unit.append(EventType.OBSERVANCE_ADDED, "observance:victory-day", {})

    (only,) = taken_in(tracker)

    assert (only.kind, only.rule, only.twins) == (OccasionKind.OBSERVANCE, "05-09", ())


def put_honour(tracker: Tracker, slug: str, **fields: Any) -> None:
    """Add an honour, or change it, and tell of what differs as the registry does."""
    given = {"kind": "bell", "name": "Peace Bell", "twin": "cologne", "date": "1990-05-01", "verified": True} | fields
    with tracker.database.unit("registry", tracker.clock()) as unit:
        row = unit.session.get(HonourRow, slug)
        before = {name: getattr(row, name) for name in given} if row else {}
        type_ = EventType.HONOUR_REVISED if row else EventType.HONOUR_ADDED
        row = row or HonourRow(slug=slug, version=0, sources=[])
        row.version += 1
        for name, value in given.items():
            setattr(row, name, value)
        unit.session.add(row)
        unit.append(type_, f"honour:{slug}", changes(before, given))


def test_a_day_that_concerns_a_twin_outlives_news_of_the_twin(tracker: Tracker) -> None:
    add_twin(tracker, "cologne", ("1988-11-28", True))
    with tracker.database.unit("registry", tracker.clock()) as unit:
        day = ObservanceRow(
            slug="carnival", version=1, rule="48 days before easter", titles={"en": "C"}, twin="cologne"
        )
        unit.session.add(day)
        unit.append(EventType.OBSERVANCE_ADDED, "observance:carnival", {"before": {}, "after": {"twin": "cologne"}})
    before = [one.key for one in taken_in(tracker)]

    record(tracker)

    assert before == ["founding:cologne", "observance:carnival"]
    assert [one.key for one in taken_in(tracker) if one.kind is not OccasionKind.MILESTONE] == before


def test_an_honour_is_remembered_as_exactly_as_it_is_dated(tracker: Tracker) -> None:
    add_twin(tracker, "cologne")
    put_honour(tracker, "peace-bell", local_name="Колокол мира", country="RU", date="1990-05")
    put_honour(tracker, "asteroid", kind="asteroid", twin=None, date="1972-04-18")

    asteroid, bell = taken_in(tracker)

    assert (bell.key, bell.kind, bell.twins) == ("honour:peace-bell", OccasionKind.MILESTONE, ("cologne",))
    assert dict(bell.titles) == {"en": "Peace Bell", "de": "Friedensglocke", "ru": "Колокол мира"}
    assert dates([asteroid, bell]) == [(OccasionKind.MILESTONE, "1972-04-18"), (OccasionKind.MILESTONE, "1990-05")]


def test_an_honour_follows_its_twin_and_its_date(tracker: Tracker) -> None:
    add_twin(tracker, "cologne")
    add_twin(tracker, "ruse")
    put_honour(tracker, "bell", date=None)
    undated = taken_in(tracker)
    put_honour(tracker, "bell", twin="ruse")
    moved = taken_in(tracker)
    put_honour(tracker, "bell", twin=None)
    alone = taken_in(tracker)
    put_honour(tracker, "bell", twin=None, verified=False)

    assert undated == []
    assert [(one.key, one.twins) for one in moved] == [("honour:bell", ("ruse",))]
    assert [(one.key, one.twins) for one in alone] == [("honour:bell", ())]
    assert taken_in(tracker) == []


def test_what_an_honour_and_a_milestone_tell_of_is_remembered_once(tracker: Tracker) -> None:
    add_twin(tracker, "cologne")
    told = record(tracker, start="1990")
    put_honour(tracker, "peace-bell")
    put_honour(tracker, "square", kind="square", name="Volgograd Place")

    found = taken_in(tracker)

    assert [(one.key, one.date.edtf if one.date else "") for one in found] == [
        ("honour:square", "1990-05-01"),
        (f"milestone:{told.id}", "1990-05-01"),
    ]
    assert set(found[1].sources) == {f"activity:{told.id}", "honour:peace-bell"}


def test_an_honour_does_not_bring_back_what_shall_not_be_remembered(tracker: Tracker) -> None:
    add_twin(tracker, "cologne")
    record(tracker, details={"remembered": False})
    put_honour(tracker, "peace-bell")

    assert taken_in(tracker) == []


def test_a_replay_of_the_log_changes_nothing(tracker: Tracker) -> None:
    add_twin(tracker, "cologne", ("1988-11-28", True))
    made = record(tracker, subtype="twinning", start="1988-11-28")
    record(tracker, start="1999")
    put_honour(tracker, "peace-bell", date="1999")
    put_honour(tracker, "street", kind="street", name="Cologne Street")
    revise(tracker, made.id, subtype="twinning", start="1989-11-28")
    before = taken_in(tracker)
    with tracker.database.reading() as session:
        since = {o.key: at for o, at in occasions.load_with_since(session)}

    tracker.clock.set(tracker.clock().replace(year=2027))  # type: ignore[attr-defined]  # a test's clock
    reading.replay(tracker.database, OCCASIONS, tracker.clock())

    assert taken_in(tracker) == before
    assert len(before) == 4
    with tracker.database.reading() as session:
        assert {o.key: at for o, at in occasions.load_with_since(session)} == since


FAIR = {"kind": "festival", "subtype": "fair", "details": {"remembered": True}}


@pytest.mark.parametrize(
    ("fields", "count"),
    [
        (FAIR, 1),
        ({**FAIR, "kind": "exchange"}, 1),
        ({**FAIR, "kind": "aid_shipment"}, 1),
        ({**FAIR, "kind": "delegation"}, 1),
        ({**FAIR, "status": "planned", "end": ".."}, 1),
        ({**FAIR, "status": "planned"}, 0),
        ({**FAIR, "status": "cancelled", "reason": "no money"}, 0),
        ({**FAIR, "visibility": "members"}, 0),
        ({**FAIR, "details": {"remembered": False}}, 0),
        ({**FAIR, "details": {}}, 0),
    ],
)
def test_any_activity_that_took_place_is_remembered_where_somebody_asks_for_it(
    tracker: Tracker, fields: dict[str, Any], count: int
) -> None:
    add_twin(tracker, "cologne")
    record(tracker, **fields)

    assert dates(taken_in(tracker)) == [(OccasionKind.MILESTONE, "1990-05-01")] * count


def test_what_somebody_asked_to_remember_follows_its_activity(tracker: Tracker) -> None:
    add_twin(tracker, "cologne")
    made = record(tracker, **{**FAIR, "details": {}})
    plain = taken_in(tracker)
    revise(tracker, made.id, **FAIR)
    asked = taken_in(tracker)
    revise(tracker, made.id, **FAIR, start="1991-06")
    moved = taken_in(tracker)
    revise(tracker, made.id, **FAIR, start="1991-06", status="cancelled", reason="rain")
    off = taken_in(tracker)

    assert [[date for _, date in dates(found)] for found in (plain, asked, moved, off)] == [
        [], ["1990-05-01"], ["1991-06"], [],
    ]  # fmt: skip


def test_what_nobody_wants_remembered_any_more_is_no_occasion(tracker: Tracker) -> None:
    add_twin(tracker, "cologne")
    made = record(tracker, **FAIR)
    before = taken_in(tracker)
    revise(tracker, made.id, **{**FAIR, "details": {}})

    assert [one.key for one in before] == [f"milestone:{made.id}"]
    assert taken_in(tracker) == []
