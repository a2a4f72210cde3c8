"""A letter of greeting: begun in the twin's language, sent once, and what follows from it in the same commit."""

import datetime as dt
from typing import Any
from uuid import UUID

import pytest

from tests.reminding import person, text, utc
from tracker.actions import letter_templates, letters, tasks
from tracker.actions.bounces import note_bounces
from tracker.actions.deliveries import deliver_due
from tracker.actions.letters import Desk, Wording
from tracker.actions.organisation import revise_organisation
from tracker.actions.partners import add_partner
from tracker.bootstrap import Tracker
from tracker.domain.activities import Direction, Kind, Visibility
from tracker.domain.bounces import Bounce
from tracker.domain.commands import Actor
from tracker.domain.deliveries import DeliveryStatus
from tracker.domain.greetings import Standing, Template
from tracker.domain.occasion_sources import occasions_of_twin
from tracker.domain.organisation import Organisation
from tracker.domain.partners import Officeholder
from tracker.errors import Conflict, InvalidInput, NotFound
from tracker.gateways.mail import MemoryMail
from tracker.store import activities, deliveries, event_log, occasions
from tracker.store import tasks as store
from tracker.store import twins as twin_store
from tracker.store.activity_rows import ActivityRow

NOW = utc(2026, 10, 29, 9)
TODAY = NOW.date()
CHIEF = Actor("user:1")


def task(tracker: Tracker, twin: str, year: int = 2026, when: str = "2026-11-28") -> int:
    """A task about the founding of that twin, which alone is made an occasion: the others cost time."""
    with tracker.database.unit("test", NOW) as unit:
        known = occasions_of_twin(twin_store.load_all(unit.session)[twin])
        occasions.replace_of_twins(unit.session, [twin], known, NOW)
        return store.ensure_open(unit.session, "anniversary", f"founding:{twin}", year, when, NOW).id


def desk(tracker: Tracker, task_id: int, user: int, today: dt.date = TODAY, **more: Any) -> Desk:
    return letters.desk(tracker.database, task_id, "", user, today, **more)


def to(wording: Wording, recipient: str) -> Wording:
    return Wording(**{**vars(wording), "recipient": recipient})


def row(tracker: Tracker, task_id: int) -> store.LetterRow:
    with tracker.database.reading() as session:
        (letter,) = store.letters_of(session, task_id)
        return letter


def count(tracker: Tracker, of: type[Any]) -> int:
    with tracker.database.reading() as session:
        return int(session.query(of).count())


def test_where_contacts_rest_the_association_is_asked_and_the_words_say_so(with_registry: Tracker) -> None:
    anna, task_id = person(with_registry), task(with_registry, "cologne")

    before = desk(with_registry, task_id, anna, dt.date(2021, 11, 1))
    now = desk(with_registry, task_id, anna)

    assert (before.standing, now.standing) == (Standing.NORMAL, Standing.RESTING)
    assert "Rat\nder Stadt Köln" in before.wording.addressee
    assert now.wording.addressee == "An den Partnerschaftsverein\nKöln – Wolgograd"
    assert "Die offiziellen Kontakte zwischen unseren Städten ruhen." in now.wording.body
    assert now.wording.subject == "38. Jahrestag der Städtepartnerschaft Köln – Wolgograd"


def test_whoever_is_in_office_that_day_is_addressed_by_name(with_registry: Tracker) -> None:
    anna, task_id = person(with_registry), task(with_registry, "cologne")
    for name, start, end in (("Jürgen Roters", "2009-10", "2015-10"), ("Henriette Reker", "2015-12", None)):
        reker = Officeholder(twin="cologne", name=name, office="Oberbürgermeisterin", start=start, end=end)
        add_partner(with_registry.database, reker, Actor("cli"), with_registry.clock())

    told = {
        year: desk(with_registry, task_id, anna, dt.date(year, 11, 1)).wording.addressee for year in (2012, 2021, 2026)
    }

    assert told[2012].startswith("Jürgen Roters\nOberbürgermeisterin\n")
    assert told[2021].startswith("Henriette Reker\n")
    assert "Reker" not in told[2026]  # official contacts rest: the association is written to


