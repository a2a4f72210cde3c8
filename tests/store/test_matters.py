"""What there is to be reminded of, read off the rows: by the days in question, through an index, and one by one."""

import datetime as dt
from collections.abc import Iterable
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import event, insert, text

from tests.calendars import COVENTRY, put_twin, record, remove, revise
from tracker.bootstrap import Tracker
from tracker.domain.activities import Visibility
from tracker.domain.rules import About, Choice, Lead, Matter, Rule
from tracker.store.activity_rows import ActivityRow, ActivityTwinRow
from tracker.store.matters import Sources, find, matters
from tracker.store.twins import LinkKindRow

D = dt.date
ALL = (D(2020, 1, 1), D(2030, 12, 31))
STAGES = {"stages": [{"stage": "packed", "on": "2026-08-01"}, {"stage": "dispatched", "on": "2026-09-01"}]}


@pytest.fixture
def house(tracker: Tracker) -> Tracker:
    put_twin(tracker, COVENTRY)
    return tracker


def rule(about: About, *leads: str, key: str = "mine", **choice: Any) -> Rule:
    return Rule(key, about, tuple(map(Lead.parse, leads or ("0d",))), (), {"en": "Mine"}, Choice(**choice))


def made(tracker: Tracker, start: str, **fields: Any) -> Any:
    return record(tracker, start=start, twins=["coventry"], **fields)


def found(tracker: Tracker, *rules: Rule, first: dt.date = ALL[0], last: dt.date = ALL[1]) -> list[Matter]:
    """What is found of those days; and each must be found again, the same, by its subject and year."""
    with tracker.database.reading() as session:
        sources = Sources.of(session)
        several = list(matters(sources, rules, first, last))
        for matter in several:
            mine = next(one for one in rules if matter.rule in ("", one.key) and one.about is matter.about)
            assert find(sources, mine, matter.subject, matter.year) == matter
    return several


def one(tracker: Tracker, about: Rule, subject: str, year: int) -> Matter | None:
    with tracker.database.reading() as session:
        return find(Sources.of(session), about, subject, year)


def on(matters: Iterable[Matter]) -> list[str]:
    return [matter.when.edtf for matter in matters]


def test_each_sort_of_rule_finds_its_own(house: Tracker) -> None:
    trip = made(house, "2026-11-20", end="2026-11-27", visibility="confidential", place="Coventry")
    agreement = made(house, "2017", kind="milestone", status="held", details={"ends": "2027-05"})
    shipment = made(house, "2026-08", kind="aid_shipment", status="held", details=STAGES)
    beds = made(house, "2026-07-15", kind="aid_shipment", details=STAGES)

    starts = found(house, rule(About.START), first=D(2026, 11, 1), last=D(2026, 11, 30))
    assert [(m.subject, m.when.edtf, m.year) for m in starts] == [(f"activity:{trip.id}", "2026-11-20", 2026)]
    assert (starts[0].twins, starts[0].visibility, starts[0].title) == (
        ("coventry",),
        Visibility.CONFIDENTIAL,
        trip.title,
    )
    assert on(found(house, rule(About.END), first=D(2026, 11, 1), last=D(2026, 11, 30))) == ["2026-11-27"]
    ends = found(house, rule(About.AGREEMENT_END, "-12m"), first=D(2026, 5, 1), last=D(2026, 5, 31))
    assert [(m.subject, m.when.edtf) for m in ends] == [(f"activity:{agreement.id}", "2027-05")]
    stuck = found(house, rule(About.STUCK_SHIPMENT, "+14d"), first=D(2026, 9, 15), last=D(2026, 9, 15))
    assert [(m.subject, m.when.edtf) for m in stuck] == [(f"activity:{beds.id}:stage-dispatched", "2026-09-01")]
    open_ones = {m.activity_id for m in found(house, rule(About.UNCONFIRMED, "+3d"))}
    assert open_ones == {trip.id, beds.id}
    assert shipment.id not in open_ones
    assert on(found(house, rule(About.DAY, day="03-31"), first=D(2026, 3, 1), last=D(2027, 3, 1))) == [
        "2026-03-31",
        "2027-03-31",
    ]


