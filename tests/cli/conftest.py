"""The command line, as people run it."""

import pytest

from tests.program import Run, runner
from tracker.bootstrap import Tracker


@pytest.fixture
def run(with_registry: Tracker) -> Run:
    """Runs `tracker` for an installation with the registry loaded."""
    return runner(with_registry)
