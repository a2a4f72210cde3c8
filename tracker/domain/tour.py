"""The first steps of a new account, and which of them somebody has taken. Pure."""

from collections.abc import Iterable
from enum import IntFlag

from tracker.domain.access import Role


class Step(IntFlag):
    """Kept as one number."""

    FOLLOW = 1
    LOOK = 2
    SUBSCRIBE = 4
    HOUSE = 8
    INVITE = 16


EVERYBODY = (Step.FOLLOW, Step.LOOK, Step.SUBSCRIBE)
ALL = Step(31)


def steps_for(role: Role | None) -> tuple[Step, ...]:
    """The three everybody takes; administrators begin with the house, so that others find it named."""
    return (Step.HOUSE, *EVERYBODY, Step.INVITE) if role is Role.ADMINISTRATOR else EVERYBODY


def is_over(taken: int, steps: Iterable[Step]) -> bool:
    return all(taken & step for step in steps)
