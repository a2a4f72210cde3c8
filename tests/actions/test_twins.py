"""Adding and revising a twin: checked, written with its event, and findable by its new name at once."""

import pytest

from tracker.actions.twins import add_twin, revise_twin
from tracker.bootstrap import Tracker
from tracker.domain.commands import Actor
from tracker.domain.events import EventType
from tracker.domain.search import query_words
from tracker.domain.twins import Level, State, Twin, TwinDate, TwinState
from tracker.errors import Conflict, InvalidInput, NotFound
from tracker.store.activities import ActivityFilter, counted
from tracker.store.event_log import history
from tracker.store.twins import load_all

STAFF = Actor("user:1")
BREMEN = Twin(slug="bremen", names={"en": "Bremen"}, country="DE", link="partner", timezone="Europe/Berlin")


def known(tracker: Tracker, slug: str) -> Twin:
    with tracker.database.reading() as session:
        return load_all(session)[slug]


def found(tracker: Tracker, query: str) -> int:
    with tracker.database.reading() as session:
        return counted(session, ActivityFilter(words=query_words(query)))


def test_a_twin_is_added_with_its_event(with_registry: Tracker) -> None:
    added = add_twin(with_registry.database, BREMEN, STAFF, with_registry.clock())

    assert added == BREMEN == known(with_registry, "bremen")
    with with_registry.database.reading() as session:
        [event] = history(session, "twin:bremen")
    assert (event.type, event.actor) == (EventType.TWIN_ADDED, "user:1")


@pytest.mark.parametrize("slug", ["cologne", "volgograd"])
def test_a_slug_is_given_once_only(with_registry: Tracker, slug: str) -> None:
    with pytest.raises(InvalidInput, match="already"):
        add_twin(with_registry.database, BREMEN.model_copy(update={"slug": slug}), STAFF, with_registry.clock())


def test_every_fault_of_a_twin_is_told(with_registry: Tracker) -> None:
    wrong = BREMEN.model_copy(
        update={
            "link": "marriage",
            "timezone": "Mars",
            "states": (TwinState(level=Level.AGREEMENT, state=State.GOING_ON),),
            "dates": (TwinDate(date="1990", primary=True), TwinDate(date="1991", primary=True)),
        }
    )

    with pytest.raises(InvalidInput) as caught:
        add_twin(with_registry.database, wrong, STAFF, with_registry.clock())

    assert {p.field for p in caught.value.problems} == {"states.0.state", "link", "timezone", "dates"}


def test_a_revision_tells_what_changed_and_moves_the_version(with_registry: Tracker) -> None:
    ended = TwinState(level=Level.AGREEMENT, state=State.ENDED, since="2026-09", verified=True)
    before = known(with_registry, "dijon")
    after = before.model_copy(update={"states": (*before.states, ended)})

    revise_twin(with_registry.database, after, 1, STAFF, with_registry.clock())

    assert known(with_registry, "dijon").state(Level.AGREEMENT) == ended
    with with_registry.database.reading() as session:
        event = history(session, "twin:dijon")[-1]
    assert event.type is EventType.TWIN_REVISED
    assert event.data["after"].keys() == {"states", "version"}
    with pytest.raises(Conflict):
        revise_twin(with_registry.database, before, 1, STAFF, with_registry.clock())


def test_a_revision_that_changes_nothing_is_no_event(with_registry: Tracker) -> None:
    revise_twin(with_registry.database, known(with_registry, "dijon"), 1, STAFF, with_registry.clock())

    with with_registry.database.reading() as session:
        assert len(history(session, "twin:dijon")) == 1


def test_activities_are_found_by_a_name_their_city_gets_later(with_registry: Tracker) -> None:
    before = known(with_registry, "dijon")

    revise_twin(
        with_registry.database,
        before.model_copy(update={"names": {**before.names, "la": "Divio"}}),
        None,
        STAFF,
        with_registry.clock(),
    )

    assert found(with_registry, "Divio") == found(with_registry, "Dijon") > 0


def test_a_twin_that_is_not_there_cannot_be_revised(with_registry: Tracker) -> None:
    with pytest.raises(NotFound):
        revise_twin(with_registry.database, BREMEN, None, STAFF, with_registry.clock())
