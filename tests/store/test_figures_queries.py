"""How a report asks the database: with queries made once, as many as ever, and planned for what is asked."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event, text

from tests.calendars import COLOGNE, COVENTRY, put_twin
from tests.reporting import figures_of, keep, scope
from tracker.bootstrap import Tracker
from tracker.store import figures_activities, figures_lines, figures_people, figures_reciprocity
from tracker.store.figures import figures


@pytest.fixture
def house(tracker: Tracker) -> Tracker:
    put_twin(tracker, COLOGNE)
    put_twin(tracker, COVENTRY)
    return tracker


def test_queries_are_made_once_for_all_years(house: Tracker) -> None:
    made = (figures_activities._query, figures_people._query, figures_reciprocity._query, figures_lines._query)
    keep(house, "2017-05")
    keep(house, "2019-05-03", counts=[{"of": "pupils", "value": 3}])
    figures_of(house, "2017")

    before = [query.cache_info().misses for query in made]
    found = figures_of(house, "2019")

    assert [query.cache_info().misses for query in made] == before
    assert (found.activities.held.now, found.activities.held.before, len(found.lines)) == (1, 0, 1)
    assert [line.now.total for line in found.people.lines] == [3]


def test_queries_are_planned_for_the_days_that_are_asked(house: Tracker) -> None:
    database, served = house.database, house.database.engine.dialect.name == "postgresql"
    shown = text("SHOW plan_cache_mode" if served else "SELECT 'auto'")

    with database.reading() as session:
        figures(session, scope("2018"), None)
        during = session.scalar(shown)
    with database.reading() as session:
        after = session.scalar(shown)

    assert (during, after) == ("force_custom_plan" if served else "auto", "auto")


def test_lists_are_looked_up_by_the_ids_of_their_activities(house: Tracker) -> None:
    with watched(house) as statements:
        figures_of(house, "2018")

    lists = [(told, values) for told, values in statements if told.startswith("SELECT activity_")]
    assert len(lists) == 7
    if house.database.engine.dialect.name == "postgresql":  # which reads a small table whole, whatever it is asked
        assert all("begins_by BETWEEN" in told and "= ANY (CAST(string_to_array(" in told for told, _ in lists)
        return
    with house.database.engine.connect() as connection:
        plans = [
            step.detail
            for told, values in lists
            for step in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {told}", values)
        ]
    assert not [detail for detail in plans if detail.startswith("SCAN activity_")]


def test_queries_are_as_many_however_much_there_is(house: Tracker) -> None:
    # Activities, people, money, partners, visits, silence, honours, the edition of the twins; aid in one and its list
    # in four; milestones in two; the list of activities in four.
    def asked() -> int:
        figures_of(house, "2018")  # twins are read once
        with watched(house) as statements:
            figures_of(house, "2018")
        return len(statements)

    few = asked()
    for day in range(1, 20):
        keep(house, f"2018-03-{day:02}", kind=("aid_shipment", "milestone", "exchange")[day % 3], twins=["coventry"])
    assert (few, asked()) == (19, 19)


@contextmanager
def watched(tracker: Tracker) -> Iterator[list[tuple[str, Any]]]:
    """What the database is asked, with its values; not how it shall answer."""
    statements: list[tuple[str, Any]] = []

    def listen(_conn: Any, _cursor: Any, statement: str, values: Any, *_more: Any) -> None:
        if not statement.startswith(("BEGIN", "SET ")):
            statements.append((statement, values))

    event.listen(tracker.database.engine, "before_cursor_execute", listen)
    try:
        yield statements
    finally:
        event.remove(tracker.database.engine, "before_cursor_execute", listen)
