"""On which day each thing about an activity is, and how long it has been still around a twin."""

import datetime as dt
from typing import Any
from uuid import UUID

import pytest

from tracker.domain.activities import Status, Visibility
from tracker.domain.activity_matters import (
    Seen,
    matter_of,
    matter_of_day,
    matter_of_silence,
    silence_in_words,
    silences,
    what_dates,
)
from tracker.domain.dates import HistoricDate
from tracker.domain.details import AidShipment, Milestone
from tracker.domain.matters import spans
from tracker.domain.occasion_rules import LeapDayPolicy
from tracker.domain.rules import About, Choice, Lead, Rule, due_of
from tracker.domain.twins import Twin
from tracker.intake.json import activity_content

KNOWN = dt.datetime(2026, 1, 5, 9, tzinfo=dt.UTC)
COVENTRY = Twin(slug="coventry", names={"en": "Coventry", "de": "Coventry", "ru": "Ковентри"}, country="GB")
ONE = UUID(int=1)
D = dt.date


def seen(start: str, end: str | None = None, id_: int = 1, **fields: Any) -> Seen:
    given = {"kind": "delegation", "status": Status.PLANNED, "title": {"en": "Trip"}, "place": "Coventry",
             "visibility": Visibility.PUBLIC, "responsible": "", "dated_at": KNOWN, "twins": ("coventry",)}  # fmt: skip
    return Seen(UUID(int=id_), start=start, end=end, **(given | fields))


def rule(about: About, *leads: str, **choice: Any) -> Rule:
    return Rule("mine", about, tuple(map(Lead.parse, leads)), (), {"en": "Mine"}, Choice(**choice))


def days(about: About, one: Seen, *leads: str) -> list[dt.date]:
    matter = matter_of(about, one)
    return [due.day for due in due_of(rule(about, *leads), matter)] if matter else []


@pytest.mark.parametrize(
    ("start", "end", "before", "after"),
    [
        ("2027-05-03", None, [D(2027, 4, 5)], [D(2027, 5, 4)]),
        ("2027-05-03", "2027-05-08", [D(2027, 4, 5)], [D(2027, 5, 9)]),
        ("2027-05-03/2027-05-08", None, [D(2027, 4, 5)], [D(2027, 5, 9)]),
        # By UTC, and in Berlin, it is still (or already) another day.
        ("2027-05-03T23:30", "2027-05-04T00:30", [D(2027, 4, 5)], [D(2027, 5, 5)]),
        ("2027-05", None, [D(2027, 4, 3)], [D(2027, 6, 1)]),
        ("2027-05-03", "..", [D(2027, 4, 5)], []),
        ("2027", None, [], []),
        ("2027-21", None, [], []),
    ],
)
def test_a_trip_is_reminded_of_before_its_first_and_after_its_last_day(
    start: str, end: str | None, before: list[dt.date], after: list[dt.date]
) -> None:
    trip = seen(start, end)

    assert days(About.START, trip, "-4w") == before
    assert days(About.END, trip, "+1d") == after


@pytest.mark.parametrize("status", [Status.CANCELLED, Status.POSTPONED])
def test_what_is_called_off_is_not_reminded_of(status: Status) -> None:
    trip = seen("2027-05-03", status=status)

    assert [matter_of(about, trip) for about in (About.START, About.END, About.UNCONFIRMED)] == [None] * 3


def test_a_matter_says_whom_it_concerns_and_where_it_is_told_of() -> None:
    trip = seen("2027-05-03", responsible="anna@example.org", visibility=Visibility.CONFIDENTIAL)

    matter = matter_of(About.START, trip)

    assert matter is not None
    assert (matter.subject, matter.year, matter.since) == (f"activity:{ONE}", 2027, KNOWN)
    assert (matter.responsible, matter.visibility, matter.place) == (
        "anna@example.org",
        Visibility.CONFIDENTIAL,
        "Coventry",
    )
    assert (matter.twins, matter.kind, matter.activity_id) == (("coventry",), "delegation", ONE)


def test_an_agreement_is_told_of_before_it_ends() -> None:
    agreement = seen("2017-06-01", kind="milestone", status=Status.HELD, details=Milestone(ends="2027-05-31"))

    matter = matter_of(About.AGREEMENT_END, agreement)

    assert days(About.AGREEMENT_END, agreement, "-12m") == [D(2026, 5, 31)]
    assert matter is not None
    assert matter.title["de"] != matter.title["en"] == "Runs out: Trip"
    assert matter_of(About.AGREEMENT_END, seen("2017", kind="milestone", details=Milestone())) is None


