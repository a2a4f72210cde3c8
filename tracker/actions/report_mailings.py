"""Reports that go out by themselves: to a list of addresses, on a day of the year, found by the clock.

When the day has come its job is written down and the next year's day with it, in one commit. The finished document is
queued for each address under a key of its own, so that none gets the same year's report twice.
"""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from tracker.actions.report_jobs import enter
from tracker.actions.reports import HOUSE_ZONE, reader_of
from tracker.domain.commands import Actor
from tracker.domain.deliveries import Channel, DeliveryStatus, Sort
from tracker.domain.editions import MEDIA_TYPES, Form
from tracker.domain.events import EventType, changes
from tracker.domain.report_orders import Order
from tracker.errors import Conflict, FieldProblem, InvalidInput, NotFound
from tracker.i18n import LANGUAGES, N_, gettext
from tracker.outputs import mail
from tracker.store import deliveries, organisation, twins
from tracker.store import report_jobs as store
from tracker.store.editions import DocumentRow
from tracker.store.unit_of_work import Database, Unit

MOST_ADDRESSES = 200
_MORNING = dt.time(8)
_ADDRESS = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+")
_ACTOR = "reports"
_TOLD = ("reader", "twin", "form", "languages", "month", "day", "addresses", "edition", "enabled")
_CHANGED = N_("Somebody else changed this meanwhile. Please look at the new version first.")


@dataclass(frozen=True)
class Mailing:
    """What an administrator says of one. On `month` and `day` the report of the year before goes out."""

    reader: str
    form: Form
    languages: tuple[str, ...]
    month: int
    day: int
    addresses: tuple[str, ...]
    twin: str = ""
    edition: bool = True
    enabled: bool = True


def add_mailing(database: Database, wanted: Mailing, actor: Actor, now: dt.datetime) -> UUID:
    with database.unit(actor.name, now) as unit:
        _check(unit, wanted)
        row = store.MailingRow(id=uuid4(), version=1)
        _write(unit, row, wanted)
        unit.session.add(row)
        unit.append(EventType.MAILING_ADDED, _subject(row), changes({}, _told(row)))
        return row.id


def revise_mailing(
    database: Database, mailing_id: UUID, wanted: Mailing, version: int, actor: Actor, now: dt.datetime
) -> None:
    with database.unit(actor.name, now) as unit:
        row = _row(unit, mailing_id)
        if row.version != version:
            raise Conflict(_CHANGED, current=row.version)
        _check(unit, wanted)
        before = _told(row)
        _write(unit, row, wanted)
        told = changes(before, _told(row))
        if told["after"]:
            row.version += 1
            unit.append(EventType.MAILING_REVISED, _subject(row), told)


def remove_mailing(database: Database, mailing_id: UUID, actor: Actor, now: dt.datetime) -> None:
    with database.unit(actor.name, now) as unit:
        row = _row(unit, mailing_id)
        unit.append(EventType.MAILING_REMOVED, _subject(row), changes(_told(row), {}))
        unit.session.delete(row)


def is_due(database: Database, now: dt.datetime) -> bool:
    """Whether a mailing's day has come, or a document waits to be made."""
    with database.reading() as session:
        return store.is_waiting(session, now) or store.is_mailing_due(session, now)


def order_due(database: Database, now: dt.datetime) -> int:
    """Order the reports whose day has come; returns how many."""
    if not is_due(database, now):
        return 0
    with database.unit(_ACTOR, now) as unit:
        rows = store.due_mailings(unit.session, now)
        for row in rows:
            due = (row.due_at or now).astimezone(HOUSE_ZONE)
            order = Order(
                period=str(due.year - 1),
                reader=row.reader,
                twin=row.twin or None,
                languages=tuple(row.languages),
                form=Form(row.form),
                edition=row.edition,
            )
            level = reader_of(unit.session, row.reader).level
            row.due_at = next_due(row.month, row.day, now)
            job_id = enter(unit, order, level, mailing_id=row.id)
            told = {"job": str(job_id), "period": order.period}
            unit.append(EventType.MAILING_QUEUED, _subject(row), {"before": {}, "after": told})
        return len(rows)


def queue_mails(unit: Unit, job: store.JobRow, document: DocumentRow, *, letterhead: mail.Letterhead) -> None:
    """Queue a finished document for everybody on the list of its mailing, if it was made for one."""
    row = unit.session.get(store.MailingRow, job.mailing_id) if job.mailing_id else None
    for address in row.addresses if row else ():
        key = f"report:{job.mailing_id}:{document.period}:{address}"
        if row and not deliveries.is_made(unit.session, key):
            unit.session.add(_delivery(unit, row, document, address, key, letterhead))


