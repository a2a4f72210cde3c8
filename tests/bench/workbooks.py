"""What writing a large workbook takes of the machine's memory: each way in a process of its own, at its highest."""

import datetime as dt
import io
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator

from openpyxl import Workbook

from tests.bench.report import Row
from tests.report_samples import by_kind, document
from tracker.domain.report_document import Column, Sort
from tracker.outputs.report_xlsx import Sheet, write_workbook

AIM_MB = 150
_COLUMNS = (
    *(Column((name,)) for name in ("Wann", "Was", "Art", "Städte", "Ort", "Richtung", "Stand", "Nummer")),
    Column(("Erster Tag",), Sort.DATE),
    Column(("Reisende",), Sort.COUNT, total=True),
)


def workbooks(many: int) -> Iterator[Row]:
    """All activities as the last sheet of a report, beside openpyxl with the workbook in its memory."""
    ours, theirs = (_highest_mb(way, many) for way in ("streamed", "whole"))
    yield Row(f"memory of writing {many:,} rows as XLSX", ours, theirs, "MB", "openpyxl, not streaming", "", AIM_MB)


def rows(many: int) -> Iterator[list[str | int | dt.date]]:
    for number in range(many):
        day = dt.date(1944, 1, 1) + dt.timedelta(days=number % 29_000)
        texts = [day.isoformat(), f"Begegnung der Vereine Nr. {number}", "Austausch", "Köln, Coventry", "Wolgograd"]
        yield [*texts, "nach Wolgograd", "durchgeführt", f"{number:032x}", day, number % 40]


def streamed(many: int) -> None:
    with tempfile.TemporaryFile() as file:
        write_workbook(file, document(by_kind()), Sheet("Alle", _COLUMNS, rows(many)))


def whole(many: int) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows(many):
        sheet.append(row)
    book.save(io.BytesIO())


def _highest_mb(way: str, many: int) -> float:
    # Not getrusage: that remembers what the parent took before this program began.
    code = (
        f"from pathlib import Path; from tests.bench.workbooks import {way}; {way}({many}); "
        "print(Path('/proc/self/status').read_text())"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    highest = re.search(r"VmHWM:\s+(\d+) kB", told)
    assert highest, told
    return int(highest[1]) / 1024
