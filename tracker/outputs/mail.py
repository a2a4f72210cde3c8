"""Mails: a letter's words put into plain text and HTML, and into a message with the headers mail programs ask for.

A `Letter` is written once, when its delivery is made, and kept with it: every try sends the same words under the same
Message-ID, so that a mailbox can tell a repetition. Headers follow RFC 5322, RFC 3834 (Auto-Submitted) and RFC 8058
(unsubscribing with one click); an entry of a calendar travels as RFC 6047 says.
"""

import binascii
import dataclasses
import datetime as dt
import functools
import hmac
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from email.errors import MessageError
from email.header import Header
from email.headerregistry import Address
from email.message import MIMEPart
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from tracker.config import Settings
from tracker.domain.organisation import UNNAMED, Organisation
from tracker.outputs.unsubscribe import AddressOf, token_for

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)


_LINE = 76
_ENCODED = "=?utf-8?b?{}?="
NOTHING: Mapping[int, bytes] = MappingProxyType({})


_PRODUCT = "tracker"
"""Who writes while nobody has said whose installation it is."""


@dataclasses.dataclass(frozen=True)
class Letterhead:
    """What all mails of an installation share: its address on the web, its sender, and the key that signs links.

    The `house` is whose installation it is: a row, so it is put in by whoever has the database at hand.
    """

    base_url: str
    sender: str
    secret: str
    house: Organisation = UNNAMED

    @classmethod
    def of(cls, settings: Settings, secret: str) -> "Letterhead":
        """The sender is `SMTP_URL`'s `?from=…`, else `tracker` at the host of BASE_URL."""
        told = parse_qs(urlsplit(settings.smtp_url).query).get("from", [""])[0]
        return cls(settings.base_url, told or f"tracker@{_host(settings.base_url)}", secret)

    @property
    def host(self) -> str:
        return _host(self.base_url)

    def of_house(self, house: Organisation) -> "Letterhead":
        return dataclasses.replace(self, house=house)

    def unsubscribe_url(self, what: int | UUID | AddressOf) -> str:
        """Where a person or an address stops all reminders, or a person the mails about one subscription."""
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
class Enclosure:
    """A finished document that goes with a mail: its number in the store, and how it is called there."""

    document: int
    name: str
    media_type: str


@dataclasses.dataclass(frozen=True)
class Letter:
    """A finished mail, as it is kept with its delivery. `calendar` is a `component` to take over as `method` says.

    Unless it is `automatic` it is a letter of one person to another. What is enclosed is kept once for all who get it,
    and handed in when the message is put together.
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
    sender_name: str = _PRODUCT
    reply_to: str = ""
    automatic: bool = True
    enclosed: tuple[Enclosure, ...] = ()


def write(
    words: Words,
    letterhead: Letterhead,
    *,
    key: str,
    user_id: int | None,
    to: str,
    name: str,
    subscription_id: UUID | None = None,
    address_id: int | None = None,
) -> Letter:
    """Put the words of one delivery (known by its `key`) on paper for one person.

    With a subscription, unsubscribing stops its mails alone. Who has no account has the number of their address.
    Raises `ValueError` for what is no mail address: better now than at every try.
    """
    Address(addr_spec=to)
    stops = subscription_id or user_id or (AddressOf(address_id) if address_id else None)
    unsubscribe_url = letterhead.unsubscribe_url(stops) if stops else ""
    house = letterhead.house
    shown = {
        "words": words,
        "unsubscribe_url": unsubscribe_url,
        "base_url": letterhead.base_url,
        "house": house.block(words.language).split("\n") if house.names else (),
    }
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
        sender_name=house.name(words.language) or _PRODUCT,
        reply_to=house.email,
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
        automatic=False,
    )


def enclosing(letter: Letter, *enclosures: Enclosure) -> Letter:
    return dataclasses.replace(letter, enclosed=enclosures)


def can_be_written_to(address: str) -> bool:
    """Whether the headers of a mail can hold it."""
    try:
        Address(addr_spec=address)
    except (ValueError, MessageError):
        return False
    return True


def payload_of(letter: Letter) -> dict[str, Any]:
    return dataclasses.asdict(letter)


def letter_of(payload: Mapping[str, Any]) -> Letter:
    enclosed = tuple(Enclosure(**one) for one in payload.get("enclosed", ()))
    return Letter(**{**payload, "enclosed": enclosed})


def compose(letter: Letter, written_at: dt.datetime, data: Mapping[int, bytes] = NOTHING) -> bytes:
    """The message as it goes to the mail server; the same letter always gives the same bytes.

    Put together by hand: the email package parses each header as it is set and each line as it is written, which was
    most of what sending a mail cost. `data` are the bytes of what is enclosed, by the number of the document;
    `KeyError` where one is missing.
    """
    parts = [_text(letter.text, "plain")]
    if letter.html:
        parts.append(_text(letter.html, "html"))
    enclosed = [_file(data[one.document], one.media_type, one.name) for one in letter.enclosed]
    if letter.calendar:
        parts.append(_entry(letter))
        # Not text/calendar a second time: some programs would show the same entry twice.
        enclosed.append(_file(letter.calendar.encode(), "application/ics", "invite.ics"))
    body = _multipart("alternative", parts) if len(parts) > 1 else parts[0]
    if enclosed:
        body = _multipart("mixed", [body, *enclosed])
    return "".join(_header(name, value) for name, value in _headers(letter, written_at)).encode() + body


def _headers(letter: Letter, written_at: dt.datetime) -> Iterator[tuple[str, str]]:
    yield "From", _mailbox("From", letter.sender_name, letter.sender)
    yield "To", _mailbox("To", letter.name, letter.to)
    yield "Subject", _folded("Subject", letter.subject)
    yield "Date", format_datetime(written_at)
    yield "Message-ID", _folded("Message-ID", letter.message_id)
    if letter.reply_to:
        yield "Reply-To", _mailbox("Reply-To", "", letter.reply_to)
    if letter.automatic:
        yield "Auto-Submitted", "auto-generated"
    if letter.unsubscribe_url:
        yield "List-Unsubscribe", _folded("List-Unsubscribe", f"<{letter.unsubscribe_url}>")
        yield "List-Unsubscribe-Post", "List-Unsubscribe=One-Click"
    yield "Content-Language", letter.language
    yield "MIME-Version", "1.0"


def _header(name: str, value: str) -> str:
    """Raises `ValueError` for what would add another one."""
    if not {"\r", "\n"}.isdisjoint(value.replace("\r\n ", "")):
        raise ValueError("a header has one line")
    between = "" if value.startswith("\r\n") else " "
    return f"{name}:{between}{value}\r\n"


@functools.lru_cache(maxsize=1024)
def _mailbox(header: str, name: str, address: str) -> str:
    """The same few people get mails again and again, and an address is checked at length."""
    checked = Address(name, addr_spec=address)
    if name.isascii():
        return str(checked)
    return f"{_folded(header, name)}\r\n <{checked.addr_spec}>"


def _folded(name: str, text: str) -> str:
    """A header's text as the lines in which it travels."""
    if not text.isascii():
        return "\r\n ".join(_encoded_words(text.encode(), _LINE - len(name) - len(": ")))
    if len(name) + len(text) < _LINE:
        return text
    return Header(text, maxlinelen=_LINE, header_name=name).encode(linesep="\r\n") if " " in text else f"\r\n {text}"


