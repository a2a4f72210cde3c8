"""Reminders leave once, in time and as promised, whatever happens to the machine between two lines of code."""

import datetime as dt
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from tests.reminding import BERLIN, of_cologne, person, rows, take_in, text, utc, work
from tracker.actions.deliveries import deliver_due
from tracker.actions.reminder_plan import _Planning, plan_reminders
from tracker.actions.reminders import due, queue_due, unsubscribe
from tracker.bootstrap import Tracker
from tracker.domain.events import EventType
from tracker.domain.reminders import SkipReason
from tracker.gateways.mail import MemoryMail
from tracker.outputs.mail import Letterhead
from tracker.store import event_log, matters
from tracker.store.accounts import UserRow
from tracker.store.deliveries import DeliveryRow
from tracker.store.reminders import claim_due


@pytest.mark.parametrize(
    ("day", "opening"), [((10, 29), "In 30 days: "), ((11, 21), "In 7 days: "), ((11, 28), "Today: ")]
)
def test_cologne_is_announced_once_though_the_clock_strikes_twice_and_two_workers_hear_it(
    with_registry_read: Tracker, day: tuple[int, int], opening: str
) -> None:
    person(with_registry_read)
    take_in(with_registry_read)
    mail, moment = MemoryMail(), utc(2026, *day, 7, 0)
    work(with_registry_read, mail, moment - dt.timedelta(minutes=1))
    before = of_cologne(mail.sent)

    with ThreadPoolExecutor(2) as workers:
        list(workers.map(lambda _: work(with_registry_read, mail, moment), range(6)))

    (sent,) = [m for m in of_cologne(mail.sent) if m not in before]
    assert sent["Subject"].startswith(f"{opening}38th anniversary of the twinning Cologne – Volgograd")
    assert not [m for m in before if m["Subject"].startswith(opening)]


@pytest.mark.parametrize("mode", ["served"])  # SQLite has one writer at a time
def test_what_one_worker_has_claimed_another_passes_over_without_waiting(with_registry_read: Tracker) -> None:
    person(with_registry_read)
    take_in(with_registry_read)
    database, moment = with_registry_read.database, utc(2026, 11, 21, 8)
    plan_reminders(database, moment)

    with database.unit("first", moment) as first:
        claimed = claim_due(first.session, ["user:1"], moment)
        with database.unit("second", moment) as second:
            left = claim_due(second.session, ["user:1"], moment)

    assert list(claimed) == ["user:1"]
    assert left == {}


def test_a_crash_between_any_two_steps_neither_loses_nor_doubles(with_registry_read: Tracker) -> None:
    person(with_registry_read)
    take_in(with_registry_read)
    mail, database, moment = MemoryMail(), with_registry_read.database, utc(2026, 11, 28, 7)
    steps = (
        lambda: plan_reminders(database, moment),
        lambda: queue_due(database, moment, with_registry_read.letterhead),
        lambda: deliver_due(database, mail, moment),
    )

    for last in range(len(steps)):
        for step in steps[: last + 1]:
            step()

    assert [m["Subject"] for m in of_cologne(mail.sent) if "Today" in m["Subject"]] == [
        "Today: 38th anniversary of the twinning Cologne – Volgograd (official contacts resting since 3 March 2022)"
    ]


class PowerCut(BaseException):
    pass


class CutShort(Letterhead):
    """A letterhead whose power fails while the second letter is written."""

    written = 0

    def unsubscribe_url(self, user_id: int) -> str:
        CutShort.written += 1
        if CutShort.written == 2:
            raise PowerCut
        return super().unsubscribe_url(user_id)


def test_a_crash_in_the_middle_of_queueing_leaves_all_as_it_was(with_registry_read: Tracker) -> None:
    person(with_registry_read)
    person(with_registry_read, "b@example.org")
    take_in(with_registry_read)
    moment = utc(2026, 11, 28, 7)
    plan_reminders(with_registry_read.database, moment)
    CutShort.written = 0

    with pytest.raises(PowerCut):
        queue_due(with_registry_read.database, moment, CutShort("https://x.org", "tracker@x.org", "secret"))

    assert {row.status for row in rows(with_registry_read)} == {"planned"}
    assert len(of_cologne(work(with_registry_read, MemoryMail(), moment))) == 2


def test_after_ten_days_off_what_is_still_of_use_leaves_and_the_rest_says_why_not(with_registry_read: Tracker) -> None:
    person(with_registry_read)
    take_in(with_registry_read)
    mail = MemoryMail()
    work(with_registry_read, mail, utc(2026, 10, 20, 7))
    off = len(mail.sent)

    # Off from 20 to 30 November: the reminder of a week before is too late, that of the day was of use until yesterday.
    work(with_registry_read, mail, utc(2026, 11, 20, 7))
    back = work(with_registry_read, mail, utc(2026, 11, 30, 7))
    work(with_registry_read, mail, utc(2026, 11, 30, 7, 1))

    told = {
        row.lead: (row.status, row.reason) for row in rows(with_registry_read, subject="founding:cologne", year=2026)
    }
    assert told == {
        "-30d": ("skipped", "too_late"),
        "-7d": ("skipped", "too_late"),
        "0d": ("skipped", "too_late"),
    }
    assert of_cologne(back) == []
    assert Counter(str(m["Message-ID"]) for m in mail.sent[off:]).most_common(1)[0][1] == 1


