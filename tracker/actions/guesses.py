"""How often somebody may guess a password or a code, or have us send mails: counted in the database, so that it holds
however many processes serve.

A guess is taken out of its buckets before it is looked at, and put back when it was right. So a hundred guesses sent
at once are counted as a hundred, and whoever knows the password never waits.
"""

import datetime as dt
from collections.abc import Mapping

from tracker.domain.logins import FORGOTTEN_AFTER, Bucket
from tracker.store import logins as store
from tracker.store.unit_of_work import Database

Buckets = Mapping[str, Bucket]
"""By key, which says nothing about whose it is."""


def take(database: Database, buckets: Buckets, now: dt.datetime) -> int:
    """Take one guess out of each; 0, or the seconds to wait where one of them is empty, and then nothing is taken."""
    with database.unit("system", now) as unit:
        rows = store.hold_guesses(unit.session, [(key, bucket.size) for key, bucket in buckets.items()], now)
        after = {key: bucket.take(rows[key].left, rows[key].at, now) for key, bucket in buckets.items()}
        waits = [wait for _, wait in after.values() if wait]
        if waits:
            return max(waits)
        for key, (left, _) in after.items():
            rows[key].left, rows[key].at = left, now
        store.forget_guesses(unit.session, now - FORGOTTEN_AFTER, buckets)
        return 0


def give_back(database: Database, buckets: Buckets, now: dt.datetime) -> None:
    """The guess was right: put it back."""
    with database.unit("system", now) as unit:
        rows = store.hold_guesses(unit.session, [(key, bucket.size) for key, bucket in buckets.items()], now)
        for key, bucket in buckets.items():
            rows[key].left = min(float(bucket.size), rows[key].left + 1)
