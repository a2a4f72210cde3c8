"""Cologne 2017 and the hub 2018, reckoned by hand: the rows as the history has them, and the figures beside them."""

import csv
from pathlib import Path

import pytest

from tests.reporting import behind_of, figures_of
from tracker import bootstrap
from tracker.bootstrap import Tracker
from tracker.domain.activities import Basis, Direction, Kind, Side, Status
from tracker.domain.figures import Crowd, Figures, Flow, Number, PeopleLine, Tally

# id, start, end, kind, sub-kind, twins, direction, participants and what is noted of them, outcome; of the years 2017
# and 2018 whole, and what went on in them.
ROWS = """
H065,2002,..,aid_shipment,care service,cologne,to_volgograd,1000,"people concerned: about 1000 (2002), 570 (2010s), 400 (2020), 300 (2022), 100 (2024), 60 (2025)",held
H139,2017-02,,festival,carnival,cologne,n.a.,,,held
H140,2017-05-11,,exchange,panel discussion,cologne,n.a.,150,audience,held
H141,2017-07-15,,milestone,agreement signing,vitebsk,from_volgograd,,,held
H143,2017-09,,exchange,school exchange,cologne,to_volgograd,10,pupils,held
H144,2017-09-29,2017-10-02,exchange,sport,cologne,from_volgograd,5,"4 runners, 1 doctor",held
H147,2018-01-31,2018-02-03,delegation,anniversary,cologne,to_volgograd,,,held
H150,2018-02-01,,milestone,commemoration,cologne,n.a.,,,held
H151,2018-03-16,2018-03-17,delegation,anniversary,chemnitz,from_volgograd,,,held
H152,2018-06,,festival,twin city day,coventry,n.a.,,,held
H153,2018-06-27,,festival,twin city day,hiroshima,n.a.,,,held
H154,2018-09-13,2018-09-24,exchange,citizens' trip,cologne,to_volgograd,,,planned
"""  # noqa: E501 -- rows as they are
COLUMNS = ("id", "date_start", "date_end", "kind", "subtype", "twin_slugs", "direction", "participants",
           "participants_note", "outcome")  # fmt: skip
HISTORY = Path(bootstrap.__file__).parent / "data" / "history.csv"


@pytest.fixture
def cologne(with_registry: Tracker) -> Figures:
    return figures_of(with_registry, "2017", twins=("cologne",), viewpoint=Side.TWIN)


@pytest.fixture
def hub(with_registry: Tracker) -> Figures:
    return figures_of(with_registry, "2018")


def test_the_rows_are_those_of_the_history() -> None:
    with HISTORY.open(newline="") as file:
        history = [tuple(row[name] for name in COLUMNS) for row in csv.DictReader(file)]

    of_two_years = [row for row in history if row[1][:4] in ("2017", "2018") or row[0] == "H065"]
    assert of_two_years == [tuple(row) for row in csv.reader(ROWS.strip().splitlines())]


def test_cologne_2017_by_kind_and_month(cologne: Figures) -> None:
    found = cologne.activities

    assert pair(found.held) == (4, 2)  # H139, H140, H143, H144; before: the forum and the trip of 2016
    assert pair(found.others) == (0, 0)
    assert [(by.kind, *pair(by.number)) for by in found.by_kind] == [
        (Kind.EXCHANGE, 3, 1),
        (Kind.FESTIVAL, 1, 0),
        (Kind.DELEGATION, 0, 1),
    ]
    assert [(by.twin, *pair(by.number)) for by in found.by_twin] == [("cologne", 4, 2)]
    assert [(by.direction, *pair(by.number)) for by in found.by_direction] == [
        (Direction.TO_HUB, 1, 2),
        (Direction.FROM_HUB, 1, 0),
        (Direction.NONE, 2, 0),
    ]
    assert [(by.month, by.number.now) for by in found.by_month if by.number.now] == [
        ("2017-02", 1),
        ("2017-05", 1),
        ("2017-09", 2),
    ]


def test_cologne_2017_by_people(cologne: Figures) -> None:
    lines = [line for line in cologne.people.lines if line.now.activities]

    # Seen from Cologne, its pupils went out and Volgograd's runners came in; nobody in the audience travelled.
    assert [said(line) for line in lines] == [
        (Crowd.YOUNG, "pupils", Flow.OUT, Basis.ACTUAL, Tally(exact=10, activities=1)),
        (Crowd.AUDIENCE, "audience", Flow.NONE, Basis.ACTUAL, Tally(exact=150, activities=1)),
        (Crowd.OTHERS, "participants", Flow.IN, Basis.ACTUAL, Tally(exact=5, activities=1)),
    ]
    assert pair(cologne.people.without_numbers) == (1, 0)  # H139: nobody counted the foot group
    (balance,) = cologne.reciprocity
    assert (balance.now.out, balance.now.into) == (1, 1)
    assert (balance.now.people_out, balance.now.people_in) == (
        Tally(exact=10, activities=1),
        Tally(exact=5, activities=1),
    )
    assert (balance.last_out, balance.last_in) == ("2017-09", "2017-09-29")


