"""What follows from somebody's grants: a role for the whole house, for some twins, for one organisation's records."""

import pytest

from tracker.domain.access import Grant, Mark, Rights, Role, may_see, may_write, visible_to
from tracker.domain.activities import Visibility

PUBLIC, MEMBERS, STAFF, CONFIDENTIAL = Visibility
COVENTRY = frozenset({"coventry"})


def rights(*grants: Grant) -> Rights:
    return Rights(grants, "user:7", "anna@example.org")


def test_whoever_has_no_grant_sees_nothing() -> None:
    assert rights().everywhere == ()
    assert not rights().may_see(Mark(PUBLIC, ("coventry",)))
    assert visible_to(None) == ()


@pytest.mark.parametrize("role", [Role.READER, Role.CONTRIBUTOR, Role.EDITOR])
def test_beyond_its_twins_a_grant_shows_what_is_public(role: Role) -> None:
    known = rights(Grant(role, COVENTRY))

    assert known.may_see(Mark(MEMBERS, ("coventry", "kemi")))
    assert not known.may_see(Mark(MEMBERS, ("kemi",)))
    assert known.may_see(Mark(PUBLIC, ("kemi",)))
    assert known.everywhere == (PUBLIC,)


def test_what_is_confidential_is_for_administrators_even_where_it_is_ones_own() -> None:
    own = Mark(CONFIDENTIAL, ("coventry",), recorded_by="user:7", responsible="anna@example.org")

    assert not rights(Grant(Role.EDITOR)).may_see(own)
    assert not rights(Grant(Role.CONTRIBUTOR)).may_see(own)
    assert rights(Grant(Role.ADMINISTRATOR)).may_see(own)


@pytest.mark.parametrize(
    "own", [Mark(STAFF, ("kemi",), recorded_by="user:7"), Mark(STAFF, ("kemi",), responsible="anna@example.org")]
)
def test_what_somebody_logged_or_answers_for_they_see(own: Mark) -> None:
    assert rights(Grant(Role.CONTRIBUTOR)).may_see(own)
    assert rights(Grant(Role.CONTRIBUTOR, COVENTRY)).may_see(own)
    assert not rights(Grant(Role.READER)).may_see(own)


def test_grants_add_up() -> None:
    known = rights(Grant(Role.READER), Grant(Role.EDITOR, COVENTRY), Grant(Role.EDITOR, frozenset({"kemi"})))

    assert known.role is Role.READER
    assert known.highest is Role.EDITOR
    assert known.may_see(Mark(MEMBERS, ("cologne",)))
    assert known.may_revise(Mark(STAFF, ("coventry", "kemi")))
    assert not known.may_revise(Mark(PUBLIC, ("coventry", "cologne")))
    assert not may_write(known)


def test_a_grant_for_an_organisation_is_for_its_records_alone() -> None:
    known = rights(Grant(Role.EDITOR, organisation="Rotary"))

    assert known.may_manage(Mark(STAFF, ("kemi",), owner="Rotary"))
    assert not known.may_see(Mark(MEMBERS, ("kemi",), owner=""))
    assert not known.may_record(Mark(PUBLIC, ("kemi",), owner=""))
    assert known.role is None


def test_a_contributor_changes_their_own_and_removes_nothing() -> None:
    known = rights(Grant(Role.CONTRIBUTOR))
    own, others = Mark(PUBLIC, ("kemi",), recorded_by="user:7"), Mark(PUBLIC, ("kemi",), recorded_by="user:8")

    assert known.may_record(own)
    assert known.may_revise(own)
    assert not known.may_revise(others)
    assert not known.may_manage(own)


def test_a_role_is_told_of_matters_where_it_holds() -> None:
    known = rights(Grant(Role.READER), Grant(Role.EDITOR, COVENTRY))

    assert known.role_at(Mark(PUBLIC, ("coventry",))) is Role.EDITOR
    assert known.role_at(Mark(PUBLIC, ("kemi",))) is Role.READER
    assert known.role_at(Mark(PUBLIC)) is Role.READER


def test_what_sums_up_over_all_twins_goes_by_the_safe_side() -> None:
    assert visible_to(rights(Grant(Role.EDITOR, COVENTRY))) == (PUBLIC,)
    assert not may_see(rights(Grant(Role.EDITOR, COVENTRY)), STAFF)
    assert visible_to(rights(Grant(Role.EDITOR))) == (PUBLIC, MEMBERS, STAFF)
