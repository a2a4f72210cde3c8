"""What people ask for, parsed and checked: frozen commands in the imperative that `actions` carries out."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from tracker.domain.activities import ActivityContent, Goods
from tracker.domain.details import Item, Stage
from tracker.domain.dossiers import Private


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
    """`reason`: why, for whoever looks into the bin."""

    id: UUID
    version: int | None
    reason: str = ""


@dataclass(frozen=True)
class RestoreActivity:
    """Bring an activity back from the bin as it was."""

    id: UUID
    version: int | None


@dataclass(frozen=True)
class ImportActivities:
    """All rows of one sheet; each is matched with an existing activity by its `external_id`."""

    contents: tuple[ActivityContent, ...]
    given: tuple[frozenset[str], ...]
    """Per row, the fields the sheet really had: an absent column never wipes what staff wrote."""


@dataclass(frozen=True)
class MoveShipment:
    """Put a shipment of aid at a stage since `on` (EDTF); `back`: the person means it where that goes back."""

    id: UUID
    stage: Stage | None
    on: str
    version: int
    back: bool = False


@dataclass(frozen=True)
class KeepGoods:
    """The lines of goods of a shipment, in place of those it has."""

    id: UUID
    goods: tuple[Goods, ...]
    version: int


@dataclass(frozen=True)
class KeepDossier:
    """The programme and journeys of an activity (`lists`, by the name of their field), and what is private beside them.

    `version` is the activity's, `dossier_version` that of its dossier; 0 where there is none yet.
    """

    id: UUID
    lists: Mapping[str, tuple[Item, ...]]
    private: Private
    version: int
    dossier_version: int
