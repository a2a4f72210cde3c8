"""What the rows know of one person: found for their export, and forgotten, wherever it stands.

Both walk the whole schema, so that a table which comes later is not left out: what refers to an account, and every text
that names its address. How a table forgets is what its foreign key says (its rows go, or they let the person go); those
whose rows are records of the house and stay are in `_KEPT`, each with what is emptied.
"""

import datetime as dt
import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    LargeBinary,
    Row,
    String,
    Table,
    Text,
    and_,
    cast,
    delete,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session

from tracker.domain.deliveries import DeliveryStatus
from tracker.domain.reminders import ReminderStatus, SkipReason
from tracker.store.accounts import UserRow
from tracker.store.activity_rows import ActivityRow
from tracker.store.addresses import MailAddressRow
from tracker.store.base import Base
from tracker.store.bounces import BounceRow
from tracker.store.deliveries import DeliveryAttemptRow, DeliveryRow
from tracker.store.event_log import EventRow
from tracker.store.organisation import OrganisationRow
from tracker.store.partners import ContactRow
from tracker.store.receipts import ReceiptRow
from tracker.store.reminders import ReminderRow
from tracker.store.report_jobs import MailingRow
from tracker.store.rules import RuleRow
from tracker.store.saved_views import SavedViewRow
from tracker.store.subscriptions import SubscriptionClientRow, SubscriptionRow
from tracker.store.tasks import LetterRow, TaskRow

_SECRET = re.compile(r"password|secret|hash|uniquifier|totp|recovery|public_key|credential|handle|search_text|^key$")
"""Columns that open something, or that nobody wrote."""
_KEPT = frozenset({UserRow.__tablename__, SubscriptionRow.__tablename__, ReminderRow.__tablename__})
"""Tables with the account's number whose rows stay when the person goes: its own, addresses (closed), the ledger."""
_WHAT = {EventRow.__tablename__: ("type", "subject")}
"""Columns that say what somebody has done."""
_ENDS = r"(?![\w-]|\.(?!(?:pdf|docx?|odt|xlsx?|ods|csv|ics|jpe?g|png|webp|zip)\b)\w)"
"""After an address, of which no more may follow but the end of a file's name."""
_LEAST = 3
"""A name shorter than this is not looked for in texts: it would be found in everything."""


def rows_about(session: Session, user: UserRow, *, whole: bool = True) -> dict[str, list[dict[str, Any]]]:
    """All rows that refer to an account or name its address, by table, as plain values without secrets.

    Not `whole`: of rows that are not the person's own, only when they were written and where in them the person
    stands. The rest is the house's or somebody else's, and the person may not be among those who see it.
    """
    found = {}
    for table in Base.metadata.sorted_tables:
        own, keys = _owned(table, user.id), list(table.primary_key.columns)
        rows = session.execute(select(table).where(or_(*own))).all() if own else []
        told = [_plain(table, row) for row in rows]
        known = {tuple(row._mapping[key] for key in keys) for row in rows}
        for row in session.execute(select(table).where(or_(*named))) if (named := _naming(table, user)) else ():
            if tuple(row._mapping[key] for key in keys) not in known and (mention := _mention(table, row, user)):
                told.append(_plain(table, row) if whole else mention)
        if told:
            found[table.name] = told
    return found


def counted_about(session: Session, user: UserRow) -> dict[str, int]:
    """How many rows of each table that is."""
    return {name: len(rows) for name, rows in rows_about(session, user).items()}


def forget(session: Session, user: UserRow, now: dt.datetime) -> None:
    """Let nothing in the rows tell who this was. The account's number stays, as that of nobody."""
    user_id, address, name = user.id, user.email, user.name.strip()
    _empty_mails(session, user_id, address)
    mine = SubscriptionRow.user_id == user_id
    clients = select(SubscriptionRow.id).where(mine)
    session.execute(delete(SubscriptionClientRow).where(SubscriptionClientRow.subscription_id.in_(clients)))
    closed = {"revoked_at": func.coalesce(SubscriptionRow.revoked_at, now), "name": "", "last_agent": ""}
    session.execute(update(SubscriptionRow).where(mine).values(**closed, mail_urgent=False))
    planned = ReminderRow.status == ReminderStatus.PLANNED.value
    session.execute(delete(ReminderRow).where(ReminderRow.user_id == user_id, planned))
    session.execute(update(ReminderRow).where(ReminderRow.user_id == user_id).values(error=""))
    _unlist(session, address)
    _let_go(session, user_id)
    session.expire(user, ["grants"])
    user.name, user.active, user.fs_uniquifier = "", False, uuid4().hex
    user.email, user.mail_paused_why, user.erased_at = f"erased-{user_id}", "", now
    for column in UserRow.__table__.columns:
        if column.nullable and column.name != "erased_at":
            setattr(user, column.name, None)
    session.flush()
    _scrub(session, address, f"erased-{user_id}", ignore_case=True)
    with_arguments = (SavedViewRow.__table__, EventRow.__table__)
    written = _in_address_line(address)
    _scrub(session, quote(address), f"erased-{user_id}", tables=with_arguments, pattern=written)
    if len(name) >= _LEAST:
        tables = (DeliveryRow.__table__, LetterRow.__table__, TaskRow.__table__, BounceRow.__table__)
        _scrub(session, name, "…", tables=tables)
    _forget_in_log(session, user_id)
    session.expire_all()


