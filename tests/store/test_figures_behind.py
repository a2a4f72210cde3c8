"""Over whatever is logged and asked: SQL agrees with a plain sum over the activities, and with what is behind it."""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.calendars import COLOGNE, COVENTRY, content, put_twin
from tests.reporting import activities, figures_of, keep_all, scope
from tracker.bootstrap import Tracker
from tracker.domain.activities import Activity, Basis, Kind, Side, Status, Visibility
from tracker.domain.beginnings import counts_in
from tracker.domain.crowds import STAYED, crowd_of
from tracker.domain.figures import Flow, Scope
from tracker.domain.periods import Period
from tracker.store.figures import behind, figures

KINDS = tuple(kind.value for kind in Kind)
STARTS = ("2017", "2018", "2018-24", "2017-24", "199X", "2018-02", "2018-06-30", "2018-12-31", "2017-07", "2017-12-30",
          "2018/2020", "../2018", "2018-22", "2018-05-01T10:00")  # fmt: skip
SPANS = ("2018", "2017", "2017..2018", "2018-07..2019-06", "2017-07..2018-06", "2018-12..2018-12", "1990..1999")
Chance = random.Random


def made_up(chance: Chance) -> dict[str, Any]:
    start = chance.choice(STARTS)
    labels = ("pupils", "travellers", "Publikum", "участники", "councillors")
    count = lambda: {  # noqa: E731 -- of this activity alone
        "of": chance.choice(labels), "side": chance.choice((None, "hub", "twin", "both")),
        "value": chance.randrange(100), "bound": chance.choice(("exact", "about", "more_than")),
        "basis": chance.choice(("actual", "actual", "planned", "registered")),
    }  # fmt: skip
    sum_ = lambda: {  # noqa: E731 -- likewise
        "amount": Decimal(chance.randrange(10**6)) / 100, "currency": chance.choice(("EUR", "RUB")),
        "role": chance.choice(("grant", "cost")), "funder": chance.choice(("", "Town")),
    }  # fmt: skip
    partner = lambda: {"name": chance.choice(("School & Co", "Хор", "Club=1")), "side": chance.choice(("hub", "twin"))}  # noqa: E731 -- used once, below
    kind = chance.choice(KINDS)
    return {
        "start": start, "timezone": "Europe/Berlin" if "T" in start else None, "kind": kind,
        "subtype": chance.choice(("", "visit", "Besuch & mehr")), "status": chance.choice((*["held"] * 4, *Status)),
        "direction": chance.choice(("to_hub", "from_hub", "mutual", "elsewhere", "none")),
        "twins": chance.choice((["cologne"], ["coventry"], ["coventry", "cologne"])),
        "visibility": chance.choice(("public", "public", "members", "confidential")),
        "owner": chance.choice(("", "", "others")), "counts": [count() for _ in range(chance.randrange(4))],
        "money": [sum_() for _ in range(chance.randrange(3))],
        "organisers": [partner() for _ in range(chance.randrange(3))],
        "counts_for": chance.sample(("understanding", "social only", "Funder X"), chance.randrange(3)),
        "details": {"institutions": [partner()]} if kind == "exchange" else {},
    }  # fmt: skip


@pytest.fixture
def logged(tracker: Tracker) -> list[Activity]:
    put_twin(tracker, COLOGNE)
    put_twin(tracker, COVENTRY)
    chance = Chance(1988)
    return activities(tracker, keep_all(tracker, [content(**made_up(chance)) for _ in range(150)]))


asked = st.fixed_dictionaries(
    {
        "viewpoint": st.sampled_from((Side.HUB, Side.TWIN)),
        "twins": st.sampled_from(((), ("cologne",))),
        "kinds": st.sampled_from(((), (Kind.EXCHANGE, Kind.FESTIVAL))),
        "visibilities": st.sampled_from(((Visibility.PUBLIC,), tuple(Visibility))),
        "counts_for": st.sampled_from(((), ("understanding", "Funder X"))),
        "leaves_out": st.sampled_from(((), ("social only",))),
        "funder": st.sampled_from(("", "Town")),
    }
)


@settings(max_examples=8, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(SPANS), asked)
def test_sql_and_a_plain_sum_agree(tracker: Tracker, logged: list[Activity], span: str, wanted: dict[str, Any]) -> None:
    found = figures_of(tracker, span, **wanted)
    chosen = [one for one in logged if is_asked_for(one, found.scope)]
    now = [one for one in chosen if counts_in(one.start_date, Period.parse(span))]
    before = Period.parse(span).before
    earlier = [one for one in chosen if before and counts_in(one.start_date, before)]

    assert (found.activities.held.now, found.activities.held.before) == (len(ours(now)), len(ours(earlier)))
    assert found.activities.others.now == len([one for one in now if one.owner and one.status is Status.HELD])
    by_kind = {by.kind: by.number.now for by in found.activities.by_kind if by.number.now}
    assert by_kind == Counter(one.kind for one in ours(now))
    by_twin = {by.twin: by.number.now for by in found.activities.by_twin if by.number.now}
    assert by_twin == Counter(t for one in ours(now) for t in one.twins if t in (found.scope.twins or one.twins))
    people = {
        (line.of, line.side, line.flow, line.basis, line.own): (line.now.total, line.now.activities)
        for line in found.people.lines
        if line.now.activities
    }
    assert people == plain_people(now, found.scope)
    assert {(m.role, m.funder, m.currency): m.now for m in found.money.lines if m.activities} == plain_money(ours(now))
    assert {(one.name, one.side): one.activities for one in found.partners} == plain_partners(ours(now))
    assert {line.id for line in found.lines if not line.carried} == {one.id for one in now}


