"""Mail servers: the protocol, the real one (SMTP), mails as files where none is set up, and one in memory for tests.

Every fault becomes a `GatewayError` that says whether trying again can help.
"""

import contextlib
import dataclasses
import re
import smtplib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.utils import parseaddr, parsedate_to_datetime
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

from tracker.errors import GatewayError
from tracker.gateways.witness import NoWitness, Witness, is_whole
from tracker.i18n import N_

TIMEOUT_SECONDS = 30
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})

_REFUSED = N_("The mail server refused it: {answer}")
_AWAY = N_("The mail server could not be reached: {fault}")
_BUSY = N_("The mail server could not take it now: {answer}")
_UNWRITTEN = N_("The mail could not be written: {fault}")
_IN_CLEAR = N_(
    "The mail server offers no encryption, so the password was not sent to it. Use smtps:// or another server."
)


def nothing() -> None:
    """For who need not know when a message is handed over."""


NOBODY = NoWitness()


@dataclasses.dataclass(frozen=True)
class Outgoing:
    """A message as it travels: two bare addresses, and bytes whose lines end with CRLF."""

    sender: str
    to: str
    content: bytes

    @classmethod
    def of(cls, message: EmailMessage) -> "Outgoing":
        """A message from one sender to one recipient."""
        sender, to = (parseaddr(str(message[name]))[1] for name in ("From", "To"))
        return cls(sender, to, message.as_bytes(policy=policy.SMTP if (sender + to).isascii() else policy.SMTPUTF8))

    @property
    def international(self) -> bool:
        """Whether only a server can take it that knows addresses in other letters (RFC 6531)."""
        return not (self.sender + self.to).isascii()


class Session(Protocol):
    """The way to the server, open for as long as there is something to send."""

    def send(self, message: Outgoing, on_handing_over: Callable[[], object] = nothing) -> None:
        """Hand the message over. Raises `GatewayError`; returns only when somebody else is answerable for it.

        `on_handing_over` is called just before that can begin: until then the server cannot have it.
        """


class Mail(Protocol):
    def session(self, witness: Witness = NOBODY) -> contextlib.AbstractContextManager[Session]:
        """A way on which many messages leave, one after the other; each may fail by itself.

        The `witness` is told of connections on which it can hear what the server answers.
        """

    def send(self, message: Outgoing) -> None:
        """One message by itself, as `Session.send`."""


class SmtpMail:
    """`smtp://user:password@host:587` (with STARTTLS where it is offered) or `smtps://…` (port 465)."""

    def __init__(self, smtp_url: str, timeout: float = TIMEOUT_SECONDS) -> None:
        address = urlsplit(smtp_url)
        self._encrypted = address.scheme == "smtps"
        self._host = address.hostname or "localhost"
        self._port = address.port or (465 if self._encrypted else 587)
        self._user, self._password = unquote(address.username or ""), unquote(address.password or "")
        self._timeout = timeout

    @contextlib.contextmanager
    def session(self, witness: Witness = NOBODY) -> Iterator["SmtpSession"]:
        session = SmtpSession(self._connect, witness)
        try:
            yield session
        finally:
            session.close()

    def send(self, message: Outgoing) -> None:
        with self.session() as session:
            session.send(message)

    def _connect(self) -> "_Server":
        """A server that lets us in. Every fault here is about us or about the server, never about a message."""
        try:
            server = self._opened()
            try:
                self._log_in(server)
            except BaseException:
                server.close()
                raise
        except smtplib.SMTPResponseException as fault:
            answer = _text(fault.smtp_code, fault.smtp_error)
            raise GatewayError(_BUSY, permanent=False, whole=True, answer=answer) from fault
        except (smtplib.SMTPException, OSError) as fault:
            raise _away(fault) from fault
        return server

    def _opened(self) -> "_Server":
        if self._encrypted:
            context = ssl.create_default_context()
            return _EncryptedServer(self._host, self._port, timeout=self._timeout, context=context)
        return _Server(self._host, self._port, timeout=self._timeout)

    def _log_in(self, server: "_Server") -> None:
        if server.sock is not None:
            # A message leaves in two pieces, and the second must not wait for the first to be confirmed.
            server.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        server.ehlo_or_helo_if_needed()
        safe = self._encrypted or self._host in _LOOPBACK
        if not self._encrypted and server.has_extn("starttls"):
            server.starttls(context=ssl.create_default_context())
            server.ehlo()
            safe = True
        if self._user and not safe:
            raise GatewayError(_IN_CLEAR, permanent=False, whole=True)
        if self._user:
            server.login(self._user, self._password)


