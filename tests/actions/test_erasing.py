"""What is known of a person is handed over whole; once they are forgotten, the whole database holds nothing of them.

Address and name are planted wherever a column can hold them. A column whose name says that it may hold something of a
person, and that is neither planted nor excused here, fails: a later table must think of it.
"""

import datetime as dt
import json
import re
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select, text

import tracker.store.schema  # noqa: F401 -- all rows register themselves on import
from tests.calendars import COLOGNE, choice, put_twin
from tests.reports import put_readers
from tracker.actions.activities import record_activity
from tracker.actions.calendars import create_calendar, subscribe
from tracker.actions.erasing import erase, known_of
from tracker.actions.grants import change_grants, close_account, invite
from tracker.actions.tokens import bearer_of, issue_token
from tracker.actions.users import GivenGrant, NewUser, add_user
from tracker.bootstrap import Tracker
from tracker.domain.activities import ActivityContent
from tracker.domain.commands import Actor, RecordActivity
from tracker.errors import InvalidInput, NotFound
from tracker.intake.json import activity_content
from tracker.store import accounts, event_log
from tracker.store.activity_rows import ActivityRow
from tracker.store.addresses import MailAddressRow
from tracker.store.base import Base
from tracker.store.bounces import BounceRow
from tracker.store.bulk import BulkRow
from tracker.store.chats import ChatRow
from tracker.store.deliveries import DeliveryAttemptRow, DeliveryRow
from tracker.store.drafts import DraftRow
from tracker.store.files import BytesRow, FileRow
from tracker.store.logins import LoginSessionRow, PasskeyRow
from tracker.store.organisation import OrganisationRow
from tracker.store.partners import ContactRow
from tracker.store.reminders import ReminderRow
from tracker.store.report_jobs import MailingRow
from tracker.store.report_texts import TextRow
from tracker.store.rules import RuleRow
from tracker.store.saved_views import SavedViewRow
from tracker.store.subscriptions import SubscriptionClientRow, SubscriptionRow
from tracker.store.tasks import LetterRow, TaskRow
from tracker.store.unit_of_work import _LOG_LOCK
from tracker.store.uploads import UploadRow

ADDRESS, NAME = "anna.markova@example.org", "Анна Маркова"
OTHER = "joanna.markova@example.org"

CONTACT = UUID(int=7)

MAY_HOLD = re.compile(
    r"mail|address|recipient|responsible|audience|sender|^name$|person|payload|said|error|_by$|^actor$"
)
NO_WORDS = re.compile(r"_at$|_id$|begins_by$|by_mail$|single_mails|mail_urgent")
"""Moments, numbers, days and switches."""
PLANTED = {
    "activities.responsible", "activities.recorded_by", "bounces.recipient", "bounces.said",
    "contacts.address", "contacts.email", "contacts.name", "contacts.person",
    "bulk_edits.made_by", "bulk_edits.undone_by", "files.created_by", "files.name",
    "deliveries.recipient", "deliveries.payload", "deliveries.last_error", "delivery_attempts.error", "events.actor",
    "letters.addressee", "letters.recipient", "letters.sender", "mail_addresses.address",
    "mail_addresses.mail_paused_why", "organisation.address", "organisation.email", "reminders.error",
    "reminders.person", "report_mailings.addresses", "report_texts.changed_by", "rules.audience", "subscriptions.name",
    "users.email", "users.mail_paused_why", "users.name",
}  # fmt: skip
HOLDS_NOBODY = {
    "officeholders.name": "whoever held a public office of a city: a record, as who led a delegation is",
    "receipts.confirmed_by": "whoever got the goods, outside the house: what the aid is accounted for with",
    "bookmarks.error": "what a consumer says of an event; scrubbed as every text is",
    "chats.name": "a chat's", "heartbeats.name": "a program's", "honours.name": "a street's",
    "parked_events.error": "likewise", "report_jobs.error": "likewise",
    "report_documents.made_by": "a number, which is nobody's then", "report_documents.name": "a file's",
    "report_documents.plain_name": "a file's", "report_editions.made_by": "a number", "roles.name": "a role's",
}  # fmt: skip

STAY = {"subscriptions", "reminders"}
GO = {
    table.name
    for table in Base.metadata.sorted_tables
    for key in table.foreign_keys
    if key.target_fullname == "users.id" and key.ondelete == "CASCADE"
} - STAY
"""Tables whose rows go with whoever they are of."""


