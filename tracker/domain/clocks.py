"""Two clocks side by side: how far one is ahead of the other on a day, and when that changes next. Pure."""

import datetime as dt
from zoneinfo import ZoneInfo

_AHEAD = 370
"""Days: longer than from one change of the clocks to the same of the next year."""


def ahead(here: str, there: str, moment: dt.datetime) -> int:
    """By how many minutes the clocks `there` are ahead of those `here`."""
    here_now, there_now = (moment.astimezone(ZoneInfo(zone)) for zone in (here, there))
    return round(
        ((there_now.utcoffset() or dt.timedelta()) - (here_now.utcoffset() or dt.timedelta())).total_seconds() / 60
    )


def next_change(here: str, there: str, moment: dt.datetime) -> tuple[dt.date, int] | None:
    """The first day on which the difference is another one, and that; None where none is foreseen."""
    now = ahead(here, there, moment)
    for days in range(1, _AHEAD):
        # At noon whatever changes that day has changed.
        then = (moment + dt.timedelta(days=days)).replace(hour=12, minute=0)
        if (difference := ahead(here, there, then)) != now:
            return then.date(), difference
    return None
