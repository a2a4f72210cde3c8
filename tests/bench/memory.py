"""What the one process of an embedded installation takes of the machine's memory."""

import re
from collections.abc import Iterator
from pathlib import Path

import httpx

from tests.bench.polls import embedded
from tests.bench.report import Row
from tests.journeys.processes import Place, until
from tracker import bootstrap
from tracker.consumers.reading import behind

AIM_MB = 200


def memory(place: Place) -> Iterator[Row]:
    """After the registry has been loaded and taken in by every consumer, and some pages were looked at."""
    environ, address, process = embedded(place)
    looking = bootstrap.assemble(environ)
    until(lambda: not behind(looking.database, looking.consumers), "everything is taken in", 120, process.tail)
    looking.database.engine.dispose()
    for _ in range(20):
        httpx.get(f"{address}/login")
    working = max(_family(process.pid), key=_resident_mb)
    total = sum(map(_proportional_mb, _family(process.pid)))
    yield Row("memory of the working process", _resident_mb(working), None, "MB", "VmRSS", "", AIM_MB)
    yield Row("memory of all its processes", total, None, "MB", "Pss, shared pages counted once", "", AIM_MB)


def _family(pid: int) -> list[int]:
    """The process and its children, and theirs."""
    listed = (Path(f"/proc/{pid}/task/{thread.name}/children") for thread in Path(f"/proc/{pid}/task").iterdir())
    children = [int(child) for file in listed for child in file.read_text().split()]
    return [pid, *(grandchild for child in children for grandchild in _family(child))]


def _resident_mb(pid: int) -> float:
    return _kilobytes(Path(f"/proc/{pid}/status"), "VmRSS") / 1024


def _proportional_mb(pid: int) -> float:
    return _kilobytes(Path(f"/proc/{pid}/smaps_rollup"), "Pss") / 1024


def _kilobytes(file: Path, name: str) -> int:
    found = re.search(rf"^{name}:\s+(\d+) kB", file.read_text(), re.MULTILINE)
    assert found, f"{file} has no {name}"
    return int(found[1])