def people(tracker: Tracker) -> int:
    """An administrator, a reader, and Anna, whose number it returns."""
    now = tracker.clock()
    put_twin(tracker, COLOGNE)
    add_user(tracker.database, NewUser("chief@example.org", "administrator"), "system", now)
    add_user(tracker.database, NewUser(OTHER, "reader", "Joanna"), "system", now)
    return add_user(tracker.database, NewUser(ADDRESS, "editor", NAME), "system", now).id


def anna(tracker: Tracker) -> int:
    """The same, with everything that can be known of her."""
    user_id, now = people(tracker), tracker.clock()
    put_readers(tracker)
    issue_token(tracker.database, ADDRESS, now, Actor("cli"), name=f"of {NAME}")
    calendar = create_calendar(tracker.database, choice("cologne"), Actor("system"), now)
    subscribe(tracker.database, calendar, Actor(f"user:{user_id}"), now, name=f"of {NAME}", user_id=user_id)
    given = {"kind": "festival", "title": {"en": "Fair"}, "twins": ["cologne"], "start": "2027", "responsible": ADDRESS}
    content: ActivityContent = activity_content({**given, "note": f"Ask {ADDRESS}, not {OTHER}."})
    record_activity(tracker.database, RecordActivity(content), Actor(f"user:{user_id}"), now)
    with tracker.database.unit("system", now) as unit:
        told = {"rule": "r", "subject": "s", "year": 2026, "when": "2026", "created_at": now}
        unit.session.add(task := TaskRow(version=1, status="claimed", user_id=user_id, **told))
        unit.session.flush()
        unit.session.add_all(rows_of(user_id, task.id, unit.session.scalars(select(SubscriptionRow.id)).one(), now))
        user = unit.session.get_one(accounts.UserRow, user_id)
        user.mail_paused_at, user.mail_paused_why = now, f"550 no mailbox {ADDRESS}"
    return user_id


def rows_of(user_id: int, task_id: int, subscription_id: Any, now: dt.datetime) -> list[Any]:
    mail = {"channel": "mail", "subject": f"Good day {NAME}", "status": "queued", "next_try_at": now, "created_at": now}
    to_her = DeliveryRow(
        key="reminder:1", user_id=user_id, recipient=ADDRESS, payload={"to": ADDRESS, "text": f"Dear {NAME}"},
        last_error=f"550 <{ADDRESS}>", attempts=[DeliveryAttemptRow(
            number=1, begun_at=now, outcome="passing", error=f"450 {ADDRESS.upper()}")], **mail,
    )  # fmt: skip
    by_her = DeliveryRow(
        key=f"report:2026:{ADDRESS}", recipient="town@example.org",
        payload={"reply_to": ADDRESS, "text": ["Yours", NAME]}, **mail,
    )  # fmt: skip
    told = {"rule": "r", "subject": "s", "year": 2026, "when": "2026", "created_at": now}
    return [
        to_her, by_her,
        BounceRow(key="b", at=now, recipient=ADDRESS, hard=True, said=f"no {ADDRESS}"),
        MailAddressRow(address=ADDRESS, mail_paused_at=now, mail_paused_why=ADDRESS),
        OrganisationRow(id=1, version=1, names={"en": "We"}, address=f"c/o {ADDRESS}", place="", email=ADDRESS),
        ReminderRow(lead="0d", person=f"user:{user_id}", channel="mail", user_id=user_id, due_at=now, status="failed",
                    error=f"550 {ADDRESS}", **told),
        ReminderRow(lead="0d", person=f"mail:{ADDRESS}", channel="mail", due_at=now, status="failed", **told),
        MailingRow(id=uuid4(), version=1, reader="members", form="pdf", languages=["en"], month=1, day=1,
                   addresses=[ADDRESS, OTHER], changed_at=now),
        TextRow(version=1, period="2026", reader="", twin="", section="highlights", language="en",
                markdown=f"Write to {ADDRESS}", changed_at=now, changed_by=f"user:{user_id}"),
        RuleRow(key="r", version=1, about="occasion", names={}, choice={}, leads=[], wording={}, since=now,
                changed_at=now, audience=[{"to": "address", "value": ADDRESS, "language": "en"}]),
        SubscriptionClientRow(subscription_id=subscription_id, client="other", agent=f"Phone of {NAME}", first_at=now,
                              last_at=now, fetches=1, etag=""),
        UploadRow(id=uuid4(), user_id=user_id, name=f"{NAME}.csv", content=ADDRESS.encode(), options={},
                  created_at=now),
        LetterRow(version=1, task_id=task_id, twin="cologne", year=2026, language="ru", recipient=ADDRESS,
                  addressee=ADDRESS, sender=f"{NAME}, Köln", subject="", body=f"Ваша {NAME}", status="sent",
                  user_id=user_id, changed_at=now),
        BulkRow(id=uuid4(), edit={"responsible": ADDRESS}, made_by=f"user:{user_id}", made_at=now,
                undone_by=f"user:{user_id}", undone_at=now),
        ContactRow(id=CONTACT, version=1, twin="cologne", name=f"Office of {ADDRESS}", languages=["de"],
                   address=f"c/o {ADDRESS}", person=NAME, email=ADDRESS, phone="+49 221", open=False),
        BytesRow(sha256="0" * 64, media_type="application/pdf", size=1, wanted_at=now, thumbnail="none",
                 lease_until=now),
        FileRow(id=uuid4(), version=1, subject="twin:cologne", sha256="0" * 64, name=f"{ADDRESS}.pdf",
                caption={"en": ADDRESS}, consent="given", shown_people=f"Erika, who told {ADDRESS}",
                visibility="staff", created_at=now, created_by=f"user:{user_id}"),
        SavedViewRow(user_id=None, name=f"What {ADDRESS} does", arguments=f"responsible={quote(ADDRESS)}&q=fair",
                     saved_at=now),
        SavedViewRow(user_id=user_id, name=NAME, arguments="", saved_at=now),
        DraftRow(id=uuid4(), user_id=user_id, kind="festival", fields={"note": [NAME]}, created_at=now,
                 changed_at=now),
        LoginSessionRow(hash="h", user_id=user_id, uniquifier="u", way="password", browser="Firefox",
                        system="Linux", opened_at=now, used_at=now),
        PasskeyRow(user_id=user_id, name=f"Phone of {NAME}", credential_id=b"c", public_key=b"p", sign_count=0,
                   handle=b"h", transports=[], added_at=now),
        ChatRow(version=1, name="Board", url="ntfy://x", language="en", timezone="UTC", created_at=now),
    ]  # fmt: skip


