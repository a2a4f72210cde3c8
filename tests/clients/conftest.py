"""A real process that serves the house, and a web server that knows nothing but one calendar."""

import datetime as dt
import functools
import http.server
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.clients import feed
from tests.clients.feed import Read
from tests.clients.house import House
from tests.conftest import Clock
from tests.journeys.processes import free_port, own_environ, place, until
from tracker import bootstrap


@dataclass
class ServedHouse:
    """The house and the address of its calendar."""

    inside: House
    url: str

    def expected(self) -> list[Read]:
        return self.inside.expected(dt.datetime.now(dt.UTC).year)

    def put_off_the_visit(self) -> Read:
        """Returns once the new calendar is served."""
        before = self._etag()
        moved = self.inside.put_off_the_visit()
        until(lambda: self._etag() != before, "the change is served", 20)
        return moved

    def _etag(self) -> str:
        return str(httpx.get(self.url).raise_for_status().headers["ETag"])


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedHouse]:
    folder = tmp_path_factory.mktemp("served")
    address = f"http://127.0.0.1:{free_port()}"
    environ = {"TRACKER_HOME": str(folder / "home"), "BASE_URL": address}
    # The server goes by the clock on the wall: filled long ago, the house would have dropped what is cancelled.
    made = bootstrap.assemble(environ, Clock(dt.datetime.now(dt.UTC) - dt.timedelta(days=1)))
    bootstrap.prepare(made)
    filled = House(made)
    with place(folder) as processes:
        processes.start("serve", ["tracker", "serve", "--port", address.rpartition(":")[2]], own_environ(**environ))
        until(lambda: _answers(address), "the house answers", 60, processes.tails)
        yield ServedHouse(filled, f"{address}/feeds/{filled.token}.ics")
    made.database.engine.dispose()


def _answers(address: str) -> bool:
    try:
        return httpx.get(f"{address}/healthz", timeout=5).status_code == 200
    except httpx.TransportError:
        return False


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the calendar of `feed.ENTRIES`."""
    folder = tmp_path_factory.mktemp("plain")
    (folder / "feed.ics").write_bytes(feed.body())
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/feed.ics"
    server.shutdown()
    thread.join()
    server.server_close()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - named so where it comes from
        """Nothing: a test's output is for its failures."""


@pytest.fixture
def calendar(tmp_path: Path) -> Path:
    """The calendar of `feed.ENTRIES` as a file."""
    path = tmp_path / "feed.ics"
    path.write_bytes(feed.body())
    return path