def test_sending_a_letter_logs_it_and_ends_the_task_in_one_commit(with_registry: Tracker) -> None:
    tracker = with_registry
    anna, task_id, mail = person(tracker), task(tracker, "cologne"), MemoryMail()
    wording = to(desk(tracker, task_id, anna).wording, "verein@example.org")

    letters.send(tracker.database, task_id, "cologne", 0, wording, anna, NOW, tracker.letterhead)
    with pytest.raises(Conflict):
        letters.send(tracker.database, task_id, "cologne", 0, wording, anna, NOW, tracker.letterhead)
    deliver_due(tracker.database, mail, NOW)

    (sent,) = mail.sent
    assert (sent["To"], sent["Reply-To"], sent["Subject"]) == (
        "verein@example.org",
        "anna@example.org",
        wording.subject,
    )
    assert "Wolgograd und seine Partnerstädte" in sent["From"]
    assert not {"List-Unsubscribe", "Auto-Submitted"} & set(sent.keys())
    assert text(sent).strip().replace("\r\n", "\n") == wording.body
    letter = row(tracker, task_id)
    with tracker.database.reading() as session:
        done = session.get_one(store.TaskRow, task_id)
        logged = activities.load(session, letter.activity_id or UUID(int=0))
        assert logged
        activity = logged.to_activity()
        (event,) = event_log.history(session, f"letter:{letter.id}")
    assert (letter.status, letter.sent_at, done.status, done.user_id) == ("sent", NOW, "done", anna)
    assert (activity.kind, activity.subtype, activity.start) == (Kind.MILESTONE, "message", "2026-10-29")
    assert (activity.direction, activity.visibility) == (Direction.FROM_HUB, Visibility.MEMBERS)
    assert set(activity.title) == {"de", "en", "ru"}
    assert "example.org" not in str(event.data)


def test_what_came_back_is_sent_to_another_address_and_not_logged_again(with_registry: Tracker) -> None:
    tracker = with_registry
    anna, task_id = person(tracker), task(tracker, "cologne")
    wording = desk(tracker, task_id, anna).wording
    letters.send(tracker.database, task_id, "", 0, to(wording, "old@example.org"), anna, NOW, tracker.letterhead)
    logged = count(tracker, ActivityRow)
    with tracker.database.unit("test", NOW) as unit:
        unit.session.query(deliveries.DeliveryRow).one().status = DeliveryStatus.FAILED.value

    assert not desk(tracker, task_id, anna).sent
    letters.send(tracker.database, task_id, "", 1, to(wording, "new@example.org"), anna, NOW, tracker.letterhead)

    assert desk(tracker, task_id, anna).sent
    assert desk(tracker, task_id, anna, language="fr", anew=True).wording.language == "de"  # what was sent stays
    assert count(tracker, deliveries.DeliveryRow) == 2
    assert count(tracker, ActivityRow) == logged


def test_a_letter_that_comes_back_later_is_told_of_and_can_be_sent_again(with_registry: Tracker) -> None:
    tracker, post = with_registry, MemoryMail()
    anna, task_id = person(tracker), task(tracker, "cologne")
    wording = desk(tracker, task_id, anna).wording
    letters.send(tracker.database, task_id, "", 0, to(wording, "old@example.org"), anna, NOW, tracker.letterhead)
    deliver_due(tracker.database, post, NOW)
    arrived = desk(tracker, task_id, anna)
    bounce = Bounce("old@example.org", "5.1.1", "No such mayor", str(post.sent[0]["Message-ID"]))
    note_bounces(tracker.database, [bounce], CHIEF, NOW, believed=False)

    back = desk(tracker, task_id, anna)
    letters.send(tracker.database, task_id, "", 1, to(wording, "new@example.org"), anna, NOW, tracker.letterhead)

    assert (arrived.sent, arrived.returned) == (True, "")
    assert (back.sent, back.returned) == (False, "No such mayor")
    assert desk(tracker, task_id, anna).sent


