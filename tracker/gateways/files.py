"""Where the bytes of files lie: a folder of this machine, or a store that speaks S3. Rows elsewhere say what they are.

Bytes are named by their SHA-256, so writing the same twice changes nothing, and nothing is ever written over.
`Files` is the protocol, `FolderFiles` and `S3Files` are the real ones, `MemoryFiles` is the in-memory one.
"""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import parse_qsl, unquote, urlsplit

from tracker.errors import GatewayError, Misconfigured
from tracker.i18n import N_
from tracker.late import Late

obstore = Late("obstore")
obstore_store = Late("obstore.store")
obstore_faults = Late("obstore.exceptions")

CHUNK = 256 * 1024
_LOST = N_("The bytes of the file {key} are not where they should be. Look for them in a backup.")
_AWAY = N_("The store of files does not answer ({fault}). Nothing was changed; please try again later.")
_NO_BUCKET = N_("FILES_URL must name a bucket, as in s3://bucket?endpoint=https://…; known besides: {known}.")
# Its value is not told: it may hold a password.
_KNOWN = ("endpoint", "region", "prefix", "virtual_hosted")


class Files(Protocol):
    def put(self, key: str, data: bytes) -> None:
        """Keep bytes under their hash; durable when it returns."""

    def get(self, key: str) -> bytes:
        """All bytes. Raises `GatewayError`, permanent where there are none."""

    def read(self, key: str, start: int, length: int) -> Iterator[bytes]:
        """A part of the bytes, in pieces; what is not there is found out before the first piece is asked for."""

    def delete(self, key: str) -> None:
        """Let bytes go; nothing happens where there are none."""


class FolderFiles:
    """Files in a folder, two levels deep, so that no folder grows beyond what a file manager shows."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, key: str, data: bytes) -> None:
        path = self._path(key)
        if path.exists() and path.stat().st_size == len(data):
            return
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            # Beside its place, then moved there at once: nobody ever sees half a file, also after a power cut.
            handle, written = tempfile.mkstemp(dir=path.parent, prefix=".part-")
            try:
                with os.fdopen(handle, "wb") as out:
                    out.write(data)
                    out.flush()
                    os.fsync(out.fileno())
                Path(written).replace(path)
            except BaseException:
                Path(written).unlink(missing_ok=True)
                raise
            _sync(path.parent)
        except OSError as fault:
            raise _away(fault) from fault

    def get(self, key: str) -> bytes:
        try:
            return self._path(key).read_bytes()
        except FileNotFoundError as fault:
            raise _lost(key) from fault
        except OSError as fault:
            raise _away(fault) from fault

    def read(self, key: str, start: int, length: int) -> Iterator[bytes]:
        try:
            opened = self._path(key).open("rb")
        except FileNotFoundError as fault:
            raise _lost(key) from fault
        except OSError as fault:
            raise _away(fault) from fault
        return _pieces(opened, start, length)

    def delete(self, key: str) -> None:
        try:
            self._path(key).unlink(missing_ok=True)
        except OSError as fault:
            raise _away(fault) from fault

    def _path(self, key: str) -> Path:
        return self._folder / key[:2] / key


class S3Files:
    """Files in a bucket of anything that speaks S3; opened when first needed, so that no start waits for it."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        options = dict(parse_qsl(parts.query))
        if not parts.hostname or set(options) - set(_KNOWN):
            raise Misconfigured(_NO_BUCKET, known=", ".join(_KNOWN))
        self._config: dict[str, Any] = {
            "bucket": parts.hostname,
            "prefix": options.get("prefix") or parts.path.strip("/") or None,
            "region": options.get("region", "us-east-1"),
            "virtual_hosted_style_request": options.get("virtual_hosted", "") == "1",
        }
        if parts.username:
            self._config |= {
                "access_key_id": unquote(parts.username),
                "secret_access_key": unquote(parts.password or ""),
            }
        if endpoint := options.get("endpoint"):
            self._config["endpoint"] = endpoint
        plain = (options.get("endpoint") or "").startswith("http://")
        self._client = {"allow_http": plain, "timeout": "60s", "connect_timeout": "5s"}
        self._opened: Any = None

    def put(self, key: str, data: bytes) -> None:
        self._ask(lambda store: obstore.put(store, key, data))

    def get(self, key: str) -> bytes:
        return bytes(self._ask(lambda store: obstore.get(store, key).bytes(), key))

    def read(self, key: str, start: int, length: int) -> Iterator[bytes]:
        given = self._ask(
            lambda store: obstore.get(store, key, options={"range": (start, start + length)}) if length else None, key
        )
        return (bytes(piece) for piece in given.stream(min_chunk_size=CHUNK)) if given else iter(())

    def delete(self, key: str) -> None:
        try:
            self._ask(lambda store: obstore.delete(store, key), key)
        except GatewayError as fault:
            if not fault.permanent:
                raise

    def _ask(self, what: Any, key: str = "") -> Any:
        try:
            if self._opened is None:
                self._opened = obstore_store.S3Store(
                    **self._config, client_options=self._client, retry_config={"max_retries": 2}
                )
            return what(self._opened)
        except (obstore_faults.NotFoundError, FileNotFoundError) as fault:
            raise _lost(key) from fault
        except (obstore_faults.BaseError, OSError) as fault:
            raise _away(fault) from fault


class MemoryFiles:
    """Keeps bytes in a dictionary, for tests."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def put(self, key: str, data: bytes) -> None:
        self.kept[key] = data

    def get(self, key: str) -> bytes:
        if key not in self.kept:
            raise _lost(key)
        return self.kept[key]

    def read(self, key: str, start: int, length: int) -> Iterator[bytes]:
        return iter((self.get(key)[start : start + length],))

    def delete(self, key: str) -> None:
        self.kept.pop(key, None)


def for_installation(url: str, folder: Path) -> Files:
    """The store that FILES_URL names; without one a folder."""
    return S3Files(url) if url else FolderFiles(folder)


def _pieces(opened: Any, start: int, length: int) -> Iterator[bytes]:
    with opened:
        opened.seek(start)
        while length > 0 and (piece := opened.read(min(CHUNK, length))):
            length -= len(piece)
            yield piece


def _sync(folder: Path) -> None:
    """A new name is durable only when its folder is."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _lost(key: str) -> GatewayError:
    return GatewayError(_LOST, permanent=True, key=key)


def _away(fault: Exception) -> GatewayError:
    # The first line: obstore tells its whole configuration behind it.
    return GatewayError(_AWAY, permanent=False, whole=True, fault=str(fault).strip().partition("\n")[0][:300])