def test_a_date_moved_within_its_year_is_the_same_matter(house: Tracker) -> None:
    trip, about = made(house, "2026-11-20"), rule(About.START)
    (before,) = found(house, about)

    trip = revise(house, trip, start="2026-12-01")

    (after,) = found(house, about)
    assert (after.subject, after.year) == (before.subject, before.year)
    assert (after.when.edtf, after.since) == ("2026-12-01", house.clock())
    revise(house, trip, start="2027-01-02")
    assert one(house, about, before.subject, 2026) is None
    assert on(found(house, about)) == ["2027-01-02"]


def test_a_mended_word_does_not_make_it_known_anew(house: Tracker) -> None:
    trip = made(house, "2026-11-20")
    known = house.clock()

    trip = revise(house, trip, title={"en": "Visit"}, status="planned")

    (matter,) = found(house, rule(About.START))
    assert (matter.since, matter.title) == (known, {"en": "Visit"})
    trip = revise(house, trip, status="cancelled", reason="rain")
    assert found(house, rule(About.START)) == []
    revise(house, trip, status="planned")
    (again,) = found(house, rule(About.START))
    assert again.since == house.clock() > known


def test_what_was_removed_is_no_matter(house: Tracker) -> None:
    trip = made(house, "2026-11-20")

    remove(house, trip)

    assert found(house, rule(About.START), rule(About.END), rule(About.UNCONFIRMED, "+1d")) == []
    assert one(house, rule(About.START), f"activity:{trip.id}", 2026) is None


def test_an_activity_late_at_night_far_east_is_on_its_own_day(house: Tracker) -> None:
    made(house, "2026-11-20T23:30", end="2026-11-21T00:30", timezone="Asia/Vladivostok")

    assert on(found(house, rule(About.START), first=D(2026, 11, 20), last=D(2026, 11, 20))) == ["2026-11-20"]
    assert on(found(house, rule(About.END), first=D(2026, 11, 21), last=D(2026, 11, 21))) == ["2026-11-21"]


def test_a_month_is_found_from_any_of_its_days_on(house: Tracker) -> None:
    made(house, "2026-11")

    assert on(found(house, rule(About.START), first=D(2026, 11, 1), last=D(2026, 11, 1))) == ["2026-11"]
    assert on(found(house, rule(About.END, "+1m"), first=D(2026, 12, 30), last=D(2026, 12, 30))) == ["2026-11"]


def test_a_twin_is_silent_since_what_was_done_last(house: Tracker) -> None:
    visit = made(house, "2025-01", end="2025-02-10", status="held")
    made(house, "2025-06-01", status="cancelled", reason="rain")
    about = rule(About.SILENT_TWIN, months=12)

    (matter,) = found(house, about)

    assert (matter.subject, matter.year, matter.twins) == (f"twin:coventry:{visit.id}", 2026, ("coventry",))
    assert matter.when.edtf == "2026-02-10"
    assert matter.title["en"] == "No activity with Coventry since 10 February 2025"
    made(house, "2026-02-10", status="planned")
    assert one(house, about, matter.subject, 2026) is None
    assert on(found(house, about)) == ["2027-02-10"]


def test_a_link_that_is_only_planned_is_not_silent(house: Tracker) -> None:
    made(house, "2025-02-10", status="held")
    with house.database.unit("test", house.clock()) as unit:
        unit.session.add(LinkKindRow(slug="planned", names={"en": "planned"}))
    assert len(found(house, rule(About.SILENT_TWIN))) == 1

    put_twin(house, COVENTRY | {"link": "planned"})

    assert found(house, rule(About.SILENT_TWIN)) == []


def test_a_silence_can_be_shorter_and_of_some_twins(house: Tracker) -> None:
    made(house, "2025-03-01", status="held")
    made(house, "2025-09-01", status="held")

    assert on(found(house, rule(About.SILENT_TWIN, months=3))) == ["2025-06-01", "2025-12-01"]
    assert found(house, rule(About.SILENT_TWIN, twins=("cologne",))) == []


