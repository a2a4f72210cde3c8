"""Real processes for tests: servers and our own programs on free loopback ports, started, killed and stopped here.

Everything runs in a process group of its own, so that nothing outlives its test, and writes to a log file whose end is
shown when something goes wrong. `until` waits for a condition with a deadline; nobody sleeps for luck.
"""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as modern
from pathlib import Path
from typing import Any, TypeVar

import psycopg
import redis
from aiosmtpd.controller import Controller

from tests.conftest import missing

ROOT = Path(__file__).parent.parent.parent
BIN = Path(sys.executable).parent

T = TypeVar("T")


def free_port() -> int:
    """A loopback port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def listening(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def until(condition: Callable[[], T | None], what: str, seconds: float = 60, on_failure: Callable[[], str] = str) -> T:
    """Ask again and again until the answer is true, and return it; fail with the last answer after `seconds`."""
    deadline = time.monotonic() + seconds
    while True:
        answer = condition()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds:.0f} s: {what} (last answer: {answer!r})\n{on_failure()}")
        time.sleep(0.05)


class Process:
    """One program with its children."""

    def __init__(self, name: str, command: Sequence[str], environ: Mapping[str, str], log: Path) -> None:
        self.name, self.command, self.environ, self.log = name, list(command), dict(environ), log
        self._popen: subprocess.Popen[bytes] | None = None

    def start(self) -> "Process":
        with self.log.open("ab") as log:
            self._popen = subprocess.Popen(
                self.command, env=self.environ, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip
        return self

    @property
    def pid(self) -> int:
        assert self._popen is not None, f"{self.name} has not been started"
        return self._popen.pid

    @property
    def running(self) -> bool:
        return self._popen is not None and self._popen.poll() is None

    def finish(self, seconds: float = 60) -> int:
        """Wait until it ends by itself; its exit code."""
        until(lambda: not self.running, f"{self.name} ends", seconds, self.tail)
        assert self._popen is not None
        return self._popen.returncode

    def kill(self) -> None:
        """`kill -9` of the program and its children at once, as when the machine takes them."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        assert self._popen is not None
        self._popen.wait(10)

    def stop(self, seconds: float = 15) -> int:
        """Ask it to end (SIGTERM) and return its exit code; what does not end in time is killed, and that fails."""
        assert self._popen is not None
        if self.running:
            self._popen.terminate()
        try:
            return self._popen.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"{self.name} did not end within {seconds} s\n{self.tail()}") from None
        finally:
            # Whatever it left behind goes with it.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)

    def tail(self, lines: int = 40) -> str:
        """The end of what it has said."""
        said = self.log.read_text(errors="replace").splitlines() if self.log.exists() else []
        return "\n".join([f"--- {self.name}: {' '.join(self.command)}", *said[-lines:]])


class Place:
    """A folder and a set of processes that end with the test."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.processes: list[Process] = []

    def start(self, name: str, command: Sequence[str], environ: Mapping[str, str]) -> Process:
        process = Process(name, command, environ, self.folder / f"{name}.log").start()
        self.processes.append(process)
        return process

    def kill_all(self) -> None:
        for process in reversed(self.processes):
            process.kill()

    def tails(self) -> str:
        latest = {process.name: process for process in self.processes}
        return "\n".join(process.tail() for process in latest.values())


@contextlib.contextmanager
def place(folder: Path) -> Iterator[Place]:
    made = Place(folder)
    try:
        yield made
    finally:
        made.kill_all()


def own_environ(**settings: str) -> dict[str, str]:
    """This process's surroundings without any setting of a tracker, plus those given; our programs come first."""
    inherited = {k: v for k, v in os.environ.items() if k in {"PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR"}}
    return {**inherited, "PATH": f"{BIN}:{inherited.get('PATH', '')}", "PYTHONUNBUFFERED": "1", **settings}


def run(command: Sequence[str], environ: Mapping[str, str], seconds: float = 60) -> str:
    """Run a program to its end; returns what it printed, fails with what it complained of."""
    done = subprocess.run(
        list(command), env=dict(environ), cwd=ROOT, capture_output=True, text=True, timeout=seconds, check=False
    )
    assert done.returncode == 0, f"{' '.join(command)} ended with {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done.stdout