def test_a_reminder_that_leaves_ten_days_late_says_how_many_days_are_left(with_registry_read: Tracker) -> None:
    person(with_registry_read)
    take_in(with_registry_read)

    (late,) = of_cologne(work(with_registry_read, MemoryMail(), utc(2026, 11, 8, 12)))

    assert late["Subject"].startswith("In 20 days: 38th anniversary")


def test_greetings_may_leave_a_day_late(with_registry_read: Tracker) -> None:
    person(with_registry_read)
    take_in(with_registry_read)

    (late,) = of_cologne(work(with_registry_read, MemoryMail(), utc(2026, 11, 29, 12)))

    assert late["Subject"].startswith("Yesterday: 38th anniversary")


def test_each_gets_it_at_eight_of_their_own_zone(with_registry_read: Tracker) -> None:
    for email, zone in (("b@x.org", BERLIN), ("v@x.org", "Europe/Volgograd"), ("n@x.org", "America/New_York")):
        person(with_registry_read, email, zone)
    take_in(with_registry_read)
    mail = MemoryMail()

    arrived = {}
    for hour in range(4, 15):
        for m in of_cologne(work(with_registry_read, mail, utc(2026, 11, 28, hour, 0))):
            if m["Subject"].startswith("Today"):
                arrived[str(m["To"].addresses[0].addr_spec)] = hour

    assert arrived == {"v@x.org": 5, "b@x.org": 7, "n@x.org": 13}


def test_a_new_colleague_is_not_told_what_was_due_before(with_registry_read: Tracker) -> None:
    person(with_registry_read)
    take_in(with_registry_read)
    with_registry_read.clock.set(utc(2026, 11, 21, 7, 30))  # type: ignore[attr-defined]  # a test's clock
    person(with_registry_read, "new@example.org")
    mail = MemoryMail()

    work(with_registry_read, mail, utc(2026, 11, 21, 8))
    at_once = [m for m in mail.sent if "new@" in str(m["To"])]
    work(with_registry_read, mail, utc(2026, 11, 28, 8))

    assert at_once == []
    assert len(of_cologne([m for m in mail.sent if "new@" in str(m["To"])])) == 1


def test_who_unsubscribed_gets_none_and_after_coming_back_none_from_between(with_registry_read: Tracker) -> None:
    user_id = person(with_registry_read)
    take_in(with_registry_read)
    mail = MemoryMail()
    work(with_registry_read, mail, utc(2026, 11, 1))
    unsubscribe(with_registry_read.database, user_id, utc(2026, 11, 20))
    between = work(with_registry_read, mail, utc(2026, 11, 21, 8))
    with with_registry_read.database.unit("test", utc(2026, 11, 22)) as unit:
        unit.session.get_one(UserRow, user_id).reminders_by_mail = True

    again = work(with_registry_read, mail, utc(2026, 11, 22))
    then = work(with_registry_read, mail, utc(2026, 11, 28, 8))

    assert (between, of_cologne(again)) == ([], [])
    assert len(of_cologne(then)) == 1
    (skipped,) = rows(with_registry_read, subject="founding:cologne", lead="-7d")
    assert (skipped.status, skipped.reason) == ("skipped", SkipReason.UNSUBSCRIBED.value)


def test_unsubscribing_is_told_once_by_an_event(with_registry: Tracker) -> None:
    user_id = person(with_registry)

    for _ in range(2):
        assert unsubscribe(with_registry.database, user_id, with_registry.clock()) == "anna@example.org"

    with with_registry.database.reading() as session:
        events = [e for e in event_log.history(session, f"user:{user_id}") if "before" in e.data]
    assert [(e.type, dict(e.data)) for e in events] == [
        (EventType.USER_REVISED, {"before": {"reminders_by_mail": True}, "after": {"reminders_by_mail": False}})
    ]


def test_planning_again_changes_nothing(with_registry_read: Tracker) -> None:
    person(with_registry_read)
    take_in(with_registry_read)
    now = with_registry_read.clock()

    first, second = plan_reminders(with_registry_read.database, now), plan_reminders(with_registry_read.database, now)

    assert first > 0
    assert second == 0


def test_two_clocks_planning_at_once_plan_once(with_registry_read: Tracker) -> None:
    person(with_registry_read)
    take_in(with_registry_read)
    now = with_registry_read.clock()

    with ThreadPoolExecutor(4) as clocks:
        planned = list(clocks.map(lambda _: plan_reminders(with_registry_read.database, now), range(4)))

    keys = [row.planned.key for row in rows(with_registry_read)]
    assert sum(planned) == len(keys) == len(set(keys))


