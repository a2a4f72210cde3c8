"""Which language and time zone a page speaks, and the helpers every template speaks with.

Order: the address (`?lang=`), the cookie of the switch (the last thing this person chose here), the account's setting,
what the browser asks for. Texts come from `tracker.i18n`, the catalogue all layers share; Flask-Babel gives
Flask-Security's own texts and the locale.
"""

import datetime as dt
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode, urlsplit
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_time
from flask import Flask, Response, g, request
from flask_babel import Babel

from tracker import i18n
from tracker.bootstrap import Tracker
from tracker.domain.activities import Count
from tracker.domain.activity_lines import Counted
from tracker.domain.counts_for import name_of
from tracker.domain.dates import HistoricDate, InvalidDate
from tracker.domain.search import fold
from tracker.domain.words import LOCALES, counted, number
from tracker.outputs.registry_notes import note_in
from tracker.web.wording import WORDS

COOKIE = "lang"
OWN_NAMES = {"de": "Deutsch", "en": "English", "ru": "Русский"}
_YEAR = 365 * 24 * 3600


def register(app: Flask, tracker: Tracker) -> None:
    Babel(
        app,
        locale_selector=lambda: LOCALES[language()],
        default_translation_directories=str(i18n.CATALOGUES),
    )
    app.after_request(_remember_choice)
    # After Babel's own, which would fill placeholders in another way than the rest of the house.
    app.jinja_env.globals |= {
        "_": _text,
        "ngettext": _plural,
        "language": language,
        "languages": tracker.settings.languages,
        "language_names": OWN_NAMES,
        "address_in": _address_in,
        "clock_in": lambda zone: format_time(tracker.clock().astimezone(ZoneInfo(zone)), "short", locale=locale()),
    }
    app.jinja_env.filters |= {
        "when": when,
        "stamp": stamp,
        "stretch": stretch,
        "since_when": since_when,
        "host_of": host_of,
        "changed_value": changed_value,
        "day": lambda day: format_date(day, "long", locale=locale()),
        "weekday": lambda day: format_date(day, "EEEE", locale=locale()).capitalize(),
        "moment": moment,
        "number": lambda value: number(value, language()),
        "in_words": in_words,
        "people": people,
        "counting_for": lambda typed: name_of(typed, language()),
        "by_name": lambda twins: sorted(twins.values(), key=lambda twin: fold(twin.name(language()))),
        "titled": titled,
        "noted": lambda text: note_in(language(), text),
    }


def language() -> str:
    """The language of this request."""
    known: str | None = g.get("language")
    if known is None:
        known = g.language = _choose()
    return known


def locale() -> str:
    return LOCALES[language()]


def zone() -> ZoneInfo:
    """The zone in which moments are shown: the person's own."""
    return ZoneInfo(getattr(g.get("account"), "timezone", None) or "Europe/Berlin")


def when(date: HistoricDate | str | None) -> str:
    """A date as exactly as it is known, in words."""
    if not date:
        return ""
    try:
        known = HistoricDate.parse(date) if isinstance(date, str) else date
    except InvalidDate:
        return str(date)
    return known.display(language())


def people(count: Count | Counted) -> str:
    """A counted number with its word: "about 22 pupils"."""
    return counted(count.of, count.value, count.bound, language())


def stamp(text: str) -> str:
    """A stored date that may have a clock time behind it."""
    day, _, time = text.partition("T")
    return f"{when(day)}, {time[:5]}" if time else when(day)


def stretch(start: str, end: str | None) -> str:
    """From a stored date to another, either with a clock time or without: nothing is said twice."""
    if not end:
        return stamp(start)
    day, _, time = end.partition("T")
    if time and start.partition("T")[0] == day:
        return f"{stamp(start)}–{time[:5]}"
    try:
        together = None if "T" in start + end else HistoricDate.span(HistoricDate.parse(start), HistoricDate.parse(end))
    except InvalidDate:
        together = None
    return together.display(language()) if together else f"{stamp(start)} – {stamp(end)}"


def since_when(date: str) -> str:
    """From when on something holds: "seit dem 3. März 2022"."""
    return HistoricDate.parse(date).since(language())


def changed_value(value: str, field: str) -> str:
    """A field's old or new value in a history, in words."""
    if field in WORDS:
        return in_words(value, field)
    return stamp(value) if field in ("start", "end") and value else value


def host_of(address: str) -> str:
    """Whose page an address is; the address itself, where it is none after all."""
    try:
        return urlsplit(address).netloc.removeprefix("www.")
    except ValueError:  # "https://[…": people copy what they find
        return address


def moment(at: dt.datetime) -> str:
    return format_datetime(at.astimezone(zone()), "medium", locale=locale())


def titled(texts: dict[str, str]) -> tuple[str, str]:
    """A text in several languages as (text, its language): in the reader's, else the nearest there is."""
    own = language()
    if text := texts.get(own):
        return text, own
    for tag in ("en", "de", "ru"):
        if texts.get(tag):
            return texts[tag], tag
    tag = min(texts, default="")
    return texts.get(tag, ""), tag


def in_words(value: object, group: str) -> str:
    """The word for a stored value such as `aid_shipment`; a text people typed stays as it is."""
    return _in_words(str(value), group, language())


@lru_cache(maxsize=4096)
def _in_words(value: str, group: str, tag: str) -> str:
    message = WORDS[group].get(value)
    return i18n.gettext(tag, message) if message else value


def _choose() -> str:
    wanted = (
        request.args.get("lang"),
        request.cookies.get(COOKIE),
        getattr(g.get("account"), "language", None),
        request.accept_languages.best_match(i18n.LANGUAGES),
    )
    return next((tag for tag in wanted if tag in i18n.LANGUAGES), i18n.DEFAULT_LANGUAGE)


def _remember_choice(response: Response) -> Response:
    wanted = request.args.get("lang")
    if wanted in i18n.LANGUAGES and request.method == "GET" and response.mimetype == "text/html":
        response.set_cookie(
            COOKIE, wanted, max_age=_YEAR, samesite="Lax", httponly=True, secure=request.is_secure, path="/"
        )
    return response


def _address_in(tag: str) -> str:
    """This very page in another language, its other arguments kept."""
    arguments = [(k, v) for k, v in request.args.items(multi=True) if k != "lang"]
    return f"{request.path}?{urlencode([*arguments, ('lang', tag)])}"


def _text(message: str, /, **values: Any) -> str:
    return i18n.gettext(language(), message, **values)


def _plural(singular: str, plural: str, n: int, /, **values: Any) -> str:
    return i18n.ngettext(language(), singular, plural, n, **values)