class RedisServer:
    """A Redis of the test's own: it may be emptied, killed and started again."""

    def __init__(self, place: Place, arguments: Sequence[str] = ("--save", "", "--appendonly", "no")) -> None:
        program = shutil.which("redis-server") or missing("redis-server", "not found in PATH")
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        own = ["--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(place.folder)]
        self.process = place.start("redis", [program, *arguments, *own], own_environ())
        self._await()

    def client(self) -> redis.Redis:
        return redis.Redis.from_url(self.url, socket_timeout=3, socket_connect_timeout=3)

    def restart_hard(self) -> None:
        self.process.kill()
        self.process.start()
        self._await()

    def flush(self) -> None:
        with self.client() as client:
            client.flushall()

    def _await(self) -> None:
        until(lambda: listening(self.port), "Redis listens", 20, self.process.tail)


class PostgresServer:
    """A PostgreSQL cluster of the test's own, in a folder that goes with it. It refuses to run as root."""

    def __init__(self) -> None:
        self.bin = self._programs()
        self.folder = Path(tempfile.mkdtemp(prefix="tracker-pg-"))
        self._as: list[str] = []
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres", "postgres")
            self._as = ["runuser", "-u", "postgres", "--"]
        self.port = free_port()
        self._run("initdb", "--pgdata", str(self.data), "--username", "postgres", "--auth", "trust",
                  "--encoding", "UTF8", "--no-locale", "--no-sync")  # fmt: skip
        self.start()

    @staticmethod
    def _programs() -> Path:
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]))
        if found:
            return found[-1].parent
        program = shutil.which("initdb") or missing("PostgreSQL's initdb", "no server is installed here")
        return Path(program).parent

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def url(self, database: str) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    def create(self, database: str) -> str:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{database}"')
        return self.url(database)

    def start(self) -> None:
        # fsync only guards against the machine's own fall, and no test causes that.
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1 -c fsync=off"
        self._run("pg_ctl", "-D", str(self.data), "-l", str(self.folder / "log"), "-o", options, "-w", "start")

    def stop(self, how: str = "fast") -> None:
        self._run("pg_ctl", "-D", str(self.data), "-m", how, "-w", "stop")

    def crash_and_restart(self) -> None:
        """All connections die at once, and the server comes back through recovery."""
        self.stop("immediate")
        self.start()

    def remove(self) -> None:
        with contextlib.suppress(AssertionError):
            self.stop("immediate")
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, program: str, *arguments: str) -> None:
        # Never through a pipe: the server inherits it, and reading to its end would wait for the server.
        done = subprocess.run(
            [*self._as, str(self.bin / program), *arguments], cwd="/", stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, timeout=60, check=False,
        )  # fmt: skip
        log = self.folder / "log"
        said = log.read_text(errors="replace")[-2000:] if log.exists() else ""
        assert done.returncode == 0, f"{program} {' '.join(arguments)} ended with {done.returncode}\n{said}"


@contextlib.contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    server = PostgresServer()
    try:
        yield server
    finally:
        server.remove()


class Mailbox:
    """What arrives at the SMTP server; `refuse` may answer instead, as in `lambda to: "421 later" or None`."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.refused: list[str] = []
        self.refuse: Callable[[str], str | None] = lambda _to: None
        self._lock = threading.Lock()

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: list[str]) -> str:
        with self._lock:
            answer = self.refuse(address)
            if answer:
                self.refused.append(address)
                return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        message = message_from_bytes(envelope.content, policy=modern)
        assert isinstance(message, EmailMessage)
        message["X-Envelope-To"] = ", ".join(envelope.rcpt_tos)
        with self._lock:
            self.messages.append(message)
        return "250 OK"

    def ids(self) -> list[str]:
        with self._lock:
            return [str(message["Message-ID"]) for message in self.messages]


@contextlib.contextmanager
def smtp_server() -> Iterator[tuple[str, Mailbox]]:
    """A real SMTP server in a thread: its address as SMTP_URL wants it, and what arrives there."""
    mailbox = Mailbox()
    controller = Controller(mailbox, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        yield f"smtp://127.0.0.1:{controller.port}", mailbox
    finally:
        controller.stop()


def plain_text(message: EmailMessage) -> str:
    """The text part of a mail."""
    body = message.get_body(("plain",))
    assert body is not None, "the mail has no text part"
    return str(body.get_content())