def test_nothing_is_kept_of_a_letter_that_cannot_be_sent(with_registry: Tracker) -> None:
    tracker = with_registry
    anna, boris, task_id = person(tracker), person(tracker, "boris@example.org"), task(tracker, "cologne")
    wording, letterhead = desk(tracker, task_id, anna).wording, tracker.letterhead

    with pytest.raises(InvalidInput) as fault:
        letters.send(tracker.database, task_id, "", 0, to(wording, "nobody"), anna, NOW, letterhead)
    tasks.claim(tracker.database, task_id, 1, boris, NOW)
    with pytest.raises(Conflict):
        letters.send(tracker.database, task_id, "", 0, wording, anna, NOW, None)
    with pytest.raises(NotFound):
        letters.desk(tracker.database, task_id, "coventry", anna, TODAY)

    assert [p.field for p in fault.value.problems] == ["recipient"]
    assert (count(tracker, store.LetterRow), count(tracker, deliveries.DeliveryRow)) == (0, 0)


def test_last_years_letter_is_at_hand_with_its_address(with_registry: Tracker) -> None:
    tracker = with_registry
    anna, first = person(tracker), task(tracker, "cologne", 2025, "2025-11-28")
    wording = desk(tracker, first, anna).wording
    mine = Wording("de", "An die Freunde", "Unser Verein", wording.subject, "Liebe Freunde!", "verein@example.org")
    letters.send(tracker.database, first, "", 0, mine, anna, NOW, None)

    now = desk(tracker, task(tracker, "cologne"), anna)

    assert now.former
    assert now.former.body == "Liebe Freunde!"
    assert (now.wording.recipient, now.wording.addressee) == ("verein@example.org", "An die Freunde")
    assert now.wording.sender == "Unser Verein"
    assert now.wording.body.startswith("Liebe Freundinnen und Freunde,")
    assert count(tracker, deliveries.DeliveryRow) == 0  # it was posted


def test_two_who_write_the_same_letter_are_told(with_registry: Tracker) -> None:
    tracker = with_registry
    anna, boris, task_id = person(tracker), person(tracker, "boris@example.org"), task(tracker, "cologne")
    wording = desk(tracker, task_id, anna).wording

    letters.save(tracker.database, task_id, "", 0, wording, anna, NOW)
    with pytest.raises(Conflict):
        letters.save(tracker.database, task_id, "", 0, wording, boris, NOW)
    letters.save(tracker.database, task_id, "", 1, wording, boris, NOW)

    assert row(tracker, task_id).version == 2


def test_the_houses_own_words_take_the_place_of_those_that_ship(with_registry: Tracker) -> None:
    tracker = with_registry
    anna, task_id = person(tracker), task(tracker, "cologne")
    given = Template("{ordinal} Mal!", "Liebes {twin}, seit {since}. {{Gruß}} {name}")

    letter_templates.save_template(tracker.database, "de", Standing.RESTING, given, CHIEF, NOW)
    own = desk(tracker, task_id, anna).wording
    with pytest.raises(Conflict):
        letter_templates.save_template(tracker.database, "de", Standing.RESTING, given, CHIEF, NOW)
    letter_templates.forget_template(tracker.database, "de", Standing.RESTING, 1, CHIEF, NOW)

    assert (own.subject, own.body) == ("38. Mal!", "Liebes Köln, seit 28. November 1988. {Gruß} Anna")
    assert desk(tracker, task_id, anna).wording.body.startswith("Liebe Freundinnen")


def test_the_house_writes_under_its_own_name_and_address(with_registry: Tracker) -> None:
    house = Organisation({"de": "Verein"}, "Weg 1\n50667 Köln", "Köln", "verein@example.org")
    revise_organisation(with_registry.database, house, None, CHIEF, NOW)
    anna, task_id, post = person(with_registry), task(with_registry, "cologne"), MemoryMail()

    begun = desk(with_registry, task_id, anna).wording
    letters.send(
        with_registry.database, task_id, "cologne", 0, to(begun, "x@example.org"), anna, NOW, with_registry.letterhead
    )
    deliver_due(with_registry.database, post, NOW)

    assert begun.sender == "Verein\nWeg 1\n50667 Köln\nverein@example.org"
    assert begun.body.endswith("\nVerein")
    (sent,) = post.sent
    assert str(sent["From"]).startswith("Verein <")
    assert text(sent).endswith("Verein\n\nWeg 1\n50667 Köln\nverein@example.org\n")
