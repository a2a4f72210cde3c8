"""Anybody can be rid of reminders with one click, without a login, and nobody can do it for somebody else."""

from uuid import UUID

import pytest
from flask.testing import FlaskClient

from tests.calendars import ME, by_token_hash, choice
from tests.reminding import person as reminded
from tests.reminding import rows, take_in, text, utc, work
from tracker.actions.addresses import stop_address
from tracker.actions.calendars import new_subscription, token_hash
from tracker.actions.users import NewUser, add_user
from tracker.bootstrap import Tracker
from tracker.errors import GatewayError
from tracker.gateways.mail import MemoryMail
from tracker.store.accounts import UserRow
from tracker.store.addresses import MailAddressRow
from tracker.store.event_log import history
from tracker.store.rules import RuleRow
from tracker.store.subscriptions import SubscriptionRow
from tracker.web.app import create_app


@pytest.fixture
def browser(tracker: Tracker) -> FlaskClient:
    return create_app(tracker).test_client(use_cookies=False)


def person(tracker: Tracker, language: str = "en") -> int:
    return add_user(tracker.database, NewUser("anna@example.org", "editor", "", language), "test", tracker.clock()).id


def link(tracker: Tracker, what: int | UUID) -> str:
    return tracker.letterhead.unsubscribe_url(what).removeprefix(tracker.settings.base_url)


def wants_mail(tracker: Tracker, user_id: int) -> bool:
    with tracker.database.reading() as session:
        return session.get_one(UserRow, user_id).reminders_by_mail


@pytest.mark.parametrize(
    ("language", "question", "answer"),
    [
        ("en", "No more reminders by mail?", "sends no reminders to anna@example.org any more"),
        ("de", "Keine Erinnerungen per E-Mail mehr?", "sendet keine Erinnerungen mehr an anna@example.org"),
        ("ru", "Больше не присылать напоминания по почте?", "больше не отправляет напоминания на адрес anna@example"),
    ],
)
def test_looking_changes_nothing_and_the_click_ends_it(
    tracker: Tracker, browser: FlaskClient, language: str, question: str, answer: str
) -> None:
    user_id = person(tracker, language)

    asked = browser.get(link(tracker, user_id))
    still = wants_mail(tracker, user_id)
    done = browser.post(link(tracker, user_id))

    assert (asked.status_code, done.status_code) == (200, 200)
    assert question in asked.text
    assert still
    assert answer in done.text
    assert not wants_mail(tracker, user_id)


def test_a_mail_program_needs_no_cookie_no_login_and_no_page_before(tracker: Tracker, browser: FlaskClient) -> None:
    user_id = person(tracker)

    answer = browser.post(link(tracker, user_id), data={"List-Unsubscribe": "One-Click"})
    again = browser.post(link(tracker, user_id), data={"List-Unsubscribe": "One-Click"})

    assert (answer.status_code, again.status_code) == (200, 200)
    assert not wants_mail(tracker, user_id)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_token_of_somebody_elses_making_opens_nothing(tracker: Tracker, browser: FlaskClient, method: str) -> None:
    user_id = person(tracker)
    forged = link(tracker, user_id)[:-4] + "AAAA"

    answer = browser.open(forged, method=method)

    assert answer.status_code == 404
    assert wants_mail(tracker, user_id)


def subscription(tracker: Tracker, name: str = "Köln") -> UUID:
    token = new_subscription(tracker.database, choice(), ME, tracker.clock(), name=name, user_email="anna@example.org")
    with tracker.database.reading() as session:
        row = by_token_hash(session, token_hash(token))
        assert row is not None
        return row.id


def wants_changes(tracker: Tracker, subscription_id: UUID) -> bool:
    with tracker.database.reading() as session:
        return session.get_one(SubscriptionRow, subscription_id).mail_urgent


def test_the_link_of_a_change_stops_the_mails_of_its_calendar_alone(tracker: Tracker, browser: FlaskClient) -> None:
    user_id = person(tracker)
    mine, other = subscription(tracker), subscription(tracker, "Coventry")

    asked = browser.get(link(tracker, mine))
    still = wants_changes(tracker, mine)
    done = browser.post(link(tracker, mine), data={"List-Unsubscribe": "One-Click"})
    again = browser.post(link(tracker, mine), data={"List-Unsubscribe": "One-Click"})

    assert [answer.status_code for answer in (asked, done, again)] == [200, 200, 200]
    assert "when something in the calendar “Köln” changes so late" in asked.text
    assert "no more mails about changes in the calendar “Köln”" in done.text
    assert still
    assert not wants_changes(tracker, mine)
    assert wants_changes(tracker, other)
    assert wants_mail(tracker, user_id)
    with tracker.database.reading() as session:
        told = [event for event in history(session, f"subscription:{mine}") if "mail_urgent" in event.data["after"]]
    assert [event.actor for event in told] == [f"user:{user_id}"]