def test_what_another_clock_has_added_meanwhile_is_let_be(with_registry_read: Tracker) -> None:
    person(with_registry_read)
    take_in(with_registry_read)
    database, now = with_registry_read.database, with_registry_read.clock()

    with database.reading() as session:
        behind = _Planning.of(database, matters.Sources.of(session), now, dt.timedelta(days=40))
    added = plan_reminders(database, now)
    with database.reading() as session:
        late = replace(behind, sources=matters.Sources.of(session))
        changed = late.add_and_move() + late.let_go()

    assert added > 0
    assert changed == 0


def test_the_outlook_of_january_tells_of_years_and_months_and_of_round_days(with_registry_read: Tracker) -> None:
    person(with_registry_read)
    take_in(with_registry_read)
    mail = MemoryMail()

    mails = [m for hour in (6, 7, 8) for m in work(with_registry_read, mail, utc(2027, 1, 2, hour))]

    (outlook,) = [m for m in mails if "Outlook" in m["Subject"]]
    told = text(outlook)
    assert "79th anniversary of the twinning Ostrava – Volgograd – agreement ended in 2022" in told
    assert "68th anniversary of the twinning Liège – Volgograd – September 2027" in told
    assert "55th anniversary of the twinning Hiroshima – Volgograd – 28 September 2027" in told
    assert "1 January" not in told
    assert "39th anniversary of the twinning Cologne" not in told


def test_a_month_is_announced_on_its_first_day_as_having_no_day(with_registry_read: Tracker) -> None:
    person(with_registry_read)
    take_in(with_registry_read)

    mails = work(with_registry_read, MemoryMail(), utc(2027, 9, 1, 6))

    (liege,) = [m for m in mails if "Liège" in m["Subject"]]
    assert liege["Subject"] == "This month: 68th anniversary of the twinning Liège – Volgograd"
    assert "In September 2027; on which day is not known." in text(liege)


def test_due_tells_whom_and_why_without_anything_planned(with_registry_read: Tracker) -> None:
    person(with_registry_read)
    person(with_registry_read, "quiet@example.org")
    take_in(with_registry_read)
    unsubscribe(with_registry_read.database, 2, with_registry_read.clock())

    (found,) = [d for d in due(with_registry_read.database, dt.date(2026, 11, 21)) if d.twin == "cologne"]

    assert (found.kind, found.years, found.on, found.lead_days) == ("twinning", 38, "2026-11-28", 7)
    assert found.to == ("anna@example.org",)
    assert rows(with_registry_read) == []


def test_over_the_turn_of_the_year_each_day_sends_just_what_is_due_that_day(with_registry_read: Tracker) -> None:
    person(with_registry_read)
    take_in(with_registry_read)
    mail, database = MemoryMail(), with_registry_read.database
    days = [dt.date(2026, 12, 26) + dt.timedelta(n) for n in range(12)]
    work(with_registry_read, mail, utc(2026, 12, 25, 22))

    for day in days:
        mails = work(with_registry_read, mail, dt.datetime.combine(day, dt.time(7), dt.UTC))

        subjects = sorted(m["Subject"] for m in mails)
        titles = sorted(d.title["en"] for d in due(database, day))
        assert len(subjects) == len(titles), day
        assert all(any(title in subject for subject in subjects) for title in titles), day


def test_one_reminder_that_cannot_be_written_holds_back_no_other(with_registry_read: Tracker) -> None:
    person(with_registry_read)
    broken = person(with_registry_read, "b@example.org")
    with with_registry_read.database.unit("test", with_registry_read.clock()) as unit:
        unit.session.get_one(UserRow, broken).email = "not an address @@"
    take_in(with_registry_read)

    mails = work(with_registry_read, MemoryMail(), utc(2026, 11, 28, 8))

    assert [str(m["To"]) for m in of_cologne(mails)] == ["Anna <anna@example.org>"]


def test_one_that_the_database_refuses_holds_back_no_other(with_registry: Tracker) -> None:
    """All are written at once; where that is refused, one by one."""
    person(with_registry)
    take_in(with_registry)
    plan_reminders(with_registry.database, with_registry.clock())
    refused, *others = rows(with_registry, subject="founding:cologne", lead="-30d") + rows(with_registry, lead="-7d")
    moment = max(row.due_at for row in (refused, *others))
    with with_registry.database.unit("test", moment) as unit:
        unit.session.add(
            DeliveryRow(key=f"reminder:{refused.id}", channel="mail", recipient="x@x.org", subject="", payload={},
                        status="failed", next_try_at=moment, created_at=moment)
        )  # fmt: skip
    due = [row for row in rows(with_registry, status="planned") if row.due_at <= moment]

    queue_due(with_registry.database, moment, with_registry.letterhead)

    now = {row.id: row for row in rows(with_registry)}
    assert (now[refused.id].status, "IntegrityError" in now[refused.id].error) == ("failed", True)
    assert {now[row.id].status for row in due if row.id != refused.id} <= {"claimed", "skipped"}
    assert "claimed" in {now[row.id].status for row in due}
