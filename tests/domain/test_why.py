"""Why somebody is reminded or not: one test for each verdict, and the sentence that goes with it."""

import dataclasses
import datetime as dt

import pytest

from tracker.domain.activities import Visibility
from tracker.domain.dates import HistoricDate
from tracker.domain.reminders import ReminderStatus, SkipReason
from tracker.domain.rules import About, Audience, Choice, Lead, Matter, Recipient, Rule, To
from tracker.domain.why import Entry, Line, Plan, Verdict, explain, judge

LONG_AGO = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
NOW = dt.datetime(2026, 11, 1, 12, tzinfo=dt.UTC)
PLAN = Plan(NOW, dt.timedelta(days=40), dt.timedelta(days=100))
TRIP = Matter(
    About.START, "activity:1", 2026, HistoricDate.parse("2026-11-28"), LONG_AGO, ("cologne",), kind="delegation"
)
RULE = Rule("trip", About.START, (Lead.parse("-7d"),), (Audience(To.FOLLOWERS),), {"en": "Trips"})
ANNA = Recipient("user:1", "Europe/Berlin", LONG_AGO, role="reader", user_id=1, email="anna@example.org")
DUE = dt.datetime(2026, 11, 21, 7, tzinfo=dt.UTC)
LATER = DUE + dt.timedelta(days=1)


def line(
    rule: Rule = RULE,
    matter: Matter = TRIP,
    person: Recipient = ANNA,
    entries: tuple[Entry, ...] = (),
    now: dt.datetime = NOW,
) -> Line:
    (found,) = judge(rule, matter, person, entries, dataclasses.replace(PLAN, now=now))
    return found


def with_rule(**changes: object) -> Rule:
    return dataclasses.replace(RULE, **changes)  # type: ignore[arg-type]  # a dictionary has no types


def with_matter(**changes: object) -> Matter:
    return dataclasses.replace(TRIP, **changes)  # type: ignore[arg-type]  # likewise


def with_anna(**changes: object) -> Recipient:
    return dataclasses.replace(ANNA, **changes)  # type: ignore[arg-type]  # likewise


ROUND = with_rule(leads=(Lead.parse("-12m round"),))
TO_ADMINISTRATORS = with_rule(audience=(Audience(To.ROLE, "administrator"),))


@pytest.mark.parametrize(
    ("rule", "matter", "person", "verdict"),
    [
        (with_rule(about=About.AGREEMENT_END), TRIP, ANNA, Verdict.OTHER_SORT),
        (with_rule(choice=Choice(kinds=("festival",))), TRIP, ANNA, Verdict.OTHERS),
        (with_rule(choice=Choice(twins=("coventry",))), TRIP, ANNA, Verdict.OTHERS),
        (with_rule(enabled=False), TRIP, ANNA, Verdict.OFF),
        (RULE, with_matter(visibility=Visibility.STAFF), ANNA, Verdict.NOT_TO_SEE),
        (RULE, with_matter(visibility=Visibility.MEMBERS), with_anna(role=None), Verdict.NOT_TO_SEE),
        (RULE, TRIP, with_anna(follows=frozenset({"coventry"})), Verdict.NOT_CONCERNED),
        (TO_ADMINISTRATORS, TRIP, ANNA, Verdict.NOT_CONCERNED),
        (ROUND, TRIP, ANNA, Verdict.ONLY_ROUND),
        (RULE, with_matter(when=HistoricDate.parse("2026")), ANNA, Verdict.NOT_EXACT),
        (with_rule(since=LATER), TRIP, ANNA, Verdict.RULE_YOUNGER),
        (RULE, with_matter(since=LATER), ANNA, Verdict.MATTER_YOUNGER),
        (RULE, TRIP, with_anna(since=LATER), Verdict.PERSON_YOUNGER),
        (RULE, TRIP, ANNA, Verdict.NOT_YET),
    ],
)
def test_where_the_ledger_is_silent_the_first_reason_is_told(
    rule: Rule, matter: Matter, person: Recipient, verdict: Verdict
) -> None:
    assert line(rule, matter, person).verdict is verdict


@pytest.mark.parametrize(
    ("now", "verdict"),
    [
        (DUE - dt.timedelta(days=41), Verdict.FAR_AHEAD),
        (DUE - dt.timedelta(days=40), Verdict.NOT_YET),
        (DUE + dt.timedelta(days=101), Verdict.LONG_AGO),
    ],
)
def test_what_the_plan_does_not_reach_is_told_so(now: dt.datetime, verdict: Verdict) -> None:
    assert line(now=now).verdict is verdict


@pytest.mark.parametrize("status", list(ReminderStatus))
def test_what_the_ledger_says_stands_whatever_the_rule_has_become(status: ReminderStatus) -> None:
    entry = Entry(7, "trip", "activity:1", 2026, "-7d", status, DUE, SkipReason.TOO_LATE)

    found = judge(with_rule(enabled=False), TRIP, ANNA, [entry], PLAN)

    assert [(one.verdict, one.entry) for one in found] == [(Verdict(status.value), entry), (Verdict.OFF, None)]


def test_rows_of_another_year_or_rule_are_not_taken_for_this_one() -> None:
    entries = (
        Entry(1, "trip", "activity:1", 2025, "-7d", ReminderStatus.SENT, DUE),
        Entry(2, "other", "activity:1", 2026, "-7d", ReminderStatus.SENT, DUE),
    )

    assert line(entries=entries).verdict is Verdict.NOT_YET


def test_what_was_put_off_is_told_beside_the_leads() -> None:
    entries = [Entry(1, "trip", "activity:1", 2026, "snooze:2026-11-25", ReminderStatus.PLANNED, LATER)]

    found = judge(RULE, TRIP, ANNA, entries, PLAN)

    assert [(one.lead, one.verdict) for one in found] == [
        ("snooze:2026-11-25", Verdict.PLANNED),
        ("-7d", Verdict.NOT_YET),
    ]


@pytest.mark.parametrize(
    ("found", "says"),
    [
        (line(RULE, TRIP, with_anna(since=LATER)), ("21 Nov 2026, 08:00 (Europe/Berlin)", "22 Nov 2026")),
        (line(TO_ADMINISTRATORS), ("every administrator",)),
        (line(now=DUE - dt.timedelta(days=50)), ("40 days before",)),
        (
            line(entries=(Entry(1, "trip", "activity:1", 2026, "-7d", ReminderStatus.SENT, DUE, sent_at=LATER),)),
            ("Sent 22 Nov 2026, 08:00", "due 21 Nov 2026"),
        ),
        (
            line(entries=(Entry(1, "trip", "activity:1", 2026, "-7d", ReminderStatus.FAILED, DUE, error="550 no"),)),
            ("Given up", "550 no"),
        ),
        (
            line(
                entries=(
                    Entry(1, "trip", "activity:1", 2026, "-7d", ReminderStatus.SKIPPED, DUE, SkipReason.UNSUBSCRIBED),
                )
            ),
            ("Not sent", "wants no reminders by mail"),
        ),
    ],
)
def test_the_sentence_names_what_decided(found: Line, says: tuple[str, ...]) -> None:
    told = explain(found, "en", "Europe/Berlin", {})

    assert [part for part in says if part not in told] == []


def test_every_verdict_has_its_sentence_in_every_language() -> None:
    for verdict in Verdict:
        for language in ("en", "de", "ru"):
            assert explain(dataclasses.replace(line(), verdict=verdict), language, "Europe/Berlin", {})
