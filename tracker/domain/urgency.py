"""Whether a change comes too late for a calendar: the program that shows it looks again only when it has begun.

A program fetches when it likes (Google about twice a day), so what changes shortly before it begins is told by mail as
well. Pure: moments in, decision out.
"""

import datetime as dt
from collections.abc import Iterable

from tracker.domain.clients import Client, expected_fetch, has_gone, looks_again

NEAR = dt.timedelta(hours=48)
"""What begins later than this is left to the calendar."""
_NOTICE = dt.timedelta(hours=1)
"""So long before the beginning people should know."""


def next_look(client: Client, last_at: dt.datetime, gap: dt.timedelta | None, now: dt.datetime) -> dt.datetime | None:
    """When a program will look again; None where nobody waits for it any more.

    One that is overdue (a laptop that was shut) is given its usual time once more, from now on.
    """
    if has_gone(last_at, now) or not looks_again(client):
        return None
    expected = expected_fetch(client, last_at, gap)
    return expected if expected > now else now + (expected - last_at)


def begins_soon(now: dt.datetime, begins: Iterable[dt.datetime]) -> tuple[dt.datetime, ...]:
    """Those of the beginnings, old and new, for which a change counts."""
    return tuple(begin for begin in begins if now < begin <= now + NEAR)


def comes_too_late(soon: Iterable[dt.datetime], next_fetch: dt.datetime) -> bool:
    """Whether somebody would go there, or stay away, before the calendar program has looked at `next_fetch`."""
    return any(next_fetch > begin - _NOTICE for begin in soon)
