"""What people ask for, parsed and checked: frozen commands in the imperative that `actions` carries out."""

from dataclasses import dataclass
from uuid import UUID

from tracker.domain.activities import ActivityContent


@dataclass(frozen=True)
class Actor:
    """Who acts: `user:<id>`, `system`, `registry`, `cli`; and the language faults are told in."""

    name: str
    language: str = "en"


@dataclass(frozen=True)
class RecordActivity:
    content: ActivityContent
    id: UUID | None = None


@dataclass(frozen=True)
class ReviseActivity:
    """Replace an activity's content; `version` is the one the change was made against, None to skip the check."""

    id: UUID
    content: ActivityContent
    version: int | None


@dataclass(frozen=True)
class RemoveActivity:
    id: UUID
    version: int | None


@dataclass(frozen=True)
class ImportActivities:
    """All rows of one sheet; each is matched with an existing activity by its `external_id`."""

    contents: tuple[ActivityContent, ...]
    given: tuple[frozenset[str], ...]
    """Per row, the fields the sheet really had: an absent column never wipes what staff wrote."""
