"""What tests of calendars share: twins as rows, activities logged, and a calendar as a program reads it."""

import datetime as dt
from typing import Any
from uuid import UUID

import icalendar
from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.actions.activities import record_activity, remove_activity, revise_activity
from tracker.actions.calendars import new_subscription
from tracker.actions.exports import export_calendars
from tracker.actions.feeds import Whole, poll, whole
from tracker.bootstrap import Tracker
from tracker.consumers import reading
from tracker.domain.activities import Activity, ActivityContent, Visibility
from tracker.domain.calendars import Selection
from tracker.domain.choices import CalendarChoice
from tracker.domain.commands import Actor, RecordActivity, RemoveActivity, ReviseActivity
from tracker.domain.events import EventType
from tracker.domain.twins import Twin
from tracker.store.accounts import UserRow
from tracker.store.subscriptions import SubscriptionRow, live
from tracker.store.twins import LinkKindRow, TwinRow, write_twin

ME = Actor("user:1")
HOUSE = Actor("cli")
"""Who may log anything: with pages in front, the account that ME is has a role of its own."""

COLOGNE: dict[str, Any] = {
    "slug": "cologne",
    "names": {"en": "Cologne", "de": "Köln", "ru": "Кёльн"},
    "country": "DE",
    "latitude": 50.9375,
    "longitude": 6.9603,
    "dates": [{"date": "1988-11-28", "primary": True}],
    "states": [
        {"level": "agreement", "state": "in_force"},
        {"level": "official_contacts", "state": "resting", "since": "2022-03-03"},
    ],
}
COVENTRY: dict[str, Any] = {"slug": "coventry", "names": {"en": "Coventry", "ru": "Ковентри"}, "country": "GB"}


def put_twin(tracker: Tracker, document: dict[str, Any]) -> None:
    """Add a twin, or revise it."""
    with tracker.database.unit("registry", tracker.clock()) as unit:
        if unit.session.get(LinkKindRow, "twin") is None:
            unit.session.add(LinkKindRow(slug="twin", names={"en": "twin"}))
            unit.session.flush()
        row = unit.session.get(TwinRow, document["slug"])
        type_ = EventType.TWIN_ADDED if row is None else EventType.TWIN_REVISED
        row = row or TwinRow(slug=document["slug"], version=0)
        row.version, row.changed_at = row.version + 1, tracker.clock()
        write_twin(row, Twin.model_validate(document))
        unit.session.add(row)
        unit.append(type_, f"twin:{document['slug']}", {"before": {}, "after": {"names": document["names"]}})


def content(**fields: Any) -> ActivityContent:
    base = {
        "kind": "delegation",
        "status": "confirmed",
        "title": {"en": "Visit of the mayor", "de": "Besuch der Oberbürgermeisterin"},
        "twins": ["cologne"],
        "start": "2026-12-04",
    }
    return ActivityContent.model_validate(base | fields)


def record(tracker: Tracker, id: UUID | None = None, **fields: Any) -> Activity:  # noqa: A002 -- named as the activity has it
    return record_activity(tracker.database, RecordActivity(content(**fields), id), HOUSE, tracker.clock())


def revise(tracker: Tracker, activity: Activity, **fields: Any) -> Activity:
    """Change some fields; the clock goes on a minute first."""
    tracker.clock.set(tracker.clock() + dt.timedelta(minutes=1))  # type: ignore[attr-defined]  # a test's clock
    known = activity.content().model_dump(mode="json")
    command = ReviseActivity(activity.id, ActivityContent.model_validate(known | fields), None)
    return revise_activity(tracker.database, command, HOUSE, tracker.clock())


def remove(tracker: Tracker, activity: Activity) -> None:
    remove_activity(tracker.database, RemoveActivity(activity.id, None), HOUSE, tracker.clock())


def choice(*twins: str, language: str = "en", level: Visibility = Visibility.PUBLIC, **more: Any) -> CalendarChoice:
    return CalendarChoice(Selection(twins, language=language, **more), level)


def subscribed(tracker: Tracker, wanted: CalendarChoice) -> str:
    """The token of a new address of this choice."""
    return new_subscription(tracker.database, wanted, ME, tracker.clock())


def settle(tracker: Tracker) -> int:
    """Let the consumers and the export do their work; how many calendars got new bytes."""
    reading.catch_up(tracker.database, tracker.consumers, tracker.clock())
    return export_calendars(tracker.database, tracker.clock())


def sent(tracker: Tracker, token: str) -> bytes:
    """The bytes a subscriber gets."""
    return served(tracker, token).body


def served(tracker: Tracker, token: str) -> Whole:
    """What lies ready for a subscriber."""
    found = poll(tracker.database, token, tracker.clock())
    assert found is not None
    whole_calendar = whole(tracker.database, found.calendar_id)
    assert whole_calendar is not None
    return whole_calendar


def entries(body: bytes) -> dict[str, icalendar.Event]:
    """A calendar's entries by their uid, as a calendar program parses them."""
    parsed = icalendar.Calendar.from_ical(body)
    return {str(entry["UID"]): entry for entry in parsed.walk("VEVENT")}


def entry(tracker: Tracker, token: str, activity: Activity) -> icalendar.Event | None:
    return entries(sent(tracker, token)).get(f"{activity.id}@tracker")


def by_token_hash(session: Session, token_hash: str) -> SubscriptionRow | None:
    """The open subscription of a token."""
    query = select(SubscriptionRow).outerjoin(UserRow, UserRow.id == SubscriptionRow.user_id)
    return session.scalar(query.where(SubscriptionRow.token_hash == token_hash, *live()))
