"""The command line, as people run it."""

import pytest

from tests.program import Run, runner_within
from tracker.bootstrap import Tracker


@pytest.fixture
def run(with_registry_read: Tracker) -> Run:
    """Runs `tracker` for an installation with the registry loaded and taken in by every consumer."""
    return runner_within(with_registry_read)