def test_an_open_activity_asks_to_be_confirmed_however_vaguely_it_is_dated() -> None:
    assert days(About.UNCONFIRMED, seen("2026-05-03", "2026-05-08"), "+3d") == [D(2026, 5, 11)]
    assert days(About.UNCONFIRMED, seen("2026-05"), "+3d") == [D(2026, 6, 3)]
    assert days(About.UNCONFIRMED, seen("2026"), "+3d") == [D(2027, 1, 3)]
    assert days(About.UNCONFIRMED, seen("2026-05-03", status=Status.HELD), "+3d") == []
    # Nobody is asked how it went while it may still be going on.
    assert days(About.UNCONFIRMED, seen("2026-05"), "0d", "-1w") == []


def shipment(*stages: tuple[str, str], **fields: Any) -> Seen:
    reached = [{"stage": stage, "on": on} for stage, on in stages]
    return seen("2026-03", kind="aid_shipment", details=AidShipment.model_validate({"stages": reached}), **fields)


def test_a_shipment_is_stuck_where_it_came_to_last() -> None:
    packed, sent = ("packed", "2026-03-01"), ("dispatched", "2026-03-20T07:30")

    matter = matter_of(About.STUCK_SHIPMENT, shipment(sent, packed))

    assert matter is not None
    assert (matter.subject, matter.when.edtf) == (f"activity:{ONE}:stage-dispatched", "2026-03-20")
    assert matter.title["en"] == "Dispatched: Trip"
    assert days(About.STUCK_SHIPMENT, shipment(sent, packed), "+14d") == [D(2026, 4, 3)]
    # Of two stages on one day it stands at the later one.
    same_day = matter_of(About.STUCK_SHIPMENT, shipment(("customs", "2026-03-20"), ("dispatched", "2026-03-20")))
    assert same_day is not None
    assert same_day.subject.endswith("stage-customs")


def test_a_shipment_is_not_stuck_before_it_has_stood_so_many_days() -> None:
    patient = rule(About.STUCK_SHIPMENT, "0d", "+14d", "+2m", days=30)
    matter = matter_of(About.STUCK_SHIPMENT, shipment(("packed", "2026-03-01")))
    assert matter is not None

    assert [due.day for due in due_of(patient, matter)] == [D(2026, 3, 31), D(2026, 5, 1)]
    assert any(a <= D(2026, 3, 1) <= b for a, b in spans([patient], About.STUCK_SHIPMENT, *[D(2026, 3, 31)] * 2))


def test_a_shipment_that_came_in_or_was_never_begun_is_not_stuck() -> None:
    receipt = ("receipt_confirmed", "2026-04-01")

    assert matter_of(About.STUCK_SHIPMENT, shipment()) is None
    assert matter_of(About.STUCK_SHIPMENT, shipment(receipt)) is None
    assert matter_of(About.STUCK_SHIPMENT, shipment(("packed", "2026-03-01"), status=Status.HELD)) is None
    assert matter_of(About.STUCK_SHIPMENT, shipment(("packed", "2026-03-01"), status=Status.POSTPONED)) is not None


def test_a_rule_of_a_day_has_it_each_year_and_only_for_itself() -> None:
    applications = rule(About.DAY, "-4w", day="02-29")

    matter = matter_of_day(applications, 2027, LeapDayPolicy.MAR_1)

    assert (matter.subject, matter.year, matter.when.edtf) == ("day:mine", 2027, "2027-03-01")
    assert matter.title == {"en": "Mine"}
    assert [due.day for due in due_of(applications, matter)] == [D(2027, 2, 1)]
    other = Rule("other", About.DAY, (Lead.parse("0d"),), ())
    assert list(due_of(other, matter)) == []


def silent(*lived: Seen, months: int = 12) -> list[tuple[int, str]]:
    found = silences(lived, months)
    made = [matter_of_silence(rule(About.SILENT_TWIN, "0d", months=months), COVENTRY, last) for last in found]
    return [(UUID(matter.subject.split(":")[2]).int, matter.when.edtf) for matter in made]


