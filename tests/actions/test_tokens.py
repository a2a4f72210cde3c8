"""Bearer tokens: shown once, kept as a hash, open what their owner may."""

import pytest
from sqlalchemy import text

from tracker.actions.tokens import bearer_of, issue_token
from tracker.actions.users import NewUser, add_user
from tracker.bootstrap import Tracker
from tracker.domain.access import Role
from tracker.domain.commands import Actor
from tracker.domain.events import EventType
from tracker.errors import NotFound
from tracker.store import event_log

ME = Actor("cli")


@pytest.fixture
def owner(tracker: Tracker) -> int:
    return add_user(tracker.database, NewUser("anna@example.org", "editor"), "cli", tracker.clock()).id


def test_a_token_speaks_for_its_owner(tracker: Tracker, owner: int) -> None:
    token = issue_token(tracker.database, " Anna@example.org ", tracker.clock(), ME)

    bearer = bearer_of(tracker.database, token, tracker.clock())

    assert bearer is not None
    assert (bearer.user_id, bearer.role) == (owner, Role.EDITOR)
    assert bearer_of(tracker.database, token + "x", tracker.clock()) is None


def test_a_token_has_256_random_bits_and_is_known_by_its_look(tracker: Tracker, owner: int) -> None:
    tokens = {issue_token(tracker.database, "anna@example.org", tracker.clock(), ME) for _ in range(3)}

    assert len(tokens) == 3
    assert all(token.startswith("trk_") and len(token) == len("trk_") + 43 for token in tokens)


def test_neither_the_database_nor_the_log_holds_the_token(tracker: Tracker, owner: int) -> None:
    token = issue_token(tracker.database, "anna@example.org", tracker.clock(), ME, "laptop")

    with tracker.database.reading() as session:
        kept = str(session.execute(text("SELECT * FROM tokens")).all())
        issued = list(event_log.read_all(session))[-1]
    assert token not in kept
    assert (issued.type, issued.subject) == (EventType.TOKEN_ISSUED, f"user:{owner}")
    assert issued.data["after"] == {"name": "laptop"}
    assert token not in str(issued)


def test_no_token_is_issued_to_an_address_without_an_account(tracker: Tracker) -> None:
    with pytest.raises(NotFound):
        issue_token(tracker.database, "nobody@example.org", tracker.clock(), ME)
