"""How fast a report becomes a PDF and a DOCX, beside LibreOffice setting that DOCX as a PDF."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.bench.report import Row, median, once
from tests.outputs.papers import report
from tracker.outputs.report_docx import report_docx
from tracker.outputs.report_pdf import report_pdf

_CONVERTED = "LibreOffice converting the DOCX of the same to PDF"


def papers(activities: int) -> Iterator[Row]:
    """A report of so many activities with tables, a chart and pictures, in one language."""
    document = report("de", activities=activities)
    # Each run sets another number of activities: typst remembers what it has set before.
    others = (report("de", activities=activities + more) for more in range(1, 20))
    first = once(lambda: report_pdf(document))
    pdf = median(lambda: report_pdf(next(others)), 5)
    docx = median(lambda: report_docx(next(others)), 5)
    converted = _by_libreoffice(report_docx(document))
    yield Row(f"report of {activities:,} activities as PDF", pdf, converted, "s", _CONVERTED, aim=2)
    note = "with looking for fonts and loading what draws charts"
    yield Row(f"the same, the first of a process ({activities:,})", first, converted, "s", _CONVERTED, note, aim=2)
    yield Row(f"report of {activities:,} activities as DOCX", docx, converted, "s", _CONVERTED)


def _by_libreoffice(body: bytes) -> float | None:
    """Its second run, since the first of a profile sets that up; None where it is not there."""
    program = shutil.which("soffice")
    if program is None:
        return None
    with tempfile.TemporaryDirectory(prefix="tracker-bench-") as folder:
        (Path(folder) / "report.docx").write_bytes(body)
        command = [program, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "pdf"]

        def convert() -> None:
            subprocess.run(
                [*command, "--outdir", folder, f"{folder}/report.docx"], capture_output=True, timeout=300, check=True
            )

        convert()
        return once(convert)
