"""Chats: their address is a secret; what is queued for one is posted, waited for, skipped or given up with a reason."""

import datetime as dt
import json
from pathlib import Path

import pytest

from tests import reminding
from tracker.actions import chats
from tracker.actions.chat_deliveries import deliver_chats
from tracker.actions.chats import ChatSettings
from tracker.bootstrap import Tracker
from tracker.domain.commands import Actor
from tracker.domain.deliveries import Channel, DeliveryStatus
from tracker.domain.reminders import ReminderStatus, SkipReason
from tracker.errors import Conflict, GatewayError, InvalidInput
from tracker.gateways.chat import MemoryChat
from tracker.gateways.journal import FileJournal, Line, Step
from tracker.gateways.mail import MemoryMail
from tracker.i18n import N_
from tracker.outputs.chat import Message, payload_of
from tracker.store import deliveries, event_log
from tracker.store.chats import ChatRow
from tracker.store.deliveries import DeliveryRow
from tracker.store.reminders import ReminderRow
from tracker.store.rules import RuleRow

ME = Actor("user:1")
URL = "json://bot:s3cret@127.0.0.1:9/hook"
ROOM = ChatSettings("Office", "de", "Europe/Berlin", URL)
AWAY = GatewayError(N_("The chat could not be reached."), permanent=False)
GONE = GatewayError(N_("The chat refused it: {answer}"), permanent=True, answer="HTTP 404")


def queued(tracker: Tracker, chat_id: int) -> int:
    """A reminder's message to the chat, with its row of the ledger."""
    now = tracker.clock()
    with tracker.database.unit("test", now) as unit:
        row = DeliveryRow(
            key=f"reminder:chat:{chat_id}", channel=Channel.CHAT.value, recipient="Office", subject="In 7 Tagen",
            payload=payload_of(Message(chat_id, "In 7 Tagen", "Köln"), "de"), status=DeliveryStatus.QUEUED.value,
            next_try_at=now, created_at=now, expires_at=now + dt.timedelta(days=2),
        )  # fmt: skip
        unit.session.add(row)
        unit.session.flush()
        unit.session.add(
            ReminderRow(
                rule="anniversary",
                subject="founding:cologne",
                year=2026,
                lead="-7d",
                person=f"chat:{chat_id}",
                channel=Channel.CHAT.value,
                when="2026-11-28",
                due_at=now,
                status=ReminderStatus.CLAIMED.value,
                delivery_id=row.id,
                created_at=now,
            )
        )
        return row.id


def outcome(tracker: Tracker, delivery_id: int) -> tuple[str, str, str]:
    """What the delivery and the ledger say, and why."""
    with tracker.database.reading() as session:
        row = session.get_one(DeliveryRow, delivery_id)
        reminder = session.query(ReminderRow).filter_by(delivery_id=delivery_id).one()
        return row.status, reminder.status, reminder.reason or reminder.error


def test_the_address_stands_in_no_event(tracker: Tracker) -> None:
    now = tracker.clock()
    chat_id = chats.add(tracker.database, ROOM, ME, now)
    chats.revise(
        tracker.database, chat_id, ChatSettings("Office", "ru", "Europe/Moscow", "json://x:n3w@127.0.0.1:9"), 1, ME, now
    )
    chats.remove(tracker.database, chat_id, 2, ME, now)

    with tracker.database.reading() as session:
        told = [(event.type.value, json.dumps(dict(event.data))) for event in event_log.read_all(session)]
    assert [name for name, _ in told] == ["chat.added", "chat.revised", "chat.removed"]
    assert not any(secret in data for _, data in told for secret in ("s3cret", "n3w", "127.0.0.1"))
    assert '"fresh_address": true' in told[1][1]


def test_changing_nothing_is_no_event_and_an_old_version_is_refused(tracker: Tracker) -> None:
    now = tracker.clock()
    chat_id = chats.add(tracker.database, ROOM, ME, now)

    chats.revise(tracker.database, chat_id, ROOM, 1, ME, now)
    with pytest.raises(Conflict):
        chats.revise(tracker.database, chat_id, ROOM, 7, ME, now)

    with tracker.database.reading() as session:
        assert session.get_one(ChatRow, chat_id).version == 1
        assert event_log.end_of_log(session) == 1


def test_what_cannot_be_is_refused_field_by_field(tracker: Tracker) -> None:
    with pytest.raises(InvalidInput) as refused:
        chats.add(tracker.database, ChatSettings(" ", "fr", "Mars/Base", "syslog://"), ME, tracker.clock())

    assert [problem.field for problem in refused.value.problems] == ["name", "language", "timezone", "url"]