def next_due(month: int, day: int, now: dt.datetime) -> dt.datetime:
    """The next morning of that day of the year, in the house's zone; 29 February is the 28th where there is none."""
    year = now.astimezone(HOUSE_ZONE).year
    coming = (_morning(one, month, day) for one in (year, year + 1))
    return next(at for at in coming if at > now)


def _morning(year: int, month: int, day: int) -> dt.datetime:
    try:
        on = dt.date(year, month, day)
    except ValueError:
        on = dt.date(year, month, day - 1)
    return dt.datetime.combine(on, _MORNING, HOUSE_ZONE).astimezone(dt.UTC)


def _delivery(
    unit: Unit, row: store.MailingRow, document: DocumentRow, address: str, key: str, letterhead: mail.Letterhead
) -> deliveries.DeliveryRow:
    tag = row.languages[0]
    house = organisation.current(unit.session).name(tag)
    title = document.name.rpartition(".")[0]
    words = mail.Words(
        language=tag,
        subject=f"{house}: {title}" if house else title,
        heading=title,
        lead=gettext(tag, N_("The report is attached as “{name}”.")).format(name=document.name),
        why=gettext(tag, N_("Your address is on the list for this report, which goes out once a year.")),
    )  # fmt: skip
    letter = mail.write(words, letterhead, key=key, user_id=None, to=address, name="")
    enclosure = mail.Enclosure(document.id, document.name, MEDIA_TYPES[Form(document.form)])
    payload = mail.payload_of(mail.enclosing(letter, enclosure))
    return deliveries.DeliveryRow(
        key=key,
        sort=Sort.REPORT.value,
        channel=Channel.MAIL.value,
        recipient=address,
        subject=letter.subject,
        payload=payload,
        status=DeliveryStatus.QUEUED.value,
        next_try_at=unit.now,
        created_at=unit.now,
    )


def _row(unit: Unit, mailing_id: UUID) -> store.MailingRow:
    row = unit.session.get(store.MailingRow, mailing_id, with_for_update=True)
    if row is None:
        raise NotFound(N_("There is no such mailing."))
    return row


def _check(unit: Unit, wanted: Mailing) -> None:
    """Raise `InvalidInput` with every fault."""
    reader_of(unit.session, wanted.reader)
    problems = [
        FieldProblem("addresses", address, N_("“{value}” is not an e-mail address."))
        for address in wanted.addresses
        if not _is_address(address)
    ]
    if not wanted.addresses:
        problems.append(FieldProblem("addresses", "", N_("Name at least one address.")))
    if len(wanted.addresses) > MOST_ADDRESSES:
        text = N_("At most {most} addresses.")
        problems.append(FieldProblem("addresses", len(wanted.addresses), text, {"most": MOST_ADDRESSES}))
    if not _is_day(wanted.month, wanted.day):
        text = N_("“{value}” is not a day of the year.")
        problems.append(FieldProblem("day", f"{wanted.day}.{wanted.month}.", text))
    problems += _unknown_languages(wanted.languages)
    if wanted.twin and wanted.twin not in twins.current(unit.session):
        problems.append(FieldProblem("twin", wanted.twin, N_("There is no twin “{slug}”."), {"slug": wanted.twin}))
    if problems:
        raise InvalidInput(problems)


def _unknown_languages(languages: Sequence[str]) -> list[FieldProblem]:
    allowed = {"allowed": LANGUAGES}
    reason = N_("“{value}” is not one of {allowed}.")
    unknown = [tag for tag in languages if tag not in LANGUAGES] or ([] if languages else [""])
    return [FieldProblem("languages", tag, reason, allowed) for tag in unknown]


def _is_address(text: str) -> bool:
    return _ADDRESS.fullmatch(text) is not None and mail.can_be_written_to(text)


def _is_day(month: int, day: int) -> bool:
    try:
        dt.date(2024, month, day)  # a leap year
    except ValueError:
        return False
    return True


def _write(unit: Unit, row: store.MailingRow, wanted: Mailing) -> None:
    row.reader, row.twin, row.form = wanted.reader, wanted.twin, wanted.form.value
    row.languages, row.addresses = list(wanted.languages), list(dict.fromkeys(wanted.addresses))
    row.edition, row.enabled, row.changed_at = wanted.edition, wanted.enabled, unit.now
    moved = (row.month, row.day) != (wanted.month, wanted.day) or row.due_at is None
    row.month, row.day = wanted.month, wanted.day
    # Switched on again it begins with the next day to come: what was due meanwhile is not made up for.
    row.due_at = None if not wanted.enabled else next_due(row.month, row.day, unit.now) if moved else row.due_at


def _told(row: store.MailingRow) -> dict[str, Any]:
    return {name: getattr(row, name) for name in _TOLD}


def _subject(row: store.MailingRow) -> str:
    return f"mailing:{row.id}"