def test_nothing_is_left_to_stop_where_the_subscription_is_closed(tracker: Tracker, browser: FlaskClient) -> None:
    person(tracker)
    closed = subscription(tracker)
    with tracker.database.unit("test", tracker.clock()) as unit:
        unit.session.get_one(SubscriptionRow, closed).revoked_at = tracker.clock()

    answer = browser.post(link(tracker, closed))

    assert answer.status_code == 200
    assert "no more mails about changes" in answer.text


def test_a_mornings_mail_with_several_reminders_is_stopped_with_one_click(with_registry_read: Tracker) -> None:
    user_id = reminded(with_registry_read, single_mails=False)
    take_in(with_registry_read)
    mail = MemoryMail()
    work(with_registry_read, mail, utc(2026, 11, 27, 22))
    (digest,) = work(with_registry_read, mail, utc(2026, 11, 28, 7))
    browser = create_app(with_registry_read).test_client(use_cookies=False)

    address = digest["List-Unsubscribe"].strip(" <>").removeprefix(with_registry_read.settings.base_url)
    answer = browser.post(address, data={"List-Unsubscribe": digest["List-Unsubscribe-Post"].partition("=")[2]})

    assert "2 reminders" in text(digest)
    assert digest["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert (answer.status_code, wants_mail(with_registry_read, user_id)) == (200, False)
    assert work(with_registry_read, mail, utc(2026, 12, 31, 22)) == []


OFFICE = "office@example.org"


def named(tracker: Tracker, language: str = "de") -> None:
    """Let the rule of anniversaries tell an address that has no account, and nobody else."""
    take_in(tracker)
    with tracker.database.unit("test", tracker.clock()) as unit:
        rule = unit.session.get_one(RuleRow, "anniversary")
        rule.audience = [{"to": "address", "value": OFFICE, "language": language}]
        rule.version += 1


def address(tracker: Tracker) -> MailAddressRow:
    with tracker.database.reading() as session:
        return session.query(MailAddressRow).one()


def test_an_address_without_an_account_is_rid_of_reminders_with_one_click(with_registry_read: Tracker) -> None:
    tracker, mail = with_registry_read, MemoryMail()
    named(tracker)
    browser = create_app(tracker).test_client(use_cookies=False)
    work(tracker, mail, utc(2026, 10, 1, 12))
    (before,) = work(tracker, mail, utc(2026, 10, 29, 12))

    stopping = before["List-Unsubscribe"].strip(" <>").removeprefix(tracker.settings.base_url)
    asked = browser.get(stopping)
    still = address(tracker).stopped_at
    done = browser.post(stopping, data={"List-Unsubscribe": before["List-Unsubscribe-Post"].partition("=")[2]})
    after = work(tracker, mail, utc(2026, 11, 28, 12))

    assert (before["To"], before["List-Unsubscribe-Post"]) == (OFFICE, "List-Unsubscribe=One-Click")
    assert "Keine Erinnerungen per E-Mail mehr?" in asked.text
    assert (still, done.status_code, after) == (None, 200, [])
    (cologne,) = rows(tracker, person=f"mail:{OFFICE}", lead="0d", year=2026, subject="founding:cologne")
    assert (cologne.status, cologne.reason) == ("skipped", "unsubscribed")
    with tracker.database.reading() as session:
        (told,) = history(session, f"address:{address(tracker).id}")
    assert told.type.value == "mail.stopped"
    assert OFFICE not in str(told)


def test_an_address_changes_its_mind_by_the_same_link(with_registry_read: Tracker) -> None:
    tracker, mail = with_registry_read, MemoryMail()
    named(tracker)
    browser = create_app(tracker).test_client(use_cookies=False)
    work(tracker, mail, utc(2026, 10, 1, 12))
    (sent,) = work(tracker, mail, utc(2026, 10, 29, 12))
    stopping = sent["List-Unsubscribe"].strip(" <>").removeprefix(tracker.settings.base_url)
    offered = browser.post(stopping).text

    answer = browser.post(f"{stopping}/again")

    assert f'action="{stopping}/again"' in offered
    assert answer.status_code == 302
    assert work(tracker, mail, utc(2026, 11, 28, 12)) != []
    assert browser.post(link(tracker, person(tracker)) + "/again").status_code == 404


def test_a_mail_that_waits_for_the_server_is_not_sent_to_who_wants_none_by_then(with_registry_read: Tracker) -> None:
    tracker, away = with_registry_read, MemoryMail(GatewayError("The mail server is away.", permanent=False))
    named(tracker)
    work(tracker, MemoryMail(), utc(2026, 10, 1, 12))
    work(tracker, away, utc(2026, 10, 29, 12))

    stop_address(tracker.database, address(tracker).id, tracker.clock())

    assert work(tracker, MemoryMail(), utc(2026, 10, 29, 14)) == []