def _encoded_words(text: bytes, room: int) -> Iterator[str]:
    """As RFC 2047 says, none torn within a letter. A reader drops what is between two of them, so spaces go in."""
    while text:
        end = min((room - len(_ENCODED.format(""))) // 4 * 3, len(text))
        while text[end : end + 1] and text[end] & 0xC0 == 0x80:  # in the midst of one
            end -= 1
        yield _ENCODED.format(binascii.b2a_base64(text[:end], newline=False).decode())
        text, room = text[end:], _LINE - 1


_BOUNDARY = "=_part"
"""Stands in no part: quoted-printable writes two digits behind each such sign, base64 has no underscores."""


def _multipart(subtype: str, parts: Sequence[bytes]) -> bytes:
    """Boundaries are not drawn at random: the bytes of a second try must be the same. Mixed parts hold alternatives."""
    boundary = f"{_BOUNDARY}_{subtype}"
    head = f'Content-Type: multipart/{subtype}; boundary="{boundary}"\r\n\r\n'
    between = f"\r\n--{boundary}\r\n".encode()
    return head.encode() + between[2:] + between.join(parts) + f"\r\n--{boundary}--\r\n".encode()


def _text(text: str, subtype: str) -> bytes:
    """Quoted-printable passes every server, 8-bit only most."""
    head = f'Content-Type: text/{subtype}; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'
    lines = b"\r\n".join(text.encode().splitlines()) + b"\r\n"
    return head.encode() + binascii.b2a_qp(lines, istext=True)


def _entry(letter: Letter) -> bytes:
    """The entry for programs that read it where it stands (RFC 6047); for those that do not it goes along as a file.

    As base64, since no server on the way may touch the ends of its lines.
    """
    part = MIMEPart(policy=SMTP)
    how = {"method": letter.method, "component": letter.component}
    part.set_content(letter.calendar, subtype="calendar", params=how, cte="base64")
    return part.as_bytes()


def _file(content: bytes, media_type: str, name: str) -> bytes:
    part = MIMEPart(policy=SMTP)
    main, _, sub = media_type.partition("/")
    part.set_content(content, maintype=main, subtype=sub, filename=name)
    return part.as_bytes()


def _message_id(letterhead: Letterhead, key: str) -> str:
    """The same for the same delivery, and known to nobody whom the mail has not passed.

    Keys are easily guessed ("reminder:7"), and a report that names a Message-ID can pause somebody's mail.
    """
    told = hmac.digest(letterhead.secret.encode(), f"{letterhead.base_url} {key}".encode(), "sha256").hex()
    return f"<{told[:32]}@{letterhead.host}>"


def _host(url: str) -> str:
    host = urlsplit(url).hostname or "localhost"
    # An address in numbers is written in brackets in a mail address.
    return f"[{host}]" if host.replace(".", "").isdigit() else host


def _one_line(text: str) -> str:
    """A header is one line without control signs (RFC 5322, 2.2), whatever people typed."""
    return " ".join("".join(" " if unicodedata.category(sign) == "Cc" else sign for sign in text).split())
