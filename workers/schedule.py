"""The clock: short ticks that look for rows that are due. Everything it starts is idempotent, so two clocks do no harm.

It runs in UTC; what is local time is decided by the domain.
"""

from typing import Any

from celery.beat import ScheduleEntry, Scheduler

from tracker.gateways import nudge

TICK_SECONDS = 5.0
"""The longest a lost nudge can delay anything."""

ENTRIES = {
    "tick": {"task": "tick", "schedule": TICK_SECONDS},
    "plan reminders": {"task": "plan", "schedule": 60.0},
    "read bounces": {"task": "bounces", "schedule": 300.0},
    "let files go": {"task": "tidy", "schedule": 600.0},
    "count rows": {"task": "count", "schedule": 600.0},
    "roll calendars": {"task": "roll", "schedule": 600.0},
}

_FULL = 20
"""A queue with more unread ticks than this gets no further one."""


class PatientScheduler(Scheduler):  # type: ignore[misc]  # celery ships no types
    """Keeps its times in memory, and does not fill the broker with ticks while no worker reads them."""

    def apply_async(self, entry: ScheduleEntry, producer: Any = None, advance: bool = True, **kwargs: Any) -> Any:
        with self.app.connection_for_write() as connection:
            waiting = connection.default_channel.queue_declare(nudge.CLOCK).message_count
        if waiting >= _FULL:
            if advance:
                self.reserve(entry)
            return None
        return super().apply_async(entry, producer=producer, advance=advance, **kwargs)
