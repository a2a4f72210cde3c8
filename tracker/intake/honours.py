"""An entry of the register of honours and gifts as somebody typed it."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from tracker.errors import FieldProblem
from tracker.intake import typed
from tracker.intake.json import checked
from tracker.intake.partners import together
from tracker.intake.registry import Honour, slug_of


def honour_of(
    given: Mapping[str, Any], slug: str | None, known: Honour | None, language: str, today: dt.date
) -> Honour:
    """Read the form; without a `slug` it gets one of its name. What no field shows stays as it is `known`.

    Raises `InvalidInput` with every fault.
    """
    problems: list[FieldProblem] = []
    name = typed.line(given.get("name"))
    source = typed.line(given.get("source"))
    old = known.sources if known else ()
    shown = old[0].url or old[0].text if old else ""
    document = {
        "slug": slug or slug_of(name) or "thing",
        "kind": typed.line(given.get("kind_other")) or typed.line(given.get("kind")) or "gift",
        "name": name,
        "local_name": typed.line(given.get("local_name")),
        "city": typed.line(given.get("city")),
        "country": known.country if known else "",
        "twin": typed.line(given.get("twin")) or None,
        "date": typed.date(given, "date", "date", language, today, problems),
        "verified": bool(given.get("verified")),
        "sources": [one.model_dump() for one in old] if source == shown else _sources(source),
        "note": typed.lines(given.get("note")),
        "direction": typed.line(given.get("direction")),
        "place": typed.line(given.get("place")),
    }
    return together(problems, lambda: checked(Honour, document))


def _sources(text: str) -> list[dict[str, Any]]:
    if not text:
        return []
    return [{"url" if text.startswith(("https://", "http://")) else "text": text}]
