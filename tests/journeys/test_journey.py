"""The whole way, in both ways to run: the real history comes in as a file and leaves as a calendar and as mails.

A real Celery worker with its clock runs beside the test, on the broker of the mode, and the mails go to a real SMTP
server. Only the time of day is set by hand: it is the autumn of 2026, in which Cologne has been a partner for 38 years.
"""

import dataclasses
import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.conftest import Clock
from tests.journeys.processes import Mailbox, RedisServer, place, plain_text, smtp_server, until
from tests.reminding import person
from tracker import bootstrap
from tracker.actions.activities import revise_activity
from tracker.actions.calendars import new_subscription
from tracker.actions.imports import ImportFile, import_file
from tracker.actions.registry import load_registry
from tracker.bootstrap import Tracker
from tracker.consumers.reading import behind
from tracker.domain.activities import Activity, Status
from tracker.domain.calendars import Selection
from tracker.domain.choices import CalendarChoice
from tracker.domain.commands import Actor, ReviseActivity
from tracker.intake.registry import read_registry
from tracker.store.activities import by_external_ids
from tracker.web.app import create_app
from workers.embedded import EmbeddedWorkers

HISTORY = Path(bootstrap.__file__).parent / "data" / "history.csv"
ME = Actor("user:1", "de")
ANNA, BORIS = "anna@example.org", "boris@example.org"


@dataclass
class House:
    """An installation at work, a browser's view of it, and where its mails arrive."""

    tracker: Tracker
    clock: Clock
    web: FlaskClient
    mailbox: Mailbox

    def activity(self, external_id: str) -> Activity:
        with self.tracker.database.reading() as session:
            return by_external_ids(session, [external_id])[external_id].to_activity()

    def revise(self, external_id: str, **changes: object) -> None:
        known = self.activity(external_id)
        content = known.content().model_copy(update=changes)
        revise_activity(self.tracker.database, ReviseActivity(known.id, content, known.version), ME, self.clock())

    def mails_on(self, day: dt.datetime, about: str, count: int) -> list[EmailMessage]:
        """Let that moment come and the clock plan, twice as two clocks would; the mails with `about` as subject."""
        before = len(self.mailbox.messages)
        self.clock.set(day)
        for _ in range(2):
            self.tracker.nudge("plan")

        def arrived() -> list[EmailMessage]:
            found = [m for m in self.mailbox.messages[before:] if about in str(m["Subject"])]
            return found if len(found) >= count else []

        return until(arrived, f"{count} mails of {day:%d %B} arrive", 60, lambda: str(self.mailbox.messages))


@pytest.fixture
def house(tracker: Tracker, mode: str, tmp_path: Path) -> Iterator[House]:
    """The installation of the mode with all its parts running; its registry without the history, which is imported."""
    clock = Clock(dt.datetime(2026, 10, 1, 9, 0, tzinfo=dt.UTC))
    with smtp_server() as (smtp_url, mailbox), place(tmp_path) as processes:
        environ = {**tracker.environ, "SMTP_URL": smtp_url, "BASE_URL": "https://tracker.example.org"}
        if mode == "served":
            environ["REDIS_URL"] = RedisServer(processes).url
        bare = bootstrap.assemble(environ, clock)
        registry = read_registry(clock().date())
        load_registry(bare.database, clock(), dataclasses.replace(registry, history=()))
        beside = EmbeddedWorkers(bare)
        beside.start()
        app = create_app(beside.tracker)
        try:
            yield House(beside.tracker, clock, app.test_client(), mailbox)
        finally:
            beside.stop()
            bare.database.engine.dispose()


def unfolded(calendar: TestResponse) -> str:
    """The calendar with each of its lines in one piece."""
    return calendar.text.replace("\r\n ", "")


def entry(calendar: TestResponse, title: str) -> str:
    """The one entry with this title, its lines unfolded."""
    entries = re.findall(r"BEGIN:VEVENT.*?END:VEVENT", unfolded(calendar), re.DOTALL)
    found: list[str] = [text for text in entries if title in text]
    assert len(found) == 1, f"{len(found)} entries are called {title}"
    return found[0]


def sequence(text: str) -> int:
    return int(re.findall(r"^SEQUENCE:(\d+)", text, re.MULTILINE)[0])


