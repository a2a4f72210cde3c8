"""Whether whoever acts in a unit of work may log, change or remove an activity: asked where its row is written.

Pages and API ask before, to offer nothing that is refused here. But every way to write an activity ends here (a form, a
sheet, a letter, a program), with the grants as they stand in this very transaction.
"""

from tracker.domain.access import Mark, Rights
from tracker.domain.activities import ActivityContent
from tracker.errors import Forbidden
from tracker.i18n import N_
from tracker.store import accounts
from tracker.store.activity_rows import ActivityRow
from tracker.store.unit_of_work import Unit

_NOT_SEEN = N_("You may not write what you may not see; choose another visibility.")
_ELSEWHERE = N_("Your account is not meant for this city or this organisation. An administrator can change that.")
_OTHERS = N_("Your account may change what you logged yourself or answer for, not this.")
_BIN = N_("Your account may not remove this or bring it back.")
_KEPT = "rights of the actor"


def check_record(unit: Unit, content: ActivityContent) -> None:
    """Raises `Forbidden` where the actor may not log such an activity."""
    rights = _rights(unit)
    if rights is not None:
        _check_result(rights, _mark(content, unit.actor))


def check_revise(unit: Unit, row: ActivityRow, content: ActivityContent) -> None:
    """Raises `Forbidden` where the actor may not change it, or not into this."""
    rights = _rights(unit)
    if rights is not None:
        if not rights.may_revise(row.mark):
            raise Forbidden(_OTHERS)
        _check_result(rights, _mark(content, row.recorded_by))


def check_manage(unit: Unit, row: ActivityRow) -> None:
    """Raises `Forbidden` where the actor may not put it into the bin, or take it out."""
    rights = _rights(unit)
    if rights is not None and not rights.may_manage(row.mark):
        raise Forbidden(_BIN)


def recorded_by(unit: Unit) -> str:
    """Who logs what is logged in this unit of work, where that is a person."""
    return unit.actor if unit.actor.startswith("user:") else ""


def _check_result(rights: Rights, mark: Mark) -> None:
    if not rights.may_see(mark):
        raise Forbidden(_NOT_SEEN, field="visibility")
    if not rights.may_record(mark):
        raise Forbidden(_ELSEWHERE, field="twins")


def _mark(content: ActivityContent, person: str) -> Mark:
    return Mark(content.visibility, content.twins, content.owner, person, content.responsible)


def _rights(unit: Unit) -> Rights | None:
    """Those of the person who acts, read once; None for the house itself: its clock, its registry, its command line.

    None too for a number that no account has, under which nobody can be logged in: accounts are never deleted.
    """
    if _KEPT not in unit.session.info:
        number = unit.actor.removeprefix("user:")
        is_person = unit.actor.startswith("user:") and number.isdigit()
        unit.session.info[_KEPT] = accounts.rights_of(unit.session, int(number)) if is_person else None
    found: Rights | None = unit.session.info[_KEPT]
    return found
