"""What SQLite knows of its tables is renewed as they grow, and left alone in between."""

import pytest
from sqlalchemy import text

from tracker.actions.statistics import keep_statistics
from tracker.bootstrap import Tracker


def ask(tracker: Tracker, question: str) -> str | int | None:
    with tracker.database.reading() as session:
        return session.scalar(text(question))


@pytest.mark.parametrize("mode", ["embedded"])
def test_rows_are_counted_when_many_have_come_and_not_for_a_few(with_registry: Tracker) -> None:
    end = keep_statistics(with_registry.database, 0, with_registry.clock())
    counted = str(ask(with_registry, "SELECT stat FROM sqlite_stat1 WHERE tbl = 'twins'")).split()[0]
    with with_registry.database.unit("system", with_registry.clock()) as unit:
        unit.session.execute(text("DELETE FROM sqlite_stat1"))

    after_a_few = keep_statistics(with_registry.database, end - 9, with_registry.clock())

    assert int(counted) == ask(with_registry, "SELECT count(*) FROM twins")
    assert after_a_few == end - 9
    assert ask(with_registry, "SELECT count(*) FROM sqlite_stat1") == 0


def test_postgresql_counts_by_itself_and_is_left_alone(with_registry: Tracker) -> None:
    twins = ask(with_registry, "SELECT count(*) FROM twins")

    assert keep_statistics(with_registry.database, 0, with_registry.clock()) >= 100
    assert ask(with_registry, "SELECT count(*) FROM twins") == twins