def dumped(tracker: Tracker) -> str:
    """Every cell of every table, JSON with its letters written out."""
    with tracker.database.reading() as session:
        cells = [
            cell.decode(errors="replace")
            if isinstance(cell, bytes)
            else json.dumps(cell, ensure_ascii=False, default=str)
            for table in Base.metadata.sorted_tables
            for row in session.execute(select(table))
            for cell in row
        ]
    return "\n".join(cells)


def test_every_column_that_may_tell_of_somebody_is_thought_of() -> None:
    found = {
        f"{t.name}.{c.name}"
        for t in Base.metadata.sorted_tables
        for c in t.columns
        if t.name not in GO and MAY_HOLD.search(c.name) and not NO_WORDS.search(c.name)
    }

    assert sorted(found - PLANTED - HOLDS_NOBODY.keys()) == []


def test_who_is_forgotten_stands_nowhere_any_more(tracker: Tracker) -> None:
    user_id = anna(tracker)
    before = dumped(tracker)
    assert before.lower().count(ADDRESS) > 20
    assert before.count(NAME) > 8

    erase(tracker.database, user_id, ADDRESS, "user:1", tracker.clock())

    left = [
        line for line in dumped(tracker).splitlines() if re.search(rf"(?i)(?<![\w]){re.escape(ADDRESS)}|{NAME}", line)
    ]
    assert left == []
    assert OTHER in dumped(tracker)
    with tracker.database.reading() as session:
        for name in GO:
            table = Base.metadata.tables[name]
            assert session.execute(select(table).where(table.c.user_id == user_id)).all() == [], name


