"""The list of a half-year as PDF, by typst: A4, tagged (PDF/UA-1), in the reader's language, the same bytes each time.

typst brings its own fonts, which hold everything Latin and Cyrillic; for other scripts those installed on the machine
are asked. PDF/UA refuses a text that no font can show, so each text comes with others to say instead, and what cannot
be shown at all is left out and told at the end.
"""

import datetime as dt
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

import typst

from tracker.i18n import N_, gettext

Wordings = tuple[tuple[str, str], ...]
"""One text and what may stand for it, best first; each with its language, empty for the reader's."""

_TEMPLATE: Final = (Path(__file__).parent / "templates" / "half_year.typ").read_bytes()
# In typst's own fonts, as a test makes sure; asking typst costs three milliseconds a text.
_SURELY_SHOWN: Final = re.compile("[ -~\u00a0-\u017f\u0400-\u045f\u2010-\u2015\u2018-\u201f\u2022\u2026№€]*")
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
    """A month, or what has none."""

    heading: str
    groups: tuple[Group, ...]


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
    missing = any(_said(text) is None for text in texts)
    document = {
        "language": listed.language,
        "title": listed.title,
        "about": listed.about,
        "sections": [
            {"heading": s.heading, "groups": [{"label": g.label, "lines": _lines(g.lines)} for g in s.groups]}
            for s in listed.sections
        ],
        "foot": [*listed.foot, *([gettext(listed.language, _LEFT_OUT)] if missing else [])],
    }
    return _compiled(_TEMPLATE, document, listed.changed)


def _lines(lines: Iterable[Line]) -> list[dict[str, object]]:
    return [
        {"title": _said(line.title) or ("…", ""), "facts": list(filter(None, map(_said, line.facts))), "off": line.off}
        for line in lines
    ]


def _said(text: Wordings) -> tuple[str, str] | None:
    """The first wording that can be shown; None where none can."""
    for words, language in text:
        tidy = " ".join(words.split())
        if _SURELY_SHOWN.fullmatch(tidy) or _is_shown(tidy):
            return tidy, language.partition("-")[0]
    return None


@lru_cache(maxsize=4096)
def _is_shown(text: str) -> bool:
    """Whether some font at hand has all of it: found out by setting it, since only typst knows how it shapes."""
    try:
        _compiled(b"#set document(title: [-])\n#json(bytes(sys.inputs.document))", text, None)
    except typst.TypstError:
        return False
    return True


def _compiled(template: bytes, document: object, changed: dt.datetime | None) -> bytes:
    compiler = typst.Compiler(input=template, font_paths=_fonts())
    made = compiler.compile(
        format="pdf",
        sys_inputs={"document": json.dumps(document, ensure_ascii=False)},
        pdf_standards="ua-1",
        # Without it the moment of writing would stand in the file.
        timestamp=int(changed.timestamp()) if changed else 0,
    )
    if not isinstance(made, bytes):
        raise TypeError(f"typst gave {type(made).__name__} instead of a PDF")
    return made


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts()
