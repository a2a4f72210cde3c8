"""Where due reminders are looked at once more, and written: one delivery for all that is due to a person.

A reminder that no longer holds, or that its person need not or does not want to get, is skipped with the reason. One
that cannot be written fails by itself and holds back no other. What is decided is written at the end, all at once
(`reminder_outcomes`).
"""

import dataclasses
import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from tracker.actions.reminder_outcomes import Outcomes, Parcel
from tracker.domain.access import Role, may_write
from tracker.domain.deliveries import Channel, DeliveryStatus
from tracker.domain.reminders import SkipReason, after_quiet, expires_at, find_due
from tracker.domain.rules import About, Due, Lead, Matter, Recipient, Rule, may_read, told_of
from tracker.domain.tasks import TaskStatus, chosen_day, skip_reason
from tracker.domain.twins import Twin
from tracker.i18n import DEFAULT_LANGUAGE, known_language
from tracker.outputs import chat, imip_task, mail
from tracker.outputs.reminder_digest import digest_of
from tracker.outputs.reminder_letter import Asked, words_for
from tracker.store import accounts, addresses, chats, matters, organisation, people, reminders, tasks, twins
from tracker.store import rules as rule_store
from tracker.store.unit_of_work import Unit


@dataclass(frozen=True)
class Reader:
    """Whom something is due to, and how they want to be told. An address or a chat has no `user`."""

    recipient: Recipient
    language: str
    user: accounts.UserRow | None = None
    chat: chats.ChatRow | None = None
    address: addresses.MailAddressRow | None = None

    @property
    def unwilling(self) -> SkipReason | None:
        """Why they get nothing at all just now."""
        if (self.user and not self.user.reminders_by_mail) or (self.address and self.address.stopped_at):
            return SkipReason.UNSUBSCRIBED
        reached = self.user or self.address
        return SkipReason.MAIL_PAUSED if reached and reached.mail_paused_at else None

    @property
    def may_do(self) -> bool:
        """Whether they can take a task on; who only reads is not offered what the page would refuse."""
        return self.recipient.role is not None and may_write(Role(self.recipient.role))

    @property
    def gone(self) -> SkipReason | None:
        if self.user and not self.user.active:
            return SkipReason.ACCOUNT_CLOSED
        return SkipReason.CHAT_OFF if self.chat and not self.chat.active else None


@dataclass(frozen=True)
class Item:
    """One thing to be told of, though perhaps two reminders of it are due: a rule's own and the one more."""

    due: Due
    rows: tuple[reminders.ReminderRow, ...]
    task: tasks.TaskRow | None
    words: mail.Words

    @property
    def first(self) -> int:
        return min(row.id for row in self.rows)


