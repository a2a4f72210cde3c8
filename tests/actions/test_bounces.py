"""A mail that came back is noted once; a mailbox that is gone pauses the person's mail until somebody resumes it."""

import pytest

from tests.intake.test_bounces import ON_HOLIDAY, POSTFIX
from tests.reminding import person
from tracker.actions.addresses import resume_address
from tracker.actions.bounces import note_bounces, read_bounces, resume_mail
from tracker.actions.deliveries import deliver_due
from tracker.bootstrap import Tracker
from tracker.domain.bounces import Bounce
from tracker.domain.commands import Actor
from tracker.domain.deliveries import Sort
from tracker.errors import GatewayError, NotFound
from tracker.gateways.bounce_box import MemoryBox
from tracker.gateways.mail import MemoryMail
from tracker.outputs import mail as output
from tracker.store import addresses
from tracker.store import bounces as store
from tracker.store.accounts import UserRow
from tracker.store.deliveries import DeliveryRow
from tracker.store.event_log import history

ME = Actor("user:1")


def sent(tracker: Tracker, user_id: int | None, to: str = "anna@example.org") -> DeliveryRow:
    words = output.Words("en", "Today", "Today", "A day")
    letter = output.write(words, tracker.letterhead, key=f"test:{to}", user_id=user_id, to=to, name="")
    with tracker.database.unit("test", tracker.clock()) as unit:
        row = DeliveryRow(
            key=f"test:{to}", channel="mail", user_id=user_id, recipient=to, subject="Today",
            payload=output.payload_of(letter), status="sent", next_try_at=unit.now, created_at=unit.now,
        )  # fmt: skip
        unit.session.add(row)
        unit.session.flush()
        return row


def paused(tracker: Tracker, user_id: int) -> bool:
    with tracker.database.reading() as session:
        return session.get_one(UserRow, user_id).mail_paused_at is not None


def test_a_mailbox_that_is_gone_pauses_the_mail_and_says_so_once(tracker: Tracker) -> None:
    anna = person(tracker)
    row = sent(tracker, anna)
    box = MemoryBox(POSTFIX.replace(b"<abc@example.org>", row.message_id.encode()), ON_HOLIDAY)
    again = MemoryBox(*box.mails.values())

    first = read_bounces(tracker.database, box, tracker.clock())
    second = read_bounces(tracker.database, again, tracker.clock())

    assert (first, second, box.mails, paused(tracker, anna)) == (2, 0, {}, True)
    with tracker.database.reading() as session:
        (told,) = [event for event in history(session, f"user:{anna}") if event.type.value == "mail.paused"]
        assert "User unknown" in told.data["after"]["mail_paused_why"]
        assert [bounce.code for bounce in store.of_deliveries(session, [row.id])[row.id]] == ["5.1.1", "4.2.2"]
        assert store.counted(session, tracker.clock()) == [("anna@example.org", 1, 0), ("boris@example.org", 0, 1)]


def test_mails_made_to_break_the_reader_keep_no_other_from_being_read(tracker: Tracker) -> None:
    anna = person(tracker)
    row = sent(tracker, anna)
    zero = POSTFIX.replace(b"User unknown", b"User \x00unknown").replace(b"<abc@example.org>", b"<\x00@example.org>")
    nested = b"".join(b"Content-Type: multipart/mixed; boundary=%d\n\n--%d\n" % (n, n) for n in range(2000))
    box = MemoryBox(zero, nested, POSTFIX.replace(b"<abc@example.org>", row.message_id.encode()))

    read_bounces(tracker.database, box, tracker.clock())

    assert box.mails == {}
    assert paused(tracker, anna)


@pytest.mark.parametrize("believed", [False, True])
def test_a_report_that_names_no_mail_of_ours_is_believed_of_a_program_alone(tracker: Tracker, believed: bool) -> None:
    anna = person(tracker)

    note_bounces(tracker.database, [Bounce("Anna@example.org", "5.1.1")], ME, tracker.clock(), believed=believed)

    assert paused(tracker, anna) is believed


def test_an_old_address_that_is_gone_does_not_pause_the_new_one(tracker: Tracker) -> None:
    anna = person(tracker)
    row = sent(tracker, anna, "old@example.org")
    bounce = Bounce("old@example.org", "5.1.1", message_id=row.message_id)

    note_bounces(tracker.database, [bounce], ME, tracker.clock(), believed=True)

    assert not paused(tracker, anna)


def test_a_mailbox_that_is_full_pauses_nothing(tracker: Tracker) -> None:
    anna = person(tracker)

    note_bounces(tracker.database, [Bounce("anna@example.org", "5.2.2")], ME, tracker.clock(), believed=True)

    assert not paused(tracker, anna)


def test_a_server_that_says_at_once_that_there_is_no_mailbox_pauses_it_too(tracker: Tracker) -> None:
    anna = person(tracker)
    row = sent(tracker, anna)
    with tracker.database.unit("test", tracker.clock()) as unit:
        unit.session.get_one(DeliveryRow, row.id).status = "queued"
    refused = GatewayError("The mail server refused it: 550 5.1.1 User unknown", permanent=True)

    deliver_due(tracker.database, MemoryMail(refused), tracker.clock())

    assert paused(tracker, anna)


def test_mail_that_was_paused_is_resumed_by_hand(tracker: Tracker) -> None:
    anna = person(tracker)
    bounce = Bounce("anna@example.org", "5.1.1", "gone")
    note_bounces(tracker.database, [bounce], ME, tracker.clock(), believed=True)

    resume_mail(tracker.database, anna, ME, tracker.clock())
    note_bounces(tracker.database, [bounce], ME, tracker.clock(), believed=True)  # told again, late

    assert not paused(tracker, anna)
    with tracker.database.reading() as session:
        (told,) = [event for event in history(session, f"user:{anna}") if event.type.value == "mail.resumed"]
        assert told.data["before"]["mail_paused_why"] == "gone"
    with pytest.raises(NotFound):
        resume_mail(tracker.database, 999, ME, tracker.clock())


OFFICE = "office@example.org"


def test_an_address_without_an_account_is_paused_and_says_so(tracker: Tracker) -> None:
    row = sent(tracker, None, OFFICE)

    note_bounces(
        tracker.database, [Bounce(OFFICE, "5.1.1", "gone", row.message_id)], ME, tracker.clock(), believed=False
    )

    with tracker.database.reading() as session:
        (address,) = addresses.silent(session)
        (told,) = history(session, f"address:{address.id}")
    assert (address.address, address.mail_paused_at, address.mail_paused_why) == (OFFICE, tracker.clock(), "gone")
    assert (told.type.value, OFFICE in str(told.data)) == ("mail.paused", False)

    resume_address(tracker.database, address.id, ME, tracker.clock())

    with tracker.database.reading() as session:
        assert addresses.silent(session) == []
        assert history(session, f"address:{address.id}")[-1].type.value == "mail.resumed"


def test_a_report_of_a_full_mailbox_or_of_a_letter_pauses_no_address(tracker: Tracker) -> None:
    row = sent(tracker, None, OFFICE)
    letter = sent(tracker, None, "mayor@example.org")
    with tracker.database.unit("test", tracker.clock()) as unit:
        unit.session.get_one(DeliveryRow, letter.id).sort = Sort.LETTER.value
    reports = [
        Bounce(OFFICE, "5.2.2", message_id=row.message_id),
        Bounce("x@y.z", "5.1.1", message_id=letter.message_id),
    ]

    note_bounces(tracker.database, reports, ME, tracker.clock(), believed=True)

    with tracker.database.reading() as session:
        assert addresses.silent(session) == []
