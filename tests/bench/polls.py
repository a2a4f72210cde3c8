"""A subscribed calendar polled: our two processes beside nginx with the same bytes as files, one process each.

`tracker serve` does everything, `tracker serve --feeds` calendars only. nginx sends as it is faster here: with sendfile
or without.
"""

import json
import shutil
import statistics
from collections.abc import Iterator
from pathlib import Path

import httpx

from tests.bench.client import client, requests_per_second
from tests.bench.records import sheet
from tests.bench.report import Row
from tests.journeys.processes import Place, Process, free_port, own_environ, run, until

_PLAIN, _PACKED = {"Accept-Encoding": "identity"}, {"Accept-Encoding": "gzip"}
ROUNDS = 3

NGINX = """
worker_processes 1;
daemon off;
pid {folder}/nginx-{sendfile}.pid;
error_log stderr error;
events {{ worker_connections 64; }}
http {{
  access_log off;
  sendfile {sendfile};
  tcp_nopush {sendfile};
  gzip_static on;
  types {{ text/calendar ics; }}
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  keepalive_requests 10000000;
  server {{ listen 127.0.0.1:{port}; root {folder}/files; }}
}}
"""


def embedded(place: Place) -> tuple[dict[str, str], str, Process]:
    """`tracker serve` with nothing configured but its folder and address."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    environ = own_environ(TRACKER_HOME=str(place.folder / "home"), BASE_URL=address)
    process = place.start("serve", ["tracker", "serve", "--port", str(port)], environ)
    until(lambda: _answers(f"{address}/healthz") or not process.running, "tracker answers", 90, process.tail)
    assert process.running, process.tail()
    return environ, address, process


def feed_polls(place: Place, seconds: float, activities: int) -> Iterator[Row]:
    """Polls answered per second, as microseconds each."""
    environ, serving, process = embedded(place)
    file = place.folder / "bench.csv"
    file.write_bytes(sheet(activities))
    run(["tracker", "import", str(file)], environ, 300)
    url = json.loads(run(["tracker", "calendar", "new", "--lang", "de", "--json"], environ, 300))["url"]
    port = free_port()
    place.start("feeds", ["tracker", "serve", "--feeds", "--port", str(port)], environ)
    alone = url.replace(serving, f"http://127.0.0.1:{port}")
    until(lambda: _answers(alone), "the process for calendars answers", 90, place.tails)
    answer = httpx.get(url, headers=_PLAIN)
    assert answer.status_code == 200, process.tail()
    packed = _raw(url)
    nginx = _nginx(place, answer.content, packed)
    note = f"one process each, two cores shared with the client ({client()})" if nginx else "nginx is not installed"
    for name, status, given in (
        ("unchanged (304)", 304, _PLAIN),
        (f"whole (200), {len(answer.content) / 1e3:.0f} kB", 200, _PLAIN),
        (f"whole (200), gzip, {len(packed) / 1e3:.0f} kB", 200, _PACKED),
    ):
        took = _took([url, alone, *nginx], given, status, seconds)
        theirs = min((took[address] for address in nginx), default=None)
        for who, address in (("serve", url), ("serve --feeds", alone)):
            yield Row(f"feed poll, {name}, {who}", took[address], theirs, "µs", "nginx: the same bytes as a file", note)


def _took(addresses: list[str], given: dict[str, str], status: int, seconds: float) -> dict[str, float]:
    """Microseconds a poll at each address: in turn, several times over, since other work comes and goes."""
    asked = {address: _asking(address, given, status) for address in addresses}
    for address, headers in asked.items():
        requests_per_second(address, headers, status, seconds / 4)
    rounds: dict[str, list[float]] = {address: [] for address in addresses}
    for _ in range(ROUNDS):
        for address, headers in asked.items():
            rounds[address].append(1e6 / requests_per_second(address, headers, status, seconds / ROUNDS))
    return {address: statistics.median(taken) for address, taken in rounds.items()}


def _asking(address: str, given: dict[str, str], status: int) -> dict[str, str]:
    """What is sent to be answered with this status."""
    known = {"If-None-Match": httpx.get(address, headers=given).headers["ETag"]} if status == 304 else {}
    assert httpx.get(address, headers=given | known).status_code == status
    return given | known


def _raw(url: str) -> bytes:
    """The compressed bytes as they come."""
    with httpx.stream("GET", url, headers=_PACKED) as answer:
        return b"".join(answer.iter_raw())


def _nginx(place: Place, body: bytes, packed: bytes) -> list[str]:
    """The addresses of two, that send in either way; none where it is not installed."""
    program = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
    if program is None:
        return []
    files = place.folder / "files"
    files.mkdir()
    (files / "feed.ics").write_bytes(body)
    (files / "feed.ics.gz").write_bytes(packed)
    # nginx gives up root's rights to its worker process, which must still be able to read the file.
    for folder in [files, *files.parents]:
        if folder != Path("/tmp") and folder.is_relative_to("/tmp"):
            folder.chmod(0o755)
    urls = []
    for sendfile in ("on", "off"):
        port = free_port()
        config = place.folder / f"nginx-{sendfile}.conf"
        config.write_text(NGINX.format(folder=place.folder, port=port, sendfile=sendfile))
        place.start(f"nginx-{sendfile}", [program, "-e", "stderr", "-c", str(config)], own_environ())
        urls.append(f"http://127.0.0.1:{port}/feed.ics")
    until(lambda: all(_answers(url) for url in urls), "nginx answers", 10, place.tails)
    return urls


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=5).status_code == 200
    except httpx.TransportError:
        return False
