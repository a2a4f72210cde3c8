"""An installation at work: from nothing to serving, and to an end within five seconds."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest

from tests.calendars import COLOGNE, by_token_hash, choice, put_twin, record, settle, subscribed
from tests.program import PROGRAM, environment, runner
from tracker.actions.calendars import token_hash
from tracker.bootstrap import Tracker
from tracker.store.subscriptions import clients_of


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def serving(
    tracker: Tracker, output: Path, *options: str, command: Sequence[str | Path] = (PROGRAM, "serve"), **extra: str
) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """`tracker serve` in a process group of its own, as a terminal would start it."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with output.open("wb") as told:
        process = subprocess.Popen(
            [*command, "--port", str(port), *options],
            env=environment(tracker, **extra),
            stdout=told,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        wait_for(address + "/healthz", process)
        yield process, address
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert process.poll() is None, "the server ended before it answered"
        try:
            if httpx.get(address, timeout=2).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    pytest.fail(f"no answer from {address}")


def test_the_first_start_says_where_everything_is_and_lets_the_administrator_in(
    tracker: Tracker, tmp_path: Path
) -> None:
    output = tmp_path / "output.txt"

    with serving(tracker, output) as (_, address):
        told = output.read_text()
        link = re.search(r"http://\S+/reset/\S+", told)
        assert link is not None
        page = httpx.get(link.group())

    assert str(tracker.settings.home / "mail") in told
    assert address in told
    assert page.status_code == 200
    assert 'type="password"' in page.text


def test_ctrl_c_ends_everything_within_five_seconds(tracker: Tracker, tmp_path: Path) -> None:
    with serving(tracker, tmp_path / "output.txt") as (process, address):
        os.killpg(process.pid, signal.SIGINT)

        process.wait(timeout=5)

    with pytest.raises(httpx.ConnectError):
        httpx.get(address + "/healthz")
    assert not [line for line in (tmp_path / "output.txt").read_text().splitlines() if "Traceback" in line]


def test_polls_are_answered_while_every_thread_for_pages_waits(tracker: Tracker, tmp_path: Path) -> None:
    token = polled_calendar(tracker)

    with serving(tracker, tmp_path / "output.txt") as (_, address), ExitStack() as held:
        feed = f"{address}/feeds/{token}.ics"
        assert httpx.get(feed).status_code == 200
        port = int(address.rsplit(":", 1)[1])
        for _ in range(20):
            # Whoever says how much is coming, and then does not send it, keeps the thread that reads it.
            slow = held.enter_context(socket.create_connection(("127.0.0.1", port)))
            slow.sendall(b"POST /login HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n")
            slow.sendall(b"Content-Length: 9999\r\n\r\nemail=")
        fast = {httpx.get(feed).status_code for _ in range(50)}

    assert fast == {200}


def test_pages_are_answered_while_one_of_them_takes_its_time(tracker: Tracker, tmp_path: Path) -> None:
    with serving(tracker, tmp_path / "output.txt") as (_, address):
        port = int(address.rsplit(":", 1)[1])
        with socket.create_connection(("127.0.0.1", port)) as slow:
            slow.sendall(b"POST /login HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n")
            slow.sendall(b"Content-Length: 9999\r\n\r\nemail=")

            page = httpx.get(f"{address}/healthz")

    assert page.status_code == 200


def test_feeds_alone_are_served_beside_pages_and_their_readers_noted(tracker: Tracker, tmp_path: Path) -> None:
    token, agent = polled_calendar(tracker), "Mozilla/5.0 (compatible; Google-Calendar-Importer)"

    with serving(tracker, tmp_path / "output.txt", "--feeds") as (process, address):
        feed = httpx.get(f"{address}/feeds/{token}.ics", headers={"User-Agent": agent})
        again = httpx.head(f"{address}/feeds/{token}.ics", headers={"If-None-Match": feed.headers["ETag"]})
        whole = httpx.head(f"{address}/feeds/{token}.ics", headers={"Accept-Encoding": "identity"})
        page = httpx.get(f"{address}/")
        os.killpg(process.pid, signal.SIGINT)
        process.wait(timeout=10)

    assert (feed.status_code, again.status_code, page.status_code) == (200, 304, 404)
    assert feed.content.startswith(b"BEGIN:VCALENDAR")
    assert whole.headers["Content-Length"] == str(len(feed.content))
    # What was not written yet is written at the end.
    with tracker.database.reading() as session:
        subscription = by_token_hash(session, token_hash(token))
        assert subscription
        assert agent in {client.agent for client in clients_of(session, subscription.id)}


_FAULTY = """
import sys

from flask import request
from granian.constants import Interfaces
from granian.server.mp import MPServer

from tracker.bootstrap import assemble, configure_logging
from tracker.web.app import create_app


def load():
    app = create_app(assemble())

    @app.before_request
    def fail():
        if request.path.startswith(("/feeds/", "/reset/")):
            app.logger.error("about to fail with %s", request.path)
            raise RuntimeError(f"no luck at {request.path}")

    def outside(environ, start_response):
        if environ["PATH_INFO"].startswith("/unsubscribe/"):
            raise RuntimeError(f"no luck at {environ['PATH_INFO']}")
        return app(environ, start_response)

    return outside


configure_logging()
MPServer("faulty", port=int(sys.argv[2]), interface=Interfaces.WSGI, blocking_threads=2, log_access=True).serve(
    target_loader=load, wrap_loader=False
)
"""


def test_no_log_tells_a_secret_address(tracker: Tracker, tmp_path: Path) -> None:
    """Granian's own log of accesses and faults, Flask's and ours, on a server that fails at what holds a token."""
    token, output = polled_calendar(tracker), tmp_path / "output.txt"
    script = tmp_path / "faulty.py"
    script.write_text(_FAULTY)
    paths = [
        f"/feeds/{token}.ics",
        f"/feeds/{token}.ifb",
        f"/reset/{token}",
        f"/unsubscribe/{token}",
    ]

    with serving(tracker, output, command=(sys.executable, script)) as (process, address):
        statuses = [httpx.get(address + path).status_code for path in paths]
        process.terminate()
        process.wait(timeout=20)

    told = output.read_text()
    assert statuses == [200, 500, 500, 500]
    assert "GET /feeds/… HTTP/1.1" in told
    assert "about to fail with /feeds/…" in told
    assert "no luck at /feeds/…" in told
    assert "no luck at /unsubscribe/…" in told
    assert token not in told


def polled_calendar(tracker: Tracker) -> str:
    """The token of a calendar with an activity in it."""
    put_twin(tracker, COLOGNE)
    record(tracker)
    settle(tracker)
    token = subscribed(tracker, choice("cologne"))
    settle(tracker)
    return token


def test_no_web_process_outlives_its_supervisor(tracker: Tracker, tmp_path: Path) -> None:
    with serving(tracker, tmp_path / "output.txt") as (process, address):
        process.kill()
        process.wait()

        deadline = time.monotonic() + 20
        while answers(address) and time.monotonic() < deadline:
            time.sleep(0.1)

    assert not answers(address)


def answers(address: str) -> bool:
    try:
        httpx.get(address + "/healthz", timeout=2)
    except httpx.TransportError:
        return False
    return True


def test_beginning_twice_changes_nothing(tracker: Tracker) -> None:
    run = runner(tracker)

    first, again = run("init", "--json"), run("init", "--json")

    # 3 kinds of link, 28 cities, 126 records, 37 honours and observances, and the days of remembrance besides
    assert first.json["added"] >= 3 + 28 + 126 + 37
    assert again.json == {"added": 0, "revised": 0, "kept": 0, "unchanged": first.json["added"]}


@pytest.mark.parametrize("mode", ["embedded"], indirect=True)
def test_the_doctor_says_that_no_worker_runs(tracker: Tracker) -> None:
    run = runner(tracker)

    found = run("doctor", "--json")

    assert found.code == 1
    assert [finding["name"] for finding in found.json if not finding["well"]] == ["worker"]
    assert "tracker serve" in run("doctor").out


@pytest.mark.parametrize("mode", ["embedded"], indirect=True)
def test_the_doctor_is_content_with_a_running_installation(tracker: Tracker, tmp_path: Path) -> None:
    run = runner(tracker)

    with serving(tracker, tmp_path / "output.txt"):
        deadline = time.monotonic() + 30
        while run("doctor", "--liveness").code and time.monotonic() < deadline:
            time.sleep(0.2)
        found = run("doctor")

    assert found.code == 0, found.out


def test_a_missing_setting_is_named(tracker: Tracker) -> None:
    refused = runner(tracker)("init", REDIS_URL="redis://127.0.0.1:6379/11", SECRET_KEY="")

    assert refused.code == 1
    assert "SECRET_KEY" in refused.err
