"""Making calendars and the secret addresses people subscribe to, taking those back, and moving on with the year."""

import datetime as dt
import hashlib
import secrets
from uuid import UUID, uuid4

from tracker.actions.exports import export_calendar
from tracker.actions.occurrences import local_day, refresh_occurrences
from tracker.domain.activities import Kind, Status, Visibility
from tracker.domain.calendars import ALL_OCCASIONS, OCCASION
from tracker.domain.choices import CalendarChoice
from tracker.domain.commands import Actor
from tracker.domain.events import EventType
from tracker.errors import FieldProblem, InvalidInput, NotFound
from tracker.i18n import LANGUAGES, N_
from tracker.store import accounts, entries, subscriptions, twins
from tracker.store import calendars as store
from tracker.store.unit_of_work import Database, Unit

_TOKEN_BYTES = 32


def create_calendar(database: Database, choice: CalendarChoice, actor: Actor, now: dt.datetime) -> UUID:
    """The calendar of this choice, made if nobody had it yet, with its bytes ready for the first poll."""
    refresh_occurrences(database, now)
    with database.unit(actor.name, now) as unit:
        return _calendar(unit, choice).id


def subscribe(
    database: Database,
    calendar_id: UUID,
    actor: Actor,
    now: dt.datetime,
    *,
    name: str = "",
    user_id: int | None = None,
) -> tuple[UUID, str]:
    """A new address of a calendar: the subscription's id and the token, which is told only this once."""
    with database.unit(actor.name, now) as unit:
        if unit.session.get(store.CalendarRow, calendar_id) is None:
            raise NotFound(N_("There is no calendar with the id {id}."), id=calendar_id)
        return _subscribe(unit, calendar_id, name, user_id)


def new_subscription(
    database: Database,
    choice: CalendarChoice,
    actor: Actor,
    now: dt.datetime,
    *,
    name: str = "",
    user_email: str | None = None,
) -> str:
    """Choose and subscribe in one go; the token. Raises `InvalidInput` for an unknown twin, kind, language or user."""
    refresh_occurrences(database, now)
    with database.unit(actor.name, now) as unit:
        user_id = _user_id(unit, user_email)
        calendar = _calendar(unit, choice)
        return _subscribe(unit, calendar.id, name, user_id)[1]


def revoke_subscription(database: Database, subscription_id: UUID, actor: Actor, now: dt.datetime) -> None:
    """Close one address for good; the others of its calendar stay."""
    with database.unit(actor.name, now) as unit:
        row = unit.session.get(subscriptions.SubscriptionRow, subscription_id)
        if row is None:
            raise NotFound(N_("There is no subscription with the id {id}."), id=subscription_id)
        if row.revoked_at is not None:
            return
        row.revoked_at, row.version = now, row.version + 1
        unit.append(EventType.SUBSCRIPTION_REVOKED, f"subscription:{row.id}", {"before": {}, "after": {}})


def roll_window(database: Database, now: dt.datetime) -> int:
    """Move on with time: occasions that come into view, calendars whose bounds move, tombstones that have stood enough.

    Returns how many of all there are; the export does the rest. Again changes nothing.
    """
    changed = refresh_occurrences(database, now)
    year = local_day(now).year
    with database.unit("system", now) as unit:
        late = [row.id for row in store.calendars(unit.session) if row.moves and row.counted_from != year]
        store.mark_stale(unit.session, late, now)
        expired = entries.touch_expired(unit.session, local_day(now))
    return changed + len(late) + expired


def token_hash(token: str) -> str:
    """What is kept of a token. It has 256 random bits, so a plain hash cannot be turned back."""
    return hashlib.sha256(token.encode()).hexdigest()


def _calendar(unit: Unit, choice: CalendarChoice) -> store.CalendarRow:
    _check(unit, choice)
    row, made = store.by_choice(unit.session, choice, uuid4(), unit.now)
    if made:
        document = {"key": choice.key, "language": choice.selection.language}
        unit.append(EventType.CALENDAR_CREATED, f"calendar:{row.id}", {"before": {}, "after": document})
        export_calendar(unit, row, twins.current(unit.session))
        # Once more after the commit: what others commit meanwhile is neither in these bytes nor noted for a calendar
        # that nobody else can see yet.
        row.stale_since, row.stale_whole = unit.now, True
    return row


def _subscribe(unit: Unit, calendar_id: UUID, name: str, user_id: int | None) -> tuple[UUID, str]:
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    row = subscriptions.SubscriptionRow(
        id=uuid4(),
        version=1,
        calendar_id=calendar_id,
        user_id=user_id,
        name=name,
        token_hash=token_hash(token),
        created_at=unit.now,
    )
    unit.session.add(row)
    after = {"calendar": str(calendar_id), "user": user_id, "name": name}
    unit.append(EventType.SUBSCRIPTION_CREATED, f"subscription:{row.id}", {"before": {}, "after": after})
    return row.id, token


def _user_id(unit: Unit, email: str | None) -> int | None:
    if email is None:
        return None
    user = accounts.user_by_email(unit.session, email)
    if user is None:
        raise InvalidInput.one("user", email, N_("There is no user with the address “{value}”."))
    return user.id


def _check(unit: Unit, choice: CalendarChoice) -> None:
    selection = choice.selection
    known = tuple(twins.load_all(unit.session)) if selection.twins else ()
    activities = tuple(kind for kind in selection.kinds if kind != OCCASION)  # which alone asks for no activities
    problems = [
        *_unknown("twins", selection.twins, known, N_("“{value}” is not a twin. Known ones: {known}.")),
        *_unknown("kinds", activities, tuple(Kind), N_("“{value}” is not a kind of activity. Kinds: {known}.")),
        *_unknown(
            "occasions", selection.occasions, ALL_OCCASIONS, N_("“{value}” is not a kind of occasion. Kinds: {known}.")
        ),
        *_unknown("statuses", selection.statuses, tuple(Status), N_("“{value}” is not a status. Statuses: {known}.")),
        *_unknown("language", (selection.language,), LANGUAGES, N_("“{value}” is not offered. Languages: {known}.")),
    ]
    if choice.level is Visibility.CONFIDENTIAL:
        reason = N_("What is confidential stands in no calendar. Choose public, members or staff.")
        problems.append(FieldProblem("visibility", choice.level.value, reason))
    if problems:
        raise InvalidInput(problems)


def _unknown(field: str, given: tuple[str, ...], known: tuple[str, ...], reason: str) -> list[FieldProblem]:
    return [FieldProblem(field, value, reason, {"known": known}) for value in given if value not in known]
