"""A subscribed calendar polled: our web process beside nginx with the same bytes as a file, one process each."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx

from tests.bench.client import requests_per_second
from tests.bench.records import sheet
from tests.bench.report import Row
from tests.journeys.processes import Place, Process, free_port, own_environ, run, until

NGINX = """
worker_processes 1;
daemon off;
pid {folder}/nginx.pid;
error_log stderr error;
events {{ worker_connections 64; }}
http {{
  access_log off;
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
    environ, _, process = embedded(place)
    file = place.folder / "bench.csv"
    file.write_bytes(sheet(activities))
    run(["tracker", "import", str(file)], environ, 300)
    url = json.loads(run(["tracker", "calendar", "new", "--lang", "de", "--json"], environ, 300))["url"]
    answer = httpx.get(url, headers={"Accept-Encoding": "identity"})
    assert answer.status_code == 200, process.tail()
    nginx = _nginx(place, answer.content)
    names = ("feed poll, unchanged (304)", "feed poll, whole (200)")
    if nginx is None:
        for name in names:
            yield Row(name, None, None, "µs", "nginx", "nginx is not installed")
        return
    note = f"{len(answer.content) / 1e3:.0f} kB, one process each, CPU shared with the client"
    for name, status in zip(names, (304, 200), strict=True):
        both = []
        for address in (url, nginx):
            plain = {"Accept-Encoding": "identity"}
            etag = httpx.get(address, headers=plain).headers["ETag"]
            headers = {**plain, "If-None-Match": etag} if status == 304 else plain
            requests_per_second(address, headers, status, seconds / 4)
            both.append(1e6 / requests_per_second(address, headers, status, seconds))
        yield Row(name, both[0], both[1], "µs", "nginx: the same bytes as a file", note)


def _nginx(place: Place, body: bytes) -> str | None:
    program = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
    if program is None:
        return None
    files = place.folder / "files"
    files.mkdir()
    (files / "feed.ics").write_bytes(body)
    # nginx gives up root's rights to its worker process, which must still be able to read the file.
    for folder in [files, *files.parents]:
        if folder != Path("/tmp") and folder.is_relative_to("/tmp"):
            folder.chmod(0o755)
    port = free_port()
    config = place.folder / "nginx.conf"
    config.write_text(NGINX.format(folder=place.folder, port=port))
    place.start("nginx", [program, "-e", "stderr", "-c", str(config)], own_environ())
    url = f"http://127.0.0.1:{port}/feed.ics"
    until(lambda: _answers(url), "nginx answers", 10, place.tails)
    return url


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=5).status_code == 200
    except httpx.TransportError:
        return False
