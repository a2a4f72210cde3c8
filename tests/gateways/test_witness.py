"""What a server answers to a worker that was killed meanwhile is heard, and stands on the page that is left behind."""

import datetime as dt
import os
import signal
import subprocess
import sys
import threading
from asyncio import get_running_loop
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.journeys.processes import free_port, until
from tracker.gateways.journal import FileJournal, Line, Step
from tracker.gateways.mail import SmtpMail
from tracker.gateways.witness import ProcessWitness, is_whole

AT = dt.datetime(2026, 11, 28, 7, tzinfo=dt.UTC)
WORKER = """
import datetime as dt, pathlib, sys
from tracker.gateways.journal import FileJournal, Line, Step
from tracker.gateways.mail import Outgoing, SmtpMail
at = dt.datetime(2026, 11, 28, 7, tzinfo=dt.UTC)
message = Outgoing("tracker@example.org", "anna@example.org", b"Subject: x\\r\\n\\r\\nHello\\r\\n")
journal = FileJournal(pathlib.Path(sys.argv[1]))
with journal.witness() as witness, SmtpMail(sys.argv[2]).session(witness) as session, journal.page() as page:
    witness.watch(page.descriptor)
    page.write(Line(7, 1, Step.CLAIMED, at), Line(8, 1, Step.CLAIMED, at))
    session.send(message, lambda: page.write(Line(7, 1, Step.BEGUN, at)))
    page.write(Line(7, 1, Step.SENT, at))
    page.done()
"""


class SlowServer:
    """Has the whole message, and answers when it is told to."""

    def __init__(self) -> None:
        self.has_it, self.may_answer = threading.Event(), threading.Event()
        self.answer = "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, _envelope: Envelope) -> str:
        self.has_it.set()
        await get_running_loop().run_in_executor(None, self.may_answer.wait)
        if not self.answer and server.transport:
            server.transport.close()
        return self.answer


@pytest.fixture
def server() -> SlowServer:
    return SlowServer()


@pytest.fixture
def url(server: SlowServer) -> Iterator[str]:
    controller = Controller(server, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        yield f"smtp://127.0.0.1:{controller.port}"
    finally:
        server.may_answer.set()
        controller.stop()


@pytest.mark.parametrize(
    ("answer", "step", "error"),
    [
        ("250 2.0.0 Queued as 4711", Step.SENT, ""),
        ("452 4.2.2 Mailbox full", Step.PASSING, "452 4.2.2 Mailbox full"),
        ("554 5.7.1 Spam", Step.PERMANENT, "554 5.7.1 Spam"),
        ("", Step.BEGUN, ""),  # it hangs up: nobody knows
    ],
)
def test_the_answer_outlives_the_worker(
    server: SlowServer, url: str, tmp_path: Path, answer: str, step: Step, error: str
) -> None:
    journal = FileJournal(tmp_path)
    worker = subprocess.Popen([sys.executable, "-c", WORKER, str(tmp_path), url], start_new_session=True)
    assert server.has_it.wait(30)
    os.killpg(worker.pid, signal.SIGKILL)
    worker.wait()
    meanwhile = list(journal.left_behind())

    server.answer = answer
    server.may_answer.set()
    found = until(lambda: [page.read() for page in journal.left_behind()], "the page is let go", 30)

    assert meanwhile == []
    assert found == [[Line(7, 1, step, AT, error), Line(8, 1, Step.CLAIMED, AT)]]


def test_a_worker_that_lives_needs_no_witness_and_leaves_none(server: SlowServer, url: str, tmp_path: Path) -> None:
    server.may_answer.set()

    ended = subprocess.run([sys.executable, "-c", WORKER, str(tmp_path), url], check=False, timeout=60)

    assert ended.returncode == 0
    assert list(tmp_path.iterdir()) == []


def test_without_a_server_there_is_no_witness(tmp_path: Path) -> None:
    with FileJournal(tmp_path).witness() as witness, SmtpMail("smtp://127.0.0.1:1").session(witness):
        assert isinstance(witness, ProcessWitness)
        assert witness._process is None


@pytest.mark.parametrize(
    ("answer", "whole"),
    [(b"", False), (b"25", False), (b"250 OK", False), (b"250-One\r\n", False), (b"250-One\r\n250 Two\r\n", True)],
)
def test_an_answer_may_come_in_pieces_and_have_several_lines(answer: bytes, whole: bool) -> None:
    assert is_whole(answer) is whole
