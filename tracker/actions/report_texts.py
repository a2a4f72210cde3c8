"""What staff write into a report and which pictures they add: rows and event in one unit of work.

A picture is taken in by `intake.pictures`, so that no camera's notes ever get into the house.
"""

import datetime as dt
import re
from collections.abc import Mapping
from uuid import UUID, uuid4

from tracker.domain.commands import Actor
from tracker.domain.events import EventType, changes
from tracker.domain.report_places import Place
from tracker.errors import Conflict, InvalidInput, NotFound
from tracker.i18n import LANGUAGES, N_
from tracker.intake.pictures import read_picture
from tracker.store import editions, report_readers, twins
from tracker.store import report_texts as store
from tracker.store.unit_of_work import Database, Unit

LONGEST = 50_000
_LONGEST_LINE = 1_000
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")
"""What no form of a report may hold."""
_CHANGED = N_("Somebody else changed this meanwhile. Please look at the new version first.")
_PICTURE_TOLD = ("period", "reader", "twin", "section", "position", "sha256", "alt", "caption", "credit")


def save_text(
    database: Database, place: Place, language: str, markdown: str, version: int, actor: Actor, now: dt.datetime
) -> int:
    """Keep a text; `version` 0: there is none yet. Returns its new version. Raises `InvalidInput` or `Conflict`."""
    text = _clean(markdown)
    if language not in LANGUAGES:
        raise InvalidInput.one("language", language, N_("“{value}” is not one of {allowed}."), allowed=LANGUAGES)
    if len(text) > LONGEST:
        raise InvalidInput.one("markdown", f"{text[:40]}…", N_("At most {most} letters."), most=LONGEST)
    with database.unit(actor.name, now) as unit:
        _check(unit, place)
        row = store.text_at(unit.session, **place.columns, language=language)
        if (row.version if row else 0) != version:
            raise Conflict(_CHANGED, current=row.version if row else 0)
        if row is None and not text:
            return 0  # nothing was written where nothing stood
        if row is None:
            row = store.TextRow(**place.columns, language=language, version=0, markdown="")
            unit.session.add(row)
        if row.markdown != text:
            told = {"before": {"markdown": row.markdown}, "after": {"markdown": text}}
            row.markdown, row.version = text, row.version + 1
            row.changed_at, row.changed_by = now, actor.name
            unit.append(EventType.TEXT_REVISED, _subject(place, language), {**told, "place": place.columns})
        return row.version


def add_picture(
    database: Database,
    place: Place,
    data: bytes,
    alt: Mapping[str, str],
    caption: Mapping[str, str],
    credit: str,
    actor: Actor,
    now: dt.datetime,
) -> UUID:
    """Take in a PNG or JPEG; its id. Raises `InvalidInput` where it is none, too large, or says nothing."""
    words = _words(alt, caption, credit)
    image = read_picture(data)
    with database.unit(actor.name, now) as unit:
        _check(unit, place)
        if unit.session.get(store.ImageRow, image.sha256) is None:
            unit.session.add(
                store.ImageRow(
                    sha256=image.sha256,
                    media_type=image.media_type,
                    width=image.width,
                    height=image.height,
                    data=image.data,
                )
            )
            unit.session.flush()
        beside = store.pictures(unit.session, place.period, place.reader or "", place.twin or "")
        row = store.PictureRow(
            **place.columns,
            id=uuid4(),
            version=1,
            position=len(beside) + 1,
            sha256=image.sha256,
            created_at=now,
            **words,
        )
        unit.session.add(row)
        unit.session.flush()
        unit.append(EventType.PICTURE_ADDED, f"picture:{row.id}", changes({}, _told(row)))
        return row.id


def revise_picture(
    database: Database,
    picture_id: UUID,
    alt: Mapping[str, str],
    caption: Mapping[str, str],
    credit: str,
    version: int,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Change what is said of a picture. Raises `InvalidInput`, `NotFound` or `Conflict`."""
    words = _words(alt, caption, credit)
    with database.unit(actor.name, now) as unit:
        row = _picture(unit, picture_id)
        if row.version != version:
            raise Conflict(_CHANGED, current=row.version)
        before = _told(row)
        for name, value in words.items():
            setattr(row, name, value)
        told = changes(before, _told(row))
        if told["after"]:
            row.version += 1
            unit.append(EventType.PICTURE_REVISED, f"picture:{row.id}", told)


def remove_picture(database: Database, picture_id: UUID, actor: Actor, now: dt.datetime) -> None:
    """Take a picture out. Its bytes go too, unless an edition shows them."""
    with database.unit(actor.name, now) as unit:
        row = _picture(unit, picture_id)
        unit.append(EventType.PICTURE_REMOVED, f"picture:{row.id}", changes(_told(row), {}))
        unit.session.delete(row)
        unit.session.flush()
        if not store.is_shown(unit.session, row.sha256) and not editions.shows_image(unit.session, row.sha256):
            unit.session.delete(unit.session.get_one(store.ImageRow, row.sha256))


def _picture(unit: Unit, picture_id: UUID) -> store.PictureRow:
    row = unit.session.get(store.PictureRow, picture_id, with_for_update=True)
    if row is None:
        raise NotFound(N_("There is no such picture."))
    return row


def _check(unit: Unit, place: Place) -> None:
    """Raise `NotFound` for a reader or twin that is not there."""
    if place.reader and unit.session.get(report_readers.ReaderRow, place.reader) is None:
        raise NotFound(N_("There is no reader “{slug}”."), slug=place.reader)
    if place.twin and place.twin not in twins.current(unit.session):
        raise NotFound(N_("There is no twin “{slug}”."), slug=place.twin)


def _words(alt: Mapping[str, str], caption: Mapping[str, str], credit: str) -> dict[str, object]:
    """What is said of a picture, as its row keeps it. Nobody who cannot see it may be told nothing (WCAG 1.1.1)."""
    kept: dict[str, object] = {"alt": _by_language(alt), "caption": _by_language(caption), "credit": _one_line(credit)}
    if not kept["alt"]:
        reason = N_("Say in a few words what the picture shows, for those who cannot see it.")
        raise InvalidInput.one("alt", "", reason)
    return kept


def _by_language(texts: Mapping[str, str]) -> dict[str, str]:
    return {tag: line for tag, text in texts.items() if tag in LANGUAGES and (line := _one_line(text))}


def _one_line(text: str) -> str:
    return " ".join(_clean(text).split())[:_LONGEST_LINE]


def _clean(text: str) -> str:
    return _CONTROLS.sub("", text.replace("\r\n", "\n")).strip()


def _told(row: store.PictureRow) -> dict[str, object]:
    return {name: getattr(row, name) for name in _PICTURE_TOLD}


def _subject(place: Place, language: str) -> str:
    return "text:" + "/".join([*place.columns.values(), language])
