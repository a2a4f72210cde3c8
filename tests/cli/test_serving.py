"""An installation at work: from nothing to serving, and to an end within five seconds."""

import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.program import PROGRAM, environment, runner
from tracker.bootstrap import Tracker


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def serving(tracker: Tracker, output: Path, **extra: str) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """`tracker serve` in a process group of its own, as a terminal would start it."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with output.open("wb") as told:
        process = subprocess.Popen(
            [str(PROGRAM), "serve", "--port", str(port)],
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