def test_a_message_is_posted_and_the_ledger_says_so(tracker: Tracker) -> None:
    chat, delivery = MemoryChat(), queued(tracker, chats.add(tracker.database, ROOM, ME, tracker.clock()))

    done = (
        deliver_chats(tracker.database, chat, tracker.clock()),
        deliver_chats(tracker.database, chat, tracker.clock()),
    )

    assert done == (1, 0)
    assert [(post.url, post.title, post.body) for post in chat.sent] == [(URL, "In 7 Tagen", "Köln")]
    assert outcome(tracker, delivery) == ("sent", "sent", "")


def test_a_passing_fault_is_waited_out_and_a_lasting_one_is_given_up(tracker: Tracker) -> None:
    chat, delivery = MemoryChat(AWAY, GONE), queued(tracker, chats.add(tracker.database, ROOM, ME, tracker.clock()))

    deliver_chats(tracker.database, chat, tracker.clock())
    waiting = outcome(tracker, delivery)
    deliver_chats(tracker.database, chat, tracker.clock() + dt.timedelta(hours=1))

    assert waiting == ("queued", "claimed", "")
    assert outcome(tracker, delivery) == ("failed", "failed", "The chat refused it: HTTP 404")
    assert chat.sent == []


def test_a_chat_switched_off_or_removed_gets_nothing_and_the_ledger_says_why(tracker: Tracker) -> None:
    now, chat = tracker.clock(), MemoryChat()
    chat_id = chats.add(tracker.database, ROOM, ME, now)
    delivery = queued(tracker, chat_id)
    chats.revise(tracker.database, chat_id, ChatSettings("Office", "de", "Europe/Berlin", active=False), 1, ME, now)

    deliver_chats(tracker.database, chat, now)

    assert outcome(tracker, delivery) == ("skipped", "skipped", SkipReason.CHAT_OFF.value)
    assert chat.sent == []


def test_a_rule_that_names_a_chat_posts_its_reminders_there_in_its_language(with_registry_read: Tracker) -> None:
    tracker, chat = with_registry_read, MemoryChat()
    chat_id = chats.add(tracker.database, ROOM, ME, tracker.clock())
    reminding.take_in(tracker)
    with tracker.database.unit("test", tracker.clock()) as unit:
        rule = unit.session.get_one(RuleRow, "anniversary")
        rule.audience, rule.version = [{"to": "chat", "value": str(chat_id), "language": ""}], rule.version + 1

    reminding.work(tracker, MemoryMail(), tracker.clock())
    reminding.work(tracker, MemoryMail(), dt.datetime(2026, 10, 29, 12, tzinfo=dt.UTC))
    deliver_chats(tracker.database, chat, tracker.clock())

    of_cologne = [post for post in chat.sent if "Städtepartnerschaft Köln" in post.title + post.body]
    (row,) = reminding.rows(tracker, person=f"chat:{chat_id}", subject="founding:cologne", lead="-30d")
    assert [post.url for post in of_cologne] == [URL]
    assert (row.status, row.channel) == ("sent", "chat")


def test_what_a_service_took_before_a_kill_is_not_posted_again(tracker: Tracker, tmp_path: Path) -> None:
    chat, journal = MemoryChat(), FileJournal(tmp_path / "outbox")
    delivery = queued(tracker, chats.add(tracker.database, ROOM, ME, tracker.clock()))
    killed_with(tracker, journal, delivery, Step.BEGUN, Step.SENT)

    deliver_chats(tracker.database, chat, tracker.clock() + dt.timedelta(minutes=11), journal)

    assert chat.sent == []
    assert outcome(tracker, delivery) == ("sent", "sent", "")


def test_what_may_have_been_taken_goes_once_more_and_is_counted(tracker: Tracker, tmp_path: Path) -> None:
    chat, journal = MemoryChat(), FileJournal(tmp_path / "outbox")
    delivery = queued(tracker, chats.add(tracker.database, ROOM, ME, tracker.clock()))
    killed_with(tracker, journal, delivery, Step.BEGUN)

    for minutes in (11, 20):
        deliver_chats(tracker.database, chat, tracker.clock() + dt.timedelta(minutes=minutes), journal)

    assert len(chat.sent) == 1
    with tracker.database.reading() as session:
        assert session.get_one(DeliveryRow, delivery).maybe_twice


def killed_with(tracker: Tracker, journal: FileJournal, delivery: int, *steps: Step) -> None:
    """A worker has claimed the message and come as far as these steps, and is no more."""
    with tracker.database.unit("test", tracker.clock()) as unit:
        row = deliveries.locked(unit.session, delivery)
        assert row is not None
        number = deliveries.begin_attempt(unit.session, row, tracker.clock())
    with journal.page() as page:
        page.write(*(Line(delivery, number, step, tracker.clock()) for step in steps))
