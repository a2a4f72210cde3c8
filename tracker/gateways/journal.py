"""What became of messages between the server's answer and our commit: the protocol, one in files, and none at all.

A worker may be killed after a server took a message and before the database knows. So each step goes to a page of the
journal first, and whoever finds the page of a worker that died settles what stands on it before claiming anything.
A page is a file in one folder, held by `flock` while its worker lives: the kernel lets go of it with the process,
however that ends. What was written survives `kill -9`, since it lies with the kernel; a power cut may take the last
lines, and another machine does not see the folder: both leave what the lease of the rows does by itself, ten minutes
later, perhaps a second time.
"""

import contextlib
import dataclasses
import datetime as dt
import fcntl
import json
import os
import uuid
from collections.abc import Iterable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from tracker.gateways.witness import NoWitness, Witness, process_witness


class Step(StrEnum):
    """How far a message has come.

    `claimed`: it waits for its turn; `begun`: the server may have it or not; `away`: there was no server to give it to.
    """

    CLAIMED = "claimed"
    BEGUN = "begun"
    SENT = "sent"
    AWAY = "away"
    PASSING = "passing"
    PERMANENT = "permanent"


@dataclasses.dataclass(frozen=True)
class Line:
    """One step of one attempt to send one message."""

    delivery_id: int
    attempt: int
    step: Step
    at: dt.datetime
    error: str = ""

    @property
    def of(self) -> tuple[int, int]:
        return self.delivery_id, self.attempt


class Page(Protocol):
    """The steps of one worker's batch, in their order."""

    @property
    def descriptor(self) -> int | None:
        """Of the file that it is, if it is one."""

    def write(self, *lines: Line) -> None:
        """Add lines; they are there when this returns, whatever becomes of the process.

        Raises `OSError` where they cannot be kept (the disk is full); `read` has them all the same.
        """

    def read(self) -> list[Line]:
        """How far each attempt has come: its last line."""

    def done(self) -> None:
        """Everything on it stands in the database: it is needed no more."""


class Journal(Protocol):
    def page(self) -> contextlib.AbstractContextManager[Page]:
        """A page of one's own. Left without `done`, it is found by whoever looks next."""

    def witness(self) -> contextlib.AbstractContextManager[Witness]:
        """Somebody who writes on a page what a worker could not live to write."""

    def left_behind(self) -> Iterator[Page]:
        """The pages of those who died, each held while it is looked at, so that two do not settle it at once."""


class FileJournal:
    """Pages as files in a folder that all workers of one machine share."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextlib.contextmanager
    def page(self) -> Iterator["FilePage"]:
        self._folder.mkdir(parents=True, exist_ok=True)
        page = None
        while page is None:  # somebody who looks for pages left behind may hold a new one for a moment
            path = self._folder / f"{uuid.uuid4().hex}.jsonl"
            page = _held(path, os.O_CREAT | os.O_EXCL)
        with page:
            yield page

    def witness(self) -> contextlib.AbstractContextManager[Witness]:
        return process_witness()

    def left_behind(self) -> Iterator["FilePage"]:
        if not self._folder.is_dir():
            return
        for path in sorted(self._folder.glob("*.jsonl")):
            page = _held(path)
            if page is not None:
                with page:
                    yield page


class FilePage:
    """One file, held by this process. `with` lets go of it."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self._path, self._descriptor = path, descriptor
        self._latest = {line.of: line for line in _lines(path.read_text())}

    @property
    def descriptor(self) -> int:
        return self._descriptor

    def __enter__(self) -> "FilePage":
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._descriptor)

    def write(self, *lines: Line) -> None:
        self._latest |= {line.of: line for line in lines}
        os.write(self._descriptor, "".join(_written(line) for line in lines).encode())

    def read(self) -> list[Line]:
        return list(self._latest.values())

    def done(self) -> None:
        self._path.unlink(missing_ok=True)


class NoJournal:
    """Nothing outlives the call; for tests, and where no folder is at hand. The lease of the rows does the rest."""

    @contextlib.contextmanager
    def page(self) -> Iterator["MemoryPage"]:
        yield MemoryPage()

    @contextlib.contextmanager
    def witness(self) -> Iterator[Witness]:
        yield NoWitness()

    def left_behind(self) -> Iterator[Page]:
        return iter(())


class MemoryPage:
    descriptor = None

    def __init__(self) -> None:
        self._lines: dict[tuple[int, int], Line] = {}

    def write(self, *lines: Line) -> None:
        self._lines |= {line.of: line for line in lines}

    def read(self) -> list[Line]:
        return list(self._lines.values())

    def done(self) -> None:
        self._lines.clear()


def _held(path: Path, how: int = 0) -> FilePage | None:
    """The page, held; None where somebody else holds it, or it has gone meanwhile."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_APPEND | how, 0o600)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    if os.fstat(descriptor).st_nlink == 0:  # its owner was done with it while we opened it
        os.close(descriptor)
        return None
    return FilePage(path, descriptor)


def _written(line: Line) -> str:
    return json.dumps([line.delivery_id, line.attempt, line.step, line.at.isoformat(), line.error]) + "\n"


def _lines(text: str) -> Iterable[Line]:
    for written in text.splitlines(keepends=True):
        if not written.endswith("\n"):
            return  # cut off in the middle of it: what it was about to say has not been done
        delivery_id, attempt, step, at, error = json.loads(written)
        yield Line(delivery_id, attempt, Step(step), dt.datetime.fromisoformat(at), error)
