"""Reports by mail: on their day, once, with the document attached; what goes wrong is shown."""

import datetime as dt
from functools import partial
from uuid import UUID

import pytest

from tests.reports import small_year
from tracker.actions.deliveries import deliver_due
from tracker.actions.report_jobs import make_next
from tracker.actions.report_mailings import (
    Mailing,
    add_mailing,
    is_due,
    next_due,
    order_due,
    queue_mails,
    remove_mailing,
    revise_mailing,
)
from tracker.bootstrap import Tracker
from tracker.domain.commands import Actor
from tracker.domain.editions import Form
from tracker.errors import InvalidInput
from tracker.gateways.live import MemoryLive
from tracker.gateways.mail import MemoryMail
from tracker.store import deliveries
from tracker.store import report_jobs as store

ME = Actor("user:1")
DAY = dt.datetime(2019, 1, 15, 7, 0, tzinfo=dt.UTC)
"""Eight in the morning in Berlin."""
LIST = Mailing("members", Form.CSV, ("de",), 1, 15, ("a@example.org", "b@example.org"))


def at(tracker: Tracker, moment: dt.datetime) -> None:
    tracker.clock.set(moment)  # type: ignore[attr-defined]  # a test's clock


@pytest.fixture
def mailing(tracker: Tracker) -> UUID:
    at(tracker, dt.datetime(2018, 12, 1, tzinfo=dt.UTC))
    small_year(tracker)
    return add_mailing(tracker.database, LIST, ME, tracker.clock())


def work(tracker: Tracker) -> None:
    """What the clock's task does."""
    order_due(tracker.database, tracker.clock())
    finish = partial(queue_mails, letterhead=tracker.letterhead)
    while make_next(tracker.database, MemoryLive(), tracker.clock, finish):
        pass


def queued(tracker: Tracker) -> list[deliveries.DeliveryRow]:
    with tracker.database.reading() as session:
        return sorted(deliveries.listed(session), key=lambda row: row.recipient)


def test_nothing_goes_out_before_its_day(tracker: Tracker, mailing: UUID) -> None:
    at(tracker, DAY - dt.timedelta(seconds=1))

    work(tracker)

    assert not is_due(tracker.database, tracker.clock())
    assert queued(tracker) == []


def test_on_its_day_the_year_before_goes_to_everybody_once(tracker: Tracker, mailing: UUID) -> None:
    at(tracker, DAY)

    work(tracker)
    work(tracker)
    mail = MemoryMail()
    deliver_due(tracker.database, mail, tracker.clock())

    assert [row.recipient for row in queued(tracker)] == ["a@example.org", "b@example.org"]
    assert len(mail.sent) == 2
    message = mail.sent[0]
    attached = next(iter(message.iter_attachments()))
    assert attached.get_filename() == "2018 Tätigkeitsbericht (Mitglieder), Ausgabe 1.csv"
    assert "Ein Chor singt" in attached.get_content()
    with tracker.database.reading() as session:
        row = session.get_one(store.MailingRow, mailing)
    assert row.due_at == dt.datetime(2020, 1, 15, 7, 0, tzinfo=dt.UTC)


def test_every_try_sends_the_same_bytes(tracker: Tracker, mailing: UUID) -> None:
    at(tracker, DAY)
    work(tracker)
    mail = MemoryMail()
    deliver_due(tracker.database, mail, tracker.clock())
    with tracker.database.unit("test", tracker.clock()) as unit:
        for row in deliveries.listed(unit.session):
            row.status, row.next_try_at = "queued", tracker.clock()

    again = MemoryMail()
    deliver_due(tracker.database, again, tracker.clock())

    assert sorted(map(bytes, mail.sent)) == sorted(map(bytes, again.sent))


def test_a_day_moved_within_the_year_sends_nobody_the_same_year_twice(tracker: Tracker, mailing: UUID) -> None:
    at(tracker, DAY)
    work(tracker)
    moved = Mailing("members", Form.CSV, ("de",), 2, 1, ("a@example.org", "c@example.org"))
    revise_mailing(tracker.database, mailing, moved, 1, ME, tracker.clock())

    at(tracker, dt.datetime(2019, 2, 1, 12, 0, tzinfo=dt.UTC))
    work(tracker)

    assert [row.recipient for row in queued(tracker)] == ["a@example.org", "b@example.org", "c@example.org"]


def test_one_that_is_switched_off_or_removed_sends_nothing(tracker: Tracker, mailing: UUID) -> None:
    off = Mailing("members", Form.CSV, ("de",), 1, 15, ("a@example.org",), enabled=False)
    other = add_mailing(tracker.database, off, ME, tracker.clock())
    remove_mailing(tracker.database, mailing, ME, tracker.clock())
    at(tracker, DAY)

    work(tracker)

    assert queued(tracker) == []
    with tracker.database.reading() as session:
        assert session.get_one(store.MailingRow, other).due_at is None


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"addresses": ()}, "addresses"),
        ({"addresses": ("nobody",)}, "addresses"),
        ({"addresses": ("a@example.org\nBcc: b@example.org",)}, "addresses"),
        ({"month": 2, "day": 30}, "day"),
        ({"month": 13}, "day"),
        ({"languages": ()}, "languages"),
        ({"twin": "atlantis"}, "twin"),
    ],
)
def test_a_wrong_mailing_is_refused(tracker: Tracker, wrong: dict[str, object], field: str) -> None:
    small_year(tracker)
    given = {"reader": "members", "form": Form.CSV, "languages": ("de",), "month": 1, "day": 15,
             "addresses": ("a@example.org",)}  # fmt: skip

    with pytest.raises(InvalidInput) as refused:
        add_mailing(tracker.database, Mailing(**{**given, **wrong}), ME, tracker.clock())  # type: ignore[arg-type]  # a test's fields

    assert {problem.field for problem in refused.value.problems} == {field}


def test_29_february_is_the_28th_where_there_is_none() -> None:
    assert next_due(2, 29, dt.datetime(2027, 1, 1, tzinfo=dt.UTC)).date() == dt.date(2027, 2, 28)
    assert next_due(2, 29, dt.datetime(2028, 1, 1, tzinfo=dt.UTC)).date() == dt.date(2028, 2, 29)