def test_records_stay_as_those_of_nobody(tracker: Tracker) -> None:
    user_id = anna(tracker)

    erase(tracker.database, user_id, ADDRESS.upper(), "user:1", tracker.clock())

    with tracker.database.reading() as session:
        fair = session.scalars(select(ActivityRow)).one()
        assert (fair.responsible, fair.note, fair.version) == ("", f"Ask …, not {OTHER}.", 2)
        history = event_log.history(session, f"activity:{fair.id}")
        assert [event.actor for event in history] == [f"user:{user_id}", "user:1"]
        assert accounts.names_of(session, [user_id]) == {}
        assert user_id not in {user.id for user in accounts.users(session)}
        task = session.scalars(select(TaskRow)).one()
        assert (task.status, task.user_id) == ("open", None)
        assert session.scalars(select(MailingRow)).one().addresses == [OTHER]
        rule = session.get_one(RuleRow, "r")
        assert (rule.audience, rule.enabled) == ([], False)
        assert session.scalars(select(SubscriptionRow)).one().revoked_at is not None
        statuses = session.execute(select(DeliveryRow.recipient, DeliveryRow.status).order_by(DeliveryRow.id)).all()
        assert [tuple(one) for one in statuses] == [("", "skipped"), ("town@example.org", "queued")]
        contact = session.get_one(ContactRow, CONTACT).to_value()
        assert (contact.email, contact.person, contact.phone) == ("", "", "")
        bulk = session.scalars(select(BulkRow)).one()
        assert (bulk.made_by, bulk.edit["responsible"]) == (f"user:{user_id}", f"erased-{user_id}")
        photograph = session.scalars(select(FileRow)).one()
        assert photograph.shown_people == f"Erika, who told erased-{user_id}"  # their consent is still a fact
        [view] = session.scalars(select(SavedViewRow))
        assert view.arguments == f"responsible=erased-{user_id}&q=fair"
    again = add_user(tracker.database, NewUser(ADDRESS, "reader"), "user:1", tracker.clock())
    assert again.id != user_id


def test_an_export_has_all_of_it_and_nothing_that_opens_anything(tracker: Tracker) -> None:
    user_id = anna(tracker)
    token = issue_token(tracker.database, ADDRESS, tracker.clock(), Actor("cli"))
    bearer = bearer_of(tracker.database, token, tracker.clock())
    assert bearer
    assert bearer.user_id == user_id

    known = known_of(tracker.database, user_id, tracker.clock())

    tables = {"users", "grants", "tokens", "subscriptions", "deliveries", "reminders", "tasks", "activities", "events",
              "letters", "uploads", "rules", "bounces", "report_mailings", "bulk_edits", "contacts", "files", "drafts",
              "saved_views", "login_sessions", "passkeys", "report_texts"}  # fmt: skip
    assert tables <= known["kept"].keys()
    told = json.dumps(known)
    assert "tour" in known["kept"]["users"][0]
    assert {"hash", "uniquifier"}.isdisjoint(known["kept"]["login_sessions"][0])
    assert {"credential_id", "public_key", "handle"}.isdisjoint(known["kept"]["passkeys"][0])
    with tracker.database.reading() as session:
        user = session.get_one(accounts.UserRow, user_id)
        secrets = [user.fs_uniquifier, *session.scalars(select(accounts.TokenRow.hash))]
    assert not [secret for secret in secrets if secret in told]


def test_the_person_themself_is_told_where_they_stand_in_records_of_others_and_no_more(tracker: Tracker) -> None:
    user_id, now = anna(tracker), tracker.clock()
    given = {"kind": "festival", "title": {"en": "Hush"}, "twins": ["cologne"], "start": "2027", "responsible": ADDRESS}
    content = activity_content({**given, "visibility": "confidential", "organisers": [{"name": f"By {ADDRESS}"}]})
    secret = record_activity(tracker.database, RecordActivity(content), Actor("user:1"), now)

    whole = known_of(tracker.database, user_id, now)["kept"]
    own = known_of(tracker.database, user_id, now, whole=False)["kept"]

    assert "Hush" in json.dumps(whole)
    assert own.keys() == whole.keys()
    assert {name: len(rows) for name, rows in own.items()} == {name: len(rows) for name, rows in whole.items()}
    (told,) = [row for row in own["activities"] if row["id"] == str(secret.id)]
    assert told.keys() == {"id", "created_at", "changed_at", "dated_at", "responsible", "organisers"}
    assert (told["responsible"], told["organisers"]) == (ADDRESS, [{"name": ADDRESS}])
    hidden = ("Hush", "Erika", "joanna", "Ask ", "550 ", "+49 221")
    others = {name: rows for name, rows in own.items() if name not in ("users", "deliveries", "reminders")}
    assert [word for word in hidden if word in json.dumps(others)] == []
    assert {row["text"] for row in (row["payload"] for row in own["deliveries"]) if "text" in row} == {f"Dear {NAME}"}
    logged = [row for row in own["events"] if row["type"] == "activity.recorded" and "actor" in row]
    assert logged[0].keys() >= {"position", "subject", "at"}


def test_an_address_within_a_longer_one_is_not_theirs(tracker: Tracker) -> None:
    user_id, now = anna(tracker), tracker.clock()
    mail = {"channel": "mail", "subject": "For Joanna", "status": "sent", "next_try_at": now, "created_at": now}
    with tracker.database.unit("system", now) as unit:
        unit.session.add(DeliveryRow(key="reminder:2", recipient=OTHER, payload={"to": OTHER}, **mail))

    assert "For Joanna" not in json.dumps(known_of(tracker.database, user_id, now))