def test_cologne_2017_lists_what_it_counts_and_the_care_service_beside(cologne: Figures) -> None:
    assert [(line.start, line.subtype, line.carried) for line in cologne.lines] == [
        ("2002", "care service", True),
        ("2017-02", "carnival", False),
        ("2017-05-11", "panel discussion", False),
        ("2017-09", "school exchange", False),
        ("2017-09-29", "sport", False),
    ]
    assert cologne.aid.number.now == 0  # begun in 2002, and whom it reached in 2017 no source says
    assert cologne.aid.shipments == ()
    assert (cologne.money.lines, cologne.papers, cologne.given, cologne.silent) == ((), (), (), ())


def test_the_hub_2018_by_kind_and_status(hub: Figures) -> None:
    found = hub.activities

    assert pair(found.held) == (5, 5)  # H147, H150 to H153; before: H139 to H141, H143, H144
    assert [(by.status, *pair(by.number)) for by in found.by_status] == [(Status.PLANNED, 1, 0), (Status.HELD, 5, 5)]
    assert [(by.kind, *pair(by.number)) for by in found.by_kind] == [
        (Kind.EXCHANGE, 0, 3),
        (Kind.FESTIVAL, 2, 1),
        (Kind.DELEGATION, 2, 0),
        (Kind.MILESTONE, 1, 1),
    ]
    assert [(by.twin, *pair(by.number)) for by in found.by_twin] == [
        ("chemnitz", 1, 0),
        ("cologne", 2, 4),
        ("coventry", 1, 0),
        ("hiroshima", 1, 0),
        ("vitebsk", 0, 1),
    ]
    assert [(by.month, by.number.now) for by in found.by_month if by.number.now] == [
        ("2018-01", 1),
        ("2018-02", 1),
        ("2018-03", 1),
        ("2018-06", 2),
    ]


def test_the_hub_2018_by_people_and_visits(hub: Figures) -> None:
    # No source says how many people took part in anything of 2018.
    assert [line.of for line in hub.people.lines if line.now.activities] == []
    assert pair(hub.people.without_numbers) == (5, 2)
    assert {one.twin: (one.now.out, one.now.into) for one in hub.reciprocity if one.now.out or one.now.into} == {
        "chemnitz": (1, 0),
        "cologne": (0, 1),
    }
    by_twin = {one.twin: one for one in hub.reciprocity}
    assert (by_twin["cologne"].last_out, by_twin["cologne"].last_in) == ("2017-09-29", "2018-01-31")
    assert (by_twin["coventry"].last_out, by_twin["coventry"].last_in) == ("1951-11", "2016")


def test_the_hub_2018_by_honours_papers_and_silence(hub: Figures) -> None:
    assert [(given.kind, given.on, given.twins) for given in hub.given] == [("square", "2018", ("coventry",))]
    assert hub.papers == ()
    silent = {one.twin: one.last for one in hub.silent}
    assert silent.keys().isdisjoint({"chemnitz", "cologne", "coventry", "hiroshima"})
    assert "brest-by" not in silent  # only planned: nothing need be going on yet
    assert (silent["dijon"], silent["liege"], silent["toronto"]) == ("2012-12-17", "1959-09", "1944-02-26")
    assert silent["krusevac"] is None


def test_an_agreement_of_2017_is_told_once(with_registry: Tracker) -> None:
    # H141 is the very agreement whose date stands with Vitebsk.
    (paper,) = figures_of(with_registry, "2017").papers

    assert (paper.what, paper.on, paper.twins) == ("signed", "2017-07-15", ("vitebsk",))
    assert paper.id is not None


def test_a_number_of_2018_names_the_activities_behind_it(with_registry: Tracker, hub: Figures) -> None:
    festivals = next(by.number for by in hub.activities.by_kind if by.kind is Kind.FESTIVAL)

    found = behind_of(with_registry, "2018", festivals.key)

    assert found == [line.id for line in hub.lines if line.kind is Kind.FESTIVAL]


def pair(number: Number) -> tuple[int, int | None]:
    return number.now, number.before


def said(line: PeopleLine) -> tuple[Crowd, str, Flow, Basis, Tally]:
    return line.crowd, line.of, line.flow, line.basis, line.now
