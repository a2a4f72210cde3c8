"""Mails: a letter's words put into plain text and HTML, and into a message with the headers mail programs ask for.

A `Letter` is written once, when its delivery is made, and kept with it: every try sends the same words under the same
Message-ID, so that a mailbox can tell a repetition. Headers follow RFC 5322, RFC 3834 (Auto-Submitted) and RFC 8058
(unsubscribing with one click); an entry of a calendar travels as RFC 6047 says.
"""

import dataclasses
import datetime as dt
import hashlib
from collections.abc import Mapping
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from tracker.config import Settings
from tracker.outputs.unsubscribe import token_for

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)


class _Policy(EmailPolicy):
    """The policy for SMTP, but folding the subject by the older `Header`.

    The newer folding leaves out the space between two encoded words where it splits a long Cyrillic subject, and a
    reader drops the one between them as RFC 2047, 6.2 says: two words of the title become one.
    """

    def fold(self, name: str, value: str) -> str:
        if name.lower() == "subject" and not value.isascii():
            folded = Header(value, "utf-8", header_name=name).encode(linesep=self.linesep)
            return f"{name}: {folded}{self.linesep}"
        return str(super().fold(name, value))

    def fold_binary(self, name: str, value: str) -> bytes:
        return self.fold(name, value).encode("ascii", "surrogateescape")


_SMTP = _Policy(**{setting: getattr(SMTP, setting) for setting in ("linesep", "max_line_length", "cte_type", "utf8")})


@dataclasses.dataclass(frozen=True)
class Letterhead:
    """What all mails of an installation share: its address on the web, its sender, and the key that signs links."""

    base_url: str
    sender: str
    secret: str

    @classmethod
    def of(cls, settings: Settings, secret: str) -> "Letterhead":
        """The sender is `SMTP_URL`'s `?from=…`, else `tracker` at the host of BASE_URL."""
        told = parse_qs(urlsplit(settings.smtp_url).query).get("from", [""])[0]
        return cls(settings.base_url, told or f"tracker@{_host(settings.base_url)}", secret)

    @property
    def host(self) -> str:
        return _host(self.base_url)

    def unsubscribe_url(self, what: int | UUID) -> str:
        """Where a person stops all reminders, or the mails about one subscription."""
        return f"{self.base_url}/unsubscribe/{token_for(what, self.secret)}"


@dataclasses.dataclass(frozen=True)
class Section:
    """A part of a letter under a heading: paragraphs, and lines with what must be said beside them (or nothing).

    `links` are labels with addresses.
    """

    heading: str
    lines: tuple[tuple[str, str], ...] = ()
    paragraphs: tuple[str, ...] = ()
    links: tuple[tuple[str, str], ...] = ()


@dataclasses.dataclass(frozen=True)
class Words:
    """What a letter says, in the reader's language; the templates put it in order and make it look good.

    `explained` is where to read why one gets it: an address, in small print beside `why`.
    """

    language: str
    subject: str
    heading: str
    lead: str
    facts: tuple[tuple[str, str], ...] = ()
    paragraphs: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    why: str = ""
    explained: tuple[tuple[str, str], ...] = ()
    unsubscribe: str = ""


@dataclasses.dataclass(frozen=True)
class Letter:
    """A finished mail, as it is kept with its delivery. `calendar` is a `component` to take over as `method` says.

    With a `reply_to` it is a letter of one person to another: nothing automatic, and no list to leave.
    """

    sender: str
    to: str
    name: str
    subject: str
    text: str
    html: str
    language: str
    message_id: str
    unsubscribe_url: str
    method: str = ""
    calendar: str = ""
    component: str = "VEVENT"
    sender_name: str = "tracker"
    reply_to: str = ""