class _Server(smtplib.SMTP):
    """Knows how far it has come: what breaks off later than this may have been taken."""

    handing_over = False
    _unread = False
    """The last answer was only looked at."""
    on_handing_over: Callable[[], object] = staticmethod(nothing)

    def hand_over(self, message: Outgoing) -> None:
        if not message.international:
            self.sendmail(message.sender, [message.to], message.content)
        elif self.has_extn("smtputf8"):
            self.sendmail(message.sender, [message.to], message.content, ["SMTPUTF8", "BODY=8BITMIME"])
        else:
            raise smtplib.SMTPNotSupportedError("it knows no addresses in other letters")

    def mail(self, sender: str, options: Sequence[str] = ()) -> tuple[int, bytes]:
        """The address is bare; smtplib would look for a name in it each time."""
        if "SMTPUTF8" in options:
            return super().mail(sender, options)
        return self.docmd("mail", " ".join((f"FROM:<{sender}>", *options)))

    def rcpt(self, recip: str, options: Sequence[str] = ()) -> tuple[int, bytes]:
        """Likewise."""
        return self.docmd("rcpt", " ".join((f"TO:<{recip}>", *options)))

    def data(self, msg: Any) -> tuple[int, bytes]:
        """The message, and only when all of it is out and noted the line that ends it.

        Until that has come no server may take it (RFC 5321, 4.1.1.4), so what breaks off before is not in doubt.
        """
        self.putcmd("data")
        code, answer = self.getreply()
        if code != 354:
            raise smtplib.SMTPDataError(code, answer)
        self.send(_stuffed(msg))
        self.on_handing_over()
        self.handing_over = True
        self.send(b".\r\n")
        return self._heard() if self.is_plain else self.getreply()

    def putcmd(self, cmd: str, args: str = "") -> None:
        if self._unread:
            self._unread = False
            self.getreply()
        super().putcmd(cmd, args)

    @property
    def is_plain(self) -> bool:
        return self.sock is not None and not isinstance(self.sock, ssl.SSLSocket)

    def _heard(self) -> tuple[int, bytes]:
        """The answer, which stays where it is until the next command: by then it has been written down.

        Should this process be killed before, its witness hears the same.
        """
        said = self.sock.recv(4096, socket.MSG_PEEK) if self.sock is not None else b""
        if not is_whole(said) or not said[:3].isdigit():
            return self.getreply()
        self._unread = True
        return int(said[:3]), b"\n".join(line[4:].strip() for line in said.splitlines())


def _stuffed(content: bytes) -> bytes:
    """Lines that begin with a dot get another one, and the last line its end."""
    stuffed = re.sub(rb"(?m)^\.", b"..", content)
    return stuffed if stuffed.endswith(b"\r\n") else stuffed + b"\r\n"


class _EncryptedServer(smtplib.SMTP_SSL, _Server):
    pass


