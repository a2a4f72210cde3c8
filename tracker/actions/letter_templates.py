"""The house's own words for letters of greeting, in the place of those that ship; and back to those."""

import datetime as dt

from tracker.domain.commands import Actor
from tracker.domain.events import EventType, changes
from tracker.domain.greetings import Standing, Template, check_template
from tracker.errors import Conflict, NotFound
from tracker.i18n import N_
from tracker.outputs import greeting
from tracker.store import tasks as store
from tracker.store.unit_of_work import Database, Unit


def save_template(
    database: Database, tag: str, standing: Standing, given: Template, actor: Actor, now: dt.datetime
) -> None:
    """Keep a language's words. `given.version` is what was changed: 0 where the shipped words still held.

    Raises `InvalidInput` for words that cannot be filled in, `Conflict` where somebody was faster.
    """
    wanted = check_template(given.subject, given.body)
    with database.unit(actor.name, now) as unit:
        row = _current(unit, tag, standing, given.version)
        shipped = greeting.tongues()[tag].templates[standing]
        before = {"subject": row.subject, "body": row.body} if row else _texts(shipped)
        if before == _texts(wanted):
            return
        if row is None:
            row = store.LetterTemplateRow(language=tag, standing=standing.value, version=0, subject="", body="")
            unit.session.add(row)
        row.subject, row.body, row.version = wanted.subject, wanted.body, row.version + 1
        unit.append(EventType.TEMPLATE_REVISED, _subject(tag, standing), changes(before, _texts(wanted)))


def forget_template(
    database: Database, tag: str, standing: Standing, version: int, actor: Actor, now: dt.datetime
) -> None:
    """Let the words that ship hold again; nothing happens where they do."""
    with database.unit(actor.name, now) as unit:
        row = _current(unit, tag, standing, version)
        if row is not None:
            shipped = _texts(greeting.tongues()[tag].templates[standing])
            unit.append(
                EventType.TEMPLATE_REVISED,
                _subject(tag, standing),
                changes({"subject": row.subject, "body": row.body}, shipped),
            )
            unit.session.delete(row)


def _current(unit: Unit, tag: str, standing: Standing, version: int) -> store.LetterTemplateRow | None:
    if tag not in greeting.tongues():
        raise NotFound(N_("There are no letters in this language."))
    row = unit.session.get(store.LetterTemplateRow, (tag, standing.value), with_for_update=True)
    if (row.version if row else 0) != version:
        raise Conflict(N_("Somebody else changed this meanwhile. Please look at the new version first."))
    return row


def _texts(template: Template) -> dict[str, str]:
    return {"subject": template.subject, "body": template.body.strip()}


def _subject(tag: str, standing: Standing) -> str:
    return f"template:{tag}-{standing.value}"
