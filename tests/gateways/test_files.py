"""Bytes under their hash: a folder, a bucket of a real server that speaks S3, and memory keep them alike."""

import hashlib
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

import pytest

from tests.journeys.processes import free_port
from tracker.errors import GatewayError, Misconfigured
from tracker.gateways.files import Files, FolderFiles, MemoryFiles, S3Files, for_installation

DATA = bytes(range(256)) * 3_000
KEY = hashlib.sha256(DATA).hexdigest()


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    """The address of a server with an empty bucket."""
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _make_bucket(f"http://127.0.0.1:{port}/house")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(10)


def _make_bucket(address: str) -> None:
    until = time.monotonic() + 30
    while True:
        try:
            urlopen(Request(address, method="PUT"), timeout=5).close()
        except (URLError, ConnectionError):
            assert time.monotonic() < until, "the server did not come up"
            time.sleep(0.1)
        else:
            return


@pytest.fixture(params=["folder", "s3", "memory"])
def files(request: pytest.FixtureRequest, tmp_path: Path) -> Files:
    if request.param == "folder":
        return for_installation("", tmp_path / "files")
    if request.param == "memory":
        return MemoryFiles()
    endpoint = request.getfixturevalue("s3")
    return for_installation(f"s3://key:sec%2Fret@house/kept?endpoint={endpoint}&region=eu-central-1", tmp_path)


def test_what_is_kept_comes_back_whole_and_in_parts_until_it_goes(files: Files) -> None:
    files.put(KEY, DATA)
    files.put(KEY, DATA)

    assert files.get(KEY) == DATA
    assert b"".join(files.read(KEY, 0, len(DATA))) == DATA
    assert b"".join(files.read(KEY, 255, 3)) == b"\xff\x00\x01"
    files.delete(KEY)
    files.delete(KEY)
    for lost in (lambda: files.get(KEY), lambda: files.read(KEY, 0, 1)):
        with pytest.raises(GatewayError) as caught:
            lost()
        assert caught.value.permanent


def test_a_folder_holds_no_half_written_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = FolderFiles(tmp_path)

    def full(*_: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(GatewayError) as caught:
        kept.put(KEY, DATA)

    assert not caught.value.permanent
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_store_that_is_away_is_a_passing_fault_that_tells_no_secret() -> None:
    away = S3Files(f"s3://key:hidden-secret@house?endpoint=http://127.0.0.1:{free_port()}")

    with pytest.raises(GatewayError) as caught:
        away.put(KEY, b"some")

    assert not caught.value.permanent
    assert "hidden-secret" not in str(caught.value)


@pytest.mark.parametrize("url", ["s3://", "s3://key:hidden@house?endpiont=http://x"])
def test_an_address_that_is_wrong_is_refused_without_being_told(url: str) -> None:
    with pytest.raises(Misconfigured) as caught:
        S3Files(url)

    assert "FILES_URL" in str(caught.value)
    assert "hidden" not in str(caught.value)
