"""One change of several activities: what it makes of a content. Whether that may be is checked as for each alone.

Pure.
"""

from dataclasses import asdict, dataclass, fields
from typing import Any
from uuid import UUID

from tracker.domain.activities import ActivityContent

MOST = 500
"""As many activities are changed at once: what one can still look through, and what one transaction does in seconds."""

NOBODY = "-"
"""Instead of an address or a name: that none shall stand there."""


@dataclass(frozen=True)
class BulkEdit:
    """What is to be changed; an empty text leaves a field as it is, `NOBODY` empties it."""

    status: str = ""
    reason: str = ""
    add_twin: str = ""
    remove_twin: str = ""
    visibility: str = ""
    direction: str = ""
    subtype: str = ""
    owner: str = ""
    responsible: str = ""
    add_counts_for: str = ""
    remove_counts_for: str = ""
    remove: bool = False
    """Put them into the bin; everything else is then left alone."""

    @property
    def is_empty(self) -> bool:
        return not any(getattr(self, each.name) for each in fields(self) if each.name != "reason")

    def to_json(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items() if value}


def applied(edit: BulkEdit, content: ActivityContent) -> dict[str, Any]:
    """The document of `content` with the change in it; it may turn out invalid, so whoever asks checks it."""
    document = content.model_dump(mode="json")
    if edit.status:
        document |= {"status": edit.status, "reason": edit.reason or document["reason"]}
    for name in ("visibility", "direction", "subtype", "owner", "responsible"):
        if wanted := getattr(edit, name):
            document[name] = "" if wanted == NOBODY else wanted
    document["twins"] = _changed(document["twins"], edit.add_twin, edit.remove_twin)
    document["counts_for"] = _changed(document["counts_for"], edit.add_counts_for, edit.remove_counts_for)
    return document


def _changed(known: list[str], add: str, remove: str) -> list[str]:
    kept = [one for one in known if one != remove]
    return [*kept, add] if add and add not in kept else kept


@dataclass(frozen=True)
class Chosen:
    """An activity as somebody looked at it."""

    id: UUID
    version: int
