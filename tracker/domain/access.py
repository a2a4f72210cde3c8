"""Who may see and who may write: the one place that decides it, for pages, API and feeds alike (R12).

A person has grants: a role for the whole house, or for some twins, or for the records of one organisation. Their rights
follow from all of them together. A visibility is an activity's. Pure; whoever has no grant sees nothing here.

Beyond the reach of somebody's grants they see what is public. What counts or sums up over all twins (a report, a
calendar) cannot be narrowed by twins, so it goes by what is seen `everywhere`: the safe side.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from tracker.domain.activities import Activity, Visibility
from tracker.domain.activity_lines import ActivityLine


class Role(StrEnum):
    """What a person may do, from looking only to everything."""

    READER = "reader"
    CONTRIBUTOR = "contributor"
    EDITOR = "editor"
    ADMINISTRATOR = "administrator"

    @property
    def rank(self) -> int:
        return list(Role).index(self)


_SEEN: dict[Role, tuple[Visibility, ...]] = {
    Role.READER: (Visibility.PUBLIC, Visibility.MEMBERS),
    Role.CONTRIBUTOR: (Visibility.PUBLIC, Visibility.MEMBERS),
    Role.EDITOR: (Visibility.PUBLIC, Visibility.MEMBERS, Visibility.STAFF),
    Role.ADMINISTRATOR: tuple(Visibility),
}
_OWN = (Visibility.PUBLIC, Visibility.MEMBERS, Visibility.STAFF)
"""What somebody who logs activities sees of those that are theirs: what is confidential is for administrators."""


@dataclass(frozen=True)
class Mark:
    """What of an activity decides who may see and change it. `owner`: "" is our own organisation."""

    visibility: Visibility
    twins: tuple[str, ...] = ()
    owner: str = ""
    recorded_by: str = ""
    responsible: str = ""


@dataclass(frozen=True)
class Grant:
    """A role and where it holds: for some twins (None: all), for the records of one organisation (None: of all)."""

    role: Role
    twins: frozenset[str] | None = None
    organisation: str | None = None

    @property
    def everywhere(self) -> bool:
        return self.twins is None and self.organisation is None


@dataclass(frozen=True)
class Reach:
    """Some activities, and how much of them is seen: of these twins, of this organisation, or somebody's own.

    Those recorded by `person` or for which `address` answers, where either is given. Empty bounds are none.
    """

    visibilities: tuple[Visibility, ...]
    twins: frozenset[str] | None = None
    organisation: str | None = None
    person: str = ""
    address: str = ""

    def holds(self, mark: Mark) -> bool:
        of_twins = self.twins is None or not self.twins.isdisjoint(mark.twins)
        of_owner = self.organisation is None or self.organisation == mark.owner
        whose = not (self.person or self.address) or is_own(mark, self.person, self.address)
        return mark.visibility in self.visibilities and of_twins and of_owner and whose


@dataclass(frozen=True)
class Rights:
    """All grants of one person, and by which names their own activities are known."""

    grants: tuple[Grant, ...] = ()
    person: str = ""
    """As the author of what they did: `user:<id>`."""
    address: str = ""

    @cached_property
    def role(self) -> Role | None:
        """What they may do in the whole house; None for somebody whose grants all have bounds."""
        return _highest(grant.role for grant in self.grants if grant.everywhere)

    @cached_property
    def highest(self) -> Role | None:
        """The most they may do anywhere."""
        return _highest(grant.role for grant in self.grants)

    @cached_property
    def everywhere(self) -> tuple[Visibility, ...]:
        """What they see of whichever twin and organisation."""
        if not self.grants:
            return ()
        return _SEEN[self.role] if self.role else (Visibility.PUBLIC,)

    @cached_property
    def further(self) -> tuple[Reach, ...]:
        """What they see beyond that, as the store selects by it."""
        bounded = (Reach(_SEEN[g.role], g.twins, g.organisation) for g in self.grants if not g.everywhere)
        found = [reach for reach in bounded if not set(reach.visibilities) <= set(self.everywhere)]
        if self.may_log and not set(_OWN) <= set(self.everywhere):
            found.append(Reach(_OWN, person=self.person, address=self.address))
        return tuple(found)

    @property
    def may_log(self) -> bool:
        """Whether there is anything they may log."""
        return self.highest is not None and self.highest.rank >= Role.CONTRIBUTOR.rank

    @property
    def visibilities(self) -> tuple[Visibility, ...]:
        """What they may choose from for an activity: what they see of any."""
        reached = {level for reach in self.further if not reach.person for level in reach.visibilities}
        return tuple(level for level in Visibility if level in reached or level in self.everywhere)

    def role_at(self, mark: Mark) -> Role | None:
        """The role that counts where `mark` is, by any grant that reaches one of its twins."""
        return _highest(
            grant.role
            for grant in self.grants
            if grant.organisation in (None, mark.owner)
            and (grant.twins is None or not grant.twins.isdisjoint(mark.twins))
        )

    def may_see(self, mark: Mark) -> bool:
        return mark.visibility in self.everywhere or any(reach.holds(mark) for reach in self.further)

    def may_record(self, mark: Mark) -> bool:
        """Whether they may log such an activity."""
        return self._covers(Role.CONTRIBUTOR, mark) and self.may_see(mark)

    def may_revise(self, mark: Mark) -> bool:
        """Whether they may change it: an editor any, a contributor what they recorded or answer for."""
        return self.may_manage(mark) or (self.may_record(mark) and is_own(mark, self.person, self.address))

    def may_manage(self, mark: Mark) -> bool:
        """Whether they may also put it into the bin and take it out again."""
        return self._covers(Role.EDITOR, mark) and self.may_see(mark)

    def _covers(self, role: Role, mark: Mark) -> bool:
        """Whether grants of at least that role reach every twin: what concerns another one too is for who has both."""
        able = [g for g in self.grants if g.role.rank >= role.rank and g.organisation in (None, mark.owner)]
        if any(grant.twins is None for grant in able):
            return True
        covered = {twin for grant in able for twin in grant.twins or ()}
        return bool(mark.twins) and covered.issuperset(mark.twins)


Who = Role | Rights | None
"""Who asks: somebody with their rights, or a role in the whole house; None is nobody."""


def mark_of(activity: Activity | ActivityLine) -> Mark:
    return Mark(activity.visibility, activity.twins, activity.owner, activity.recorded_by, activity.responsible)


def is_own(mark: Mark, person: str, address: str) -> bool:
    """Whether somebody has recorded an activity or answers for it."""
    return bool((person and mark.recorded_by == person) or (address and mark.responsible == address))


def _role(who: Who) -> Role | None:
    return who.role if isinstance(who, Rights) else who


def _highest(roles: Iterator[Role]) -> Role | None:
    return max(roles, key=lambda role: role.rank, default=None)


def visible_to(who: Who) -> tuple[Visibility, ...]:
    """The visibilities of the activities that `who` may see, whichever twin they are of."""
    if isinstance(who, Rights):
        return who.everywhere
    return _SEEN[who] if who else ()


def may_see(who: Who, visibility: Visibility) -> bool:
    """Whether `who` may see all that has this visibility."""
    return visibility in visible_to(who)


def may_write(who: Who) -> bool:
    """Whether `who` edits in the whole house."""
    return _role(who) in (Role.EDITOR, Role.ADMINISTRATOR)


def administers(who: Who) -> bool:
    return _role(who) is Role.ADMINISTRATOR


def readable(who: Who, level: Visibility) -> tuple[Visibility, ...]:
    """What a report for readers of `level` may hold where `who` asks for it: never more than either may see."""
    order = list(Visibility)
    return tuple(seen for seen in visible_to(who) if order.index(seen) <= order.index(level))


def narrowest(visibilities: Collection[Visibility]) -> Visibility:
    """The smallest circle that any of these is meant for: whoever reads them all together must belong to it."""
    return max(visibilities, key=list(Visibility).index, default=Visibility.PUBLIC)
