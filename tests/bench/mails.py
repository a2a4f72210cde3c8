"""Mails per second, with everything that makes them safe, beside a bare smtplib loop to the same server.

The server is a real one (aiosmtpd) in a process of its own. There are two yardsticks, each a loop over one connection
that claims nothing, keeps nothing, and loses whatever a fault would lose. The one that counts (at least half as many a
second) sends what lies ready as bytes: nothing smtplib can do is faster. The other composes the same letters first.
"""

import smtplib
import statistics
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import structlog

from tests.bench.records import installation
from tests.bench.report import Row, once
from tests.conftest import ADMIN_URL
from tests.journeys.processes import free_port, listening, until
from tracker.actions.deliveries import deliver_due
from tracker.actions.users import NewUser, add_user
from tracker.bootstrap import Tracker
from tracker.domain.deliveries import Channel, DeliveryStatus
from tracker.outputs import mail as output
from tracker.store.deliveries import DeliveryRow, counted_by_status

_SERVER = """
import sys, time
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink
Controller(Sink(), hostname="127.0.0.1", port=int(sys.argv[1])).start()
time.sleep(3600)
"""
READY = "smtplib alone: the same mails, ready as bytes, by sendmail in a loop"
COMPOSED = "smtplib alone: the same letters, composed and sent in a loop"
NOTE = "aim: at most 2 times slower; ours claims, composes, journals and writes down each"


def mails(count: int) -> Iterator[Row]:
    with _server() as port:
        with tempfile.TemporaryDirectory() as folder:
            yield from _measured("SQLite", {"TRACKER_HOME": folder}, port, count)
        yield from _into_postgresql(port, count)


def _into_postgresql(port: int, count: int) -> Iterator[Row]:
    try:
        server = psycopg.connect(ADMIN_URL, autocommit=True, connect_timeout=3)
    except psycopg.OperationalError as fault:
        name = f"{count:,} mails, PostgreSQL"
        yield Row(name, None, None, "s", READY, f"PostgreSQL does not answer: {fault}")
        return
    database = f"tracker_bench_{uuid.uuid4().hex[:8]}"
    url = ADMIN_URL.rsplit("/", 1)[0] + "/" + database
    with server, tempfile.TemporaryDirectory() as folder:
        server.execute(f"CREATE DATABASE {database}".encode())
        try:
            yield from _measured("PostgreSQL", {"TRACKER_HOME": folder, "DATABASE_URL": url}, port, count)
        finally:
            server.execute(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)".encode())


def _measured(name: str, environ: dict[str, str], port: int, count: int) -> Iterator[Row]:
    with installation({**environ, "SMTP_URL": f"smtp://127.0.0.1:{port}"}) as made:
        letters = _queued(made, count)
        mails = [(letter, output.compose(letter, made.clock())) for letter in letters]

        def ready() -> None:
            with smtplib.SMTP("127.0.0.1", port) as server:
                for letter, content in mails:
                    server.sendmail(letter.sender, letter.to, content)

        def composed() -> None:
            with smtplib.SMTP("127.0.0.1", port) as server:
                for letter in letters:
                    server.sendmail(letter.sender, letter.to, output.compose(letter, made.clock()))

        ready()
        before = once(ready), once(composed)
        # Where every line goes is the operator's to choose; a terminal would be measured here.
        with structlog.testing.capture_logs():
            ours = once(lambda: deliver_due(made.database, made.mail, made.clock(), made.journal))
        after = once(ready), once(composed)
        with made.database.reading() as session:
            assert counted_by_status(session) == {DeliveryStatus.SENT.value: count}
    # Others use the machine too: the mean of before and after is nearer to what it could do meanwhile.
    for against, *times in zip((READY, COMPOSED), before, after, strict=True):
        seconds = statistics.mean(times)
        note = f"{count / ours:,.0f} a second against {count / seconds:,.0f}; {NOTE}"
        yield Row(f"{count:,} mails, {name}", ours, seconds, "s", against, note)


def _queued(made: Tracker, count: int) -> list[output.Letter]:
    now = made.clock()
    users = [add_user(made.database, NewUser(f"p{n}@example.org", "reader"), "bench", now).id for n in range(20)]
    letters = []
    with made.database.unit("bench", now) as unit:
        for number in range(count):
            key, user_id = f"bench:{number}", users[number % len(users)]
            to = f"p{number % len(users)}@example.org"
            subject = f"In {number} Tagen: 38. Jahrestag der Städtepartnerschaft Köln – Wolgograd"
            words = output.Words("de", subject, "Köln", "In 30 Tagen", paragraphs=("Bitte schreiben.",) * 5)
            letter = output.write(words, made.letterhead, key=key, user_id=user_id, to=to, name="Анна")
            letters.append(letter)
            unit.session.add(
                DeliveryRow(
                    key=key, channel=Channel.MAIL.value, user_id=user_id, recipient=to, subject=letter.subject,
                    payload=output.payload_of(letter), status=DeliveryStatus.QUEUED.value, next_try_at=now,
                    created_at=now,
                )
            )  # fmt: skip
    return letters


@contextmanager
def _server() -> Iterator[int]:
    port = free_port()
    process = subprocess.Popen([sys.executable, "-c", _SERVER, str(port)])
    try:
        until(lambda: listening(port), "the mail server listens", 20)
        yield port
    finally:
        process.kill()
        process.wait()
