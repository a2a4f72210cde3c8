"""The row of an address is one, however many workers are about to make it."""

import threading

from tracker.bootstrap import Tracker
from tracker.store import addresses

OFFICE = "Office@example.org"


def test_two_workers_that_meet_an_address_at_once_get_the_same_row(tracker: Tracker) -> None:
    made: list[int] = []

    def meet() -> None:
        with tracker.database.unit("test", tracker.clock()) as unit:
            made.append(addresses.ensure(unit.session, OFFICE).id)

    with tracker.database.unit("test", tracker.clock()) as unit:
        first = addresses.ensure(unit.session, OFFICE).id
        other = threading.Thread(target=meet)
        other.start()
    other.join(timeout=60)

    assert made == [first]
    with tracker.database.reading() as session:
        assert [row.address for row in session.query(addresses.MailAddressRow)] == ["office@example.org"]
