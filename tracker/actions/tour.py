"""Remembering how far somebody has taken the first tour. It concerns nobody else, so no event tells of it."""

import datetime as dt

from tracker.domain.tour import ALL, Step
from tracker.errors import NotFound
from tracker.i18n import N_
from tracker.store import accounts
from tracker.store.unit_of_work import Database


def take_step(database: Database, user_id: int, step: Step | None, now: dt.datetime) -> None:
    """Mark one step as taken; without one, all of them: the person wants to see the tour no more."""
    with database.unit(f"user:{user_id}", now) as unit:
        user = unit.session.get(accounts.UserRow, user_id)
        if user is None:
            raise NotFound(N_("There is no such account."))
        user.tour = int(ALL) if step is None else user.tour | int(step)
