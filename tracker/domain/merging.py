"""A sheet's row over what is known already: what the sheet does not say, it leaves alone.

Pure: two contents in, the document of the new one out. It may turn out invalid (the sheet's end before the known
start), so whoever asks reads it through `intake` like anything from outside.
"""

import re
from typing import Any

from tracker.domain.activities import ActivityContent

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def merged(known: ActivityContent, told: ActivityContent, given: frozenset[str]) -> dict[str, Any]:
    """`known`, with the fields `given` taken from `told`."""
    document = {**known.model_dump(), **_fields(told, given)}
    for texts in ("title", "description"):
        # A sheet with German titles only must not wipe the Russian ones.
        document[texts] = {**getattr(known, texts), **(document[texts] if texts in given else {})}
    document["reason"] = document["reason"] or told.reason
    document["details"] = _details(known, told, given)
    if "timezone" not in given and known.timed and _DAY.fullmatch(told.start):
        document |= _with_times(known, told, given)
    return document


def _fields(told: ActivityContent, given: frozenset[str]) -> dict[str, Any]:
    return {name: value for name, value in told.model_dump().items() if name in given}


def _details(known: ActivityContent, told: ActivityContent, given: frozenset[str]) -> dict[str, Any]:
    """Details belong to a kind: another kind begins with none."""
    before = known.details.model_dump(exclude_unset=True) if told.kind is known.kind else {}
    return {**before, **(told.details.model_dump(exclude_unset=True) if "details" in given else {})}


def _with_times(known: ActivityContent, told: ActivityContent, given: frozenset[str]) -> dict[str, str]:
    """A sheet without a column for the time zone knows no times of day: those that staff wrote stay, on its days."""
    times = {"start": told.start + known.start[10:]}
    end = told.end if "end" in given else known.end
    if known.end and "T" in known.end:
        same_day = known.end[:10] == known.start[:10]
        if (end is None and same_day) or (end and _DAY.fullmatch(end)):
            times["end"] = (end or told.start) + known.end[10:]
    return times
