"""The mailbox into which undeliverable mails come back: the protocol, IMAP, a Maildir folder, and one in memory.

Mails are only marked as read, never removed: whoever keeps the mailbox decides about that.
"""

import contextlib
import imaplib
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from tracker.errors import GatewayError
from tracker.i18n import N_

TIMEOUT_SECONDS = 30
MOST = 200
"""Mails that are read at once; the rest waits for the next time."""

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_AWAY = N_("The mailbox for bounces could not be read: {fault}")
_IN_CLEAR = N_("The mailbox offers no encryption, so the password was not sent to it. Use imaps:// or another server.")


@dataclass(frozen=True)
class Returned:
    """One mail that nobody has looked at. `done` marks it as read."""

    name: str
    data: bytes
    done: Callable[[], object]


class BounceBox(Protocol):
    def unread(self) -> contextlib.AbstractContextManager[Iterator[Returned]]:
        """What has not been read, the oldest first. Raises `GatewayError`, passing, while it is away."""


class ImapBox:
    """`imaps://user:password@host/INBOX`; `imap://` with STARTTLS, or in clear on this machine."""

    def __init__(self, url: str, timeout: float = TIMEOUT_SECONDS) -> None:
        address = urlsplit(url)
        self._encrypted = address.scheme == "imaps"
        self._host = address.hostname or "localhost"
        self._port = address.port or (993 if self._encrypted else 143)
        self._user, self._password = unquote(address.username or ""), unquote(address.password or "")
        self._folder = unquote(address.path.strip("/")) or "INBOX"
        self._timeout = timeout

    @contextlib.contextmanager
    def unread(self) -> Iterator[Iterator[Returned]]:
        try:
            with self._connected() as server:
                self._log_in(server)
                yield self._mails(server)
        except (imaplib.IMAP4.error, OSError) as fault:
            raise GatewayError(_AWAY, permanent=False, fault=str(fault) or type(fault).__name__) from fault

    def _connected(self) -> imaplib.IMAP4:
        if self._encrypted:
            context = ssl.create_default_context()
            return imaplib.IMAP4_SSL(self._host, self._port, ssl_context=context, timeout=self._timeout)
        return imaplib.IMAP4(self._host, self._port, timeout=self._timeout)

    def _log_in(self, server: imaplib.IMAP4) -> None:
        if not self._encrypted and "STARTTLS" in server.capabilities:
            server.starttls(ssl.create_default_context())
        elif not self._encrypted and self._host not in _LOOPBACK:
            raise GatewayError(_IN_CLEAR, permanent=False)
        server.login(self._user, self._password)
        answer, said = server.select(f'"{self._folder}"')
        if answer != "OK":
            raise imaplib.IMAP4.error(f"{self._folder}: {said!r}")

    def _mails(self, server: imaplib.IMAP4) -> Iterator[Returned]:
        _, found = server.uid("SEARCH", "UNSEEN")
        for number in (found[0] or b"").split()[:MOST]:
            uid = number.decode()
            _, parts = server.uid("FETCH", uid, "(BODY.PEEK[])")
            data = next((part[1] for part in parts if isinstance(part, tuple)), b"")
            yield Returned(uid, data, lambda uid=uid: server.uid("STORE", uid, "+FLAGS", r"(\Seen)"))  # type: ignore[misc]  # bound now


class MaildirBox:
    """`maildir:///path`: a folder into which the mail server of this machine delivers (new/, cur/, tmp/)."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextlib.contextmanager
    def unread(self) -> Iterator[Iterator[Returned]]:
        try:
            yield self._mails()
        except OSError as fault:
            raise GatewayError(_AWAY, permanent=False, fault=fault) from fault

    def _mails(self) -> Iterator[Returned]:
        for file in sorted((self._folder / "new").iterdir())[:MOST]:
            read = self._folder / "cur" / f"{file.name}:2,S"
            yield Returned(file.name, file.read_bytes(), lambda file=file, read=read: file.rename(read))  # type: ignore[misc]  # bound now


class MemoryBox:
    """Holds what it is given, for tests; without anything, the box of a house that has none."""

    def __init__(self, *mails: bytes) -> None:
        self.mails = dict(enumerate(mails))

    @contextlib.contextmanager
    def unread(self) -> Iterator[Iterator[Returned]]:
        yield (Returned(str(at), data, lambda at=at: self.mails.pop(at)) for at, data in list(self.mails.items()))  # type: ignore[misc]  # bound now


def for_installation(url: str) -> BounceBox:
    """What BOUNCES_URL names; an empty box where it names nothing."""
    if not url:
        return MemoryBox()
    return MaildirBox(Path(unquote(urlsplit(url).path))) if url.startswith("maildir:") else ImapBox(url)
