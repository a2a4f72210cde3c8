"""The list of a half-year as PDF, by typst: A4, tagged (PDF/UA-1), in the reader's language, the same bytes each time.

Each text comes with others to say instead where no font can show it, and what cannot be shown at all is left out and
told at the end.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tracker.i18n import N_, gettext
from tracker.outputs.signs import printable
from tracker.outputs.typesetting import is_shown, showable, typeset

Wordings = tuple[tuple[str, str], ...]
"""One text and what may stand for it, best first; each with its language, empty for the reader's."""

_TEMPLATE: Final = (Path(__file__).parent / "templates" / "half_year.typ").read_bytes()
_LEFT_OUT = N_("Words in a script for which no font was at hand are left out here; the page shows them.")


@dataclass(frozen=True)
class Line:
    """One activity or occasion. `facts` stand below its title; `off`: it was cancelled."""

    title: Wordings
    facts: tuple[Wordings, ...]
    off: bool = False


@dataclass(frozen=True)
class Group:
    """What stands beside one label: a day, or that the day is not known."""

    label: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Section:
    """A month, or what has none. `apart`: it begins on a page of its own."""

    heading: str
    groups: tuple[Group, ...]
    apart: bool = False


@dataclass(frozen=True)
class HalfYearList:
    """Everything the PDF says, in words. `changed` is the last change of anything in it."""

    language: str
    title: str
    about: tuple[str, ...]
    sections: tuple[Section, ...]
    foot: tuple[str, ...]
    changed: dt.datetime


def plain(text: str) -> Wordings:
    """A text of the reader's language for which nothing else can stand."""
    return ((text, ""),)


def half_year_pdf(listed: HalfYearList) -> bytes:
    """The bytes of the PDF, in some ten milliseconds; the first one of a process takes 300 more to look for fonts."""
    texts = [text for s in listed.sections for g in s.groups for line in g.lines for text in (line.title, *line.facts)]
    names = [listed.title, *listed.about, *listed.foot]
    names += [name for s in listed.sections for name in (s.heading, *(g.label for g in s.groups))]
    tidy, boxed = showable(tuple(map(_tidy, names)))
    shown = dict(zip(names, tidy, strict=True))
    missing = boxed or any(_said(text) is None for text in texts)
    document = {
        "language": listed.language,
        "title": shown[listed.title],
        "about": [shown[text] for text in listed.about],
        "sections": [
            {
                "heading": shown[s.heading][:1].upper()
                + shown[s.heading][1:],  # Russian months and days are small within a line
                "apart": s.apart,
                "groups": [{"label": shown[g.label], "lines": _lines(g.lines)} for g in s.groups],
            }
            for s in listed.sections
        ],
        "foot": [*(shown[text] for text in listed.foot), *([gettext(listed.language, _LEFT_OUT)] if missing else [])],
    }
    return typeset(_TEMPLATE, document, listed.changed)


def _lines(lines: Iterable[Line]) -> list[dict[str, object]]:
    return [
        {"title": _said(line.title) or ("…", ""), "facts": list(filter(None, map(_said, line.facts))), "off": line.off}
        for line in lines
    ]


def _tidy(text: str) -> str:
    return printable(" ".join(text.split()))


def _said(text: Wordings) -> tuple[str, str] | None:
    """The first wording that can be shown; None where none can."""
    for words, language in text:
        tidy = _tidy(words)
        if is_shown(tidy):
            return tidy, language.partition("-")[0]
    return None
