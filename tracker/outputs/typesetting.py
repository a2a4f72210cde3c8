"""Setting a document by typst: tagged PDF, the same bytes each time, and no text that the fonts at hand cannot show.

What a document says comes as JSON and is set as text; a template never reads it as markup. typst brings its own fonts,
which hold everything Latin and Cyrillic; for other scripts those installed on the machine are asked. The standards
refuse a sign that no font can show, so it must be known before. Knows typst and nothing of any one document.
"""

import dataclasses
import datetime as dt
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, TypeVar

import typst

from tracker.outputs.signs import printable

MISSING: Final = "\u25a1"
"""Stands for a sign that no font can show."""

# In typst's own fonts, as a test makes sure; asking typst costs three milliseconds a text.
_SURELY_SHOWN: Final = re.compile("[ -~\u00a0-\u017f\u0400-\u045f\u2010-\u2015\u2018-\u201f\u2022\u2026№€]*")
_TRIAL: Final = b'#set document(title: [-])\n#for words in json("document.json") { words; parbreak() }'

Value = TypeVar("Value")


def typeset(
    template: bytes,
    document: object,
    changed: dt.datetime | None,
    *,
    kept: bool = False,
    files: Mapping[str, bytes] | None = None,
) -> bytes:
    """The PDF/UA-1, and PDF/A-2a at once where it is to be `kept`. `changed` is the moment that stands in it; the
    template finds its data and `files` by their names."""
    parts: Any = {"main.typ": template, "document.json": json.dumps(document, ensure_ascii=False).encode()}
    # typst takes what it is handed for text, so that pictures have to come from a folder.
    with TemporaryDirectory(prefix="typesetting-") as folder:
        for name, content in (files or {}).items():
            (Path(folder) / name).write_bytes(content)
        made = typst.Compiler(input=parts, root=folder, font_paths=_fonts()).compile(
            format="pdf",
            pdf_standards=["a-2a", "ua-1"] if kept else "ua-1",
            # Without it the moment of writing would stand in the file.
            timestamp=int(changed.timestamp()) if changed else 0,
        )
    if not isinstance(made, bytes):
        raise TypeError(f"typst gave {type(made).__name__} instead of a PDF")
    return made


def is_shown(text: str) -> bool:
    """Whether the fonts at hand have all of it."""
    return _SURELY_SHOWN.fullmatch(text) is not None or _is_set(text)


def showable(value: Value) -> tuple[Value, bool]:
    """The value with a box for each sign that cannot be shown in any text of it, and whether there was one.

    `value` is made of frozen dataclasses and tuples; whatever else it holds stays as it is.
    """
    rare = {text for text in _texts(value) if not _SURELY_SHOWN.fullmatch(" ".join(text.split()))}
    instead = {text: _boxed(printable(text)) for text in rare if printable(text) != text}
    instead |= {text: _boxed(text) for text in _unset(sorted(rare - instead.keys()))}
    missing = any(MISSING in after and MISSING not in before for before, after in instead.items())
    return (_replaced(value, instead) if instead else value), missing


def _boxed(text: str) -> str:
    if is_shown(text):
        return text
    boxed = "".join(sign if sign.isspace() or is_shown(f"a{sign}") else MISSING for sign in text)
    # Signs that can be shown apart but not in this company.
    return boxed if is_shown(boxed) else "".join(s if _SURELY_SHOWN.fullmatch(s) else MISSING for s in text)


def _unset(texts: Sequence[str]) -> Iterator[str]:
    """Those of the texts that cannot be shown. Mostly there are none, which one trial tells."""
    if not texts or _are_set(texts):
        return
    if len(texts) == 1:
        yield texts[0]
        return
    half = len(texts) // 2
    yield from _unset(texts[:half])
    yield from _unset(texts[half:])


@lru_cache(maxsize=4096)
def _is_set(text: str) -> bool:
    return _are_set([text])


def _are_set(texts: Sequence[str]) -> bool:
    """Found out by setting them, since only typst knows how it shapes."""
    try:
        # By the stricter standard: what is to be kept may hold no sign for private use, whatever shows it.
        typeset(_TRIAL, texts, None, kept=True)
    except typst.TypstError:
        return False
    return True


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for part in _parts(value):
        yield from _texts(part)


def _parts(value: Any) -> Iterable[Any]:
    if isinstance(value, tuple):
        return value
    if dataclasses.is_dataclass(value):
        return (getattr(value, field.name) for field in dataclasses.fields(value))
    return ()


def _replaced(value: Any, instead: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return instead.get(value, value)
    if isinstance(value, tuple):
        return tuple(_replaced(part, instead) for part in value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        names = [field.name for field in dataclasses.fields(value)]
        return dataclasses.replace(value, **{name: _replaced(getattr(value, name), instead) for name in names})
    return value


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts()