def _empty_mails(session: Session, user_id: int, address: str) -> None:
    """What was sent to them: that something was, and when, stays; what, and to whom, goes."""
    to_them = or_(DeliveryRow.user_id == user_id, func.lower(DeliveryRow.recipient) == address)
    ids = select(DeliveryRow.id).where(to_them)
    said = func.lower(BounceRow.recipient) == address
    session.execute(update(BounceRow).where(or_(BounceRow.delivery_id.in_(ids), said)).values(recipient="", said=""))
    session.execute(update(DeliveryAttemptRow).where(DeliveryAttemptRow.delivery_id.in_(ids)).values(error=""))
    waiting = DeliveryRow.status.in_((DeliveryStatus.QUEUED.value, DeliveryStatus.SENDING.value))
    given_up = {"status": DeliveryStatus.SKIPPED.value, "reason": SkipReason.ACCOUNT_CLOSED.value}
    session.execute(update(DeliveryRow).where(to_them, waiting).values(given_up))
    empty: dict[str, Any] = {
        "recipient": "",
        "subject": "",
        "payload": {},
        "message_id": "",
        "last_error": "",
        "user_id": None,
    }
    session.execute(update(DeliveryRow).where(to_them).values(empty))


def _unlist(session: Session, address: str) -> None:
    """Take an address from what writes to it by a list; what writes to nobody any more is switched off."""
    session.execute(delete(MailAddressRow).where(func.lower(MailAddressRow.address) == address))
    session.execute(update(OrganisationRow).where(func.lower(OrganisationRow.email) == address).values(email=""))
    # Whom one writes to at an organisation: an address must be one or none, and the rest is how to reach them, too.
    unreached = {"email": "", "person": "", "phone": "", "version": ContactRow.version + 1}
    session.execute(update(ContactRow).where(func.lower(ContactRow.email) == address).values(unreached))
    session.execute(update(ReceiptRow).where(func.lower(ReceiptRow.sent_to) == address).values(sent_to=""))
    for rule in session.scalars(select(RuleRow).where(_names(RuleRow.__table__.c.audience, address))):
        left = [one for one in rule.audience if one.get("value", "").lower() != address]
        rule.audience, rule.version, rule.enabled = left, rule.version + 1, rule.enabled and bool(left)
    for mailing in session.scalars(select(MailingRow).where(_names(MailingRow.__table__.c.addresses, address))):
        addresses = [one for one in mailing.addresses if one.lower() != address]
        mailing.addresses, mailing.version = addresses, mailing.version + 1
        if not addresses:
            mailing.enabled, mailing.due_at = False, None
    session.flush()


def activities_naming(session: Session, address: str) -> list[ActivityRow]:
    """The activities for which somebody answers, or in whose words their address stands; those in the bin too."""
    table = ActivityRow.__table__
    named = or_(*(_names(column, address) for column in _texts(table)))
    return list(session.scalars(select(ActivityRow).where(named)))


def without(value: Any, address: str, instead: str) -> Any:
    """A value of JSON in which an address is no more."""
    return _replaced(value, _whole(address, ignore_case=True), instead)


def _let_go(session: Session, user_id: int) -> None:
    """As each foreign key says: rows that are theirs go, rows that mention them mention nobody."""
    for table in reversed(Base.metadata.sorted_tables):
        if table.name in _KEPT:
            continue
        for key in table.foreign_keys:
            if key.target_fullname != "users.id":
                continue
            if key.ondelete == "CASCADE":
                session.execute(delete(table).where(key.parent == user_id))
            elif key.parent.nullable and key.ondelete != "RESTRICT":
                session.execute(update(table).where(key.parent == user_id).values({key.parent: None}))


def _scrub(
    session: Session,
    words: str,
    instead: str,
    *,
    tables: Any = None,
    ignore_case: bool = False,
    pattern: re.Pattern[str] | None = None,
) -> None:
    """Put something else in the place of words wherever they stand, in texts and within JSON."""
    pattern = pattern or _whole(words, ignore_case=ignore_case)
    for table in tables or Base.metadata.sorted_tables:
        columns = _texts(table)
        if not columns:
            continue
        keys = list(table.primary_key.columns)
        chosen = select(*keys, *(c for c in columns if not c.primary_key))
        for row in session.execute(chosen.where(or_(*(_names(column, words) for column in columns)))).all():
            put = {}
            for column in columns:
                value = row._mapping[column]
                changed = _replaced(value, pattern, instead)
                if changed != value:
                    put[column] = changed
            if put:
                session.execute(update(table).where(and_(*(key == row._mapping[key] for key in keys))).values(put))