@dataclass(frozen=True)
class Desk:
    """What is needed to write the reminders of some people, read once in a unit of work."""

    unit: Unit
    letterhead: mail.Letterhead
    rules: Mapping[str, Rule]
    sources: matters.Sources
    twins: Mapping[str, Twin]
    readers: Mapping[str, Reader]
    outcomes: Outcomes
    _matters: dict[tuple[str, str, int], Matter | None] = field(default_factory=dict)
    _tasks: dict[tuple[str, str, int], tasks.TaskRow] = field(default_factory=dict)

    @classmethod
    def of(cls, unit: Unit, letterhead: mail.Letterhead, people_due: Collection[str]) -> "Desk":
        session = unit.session
        rules = {rule.key: rule for rule in rule_store.rules(session)}
        readers = _readers(unit, rules.values(), people_due)
        letterhead = letterhead.of_house(organisation.current(session))
        sources = matters.Sources.of(session)
        return cls(unit, letterhead, rules, sources, twins.load_all(session), readers, Outcomes(unit))

    def serve(self, people_due: Sequence[str]) -> set[str]:
        """Settle all that is due to those people; returns those another worker is at, or has been since we looked."""
        claimed = reminders.claim_due(self.unit.session, people_due, self.unit.now)
        self.sources.fetch({row.subject for rows in claimed.values() for row in rows if self._is_of_occasion(row)})
        for person, rows in claimed.items():
            self._settle(person, rows)
        return set(people_due) - claimed.keys()

    def _settle(self, person: str, rows: Sequence[reminders.ReminderRow]) -> None:
        reader = self.readers.get(person)
        if reader is None or reader.gone:
            self.outcomes.skip(rows, reader.gone if reader and reader.gone else _why_unknown(person))
            return
        awake = after_quiet(self.unit.now, reader.recipient.zone, reader.recipient.quiet)
        if awake > self.unit.now:
            self.outcomes.wait(rows, awake)
            return
        self._deliver(self._items(rows, reader), reader)

    def _items(self, rows: Sequence[reminders.ReminderRow], reader: Reader) -> list[Item]:
        found: dict[tuple[str, str, int], list[tuple[reminders.ReminderRow, Due]]] = {}
        for row in rows:
            due = self._look(row, reader)
            if isinstance(due, SkipReason):
                self.outcomes.skip([row], due)
            else:
                found.setdefault((row.rule, row.subject, row.year), []).append((row, due))
        items = (self._item(same, reader) for same in found.values())
        return sorted((item for item in items if item), key=_place)

    def _is_of_occasion(self, row: reminders.ReminderRow) -> bool:
        rule = self.rules.get(row.rule)
        return rule is not None and rule.about is About.OCCASION

    def _look(self, row: reminders.ReminderRow, reader: Reader) -> Due | SkipReason:
        """The reminder as it stands now, or why it is not to leave."""
        rule = self.rules.get(row.rule)
        if rule is None or not rule.enabled:
            return SkipReason.RULE_OFF
        due = self._due(row, rule)
        if due is None:
            return SkipReason.WITHDRAWN
        if self.unit.now >= expires_at(due, reader.recipient.zone):
            return SkipReason.TOO_LATE
        task = self._task(row, due)
        if reason := self._not_for(due, task, row, reader):
            return reason
        return reader.unwilling or self._taken(due, task, reader) or due

    def _due(self, row: reminders.ReminderRow, rule: Rule) -> Due | None:
        key = (rule.key, row.subject, row.year)
        if key not in self._matters:
            self._matters[key] = matters.find(self.sources, rule, row.subject, row.year)
        matter = self._matters[key]
        day = chosen_day(row.lead)
        if day is None or matter is None:
            return find_due(rule, matter, row.planned)
        # The day that somebody chose holds, wherever the matter's own has moved to since.
        return Due(rule, matter, Lead((day - (matter.when.earliest or day)).days), day)

    def _task(self, row: reminders.ReminderRow, due: Due) -> tasks.TaskRow | None:
        if not due.rule.task:
            return None
        key = (row.rule, row.subject, row.year)
        if key not in self._tasks:
            self._tasks[key] = tasks.ensure_open(self.unit.session, *key, due.matter.when.edtf, self.unit.now)
        return self._tasks[key]

    @staticmethod
    def _not_for(due: Due, task: tasks.TaskRow | None, row: reminders.ReminderRow, reader: Reader) -> SkipReason | None:
        """Who has taken a task on, or chose the day, is told though no rule would: if they may know of it at all."""
        theirs = task is not None and task.user_id is not None and task.user_id == reader.recipient.user_id
        if theirs or chosen_day(row.lead) is not None:
            return None if may_read(due.matter, reader.recipient) else SkipReason.NOT_FOR_YOU
        return None if told_of(due, [reader.recipient]) else SkipReason.NOT_FOR_YOU

    @staticmethod
    def _taken(due: Due, task: tasks.TaskRow | None, reader: Reader) -> SkipReason | None:
        if task is None:
            return None
        status = TaskStatus(task.status)
        if due.lead.escalates and status is TaskStatus.CLAIMED:
            return SkipReason.CLAIMED
        return skip_reason(status, task.user_id, reader.recipient.user_id)

    def _item(self, same: Sequence[tuple[reminders.ReminderRow, Due]], reader: Reader) -> Item | None:
        """Words are chosen by the rule's own reminder where both are due."""
        rows, dues = tuple(row for row, _ in same), [due for _, due in same]
        due = min(dues, key=lambda due: (due.lead.escalates, -due.day.toordinal()))
        task = self._tasks.get((rows[0].rule, rows[0].subject, rows[0].year)) if due.rule.task else None
        asked = Asked(
            task_id=task.id if task and reader.may_do else None,
            row_id=rows[0].id,
            left=any(due.lead.escalates for due in dues),
            name=reader.user.name if reader.user else "",
            account=reader.user is not None,
        )
        today = self.unit.now.astimezone(ZoneInfo(reader.recipient.zone)).date()
        try:
            words = words_for(due, reader.language, self.twins, today, self.letterhead.base_url, asked)
        except Exception as fault:  # one that cannot be written must not hold back the others
            self.outcomes.fail(rows, fault)
            return None
        return Item(due, rows, task, words)

    def _deliver(self, items: list[Item], reader: Reader) -> None:
        """One delivery for all, or one for each where that is wanted; a task for the mail program goes by itself."""
        single = [item for item in items if self._goes_alone(item, reader)]
        together = [item for item in items if not self._goes_alone(item, reader)]
        for parcel in [[item] for item in single] + ([together] if together else []):
            self._send(parcel, reader)

    @staticmethod
    def _goes_alone(item: Item, reader: Reader) -> bool:
        user = reader.user
        return user is not None and (user.single_mails or (user.tasks_by_mail and item.task is not None))

    def _send(self, items: list[Item], reader: Reader) -> None:
        rows = [row for item in items for row in item.rows]
        try:
            self.outcomes.leave(Parcel(self._delivery(items, reader), rows))
        except Exception as fault:  # likewise
            self.outcomes.fail(rows, fault)

    def _delivery(self, items: list[Item], reader: Reader) -> dict[str, Any]:
        # By the first row of the ledger: whoever makes it again makes the same, under the same Message-ID.
        key = f"reminder:{min(item.first for item in items)}"
        words = digest_of([item.words for item in items], account=reader.user is not None)
        if reader.chat:
            message = chat.message_from(reader.chat.id, words)
            channel, recipient, payload = Channel.CHAT, reader.chat.name, chat.payload_of(message, words.language)
        else:
            letter = self._letter(key, words, items, reader)
            channel, recipient, payload = Channel.MAIL, letter.to, mail.payload_of(letter)
        return {
            "key": key,
            "channel": channel.value,
            "user_id": reader.recipient.user_id,
            "recipient": recipient,
            "subject": words.subject,
            "payload": payload,
            "status": DeliveryStatus.QUEUED.value,
            "next_try_at": self.unit.now,
            "expires_at": max(expires_at(item.due, reader.recipient.zone) for item in items),
            "created_at": self.unit.now,
        }

    def _letter(self, key: str, words: mail.Words, items: list[Item], reader: Reader) -> mail.Letter:
        to, name = reader.recipient.email, reader.user.name if reader.user else ""
        letter = mail.write(
            words,
            self.letterhead,
            key=key,
            user_id=reader.recipient.user_id,
            to=to,
            name=name,
            address_id=reader.address.id if reader.address else None,
        )
        (item, *others) = items
        if others or item.task is None or reader.user is None or not reader.user.tasks_by_mail:
            return letter
        task = self._todo(item, item.task, letter)
        return dataclasses.replace(letter, method=imip_task.METHOD, component=imip_task.COMPONENT, calendar=task)

    def _todo(self, item: Item, task: tasks.TaskRow, letter: mail.Letter) -> str:
        return imip_task.todo(
            uid=f"task-{task.id}@{self.letterhead.host}",
            summary=item.words.heading,
            due=max(item.due.matter.when.latest or item.due.day, item.due.day + dt.timedelta(days=1)),
            url=f"{self.letterhead.base_url}/tasks/{task.id}",
            organizer=letter.sender,
            attendee=letter.to,
            sequence=task.version - 1,
            stamp=self.unit.now,
        )


def _place(item: Item) -> tuple[dt.date, int]:
    return item.due.matter.when.earliest or item.due.day, item.first


def _why_unknown(person: str) -> SkipReason:
    """No rule names the address any more; the chat was removed. An account's rows go with it."""
    return SkipReason.CHAT_OFF if person.startswith("chat:") else SkipReason.NOT_FOR_YOU


def _readers(unit: Unit, rules: Collection[Rule], people_due: Collection[str]) -> dict[str, Reader]:
    session, found = unit.session, dict[str, Reader]()
    ids = [int(person.removeprefix("user:")) for person in people_due if person.startswith("user:")]
    for user, recipient in people.accounts_numbered(session, ids):
        found[recipient.person] = Reader(recipient, known_language(user.language), user=user)
    for address, audience in people.addresses(rules).items():
        recipient = people.of_address(address)
        if recipient.person in people_due:
            known, tongue = addresses.ensure(session, address), known_language(audience.language or DEFAULT_LANGUAGE)
            found[recipient.person] = Reader(recipient, tongue, address=known)
    for row in chats.chats(session):
        recipient = people.of_chat(row)
        found[recipient.person] = Reader(recipient, known_language(row.language), chat=row)
    return found
