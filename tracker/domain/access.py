"""Who may see and who may write: the one place that decides it, for pages, API and feeds alike (R12).

Pure. A role is a person's; a visibility is an activity's. Whoever is not logged in sees nothing here yet.
"""

from collections.abc import Collection
from enum import StrEnum

from tracker.domain.activities import Visibility


class Role(StrEnum):
    """What a person may do, from looking only to everything."""

    READER = "reader"
    EDITOR = "editor"
    ADMINISTRATOR = "administrator"


_SEEN: dict[Role, tuple[Visibility, ...]] = {
    Role.READER: (Visibility.PUBLIC, Visibility.MEMBERS),
    Role.EDITOR: (Visibility.PUBLIC, Visibility.MEMBERS, Visibility.STAFF),
    Role.ADMINISTRATOR: tuple(Visibility),
}


def highest(names: Collection[str]) -> Role | None:
    """The role that counts where somebody has several; None where none is ours."""
    return next((role for role in reversed(Role) if role.value in names), None)


def visible_to(role: Role | None) -> tuple[Visibility, ...]:
    """The visibilities of the activities that `role` may see."""
    return _SEEN[role] if role else ()


def may_see(role: Role | None, visibility: Visibility) -> bool:
    return visibility in visible_to(role)


def may_write(role: Role | None) -> bool:
    return role in (Role.EDITOR, Role.ADMINISTRATOR)
