"""The journal keeps what a worker was doing for whoever comes after it, and for nobody while it lives."""

import datetime as dt
import os
import subprocess
import sys
from pathlib import Path

from tracker.gateways.journal import FileJournal, Line, Step

AT = dt.datetime(2026, 11, 28, 7, tzinfo=dt.UTC)


def test_a_page_is_its_workers_own_until_he_is_gone(tmp_path: Path) -> None:
    journal = FileJournal(tmp_path)
    with journal.page() as page:
        page.write(Line(1, 1, Step.CLAIMED, AT), Line(2, 1, Step.CLAIMED, AT))
        page.write(Line(1, 1, Step.SENT, AT))

        meanwhile = list(journal.left_behind())

    (found,) = [page.read() for page in journal.left_behind()]
    assert meanwhile == []
    assert found == [Line(1, 1, Step.SENT, AT), Line(2, 1, Step.CLAIMED, AT)]


def test_a_page_that_is_done_is_found_by_nobody(tmp_path: Path) -> None:
    journal = FileJournal(tmp_path)
    with journal.page() as page:
        page.write(Line(1, 1, Step.SENT, AT))
        page.done()

    assert list(journal.left_behind()) == []


def test_a_line_that_was_cut_off_has_not_been_said(tmp_path: Path) -> None:
    journal = FileJournal(tmp_path)
    with journal.page() as page:
        page.write(Line(1, 1, Step.BEGUN, AT))
    (file,) = tmp_path.iterdir()
    file.write_text(file.read_text() + '[1, 1, "se')

    (found,) = [page.read() for page in journal.left_behind()]

    assert found == [Line(1, 1, Step.BEGUN, AT)]


KILLED = """
import datetime as dt, os, pathlib, signal, sys
from tracker.gateways.journal import FileJournal, Line, Step
with FileJournal(pathlib.Path(sys.argv[1])).page() as page:
    page.write(Line(7, 2, Step.SENT, dt.datetime(2026, 11, 28, 7, tzinfo=dt.UTC)))
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_was_written_outlives_a_process_that_is_killed(tmp_path: Path) -> None:
    ended = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], check=False, env=dict(os.environ))

    (found,) = [page.read() for page in FileJournal(tmp_path).left_behind()]

    assert ended.returncode == -9
    assert found == [Line(7, 2, Step.SENT, AT)]
