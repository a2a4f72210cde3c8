"""Who hears what a mail server answers to a worker that has been killed meanwhile: a small process that outlives it.

Between the end of a message and the answer to it nobody knows whether the server has it. A worker that is killed just
then could not be told. So the connection and the page of the journal are shared with a process of a few megabytes,
which does nothing as long as the worker lives. When it dies with a message begun, the witness waits for the answer and
writes it on the page, which stays locked until then. What ends both (a power cut, a container that is stopped) leaves
the message in doubt, and so does a connection that is encrypted, whose keys the worker takes with it.

This file is run by itself, so it imports nothing of ours.
"""

import contextlib
import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from typing import Protocol

PATIENCE_SECONDS = 10
"""How long an answer is waited for; far less than the lease of a message, whose page is locked meanwhile."""
_PAGE, _CONNECTION, _FAREWELL = b"p", b"c", b"f"


class Witness(Protocol):
    def watch(self, page: int | None) -> None:
        """From now on steps are written on this page (its descriptor; None: it is no file)."""

    def listen(self, connection: socket.socket | None) -> None:
        """From now on answers come over this connection (None: it is encrypted, and cannot be listened to)."""


class NoWitness:
    def watch(self, page: int | None) -> None:
        """There is nobody to tell."""

    def listen(self, connection: socket.socket | None) -> None:
        """Likewise."""


class ProcessWitness:
    """Started with the first connection, so that it costs nothing where nothing is sent."""

    def __init__(self) -> None:
        self._page: int | None = None
        self._control: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def watch(self, page: int | None) -> None:
        self._page = page
        self._tell(_PAGE, page)

    def listen(self, connection: socket.socket | None) -> None:
        if connection is None:
            self.close()
            return
        if self._process is None:
            with contextlib.suppress(OSError):  # without a witness mails leave all the same
                self._start()
            self._tell(_PAGE, self._page)
        self._tell(_CONNECTION, connection.fileno())

    def close(self) -> None:
        control, self._control = self._control, None
        if control is not None:
            with contextlib.suppress(OSError), control:
                control.send(_FAREWELL)
        process, self._process = self._process, None
        if process is not None:
            process.wait()

    def _start(self) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        command = [sys.executable, "-I", "-S", __file__, str(theirs.fileno())]
        with theirs:
            # In a session of its own: what ends the worker's group must not end its witness.
            self._process = subprocess.Popen(  # noqa: S603 -- this very file
                command, pass_fds=[theirs.fileno()], start_new_session=True, stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
            )  # fmt: skip
        self._control = ours

    def _tell(self, what: bytes, descriptor: int | None) -> None:
        if self._control is None or descriptor is None:
            return
        try:
            socket.send_fds(self._control, [what], [descriptor])
        except OSError:  # it has gone; mails leave all the same
            self._control.close()
            self._control = None


@contextlib.contextmanager
def process_witness() -> Iterator[ProcessWitness]:
    witness = ProcessWitness()
    try:
        yield witness
    finally:
        witness.close()


def _stand_by(control: socket.socket) -> None:
    """Take over what the worker shares; when it is gone without a farewell, hear what it was waiting for."""
    held: dict[bytes, int] = {}
    while True:
        what, descriptors, _, _ = socket.recv_fds(control, 1, 1)
        if what == _FAREWELL:
            return
        if not what:
            break
        if what in held:
            os.close(held[what])
        held[what] = descriptors[0]
    if held.keys() == {_PAGE, _CONNECTION}:
        _conclude(held[_PAGE], socket.socket(fileno=held[_CONNECTION]))


def _conclude(page: int, connection: socket.socket) -> None:
    *lines, cut_off = os.pread(page, os.fstat(page).st_size, 0).split(b"\n")
    if not lines or cut_off:
        return
    delivery_id, attempt, step, at, error = json.loads(lines[-1])
    if step != "begun" or error:
        return
    answer = _answer(connection)
    step = {"2": "sent", "4": "passing", "5": "permanent"}.get(answer[:1])
    if step is not None:
        error = "" if step == "sent" else answer
        os.write(page, json.dumps([delivery_id, attempt, step, at, error]).encode() + b"\n")


def _answer(connection: socket.socket) -> str:
    """What the server says; nothing where it hangs up or keeps silent."""
    connection.settimeout(PATIENCE_SECONDS)
    heard = b""
    while not is_whole(heard):
        try:
            more = connection.recv(4096)
        except OSError:
            return ""
        if not more:
            return ""
        heard += more
    return heard.decode("utf-8", "replace").strip()


def is_whole(answer: bytes) -> bool:
    """Whether an answer has come to its end: its last line has no hyphen behind the number (RFC 5321, 4.2.1)."""
    return answer.endswith(b"\r\n") and answer.splitlines()[-1][3:4] != b"-"


if __name__ == "__main__":
    _stand_by(socket.socket(fileno=int(sys.argv[1])))
