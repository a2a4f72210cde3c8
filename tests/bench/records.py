"""Records to measure with: the real history repeated under new numbers, and an installation filled with them."""

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.conftest import Clock
from tracker import bootstrap
from tracker.actions.imports import ImportFile, import_file
from tracker.actions.registry import load_registry
from tracker.bootstrap import Tracker
from tracker.consumers.reading import catch_up
from tracker.domain.commands import Actor

HISTORY = Path(bootstrap.__file__).parent / "data" / "history.csv"
ME = Actor("bench")


def rows(count: int) -> tuple[list[str], list[list[str]]]:
    """Heading and rows of a sheet. Milestones stay out: they found anniversaries, of which nobody has thousands."""
    with HISTORY.open(newline="") as file:
        heading, *known = list(csv.reader(file))
    kind, title = heading.index("kind"), heading.index("title")
    known = [row for row in known if row[kind] != "milestone"]
    made = []
    for number in range(count):
        row = list(known[number % len(known)])
        row[0], row[title] = f"B{number:06}", f"{row[title]} ({number})"
        made.append(row)
    return heading, made


def sheet(count: int) -> bytes:
    heading, made = rows(count)
    text = io.StringIO()
    csv.writer(text).writerows([heading, *made])
    return text.getvalue().encode()


@contextmanager
def installation(environ: dict[str, str]) -> Iterator[Tracker]:
    """A tracker with the registry loaded, its consumers at the end of the log."""
    made = bootstrap.assemble(environ, Clock())
    bootstrap.prepare(made)
    load_registry(made.database, made.clock())
    catch_up(made.database, made.consumers, made.clock())
    try:
        yield made
    finally:
        made.database.engine.dispose()


def fill(made: Tracker, count: int) -> None:
    """Import `count` activities and let every consumer take them in."""
    import_file(made.database, ImportFile("bench.csv", sheet(count)), ME, made.clock())
    catch_up(made.database, made.consumers, made.clock())