def test_the_real_history_leaves_as_calendar_and_as_mails(house: House) -> None:
    database = house.tracker.database
    person(house.tracker, ANNA, "Europe/Berlin", "de")
    person(house.tracker, BORIS, "Europe/Volgograd", "ru")
    choice = CalendarChoice(Selection(twins=("cologne",), language="de"))
    token = new_subscription(database, choice, ME, house.clock())
    feed = f"/feeds/{token}.ics"

    outcome = import_file(database, ImportFile(HISTORY.name, HISTORY.read_bytes()), ME, house.clock()).outcome

    assert (outcome.created, outcome.changed, outcome.unchanged) == (126, 0, 0)
    until(lambda: not behind(database, house.tracker.consumers), "the worker has taken the history in", 90)
    # The feed is exported while the rest is still being taken in: each entry looked at below is waited for.
    looked_at = ("beim Köln-Marathon", "schon im Januar ausgebucht", "20261128")
    imported = until(lambda: showing(house, feed, *looked_at), "the feed shows it", 30)
    marathon, trip = entry(imported, "beim Köln-Marathon"), entry(imported, "schon im Januar ausgebucht")
    assert "DTSTART;VALUE=DATE:20170929\r\n" in marathon
    assert "DTEND;VALUE=DATE:20171003\r\n" in marathon
    assert "38. Jahrestag" in entry(imported, "DTSTART;VALUE=DATE:20261128")
    assert "Lastwagen" not in unfolded(imported)  # in the nineties, nobody knows when

    house.clock.set(dt.datetime(2026, 10, 2, 9, 0, tzinfo=dt.UTC))
    house.revise("H144", title={"de": "Vier Läufer aus Wolgograd beim Marathon"})

    new_title = "Vier Läufer aus Wolgograd beim Marathon"
    changed = until(lambda: showing(house, feed, new_title), "the change reaches the feed", 30)
    changed_marathon = entry(changed, new_title)
    assert sequence(changed_marathon) > sequence(marathon)
    assert uid(changed_marathon) == uid(marathon)
    assert house.web.get(feed, headers={"If-None-Match": changed.headers["ETag"]}).status_code == 304
    assert sequence(entry(changed, "schon im Januar ausgebucht")) == sequence(trip)

    house.clock.set(dt.datetime(2026, 10, 3, 9, 0, tzinfo=dt.UTC))
    house.revise("H154", status=Status.CANCELLED, reason="Too few came forward")

    cancelled = until(lambda: showing(house, feed, "Abgesagt: "), "the cancellation reaches the feed", 30)
    cancelled_trip = entry(cancelled, "schon im Januar ausgebucht")
    assert "STATUS:CANCELLED\r\n" in cancelled_trip
    assert "Abgesagt: " in cancelled_trip
    assert uid(cancelled_trip) == uid(trip)
    assert sequence(cancelled_trip) > sequence(trip)

    # 08:00 in Cologne is 07:00 UTC after the last Sunday of October; in Volgograd it was 08:00 two hours earlier.
    month_before = house.mails_on(dt.datetime(2026, 10, 29, 7, 1, tzinfo=dt.UTC), "38", 2)
    on_the_day = house.mails_on(dt.datetime(2026, 11, 28, 7, 1, tzinfo=dt.UTC), "38", 2)

    for mails in (month_before, on_the_day):
        by_person = {str(mail["To"]): mail for mail in mails}
        assert sorted(address.rpartition("<")[2].rstrip(">") for address in by_person) == [ANNA, BORIS]
        german, russian = (by_person[to] for to in sorted(by_person, key=lambda to: BORIS in to))
        assert "38. Jahrestag" in str(german["Subject"])
        assert "Köln" in str(german["Subject"])
        assert "38. Jahrestag" in plain_text(german)
        assert "38-я годовщина" in str(russian["Subject"])
        assert "Кёльн" in plain_text(russian)
    assert len(set(house.mailbox.ids())) == len(house.mailbox.ids())
    assert len({m["Message-ID"] for m in [*month_before, *on_the_day]}) == 4


def showing(house: House, feed: str, *texts: str) -> TestResponse | None:
    """The calendar once all of this stands in it."""
    answer = house.web.get(feed)
    assert answer.status_code == 200
    return answer if all(text in unfolded(answer) for text in texts) else None


def uid(text: str) -> str:
    found: list[str] = re.findall(r"^UID:(\S+)", text, re.MULTILINE)
    return found[0]
