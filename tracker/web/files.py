"""Files as a page shows them: which of a subject's files the person may see, and what they may do with them.

The rights of a file are those of its subject, asked each time; the file itself can only narrow them.
"""

import dataclasses
import datetime as dt
from collections.abc import Collection
from typing import Any
from uuid import UUID

from tracker.domain.access import Mark
from tracker.domain.activities import Activity, Visibility
from tracker.domain.files import PICTURES, Consent, seen_by, wording
from tracker.domain.twins import Twin
from tracker.store import activities, twins
from tracker.store import files as store
from tracker.store.files import FileRow
from tracker.web.auth import may_write, rights, seen_as, sees, writes
from tracker.web.installation import this_tracker, today
from tracker.web.language import language

Owner = Activity | Twin | twins.HonourRow


@dataclasses.dataclass(frozen=True)
class Subject:
    """What files belong to, as the person asking stands to it."""

    key: str
    owner: Owner
    visibility: Visibility
    writable: bool

    def sees(self, level: Visibility) -> bool:
        """Whether the person may see what is for `level` of this subject."""
        if isinstance(self.owner, Activity):
            return seen_as(self.owner, level)
        city = self.owner.slug if isinstance(self.owner, Twin) else self.owner.twin
        return rights().may_see(Mark(level, (city,) if city else ()))


@dataclasses.dataclass(frozen=True)
class Shown:
    """A file the person may see; `hidden`: only that it is there, for those who can take it out."""

    row: FileRow
    hidden: bool = False

    @property
    def caption(self) -> str:
        return wording(self.row.caption, "", language())

    @property
    def words(self) -> str:
        return wording(self.row.caption, self.row.name, language())

    @property
    def is_picture(self) -> bool:
        return self.row.bytes.media_type in PICTURES


@dataclasses.dataclass(frozen=True)
class Gallery:
    """The files of a subject for one person: pictures, other files, and for those who write what lies in the bin."""

    subject: Subject
    pictures: tuple[Shown, ...]
    others: tuple[Shown, ...]
    bin: tuple[Shown, ...]
    part: str = ""


def gallery_of(owner: Owner, part: str | None = None) -> Gallery:
    """What a page shows of a subject's files; `part` narrows them, such as to those of one receipt."""
    subject = subject_of(owner)
    with this_tracker().database.reading() as session:
        rows = store.of_subjects(session, (subject.key,), part=part)
    shown = [one for row in rows if row.removed_at is None and (one := show(subject, row))]
    return Gallery(
        subject,
        tuple(one for one in shown if one.is_picture),
        tuple(one for one in shown if not one.is_picture),
        tuple(Shown(row) for row in rows if row.removed_at is not None and _readable(subject, row))
        if subject.writable
        else (),
        part or "",
    )


def galleries_of(owners: Collection[Owner]) -> dict[str, Gallery]:
    """The same of several at once, by slug, in one query."""
    subjects = {subject.key: subject for subject in map(subject_of, owners)}
    with this_tracker().database.reading() as session:
        rows = store.of_subjects(session, list(subjects)) if subjects else []
    found: dict[str, Gallery] = {}
    for key, subject in subjects.items():
        own = [row for row in rows if row.subject == key and row.removed_at is None]
        shown = [one for row in own if (one := show(subject, row))]
        pictures = tuple(one for one in shown if one.is_picture)
        found[key.partition(":")[2]] = Gallery(subject, pictures, tuple(one for one in shown if not one.is_picture), ())
    return found


def subject_of(owner: Owner) -> Subject:
    if isinstance(owner, Activity):
        return Subject(f"activity:{owner.id}", owner, owner.visibility, writes(owner))
    kind = "twin" if isinstance(owner, Twin) else "honour"
    return Subject(f"{kind}:{owner.slug}", owner, Visibility.PUBLIC, may_write())


def subject_named(session: Any, key: str) -> Subject | None:
    """The subject under a key, if the person may know of it."""
    kind, _, name = key.partition(":")
    owner: Owner | None = None
    if kind == "activity":
        try:
            row = activities.load(session, UUID(name))
        except ValueError:
            return None
        owner = row.to_activity() if row and row.removed_at is None else None
        if owner is None or not sees(owner):
            return None
    elif kind == "twin":
        owner = twins.current(session).get(name)
    elif kind == "honour":
        owner = session.get(twins.HonourRow, name)
    return subject_of(owner) if owner else None


def show(subject: Subject, row: FileRow) -> Shown | None:
    """The file as the person may see it; None where they may not know of it."""
    if _over(row, today()) or not _readable(subject, row):
        return None
    hidden = row.consent == Consent.WITHDRAWN
    return Shown(row, hidden) if not hidden or subject.writable else None


def _readable(subject: Subject, row: FileRow) -> bool:
    consent = Consent(row.consent)
    level = seen_by(Visibility(row.visibility), subject.visibility, consent, row.licence)
    return subject.sees(level or Visibility(row.visibility))


def _over(row: FileRow, day: dt.date) -> bool:
    """Whether its last day has come, also where the clock has not been by."""
    return row.delete_on is not None and row.delete_on <= day