def test_a_silence_is_told_of_once_it_has_been_so_many_months() -> None:
    visit, concert = seen("2024-05-03", "2024-05-08", 1), seen("2025-05-08", id_=2)

    assert silent(visit) == [(1, "2025-05-08")]
    assert silent(visit, concert) == [(2, "2026-05-08")]
    assert silent(visit, seen("2025-05-09", id_=2)) == [(1, "2025-05-08"), (2, "2026-05-09")]
    assert silent(seen("2024-02-29"), months=12) == [(1, "2025-02-28")]
    assert silent() == []


def test_it_is_not_silent_while_something_goes_on() -> None:
    visit = seen("2024-05-03", id_=1)

    assert silent(visit, seen("2023", "..", 2)) == []
    assert silent(visit, seen("2023-01", "2024-12", 2)) == [(2, "2025-12-31")]
    assert silent(visit, seen("202X", id_=2)) == [(2, "2030-12-31")]


def test_two_silences_of_one_year_are_two_matters() -> None:
    winter, summer = seen("2026-01-10", id_=1), seen("2026-08-01", id_=2)
    short = rule(About.SILENT_TWIN, "0d", months=1)

    found = [matter_of_silence(short, COVENTRY, last) for last in silences((summer, winter), 1)]

    assert [(matter.year, matter.when.edtf) for matter in found] == [(2026, "2026-02-10"), (2026, "2026-09-01")]
    assert len({matter.subject for matter in found}) == 2


def test_a_silence_is_told_to_who_may_see_the_activity_it_is_counted_from() -> None:
    last = seen("2024-05-03", visibility=Visibility.CONFIDENTIAL)

    matter = matter_of_silence(rule(About.SILENT_TWIN, "0d"), COVENTRY, last)

    assert matter.visibility is Visibility.CONFIDENTIAL


def test_a_silence_is_told_as_exactly_as_it_is_known() -> None:
    assert silence_in_words(COVENTRY, seen("2024-05"), "en") == "No activity with Coventry since May 2024"
    assert silence_in_words(COVENTRY, seen("2019"), "en") == "No activity with Coventry since 2019"


@pytest.mark.parametrize(
    ("changed", "anew"),
    [
        ({"start": "2027-05-04"}, True),
        ({"end": "2027-05-09"}, True),
        ({"status": "cancelled", "reason": "rain"}, True),
        ({"details": {"stages": [{"stage": "packed", "on": "2027-04-01"}]}}, True),
        ({"status": "confirmed"}, False),
        ({"title": {"en": "Another"}}, False),
        ({"details": {"recipient": "Hospital 5"}}, False),
    ],
)
def test_only_other_dates_make_an_activity_known_anew(changed: dict[str, Any], anew: bool) -> None:
    base = {"kind": "aid_shipment", "title": {"en": "Beds"}, "twins": ["coventry"], "start": "2027-05-03"}

    assert (what_dates(activity_content(base)) != what_dates(activity_content(base | changed))) is anew


def test_matters_are_looked_for_where_leads_reach_and_not_between() -> None:
    lists = rule(About.END, "+60m", "+1d")

    found = spans([lists, rule(About.START, "-12m")], About.END, D(2027, 1, 1), D(2027, 2, 1))

    assert len(found) == 2
    assert found[0][0] < D(2022, 1, 1) < D(2022, 2, 1) < found[0][1] < D(2023, 1, 1)
    assert D(2026, 10, 1) < found[1][0] < D(2026, 12, 31) < D(2027, 1, 31) < found[1][1]
    assert spans([lists], About.END, D(1, 1, 1), D(1, 1, 2))[0][0] == dt.date.min


def test_what_nobody_took_on_is_looked_for_a_week_before_too() -> None:
    far = Rule("far", About.START, (Lead.parse("-12m"),), (), task=True)

    assert any(a <= D(2027, 5, 8) <= b for a, b in spans([far], About.START, D(2027, 5, 1), D(2027, 5, 1)))


def test_a_matter_known_to_the_month_is_within_reach_of_both_its_ends() -> None:
    """Whatever a lead, from the day it is due on the matter is looked for where it is."""
    for lead in ("-240m", "-12m", "-1m", "-10w", "-1d", "+1d", "+1m", "+60m", "+240m"):
        for edtf in ("2024-02", "2024-02-29", "2023-12", "2024-01-31"):
            (day,) = days(About.START, seen(edtf), lead)
            date = HistoricDate.parse(edtf)
            ((first, last),) = spans([rule(About.START, lead)], About.START, day, day)

            assert date.earliest is not None
            assert date.latest is not None
            assert first <= date.earliest <= date.latest <= last