def write(
    words: Words,
    letterhead: Letterhead,
    *,
    key: str,
    user_id: int | None,
    to: str,
    name: str,
    subscription_id: UUID | None = None,
) -> Letter:
    """Put the words of one delivery (known by its `key`) on paper for one person.

    With a subscription, unsubscribing stops its mails alone; with neither it nor an account, there is nothing to stop.
    Raises `ValueError` for what is no mail address: better now than at every try.
    """
    Address(addr_spec=to)
    stops = subscription_id or user_id
    unsubscribe_url = letterhead.unsubscribe_url(stops) if stops else ""
    shown = {"words": words, "unsubscribe_url": unsubscribe_url, "base_url": letterhead.base_url}
    return Letter(
        sender=letterhead.sender,
        to=to,
        name=_one_line(name),
        subject=_one_line(words.subject),
        text=_TEMPLATES.get_template("letter.txt").render(shown),
        html=_TEMPLATES.get_template("letter.html").render(shown),
        language=words.language,
        message_id=_message_id(letterhead, key),
        unsubscribe_url=unsubscribe_url,
    )


def write_personal(
    subject: str, text: str, letterhead: Letterhead, *, key: str, language: str, house: str, reply_to: str, to: str
) -> Letter:
    """A letter that somebody wrote, in the name of the `house`; the answer goes to `reply_to`.

    Raises `ValueError` for what is no mail address.
    """
    Address(addr_spec=to)
    return Letter(
        sender=letterhead.sender,
        to=to,
        name="",
        subject=_one_line(subject),
        text=text,
        html="",
        language=language,
        message_id=_message_id(letterhead, key),
        unsubscribe_url="",
        sender_name=_one_line(house),
        reply_to=reply_to,
    )


def payload_of(letter: Letter) -> dict[str, Any]:
    return dataclasses.asdict(letter)


def letter_of(payload: Mapping[str, Any]) -> Letter:
    return Letter(**payload)


def compose(letter: Letter, written_at: dt.datetime) -> EmailMessage:
    """The message as it goes to the mail server; the same letter always gives the same message."""
    message = EmailMessage(policy=_SMTP)
    message["From"] = Address(letter.sender_name, addr_spec=letter.sender)
    message["To"] = Address(letter.name, addr_spec=letter.to)
    message["Subject"] = letter.subject
    message["Date"] = written_at
    message["Message-ID"] = letter.message_id
    if letter.reply_to:
        message["Reply-To"] = Address(addr_spec=letter.reply_to)
    else:
        message["Auto-Submitted"] = "auto-generated"
    if letter.unsubscribe_url:
        message["List-Unsubscribe"] = f"<{letter.unsubscribe_url}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    # Quoted-printable passes every server, 8-bit only most.
    message.set_content(letter.text, cte="quoted-printable")
    if letter.html:
        message.add_alternative(letter.html, subtype="html", cte="quoted-printable")
    message["Content-Language"] = letter.language
    if letter.calendar:
        _enclose(message, letter)
    # Boundaries are otherwise drawn at random, and the bytes of a second try would differ.
    for number, part in enumerate(part for part in message.walk() if part.is_multipart()):
        part.set_boundary(f"=_{hashlib.sha256(f'{number} {letter.message_id}'.encode()).hexdigest()[:32]}")
    return message


def _enclose(message: EmailMessage, letter: Letter) -> None:
    """The entry, once for programs that read it where it stands (RFC 6047), once as a file for those that do not.

    As base64, since no server on the way may touch the ends of its lines.
    """
    how = {"method": letter.method, "component": letter.component}
    message.add_alternative(letter.calendar, subtype="calendar", params=how, cte="base64")
    # Not text/calendar a second time: some programs would show the same entry twice.
    message.add_attachment(letter.calendar.encode(), maintype="application", subtype="ics", filename="invite.ics")


def _message_id(letterhead: Letterhead, key: str) -> str:
    return f"<{hashlib.sha256(f'{letterhead.base_url} {key}'.encode()).hexdigest()[:32]}@{letterhead.host}>"


def _host(url: str) -> str:
    host = urlsplit(url).hostname or "localhost"
    # An address in numbers is written in brackets in a mail address.
    return f"[{host}]" if host.replace(".", "").isdigit() else host


def _one_line(text: str) -> str:
    """A header is one line, whatever people typed."""
    return " ".join(text.split())
