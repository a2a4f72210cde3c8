"""The twins are read once and kept until one of them changes."""

import gc
import weakref

from tracker.bootstrap import Tracker
from tracker.store import twins


def test_what_is_kept_of_the_twins_keeps_no_session_alive(with_registry: Tracker) -> None:
    with with_registry.database.reading() as session:
        assert "cologne" in twins.current(session)
        seen = weakref.ref(session)

    del session
    gc.collect()

    assert seen() is None