@settings(max_examples=4, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(SPANS), asked)
def test_a_number_and_what_is_behind_it_agree(
    tracker: Tracker, logged: list[Activity], span: str, wanted: dict[str, Any]
) -> None:
    by_id = {one.id: one for one in logged}
    with tracker.database.reading() as session:
        asked_scope = scope(span, **wanted)
        found = figures(session, asked_scope, None)
        for key, number, measure in numbers(found):
            those = behind(session, asked_scope, key)
            assert len(set(those)) == len(those)
            assert measure([by_id[one] for one in those]) == number, key


def numbers(found: Any) -> Iterator[tuple[str, object, Callable[[list[Activity]], object]]]:
    """Every figure of a report with its key, and how it is reckoned from the activities behind it."""
    counted = found.activities
    several = (counted.by_status, counted.by_kind, counted.by_subtype, counted.by_twin, counted.by_direction)
    for number in (counted.held, counted.others, found.people.without_numbers, found.aid.number):
        yield number.key, number.now, len
    for by in (*(one for some in several for one in some), *counted.by_month):
        yield by.number.key, by.number.now, len
    for line in found.people.lines:
        yield line.key, line.now.activities, len
        yield (
            line.key,
            line.now.total,
            lambda those, line=line: sum(
                count.value
                for one in those
                for count in one.counts
                if (count.of, count.side, count.basis) == (line.of, line.side, line.basis)
            ),
        )
    for money in found.money.lines:
        named = (money.role, money.funder, money.currency)
        yield money.key, money.activities, len
        yield money.key, money.now, lambda those, named=named: plain_money(those).get(named, Decimal(0))
    for partner in found.partners:
        yield partner.key, partner.activities, len
    for balance in found.reciprocity:
        # A visit both ways is one journey out and one in.
        both = balance.now.out + balance.now.into
        yield balance.key, both, lambda those: sum(2 if one.direction == "mutual" else 1 for one in those)


def is_asked_for(one: Activity, wanted: Scope) -> bool:
    return (
        one.visibility in wanted.visibilities
        and (not wanted.twins or bool(set(one.twins) & set(wanted.twins)))
        and (not wanted.kinds or one.kind in wanted.kinds)
        and (not wanted.counts_for or bool(set(one.counts_for) & set(wanted.counts_for)))
        and not set(one.counts_for) & set(wanted.leaves_out)
        and (not wanted.funder or any(money.funder == wanted.funder for money in one.money))
    )


def ours(some: list[Activity]) -> list[Activity]:
    return [one for one in some if one.owner == "" and one.status is Status.HELD]


def plain_people(some: list[Activity], wanted: Scope) -> dict[tuple[Any, ...], tuple[int, int]]:
    sums: dict[tuple[Any, ...], list[tuple[int, Activity]]] = {}
    for one in some:
        for count in one.counts if one.status is Status.HELD else ():
            named = (count.of, count.side, plain_flow(one, count.of, count.side, wanted), count.basis, one.owner == "")
            sums.setdefault(named, []).append((count.value, one))
    return {named: (sum(n for n, _ in told), len({one.id for _, one in told})) for named, told in sums.items()}


def plain_flow(one: Activity, of: str, side: Side | None, wanted: Scope) -> Flow:
    away, home = ("hub", "twin") if wanted.viewpoint is Side.HUB else ("twin", "hub")
    if crowd_of(of) in STAYED or one.kind in (Kind.MILESTONE, Kind.AID_SHIPMENT) or one.direction == "none":
        return Flow.NONE
    if one.direction == "elsewhere":
        return Flow.ELSEWHERE
    if one.direction == "mutual":
        return Flow.OUT if side == away else Flow.IN if side == home else Flow.MUTUAL
    travels = "hub" if one.direction == "from_hub" else "twin"
    if side in ("hub", "twin") and side != travels:
        return Flow.NONE
    return Flow.OUT if travels == away else Flow.IN


def plain_money(some: list[Activity]) -> dict[tuple[str, str, str], Decimal]:
    sums: dict[tuple[str, str, str], Decimal] = {}
    for one in some:
        for money in one.money:
            named = (money.role, money.funder, money.currency)
            sums[named] = sums.get(named, Decimal(0)) + money.amount
    return sums


def plain_partners(some: list[Activity]) -> dict[tuple[str, Side], int]:
    return dict(
        Counter(
            named
            for one in some
            for named in {
                *((organiser.name, organiser.side) for organiser in one.organisers),
                *((place.name, Side(place.side)) for place in getattr(one.details, "institutions", ())),
            }
        )
    )


def test_nobody_is_counted_without_a_number_that_came(tracker: Tracker, logged: list[Activity]) -> None:
    found = figures_of(tracker, "2018", visibilities=tuple(Visibility))

    silent = [
        one
        for one in ours(logged)
        if counts_in(one.start_date, Period.of_year(2018))
        and not any(count.basis is Basis.ACTUAL for count in one.counts)
    ]
    assert found.people.without_numbers.now == len(silent)