def test_whoever_erases_must_mean_it_and_leave_an_administrator(tracker: Tracker) -> None:
    user_id = people(tracker)

    with pytest.raises(InvalidInput, match=r"anna\.markova"):
        erase(tracker.database, user_id, "anna@example.org", "user:1", tracker.clock())
    with pytest.raises(InvalidInput, match="administrator"):
        erase(tracker.database, 1, "chief@example.org", "user:1", tracker.clock())
    erase(tracker.database, user_id, ADDRESS, "user:1", tracker.clock())
    with pytest.raises(NotFound):
        known_of(tracker.database, user_id, tracker.clock())


def test_the_last_administrator_stays_one(tracker: Tracker) -> None:
    user_id = people(tracker)
    as_reader = [GivenGrant("reader")]

    with pytest.raises(InvalidInput, match="administrator"):
        change_grants(tracker.database, 1, as_reader, "user:1", tracker.clock())
    with pytest.raises(InvalidInput, match="administrator"):
        close_account(tracker.database, 1, "user:1", tracker.clock())
    change_grants(tracker.database, user_id, [GivenGrant("administrator")], "user:1", tracker.clock())
    change_grants(tracker.database, 1, as_reader, "user:1", tracker.clock())
    with pytest.raises(InvalidInput, match="administrator"):
        close_account(tracker.database, user_id, "user:1", tracker.clock())


@pytest.mark.parametrize("mode", ["served"])
def test_of_two_administrators_who_close_each_other_at_once_one_stays(tracker: Tracker) -> None:
    second, database = people(tracker), tracker.database
    change_grants(database, second, [GivenGrant("administrator")], "user:1", tracker.clock())

    with ThreadPoolExecutor(2) as hands, database.reading() as gate:
        # Whoever has got as far as the event log waits there for us, with everything checked and nothing committed.
        gate.execute(select(func.pg_advisory_xact_lock(_LOG_LOCK)))
        closing = [
            hands.submit(close_account, database, whom, f"user:{who}", tracker.clock())
            for who, whom in ((1, second), (second, 1))
        ]
        waiting = text(
            "SELECT count(*) = 2 FROM pg_locks JOIN pg_database d ON d.oid = database"
            " WHERE NOT granted AND datname = current_database()"
        )
        latest = time.monotonic() + 10
        while not gate.scalar(waiting) and time.monotonic() < latest:
            time.sleep(0.01)
        gate.rollback()
        faults = [one.exception() for one in closing]

    assert faults.count(None) == 1
    assert "administrator" in str(next(filter(None, faults)))
    with database.reading() as session:
        assert len(accounts.administrators(session)) == 1


def test_changed_grants_and_invitations_are_in_the_log_without_a_name(tracker: Tracker) -> None:
    user_id, now = people(tracker), tracker.clock()
    with tracker.database.reading() as session:
        before = session.get_one(accounts.UserRow, user_id).fs_uniquifier

    change_grants(tracker.database, user_id, [GivenGrant("editor", ("cologne",))], "user:1", now)
    invited = invite(tracker.database, user_id, "user:1", now)
    close_account(tracker.database, user_id, "user:1", now)

    assert invited.fs_uniquifier != before  # what was sent before is dead
    with tracker.database.reading() as session:
        told = event_log.history(session, f"user:{user_id}")[-3:]
    assert [event.type.value for event in told] == ["user.granted", "user.invited", "user.closed"]
    assert told[0].data["after"]["grants"] == [{"role": "editor", "twins": ["cologne"], "organisation": None}]
    assert not re.search(rf"{NAME}|{ADDRESS}", str([event.data for event in told]))


@pytest.mark.parametrize(
    ("given", "field"),
    [
        (GivenGrant("boss"), "0.role"),
        (GivenGrant("editor", ("atlantis",)), "0.twins"),
        (GivenGrant("administrator", ("cologne",)), "0.role"),
    ],
)
def test_a_grant_that_cannot_be_is_refused_at_its_field(tracker: Tracker, given: GivenGrant, field: str) -> None:
    user_id = people(tracker)

    with pytest.raises(InvalidInput) as refused:
        change_grants(tracker.database, user_id, [given], "user:1", tracker.clock())

    assert [problem.field for problem in refused.value.problems] == [field]