def _forget_in_log(session: Session, user_id: int) -> None:
    """The words they chose for their own things: the names of tokens and calendars."""
    own = session.scalars(select(SubscriptionRow.id).where(SubscriptionRow.user_id == user_id))
    subjects = [f"user:{user_id}", *(f"subscription:{one}" for one in own)]
    for event in session.scalars(select(EventRow).where(EventRow.subject.in_(subjects))):
        event.data = _nameless(event.data)
    session.flush()


def _nameless(data: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: _nameless(value) if isinstance(value, dict) else "" if key == "name" else value
        for key, value in data.items()
    }


def _owned(table: Table, user_id: int) -> list[ColumnElement[bool]]:
    """Which rows are the person's own: their account, what belongs to it, and what was done to it."""
    if table.name == UserRow.__tablename__:
        return [table.c.id == user_id]
    if table.name == EventRow.__tablename__:
        return [table.c.subject == f"user:{user_id}"]
    return [key.parent == user_id for key in table.foreign_keys if key.target_fullname == "users.id"]


def _naming(table: Table, user: UserRow) -> list[ColumnElement[bool]]:
    """Which others may be about them: they made them, or their address may stand in them."""
    if table.name == UserRow.__tablename__:
        return []
    texts = _texts(table)
    made = [column == f"user:{user.id}" for column in texts if column.name.endswith("_by") or column.name == "actor"]
    return [*made, *(_names(column, user.email) for column in texts)]


def _mention(table: Table, row: Row[Any], user: UserRow) -> dict[str, Any]:
    """Where in a row a person stands, with its key and its moments; empty, where it is somebody else after all."""
    texts, there = _texts(table), {}
    for column in texts:
        if not _SECRET.search(column.name) and (said := _said_of(row._mapping[column], user)):
            there[column.name] = said
    if not there:
        return {}
    told = _plain(table, row)
    moments = [name for name, value in row._mapping.items() if isinstance(value, dt.datetime)]
    about = (*moments, *_WHAT.get(table.name, ()))
    return {name: told[name] for name in (*table.primary_key.columns.keys(), *about) if name in told} | there


def _said_of(value: Any, user: UserRow) -> Any:
    """Of a text or of JSON what names a person: the name alone, not what stands around it."""
    match value:
        case str():
            if value == f"user:{user.id}":
                return value
            return user.email if _whole(user.email, ignore_case=True).search(value) else None
        case list():
            return [said for one in value if (said := _said_of(one, user))]
        case dict():
            return {key: said for key, one in value.items() if (said := _said_of(one, user))}
        case _:
            return None


def _texts(table: Any) -> list[Column[Any]]:
    return [c for c in table.columns if isinstance(c.type, String | Text | JSON)]


def _names(column: Any, words: str) -> ColumnElement[bool]:
    """That words may stand in a column. SQLite keeps JSON with letters beyond ASCII as escapes."""
    text = func.lower(cast(column, Text))
    plain = "".join(c.lower() if c.isascii() else c for c in words)  # as SQLite makes it small
    written = {words.lower(), plain, json.dumps(words)[1:-1].lower()}
    return or_(*(text.contains(one, autoescape=True) for one in sorted(written)))


def _whole(words: str, *, ignore_case: bool) -> re.Pattern[str]:
    """The words by themselves: joanna@example.org is not anna@example.org."""
    flags = re.IGNORECASE if ignore_case else 0
    return re.compile(rf"(?<![\w.+%-]){re.escape(words)}{_ENDS}", flags)


def _in_address_line(words: str) -> re.Pattern[str]:
    """The same where it stands written for the arguments of an address, a space there being a plus."""
    return re.compile(rf"(?<![\w.-]){re.escape(quote(words))}{_ENDS}", re.IGNORECASE)


def _replaced(value: Any, pattern: re.Pattern[str], instead: str) -> Any:
    match value:
        case str():
            return pattern.sub(instead, value)
        case list():
            return [_replaced(one, pattern, instead) for one in value]
        case dict():
            return {_replaced(key, pattern, instead): _replaced(one, pattern, instead) for key, one in value.items()}
        case _:
            return value


def _plain(table: Table, row: Row[Any]) -> dict[str, Any]:
    """A row as JSON can hold it; what opens something is left out, of a file only its size is told."""
    found: dict[str, Any] = {}
    for column in table.columns:
        value = row._mapping[column]
        if _SECRET.search(column.name):
            continue
        if isinstance(column.type, LargeBinary):
            value = f"{len(value or b'')} bytes"
        elif isinstance(value, dt.date | dt.time):
            value = value.isoformat()
        elif isinstance(value, UUID) or not isinstance(value, str | int | float | bool | list | dict | None):
            value = str(value)
        found[column.name] = value
    return found
