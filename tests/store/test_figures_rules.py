"""The rules of counting, each on both databases: what counts where, and what is never added to what."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from tests.calendars import COLOGNE, COVENTRY, put_twin
from tests.reporting import behind_of, change, figures_of, keep, put_into_bin
from tracker.bootstrap import Tracker
from tracker.domain.activities import Side, Visibility
from tracker.domain.details import Stage
from tracker.domain.figures import Flow, Tally
from tracker.errors import NotFound


@pytest.fixture
def house(tracker: Tracker) -> Tracker:
    put_twin(tracker, COLOGNE)
    put_twin(tracker, COVENTRY)
    return tracker


def held(tracker: Tracker, span: str, **asked: object) -> int:
    return figures_of(tracker, span, **asked).activities.held.now


def months(tracker: Tracker, span: str) -> list[tuple[str | None, int]]:
    return [(by.month, by.number.now) for by in figures_of(tracker, span).activities.by_month if by.number.now]


def test_lists_move_with_an_activity_that_gets_another_date(house: Tracker) -> None:
    goods = [{"description": "Beds", "weight_kg": Decimal(5)}]
    told: dict[str, Any] = {
        "kind": "aid_shipment", "counts": [{"of": "helpers", "value": 3}], "goods": goods,
        "money": [{"amount": Decimal(10), "currency": "EUR", "role": "grant"}],
    }  # fmt: skip
    shipment = keep(house, "2017-05", **told)
    change(house, shipment, "2018-05", **told)

    found = figures_of(house, "2018")

    assert [by.twin for by in found.activities.by_twin] == ["cologne"]
    assert [(line.of, line.now.total, line.before and line.before.total) for line in found.people.lines] == [
        ("helpers", 3, 0)
    ]
    assert [(line.now, line.before) for line in found.money.lines] == [(10, 0)]
    assert (found.aid.weight_kg, found.aid.weight_kg_before) == (5, None)


def test_a_date_counts_where_it_surely_lies(house: Tracker) -> None:
    for start in ("2018-03-05", "2018-05", "2018-22", "2018", "2018~", "199X", "2017/2019", "../2018"):
        keep(house, start)

    assert (
        held(house, "2018") == 5
    )  # an interval begins with its first date, and what began nobody knows when counts nowhere
    assert held(house, "2017") == 1
    assert sum(held(house, f"{year}") for year in range(1988, 2001)) == 0
    assert months(house, "2018") == [("2018-03", 1), ("2018-05", 1), (None, 3)]
    assert held(house, "2018-01..2018-06") == 2  # summer may have begun in July
    assert held(house, "2018-06..2018-08") == 1
    assert held(house, "1990..1999") == 1  # the whole decade is in it


def test_a_winter_counts_in_the_year_it_is_named_by(house: Tracker) -> None:
    keep(house, "2013-24")

    assert (held(house, "2013"), held(house, "2014")) == (1, 0)
    assert months(house, "2013") == [(None, 1)]
    assert held(house, "2013-07..2014-06") == 1
    assert held(house, "2013-12..2013-12") == 0  # a month knows nothing of seasons
    assert figures_of(house, "2014").lines == ()  # nobody said that it went on


def test_what_went_on_from_before_is_listed_and_not_counted(house: Tracker) -> None:
    for start, end in (("2002", ".."), ("2017-12-28", "2018-01-04"), ("2018-06-28", "2018-07-03"), ("2017", "2017-11")):
        keep(house, start, end=end)
    keep(house, "2016-12-30", end="2018-02", status="cancelled")
    keep(house, "2018-05-01", end="2019-05-01")

    found = figures_of(house, "2018")
    half = figures_of(house, "2018-07..2018-12")

    assert found.activities.held.now == 2
    assert [(line.start, line.carried) for line in found.lines] == [
        ("2002", True),
        ("2017-12-28", True),
        ("2018-05-01", False),
        ("2018-06-28", False),
    ]
    assert half.activities.held.now == 0
    assert [line.start for line in half.lines] == ["2002", "2018-05-01", "2018-06-28"]


def test_a_span_longer_than_a_year_overlaps_the_one_before(house: Tracker) -> None:
    for start in ("2016-05", "2017-05", "2018-05"):
        keep(house, start)

    found = figures_of(house, "2017..2018").activities

    assert (found.held.now, found.held.before) == (2, 2)
    assert [(by.month, by.number.now, by.number.before) for by in found.by_month] == [
        ("2016-05", 0, 1),
        ("2017-05", 1, 1),
        ("2018-05", 1, 0),
    ]


def test_only_what_may_be_read_is_counted(house: Tracker) -> None:
    seen = keep(house, "2018-01-01")
    put_into_bin(house, keep(house, "2018-01-02"))
    for level in ("members", "staff", "confidential"):
        keep(house, "2018-01-03", visibility=level, counts=[{"of": "pupils", "value": 7}], title={"en": f"of {level}"})

    public = figures_of(house, "2018")
    members = figures_of(house, "2018", visibilities=(Visibility.PUBLIC, Visibility.MEMBERS))

    assert (public.activities.held.now, public.people.lines) == (1, ())
    assert [line.id for line in public.lines] == [seen]
    assert members.activities.held.now == 2
    assert behind_of(house, "2018", public.activities.held.key) == [seen]


def test_cancelled_and_others_stand_apart(house: Tracker) -> None:
    keep(house, "2018-02", status="cancelled", reason="The airport was closed")
    keep(house, "2018-03", status="postponed")
    keep(house, "2018-04", status="planned")
    theirs = keep(house, "2018-05", owner="Coventry group", counts=[{"of": "pupils", "value": 20}])
    keep(house, "2018-06", counts=[{"of": "pupils", "value": 3}])

    found = figures_of(house, "2018")

    assert (found.activities.held.now, found.activities.others.now) == (1, 1)
    assert {by.status: by.number.now for by in found.activities.by_status} == {
        "planned": 1,
        "held": 1,
        "cancelled": 1,
        "postponed": 1,
    }
    assert [(line.own, line.now.exact) for line in found.people.lines] == [(True, 3), (False, 20)]
    assert found.lines[0].reason == "The airport was closed"
    assert behind_of(house, "2018", found.activities.others.key) == [theirs]


def test_an_activity_counts_with_each_of_its_twins(house: Tracker) -> None:
    keep(house, "2018-02", twins=["cologne", "coventry"])
    keep(house, "2018-03", twins=["coventry"])

    everywhere, cologne = figures_of(house, "2018"), figures_of(house, "2018", twins=("cologne",))

    assert everywhere.activities.held.now == 2
    assert [(by.twin, by.number.now) for by in everywhere.activities.by_twin] == [("cologne", 1), ("coventry", 2)]
    assert cologne.activities.held.now == 1
    assert [by.twin for by in cologne.activities.by_twin] == ["cologne"]  # of Coventry this would be a part only


def test_no_label_is_added_to_another(house: Tracker) -> None:
    pupils = {"of": "pupils", "value": 15}
    travellers = {"of": "travellers", "value": 20}
    keep(
        house,
        "2018-02",
        direction="to_hub",
        counts=[travellers, pupils, {**travellers, "basis": "wanted", "value": 90}],
    )
    keep(house, "2018-03", direction="to_hub", counts=[{**pupils, "bound": "about"}, {"of": "audience", "value": 500}])
    keep(
        house, "2018-04", direction="to_hub", counts=[{**pupils, "value": 2}, {**pupils, "value": 3, "bound": "about"}]
    )

    found = figures_of(house, "2018")

    assert [(line.of, line.basis, line.flow, line.now) for line in found.people.lines] == [
        ("travellers", "wanted", Flow.IN, Tally(exact=90, activities=1)),
        ("travellers", "actual", Flow.IN, Tally(exact=20, activities=1)),
        ("pupils", "actual", Flow.IN, Tally(exact=17, about=18, activities=3)),
        ("audience", "actual", Flow.NONE, Tally(exact=500, activities=1)),
    ]
    # Of one journey's numbers one counts: its travellers, of whom the pupils were a part.
    assert found.reciprocity[0].now.people_in == Tally(exact=22, about=18, activities=3)


@pytest.mark.parametrize(
    ("viewpoint", "fields", "flow"),
    [
        (Side.HUB, {"direction": "to_hub"}, Flow.IN),
        (Side.TWIN, {"direction": "to_hub"}, Flow.OUT),
        (Side.TWIN, {"direction": "from_hub"}, Flow.IN),
        (Side.HUB, {"direction": "mutual"}, Flow.MUTUAL),
        (Side.HUB, {"direction": "mutual", "side": "hub"}, Flow.OUT),
        (Side.TWIN, {"direction": "mutual", "side": "hub"}, Flow.IN),
        (Side.HUB, {"direction": "from_hub", "side": "twin"}, Flow.NONE),
        (Side.HUB, {"direction": "elsewhere"}, Flow.ELSEWHERE),
        (Side.HUB, {"direction": "none"}, Flow.NONE),
        (Side.HUB, {"direction": "to_hub", "kind": "milestone"}, Flow.NONE),
        (Side.HUB, {"direction": "to_hub", "kind": "aid_shipment"}, Flow.NONE),
    ],
)
def test_who_travels_is_seen_from_the_report_s_side(
    house: Tracker, viewpoint: Side, fields: dict[str, str], flow: Flow
) -> None:
    side = {"side": fields["side"]} if "side" in fields else {}
    fields = {name: value for name, value in fields.items() if name != "side"}
    made = keep(house, "2018", counts=[{"of": "travellers", "value": 4, **side}], **fields)

    (line,) = figures_of(house, "2018", viewpoint=viewpoint).people.lines

    assert line.flow is flow
    assert behind_of(house, "2018", line.key, viewpoint=viewpoint) == [made]


def test_money_is_exact_to_the_cent(house: Tracker) -> None:
    cents = [{"amount": "0.10", "currency": "EUR", "role": "grant", "funder": "Town"}] * 3
    keep(house, "2018-02", money=[*cents, {"amount": "999999999999.99", "currency": "RUB", "role": "grant"}])
    keep(house, "2018-03", money=[{"amount": "999999999999.99", "currency": "RUB", "role": "grant"}])
    keep(house, "2017-03", money=cents[:1])
    keep(house, "2018-04", money=[{"amount": "5", "currency": "EUR"}], status="planned")

    lines = figures_of(house, "2018").money.lines

    assert [(line.role, line.funder, line.currency, line.now, line.before, line.activities) for line in lines] == [
        ("grant", "", "RUB", Decimal("1999999999999.98"), Decimal(0), 2),
        ("grant", "Town", "EUR", Decimal("0.30"), Decimal("0.10"), 1),
    ]


def test_a_report_asks_for_purposes_kinds_and_funders(house: Tracker) -> None:
    # Staff type a purpose in their own language.
    keep(house, "2018-01", counts_for=["Völkerverständigung", "Funder X"])
    keep(house, "2018-02", counts_for=["Nur gesellig"], kind="festival")
    keep(house, "2018-03", money=[{"amount": "10", "currency": "EUR", "funder": "Town"}])

    assert held(house, "2018", counts_for=("Funder X", "nothing")) == 1
    assert held(house, "2018", counts_for=("международное взаимопонимание",)) == 1
    assert held(house, "2018", leaves_out=("social only",)) == 2
    assert held(house, "2018", kinds=("festival",)) == 1
    assert held(house, "2018", funder="Town") == 1
    # A city is not silent because its activities are left out of this report.
    assert [one.twin for one in figures_of(house, "2018", funder="Town").silent] == ["coventry"]


def test_aid_is_weighed_and_its_stages_end_with_the_span(house: Tracker) -> None:
    beds = {"description": "Beds", "weight_kg": "1200.5", "value": "300", "currency": "EUR"}
    stages = [{"stage": "packed", "on": "2017-12-20"}, {"stage": "arrived", "on": "2018-01-04"},
              {"stage": "distributed", "on": "2019-02"}]  # fmt: skip
    convoy = keep(house, "2017-12-15", kind="aid_shipment", goods=[beds], details={"stages": stages})
    reached = [{"at": "2018", "value": 300, "bound": "about"}, {"at": "2024", "value": 100}]
    care = {"form": "programme", "beneficiaries": reached}
    keep(house, "2002", end="..", kind="aid_shipment", details=care)
    keep(house, "2018-03", kind="aid_shipment", goods=[{**beds, "weight_kg": "0.25"}, {"description": "Books"}])
    keep(house, "2018-04", kind="aid_shipment", goods=[beds], status="planned")

    found = figures_of(house, "2018").aid

    assert (found.number.now, found.number.before) == (1, 1)
    assert (found.weight_kg, found.weight_kg_before) == (Decimal("0.250"), Decimal("1200.500"))
    assert found.values == {"EUR": Decimal("300.00")}
    assert [
        (one.start, one.counted, one.stage, [each.at for each in one.beneficiaries]) for one in found.shipments
    ] == [
        ("2002", False, None, ["2018"]),
        ("2017-12-15", False, Stage.ARRIVED, []),
        ("2018-03", True, None, []),
        ("2018-04", False, None, []),
    ]
    assert [one.id for one in figures_of(house, "2019").aid.shipments] == [convoy]
    assert figures_of(house, "2020").aid.shipments == ()


def test_agreements_and_gifts_are_told_once(house: Tracker) -> None:
    put_twin(house, {**COVENTRY, "dates": [{"date": "2018-05-06", "basis": "agreement signed", "primary": True}]})
    keep(house, "2018-05", kind="milestone", subtype="twinning", twins=["coventry"])
    keep(house, "2018-06", kind="milestone", subtype="Vertragsverlängerung", details={"ends": "2028-06"})
    keep(house, "2013", kind="milestone", subtype="agreement signing", details={"ends": "2018-11-30"})
    keep(house, "2014", kind="milestone", subtype="agreement signing", details={"ends": "2019"})
    keep(house, "2015", kind="milestone", subtype="agreement signing", details={"ends": "2020-01"})
    keep(
        house, "2018-07", kind="milestone", subtype="gift", details={"given_by": "Cologne", "received_by": "Volgograd"}
    )

    found = figures_of(house, "2018")

    assert [(paper.what, paper.on, paper.twins) for paper in found.papers] == [
        ("signed", "2018-05", ("coventry",)),
        ("renewed", "2018-06", ("cologne",)),
        ("ended", "2018-11-30", ("cologne",)),
        ("ending", "2019", ("cologne",)),
    ]
    assert [(given.kind, given.by, given.to) for given in found.given] == [("gift", "Cologne", "Volgograd")]


def test_partners_are_named_once_an_activity(house: Tracker) -> None:
    school = {"name": "Gymnasium No. 5", "side": "hub"}
    both = keep(house, "2018-02", kind="exchange", organisers=[school], details={"institutions": [school]})
    keep(house, "2018-03", organisers=[school, {"name": "Zollstock", "side": "twin"}])
    keep(house, "2018-04", organisers=[school], owner="others")

    partners = figures_of(house, "2018").partners

    assert [(one.name, one.side, one.activities) for one in partners] == [
        ("Gymnasium No. 5", Side.HUB, 2),
        ("Zollstock", Side.TWIN, 1),
    ]
    assert behind_of(house, "2018", partners[0].key)[0] == both


def test_the_last_visit_each_way_is_found_however_long_ago(house: Tracker) -> None:
    keep(house, "1957", direction="from_hub", twins=["coventry"])
    keep(house, "1951-11", direction="mutual", twins=["coventry"])
    keep(house, "2015-03-01T10:00", timezone="Europe/Berlin", direction="to_hub", twins=["coventry"])
    keep(house, "2019", direction="from_hub", twins=["coventry"])

    (found,) = figures_of(house, "2018").reciprocity

    assert (found.now.out, found.over_years.into, found.years) == (0, 1, 5)
    assert (found.last_out, found.last_in) == ("1957", "2015-03-01")
    assert {one.twin: one.last for one in figures_of(house, "2018").silent} == {
        "cologne": None,
        "coventry": "2015-03-01",
    }


def test_a_city_is_only_silent_where_nothing_can_have_been(house: Tracker) -> None:
    keep(house, "2018")
    keep(house, "2010", end="..", twins=["coventry"])

    assert figures_of(house, "2018").silent == ()
    assert figures_of(house, "2018-01..2018-06").silent == ()
    assert [one.twin for one in figures_of(house, "2009").silent] == ["cologne", "coventry"]


def test_a_delegation_is_listed_with_its_programme(house: Tracker) -> None:
    item = {
        "id": "1",
        "start": "2018-05-08T10:00",
        "timezone": "Europe/Volgograd",
        "title": "Reception",
        "place": "Hall",
    }
    keep(house, "2018-05-08", details={"programme": [item]})
    keep(house, "2018-05-09", kind="festival", details={"venue": "Hall"})

    lines = figures_of(house, "2018").lines

    assert [[one.title for one in line.programme] for line in lines] == [["Reception"], []]


def test_no_figure_has_a_key_that_was_made_up(house: Tracker) -> None:
    for key in ("", "lines", "activities?colour=red", "money?kind=festival"):
        with pytest.raises(NotFound):
            behind_of(house, "2018", key)


def test_without_a_span_before_there_is_nothing_to_compare(house: Tracker) -> None:
    keep(house, "0001-05-01", counts=[{"of": "pupils", "value": 3}], money=[{"amount": "1", "currency": "EUR"}])

    found = figures_of(house, "0001")

    assert (found.activities.held.now, found.activities.held.before) == (1, None)
    assert found.people.lines[0].before is None
    assert found.money.lines[0].before is None
    assert found.scope.first == dt.date(1, 1, 1)