class SmtpSession:
    """One connection for many messages, made at the first one, and anew where it broke."""

    def __init__(self, connect: Callable[[], _Server], witness: Witness = NOBODY) -> None:
        self._connect, self._witness = connect, witness
        self._server: _Server | None = None

    def send(self, message: Outgoing, on_handing_over: Callable[[], object] = nothing) -> None:
        used = self._open
        try:
            self._hand_over(message, on_handing_over)
        except GatewayError as fault:
            # A server may hang up between two messages, or after so many: that says nothing about the next one.
            if not (used and fault.whole):
                raise
            self.close()
            self._hand_over(message, on_handing_over)

    def close(self) -> None:
        server, self._server = self._server, None
        if server is not None and server.sock is not None:
            # What the server says to our goodbye changes nothing: each message has been taken, or refused, before.
            with contextlib.suppress(smtplib.SMTPException, OSError):
                server.quit()
            server.close()

    @property
    def _open(self) -> bool:
        return self._server is not None and self._server.sock is not None  # smtplib hangs up by itself after a 421

    def _hand_over(self, message: Outgoing, on_handing_over: Callable[[], object]) -> None:
        if self._server is None or not self._open:
            self._server = self._connect()
            self._witness.listen(self._server.sock if self._server.is_plain else None)
        server = self._server
        server.handing_over, server.on_handing_over = False, on_handing_over
        try:
            server.hand_over(message)  # which takes a refused message back with RSET
        except smtplib.SMTPRecipientsRefused as fault:
            raise _answered(*next(iter(fault.recipients.values()))) from fault
        except smtplib.SMTPSenderRefused as fault:
            # The sender is the same in every mail of this house: it will pass once somebody mends the settings.
            answer = _text(fault.smtp_code, fault.smtp_error)
            raise GatewayError(_BUSY, permanent=False, whole=True, answer=answer) from fault
        except smtplib.SMTPResponseException as fault:
            raise _answered(fault.smtp_code, fault.smtp_error) from fault
        except smtplib.SMTPNotSupportedError as fault:
            raise GatewayError(_REFUSED, permanent=True, answer=str(fault)) from fault
        except (smtplib.SMTPException, OSError) as fault:
            server.close()
            raise _away(fault, perhaps_taken=server.handing_over) from fault


class FileMail:
    """Writes each mail as an `.eml` file, which mail programs open. The same message is the same file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextlib.contextmanager
    def session(self, witness: Witness = NOBODY) -> Iterator[Session]:  # noqa: ARG002 -- there is no server
        yield self

    def send(self, message: Outgoing, on_handing_over: Callable[[], object] = nothing) -> None:
        on_handing_over()
        headers = BytesHeaderParser().parsebytes(message.content)
        name = re.sub(r"[^\w.-]", "", headers["Message-ID"].partition("@")[0])
        day = parsedate_to_datetime(headers["Date"]).strftime("%Y-%m-%d")
        target = self._folder / f"{day}-{name}.eml"
        half = target.with_suffix(".part")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            half.write_bytes(message.content)
            half.replace(target)
        except OSError as fault:
            raise GatewayError(_UNWRITTEN, permanent=False, whole=True, fault=fault) from fault


class MemoryMail:
    """Keeps what it is given, for tests; `faults` are raised first, one for each message, the oldest first."""

    def __init__(self, *faults: GatewayError) -> None:
        self.sent: list[EmailMessage] = []
        self.faults = list(faults)
        self._lock = threading.Lock()

    @contextlib.contextmanager
    def session(self, witness: Witness = NOBODY) -> Iterator[Session]:  # noqa: ARG002 -- there is no server
        yield self

    def send(self, message: Outgoing, on_handing_over: Callable[[], object] = nothing) -> None:
        with self._lock:
            if self.faults:
                raise self.faults.pop(0)
            on_handing_over()
            as_stored = message.content.replace(b"\r\n", b"\n")
            self.sent.append(message_from_bytes(as_stored, EmailMessage, policy=policy.default))


def for_installation(smtp_url: str, folder: Path) -> Mail:
    """SMTP where it is set up, else files."""
    return SmtpMail(smtp_url) if smtp_url else FileMail(folder)


def _answered(code: int, text: bytes | str) -> GatewayError:
    """4yz: perhaps later; 5yz: never (RFC 5321, 4.2.1)."""
    permanent = code >= 500
    return GatewayError(_REFUSED if permanent else _BUSY, permanent=permanent, answer=_text(code, text))


def _away(fault: Exception, *, perhaps_taken: bool = False) -> GatewayError:
    said = str(fault) or type(fault).__name__
    return GatewayError(_AWAY, permanent=False, whole=not perhaps_taken, perhaps_taken=perhaps_taken, fault=said)


def _text(code: int, text: bytes | str) -> str:
    said = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return f"{code} {said}"
