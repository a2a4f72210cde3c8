"""Logging again what comes every year: the new activity's document, made from one that was.

What belongs to the one that was stays behind: what came of it, money received, sources, ids, how far a shipment got.
Its dates move by whole years and keep their precision; what would be guessed (a decade, an open end) is left blank.
"""

import datetime as dt
import re
from typing import Any

from tracker.domain.activities import ActivityContent, Basis, Status
from tracker.domain.dates import HistoricDate, Precision

_LEFT = ("external_id", "sources", "money", "reason", "quantity_note", "note", "counts_for")
_DETAILS_LEFT = ("stages", "beneficiaries", "audience", "ends", "value", "remembered")
_KEEP_THEIR_PLACE = (Precision.DAY, Precision.MONTH, Precision.SEASON, Precision.YEAR)
_MOVED = ("start", "end")


def again(content: ActivityContent, today: dt.date) -> dict[str, Any]:
    """The document of the next one: this year, or the year after the one it is copied from."""
    begun = content.start_date.ends[0]
    year = begun.earliest.year if begun and begun.earliest and begun.precision in _KEEP_THEIR_PLACE else None
    by = max(today.year, year + 1) - year if year else None
    document = content.model_dump(mode="json")
    document = {name: value for name, value in document.items() if name not in _LEFT}
    document |= {"status": Status.PLANNED.value, "start": moved(content.start, by), "end": moved(content.end, by)}
    document["counts"] = [count | {"basis": Basis.PLANNED.value, "note": ""} for count in document["counts"]]
    document["details"] = _details(document["details"], by)
    if year and by:
        document["title"] = {
            tag: re.sub(rf"(?<!\d){year}(?!\d)", str(year + by), text) for tag, text in document["title"].items()
        }
    if not document["start"]:
        document["timezone"] = None
    return document


def moved(text: str | None, by: int | None) -> str | None:
    """A date `by` years later, as exactly as it was; None where that cannot be said."""
    if not text or by is None or text == "..":
        return None
    day, _, time = text.partition("T")
    known = HistoricDate.parse(day)
    if known.precision not in _KEEP_THEIR_PLACE or known.earliest is None:
        return None
    rest = known.edtf.rstrip("?~%")[4:]
    year = known.earliest.year + by
    if rest == "-02-29" and not _leap(year):
        rest = "-02-28"
    return f"{year:04}{rest}" + (f"T{time}" if time else "")


def _details(details: dict[str, Any], by: int | None) -> dict[str, Any]:
    kept = {name: value for name, value in details.items() if name not in _DETAILS_LEFT}
    for name in ("legs", "programme"):
        if isinstance(kept.get(name), list):
            items = [
                {**item, "id": "", **{moment: moved(item.get(moment), by) for moment in _MOVED}} for item in kept[name]
            ]
            kept[name] = [item for item in items if item["start"]]
    return kept


def _leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
