"""Mails: a letter's words put into plain text and HTML, and into a message with the headers mail programs ask for.

A `Letter` is written once, when its reminder is claimed, and kept with the delivery: every try sends the same words
under the same Message-ID, so that a mailbox can tell a repetition. Headers follow RFC 5322, RFC 3834 (Auto-Submitted)
and RFC 8058 (unsubscribing with one click).
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

    def unsubscribe_url(self, user_id: int) -> str:
        return f"{self.base_url}/unsubscribe/{token_for(user_id, self.secret)}"


@dataclasses.dataclass(frozen=True)
class Section:
    """A part of a letter: its lines under a heading, each with what must be said beside it (or nothing)."""

    heading: str
    lines: tuple[tuple[str, str], ...]


@dataclasses.dataclass(frozen=True)
class Words:
    """What a letter says, in the reader's language; the templates put it in order and make it look good."""

    language: str
    subject: str
    heading: str
    lead: str
    facts: tuple[tuple[str, str], ...] = ()
    paragraphs: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    why: str = ""
    unsubscribe: str = ""


@dataclasses.dataclass(frozen=True)
class Letter:
    """A finished mail, as it is kept with its delivery."""

    sender: str
    to: str
    name: str
    subject: str
    text: str
    html: str
    language: str
    message_id: str
    unsubscribe_url: str


def write(words: Words, letterhead: Letterhead, *, key: str, user_id: int, to: str, name: str) -> Letter:
    """Put the words of one delivery (known by its `key`) on paper for one person.

    Raises `ValueError` for what is no mail address: better now than at every try.
    """
    Address(addr_spec=to)
    unsubscribe_url = letterhead.unsubscribe_url(user_id)
    shown = {"words": words, "unsubscribe_url": unsubscribe_url, "base_url": letterhead.base_url}
    return Letter(
        sender=letterhead.sender,
        to=to,
        name=_one_line(name),
        subject=_one_line(words.subject),
        text=_TEMPLATES.get_template("letter.txt").render(shown),
        html=_TEMPLATES.get_template("letter.html").render(shown),
        language=words.language,
        message_id=f"<{hashlib.sha256(f'{letterhead.base_url} {key}'.encode()).hexdigest()[:32]}@{letterhead.host}>",
        unsubscribe_url=unsubscribe_url,
    )


def payload_of(letter: Letter) -> dict[str, Any]:
    return dataclasses.asdict(letter)


def letter_of(payload: Mapping[str, Any]) -> Letter:
    return Letter(**payload)


def compose(letter: Letter, written_at: dt.datetime) -> EmailMessage:
    """The message as it goes to the mail server; the same letter always gives the same message."""
    message = EmailMessage(policy=_SMTP)
    message["From"] = Address("tracker", addr_spec=letter.sender)
    message["To"] = Address(letter.name, addr_spec=letter.to)
    message["Subject"] = letter.subject
    message["Date"] = written_at
    message["Message-ID"] = letter.message_id
    message["Auto-Submitted"] = "auto-generated"
    message["List-Unsubscribe"] = f"<{letter.unsubscribe_url}>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    # Quoted-printable passes every server, 8-bit only most.
    message.set_content(letter.text, cte="quoted-printable")
    message.add_alternative(letter.html, subtype="html", cte="quoted-printable")
    message["Content-Language"] = letter.language
    # The boundary is otherwise drawn at random, and the bytes of a second try would differ.
    message.set_boundary(f"=_{hashlib.sha256(letter.message_id.encode()).hexdigest()[:32]}")
    return message


def _host(url: str) -> str:
    host = urlsplit(url).hostname or "localhost"
    # An address in numbers is written in brackets in a mail address.
    return f"[{host}]" if host.replace(".", "").isdigit() else host


def _one_line(text: str) -> str:
    """A header is one line, whatever people typed."""
    return " ".join(text.split())
