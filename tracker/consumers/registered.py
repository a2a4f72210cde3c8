"""The consumers of an installation, in the order they are brought up to date."""

from tracker.consumers import Consumer
from tracker.consumers.live import live
from tracker.consumers.occasions import OCCASIONS
from tracker.gateways.live import Live


def all_consumers(gateway: Live) -> tuple[Consumer, ...]:
    """Everybody who reads the log; `live` tells its watchers through `gateway`."""
    return (OCCASIONS, live(gateway))
