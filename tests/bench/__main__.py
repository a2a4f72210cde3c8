"""`make bench`: every figure beside a public yardstick of the same run, printed as a ratio and kept in bench.json.

Numbers without a yardstick say more about the machine than about the program; ratios can be compared between machines.
`--quick` takes smaller numbers, to see that everything still runs; `--only` picks some parts.
"""

import argparse
import json
import os
import platform
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench.calendars import change_to_feed, rendering
from tests.bench.figures import year_of_figures
from tests.bench.imports import imports
from tests.bench.load import busy_minute
from tests.bench.mails import mails
from tests.bench.memory import memory
from tests.bench.pages import pages
from tests.bench.papers import papers
from tests.bench.polls import feed_polls
from tests.bench.reminders import reminders
from tests.bench.report import Row
from tests.bench.workbooks import workbooks
from tests.journeys.processes import ROOT, Place, place

POLLED = 1_450
"""Activities in the calendar that is polled: some 800 kB."""


def main() -> None:
    arguments = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    arguments.add_argument("--quick", action="store_true")
    arguments.add_argument("--only", action="append", choices=tuple(parts(quick=True)))

    arguments.add_argument("--output", type=Path, default=ROOT / "bench.json")
    given = arguments.parse_args()
    warnings.simplefilter("ignore")

    rows = []
    for name, measure in parts(quick=given.quick).items():
        if given.only and name not in given.only:
            continue
        for row in measure():
            rows.append(row)
            print(row.line(), flush=True)
    machine = {"machine": platform.machine(), "cpus": os.cpu_count(), "python": platform.python_version()}
    document = {"quick": given.quick, **machine, "rows": [row.as_json() for row in rows]}
    given.output.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n")
    print(f"written to {given.output}")


def parts(*, quick: bool) -> dict[str, Callable[[], Iterator[Row]]]:
    """What is measured, by the name `--only` takes."""
    return {
        "change": lambda: change_to_feed((100, 1_000) if quick else (100, 1_000, 10_000, 100_000)),
        "render": rendering,
        "poll": lambda: in_a_place(lambda at: feed_polls(at, 0.5 if quick else 4, 50 if quick else POLLED)),
        "import": lambda: imports(500 if quick else 10_000),
        "memory": lambda: in_a_place(memory),
        "load": lambda: busy_minute(5 if quick else 60),
        "report": lambda: papers(50 if quick else 500),
        "pages": lambda: pages((200, 2_000) if quick else (1_000, 100_000)),
        "mails": lambda: mails(200 if quick else 2_000),
        "figures": lambda: year_of_figures(*((1, 5_000) if quick else (10, 100_000))),
        "reminders": lambda: reminders((1_000, 10_000), 200) if quick else reminders((1_000, 1_000_000), 100_000),
        "workbook": lambda: workbooks(2_000 if quick else 100_000),
    }


def in_a_place(measure: Callable[[Place], Iterator[Row]]) -> Iterator[Row]:
    with _place() as at:
        yield from measure(at)


@contextmanager
def _place() -> Iterator[Place]:
    with tempfile.TemporaryDirectory(prefix="tracker-bench-") as folder, place(Path(folder)) as at:
        yield at


if __name__ == "__main__":
    main()
