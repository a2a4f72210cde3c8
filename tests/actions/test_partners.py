"""People in office and contact organisations: kept against the version in hand, and not told to the log."""

from uuid import UUID, uuid4

import pytest

from tracker.actions.partners import CONTACTS, add_partner, remove_partner, revise_partner
from tracker.bootstrap import Tracker
from tracker.domain.commands import Actor
from tracker.domain.partners import Contact, Officeholder
from tracker.errors import Conflict, InvalidInput, NotFound
from tracker.store import event_log
from tracker.store.partners import contacts, officeholders

ME = Actor("user:1")
REKER = Officeholder(twin="cologne", name="Henriette Reker", office="Lord Mayor", start="2015-12")
CLUB = Contact(
    twin="cologne", name="Partnerschaftsverein", person="E. Muster", email="e@example.org", phone="0221-4711"
)


def told(tracker: Tracker, subject: str) -> list[tuple[str, str]]:
    with tracker.database.reading() as session:
        return [(event.type.value, str(dict(event.data))) for event in event_log.history(session, subject)]


def test_somebody_in_office_is_entered_ends_and_is_told(with_registry: Tracker) -> None:
    database, now = with_registry.database, with_registry.clock()
    known = add_partner(database, REKER, ME, now)
    ended = REKER.model_copy(update={"end": "2025-10"})

    assert revise_partner(database, known, ended, 1, ME, now)
    assert not revise_partner(database, known, ended, 2, ME, now)
    with pytest.raises(Conflict):
        revise_partner(database, known, REKER, 1, ME, now)

    with database.reading() as session:
        assert [row.to_value() for row in officeholders(session, "cologne")] == [ended]
    assert [what for what, _ in told(with_registry, f"office:{known}")] == ["office.added", "office.revised"]
    assert "'after': {'end': '2025-10', 'version': 2}" in told(with_registry, f"office:{known}")[1][1]


def test_the_log_says_that_a_contact_changed_but_not_how_it_is_reached(with_registry: Tracker) -> None:
    database, now = with_registry.database, with_registry.clock()
    known = add_partner(database, CLUB, ME, now)
    revise_partner(database, known, CLUB.model_copy(update={"email": "new@example.org"}), 1, ME, now)
    remove_partner(database, CONTACTS, known, 2, ME, now)

    events = told(with_registry, f"contact:{known}")

    assert [what for what, _ in events] == ["contact.added", "contact.revised", "contact.removed"]
    assert "'email': '…'" in events[1][1]
    for secret in ("Muster", "example.org", "4711"):
        assert secret not in str(events)
    with database.reading() as session:
        assert contacts(session, "cologne") == []


def test_the_hub_has_people_in_office_too_and_no_other_city_that_is_not_there(with_registry: Tracker) -> None:
    database, now = with_registry.database, with_registry.clock()

    assert isinstance(add_partner(database, REKER.model_copy(update={"twin": "volgograd"}), ME, now), UUID)
    with pytest.raises(InvalidInput):
        add_partner(database, REKER.model_copy(update={"twin": "atlantis"}), ME, now)
    with pytest.raises(NotFound):
        revise_partner(database, uuid4(), REKER, None, ME, now)
