"""Mail servers: the protocol, the real one (SMTP), mails as files where none is set up, and one in memory for tests.

Every fault becomes a `GatewayError` that says whether trying again can help.
"""

import contextlib
import re
import smtplib
import ssl
import threading
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from tracker.errors import GatewayError
from tracker.i18n import N_

TIMEOUT_SECONDS = 30
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})

_REFUSED = N_("The mail server refused it: {answer}")
_AWAY = N_("The mail server could not be reached: {fault}")
_BUSY = N_("The mail server could not take it now: {answer}")
_IN_CLEAR = N_(
    "The mail server offers no encryption, so the password was not sent to it. Use smtps:// or another server."
)


class Mail(Protocol):
    def send(self, message: EmailMessage) -> None:
        """Hand the message over. Raises `GatewayError`; returns only when somebody else is answerable for it."""


class SmtpMail:
    """`smtp://user:password@host:587` (with STARTTLS where it is offered) or `smtps://…` (port 465)."""

    def __init__(self, smtp_url: str, timeout: float = TIMEOUT_SECONDS) -> None:
        address = urlsplit(smtp_url)
        self._encrypted = address.scheme == "smtps"
        self._host = address.hostname or "localhost"
        self._port = address.port or (465 if self._encrypted else 587)
        self._user, self._password = unquote(address.username or ""), unquote(address.password or "")
        self._timeout = timeout

    def send(self, message: EmailMessage) -> None:
        try:
            server = self._connected()
            try:
                self._log_in(server)
                server.send_message(message)
            finally:
                # What the server says to our goodbye changes nothing: the message has been taken, or refused, before.
                with contextlib.suppress(smtplib.SMTPException, OSError):
                    server.quit()
        except smtplib.SMTPRecipientsRefused as fault:
            code, text = next(iter(fault.recipients.values()))
            raise _answered(code, text) from fault
        except (smtplib.SMTPAuthenticationError, smtplib.SMTPConnectError) as fault:
            # About us, not about this message: it will pass once somebody mends the settings.
            raise GatewayError(_BUSY, permanent=False, answer=_text(fault.smtp_code, fault.smtp_error)) from fault
        except smtplib.SMTPResponseException as fault:
            raise _answered(fault.smtp_code, fault.smtp_error) from fault
        except smtplib.SMTPNotSupportedError as fault:
            raise GatewayError(_REFUSED, permanent=True, answer=str(fault)) from fault
        except (smtplib.SMTPException, OSError) as fault:
            raise GatewayError(_AWAY, permanent=False, fault=str(fault) or type(fault).__name__) from fault

    def _connected(self) -> smtplib.SMTP:
        if self._encrypted:
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(self._host, self._port, timeout=self._timeout, context=context)
        return smtplib.SMTP(self._host, self._port, timeout=self._timeout)

    def _log_in(self, server: smtplib.SMTP) -> None:
        server.ehlo()
        safe = self._encrypted or self._host in _LOOPBACK
        if not self._encrypted and server.has_extn("starttls"):
            server.starttls(context=ssl.create_default_context())
            server.ehlo()
            safe = True
        if self._user and not safe:
            raise GatewayError(_IN_CLEAR, permanent=False)
        if self._user:
            server.login(self._user, self._password)


class FileMail:
    """Writes each mail as an `.eml` file, which mail programs open. The same message is the same file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, message: EmailMessage) -> None:
        name = re.sub(r"[^\w.-]", "", str(message["Message-ID"]).partition("@")[0])
        day = parsedate_to_datetime(str(message["Date"])).strftime("%Y-%m-%d")
        target = self._folder / f"{day}-{name}.eml"
        half = target.with_suffix(".part")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            half.write_bytes(message.as_bytes())
            half.replace(target)
        except OSError as fault:
            raise GatewayError(N_("The mail could not be written: {fault}"), permanent=False, fault=fault) from fault


class MemoryMail:
    """Keeps what it is given, for tests; `faults` are raised first, one for each message, the oldest first."""

    def __init__(self, *faults: GatewayError) -> None:
        self.sent: list[EmailMessage] = []
        self.faults = list(faults)
        self._lock = threading.Lock()

    def send(self, message: EmailMessage) -> None:
        with self._lock:
            if self.faults:
                raise self.faults.pop(0)
            self.sent.append(message)


def for_installation(smtp_url: str, folder: Path) -> Mail:
    """SMTP where it is set up, else files."""
    return SmtpMail(smtp_url) if smtp_url else FileMail(folder)


def _answered(code: int, text: bytes | str) -> GatewayError:
    """4yz: perhaps later; 5yz: never (RFC 5321, 4.2.1)."""
    permanent = code >= 500
    return GatewayError(_REFUSED if permanent else _BUSY, permanent=permanent, answer=_text(code, text))


def _text(code: int, text: bytes | str) -> str:
    said = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return f"{code} {said}"