def test_what_another_sort_of_rule_wrote_is_nothing(house: Tracker) -> None:
    trip = made(house, "2026-11-20")

    assert one(house, rule(About.START), "outlook", 2026) is None
    assert one(house, rule(About.START), f"twin:coventry:{trip.id}", 2026) is None
    assert one(house, rule(About.SILENT_TWIN), f"activity:{trip.id}", 2026) is None
    assert one(house, rule(About.DAY, day="03-31"), "day:another", 2026) is None


MANY = 6_000
EXPECTED = [
    (rule(About.START, "-12m", "-2w"), "ix_activities_earliest_latest"),
    (rule(About.END, "+1d", "+60m"), "ix_activities_status_latest"),
    (rule(About.UNCONFIRMED, "+3d"), "ix_activities_status_latest"),
    (rule(About.AGREEMENT_END, "-12m"), "ix_activities_kind_watched_on"),
    (rule(About.STUCK_SHIPMENT, "+14d"), "ix_activities_kind_watched_on"),
    (rule(About.SILENT_TWIN), "ix_activities_status_latest"),
]


def test_every_question_is_answered_from_an_index_in_batches(house: Tracker, monkeypatch: pytest.MonkeyPatch) -> None:
    """Among eighty years of activities, only those on the days in question are looked at."""
    _fill(house)
    monkeypatch.setattr("tracker.store.matters._SLICE", 7)

    for about, index in EXPECTED:
        asked = _asked(house, about)

        assert asked
        for plan in asked:
            assert index in plan, (about.about, plan)


def test_batches_leave_nothing_out_and_say_nothing_twice(house: Tracker, monkeypatch: pytest.MonkeyPatch) -> None:
    for day in ("2026-11-20", "2026-11-20", "2026-11-20", "2026-11-21", "2026-11-25"):
        made(house, day)
    whole = found(house, rule(About.START))

    for size in (1, 2, 3, 5):
        monkeypatch.setattr("tracker.store.matters._SLICE", size)
        assert found(house, rule(About.START)) == whole

    assert len({matter.subject for matter in whole}) == 5


def _fill(tracker: Tracker) -> None:
    """Eighty years, one activity every five days, most of them held."""
    kinds = ("exchange", "festival", "delegation", "milestone", "aid_shipment")
    rows, cities = [], []
    for number in range(MANY):
        day, id_ = D(1946, 1, 1) + dt.timedelta(days=number * 5), uuid4()
        rows.append(
            {"id": id_, "version": 1, "kind": kinds[number % 5], "status": "held" if number % 9 else "planned",
             "title": {"en": "One"}, "description": {}, "direction": "none", "start": day.isoformat(),
             "earliest": day, "latest": day, "watched_on": day if number % 10 > 7 else None,
             "sort_key": day.isoformat(), "visibility": "public", "leaders": [], "organisers": [], "counts_for": [],
             "sources": [], "details": {}, "search_text": "", "created_at": tracker.clock(),
             "changed_at": tracker.clock(), "dated_at": tracker.clock()}
        )  # fmt: skip
        cities.append({"activity_id": id_, "place": 0, "twin": "coventry"})
    with tracker.database.unit("test", tracker.clock()) as unit:
        unit.session.execute(insert(ActivityRow), rows)
        unit.session.execute(insert(ActivityTwinRow), cities)
        unit.session.execute(text("ANALYZE"))


def _asked(tracker: Tracker, about: Rule) -> list[str]:
    """How the database answers each question about activities: the index it takes, or that it reads the table."""
    statements: list[tuple[str, Any]] = []

    def listen(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_more: Any) -> None:
        if "FROM activities" in statement:
            statements.append((statement, parameters))

    engine = tracker.database.engine
    explain = "EXPLAIN " if engine.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN "
    event.listen(engine, "before_cursor_execute", listen)
    try:
        with tracker.database.reading() as session:
            list(matters(Sources.of(session), [about], D(2026, 3, 1), D(2026, 7, 1)))
    finally:
        event.remove(engine, "before_cursor_execute", listen)
    with tracker.database.reading() as session:
        return [
            " ".join(str(row) for row in session.connection().exec_driver_sql(explain + statement, parameters).all())
            for statement, parameters in statements
        ]
