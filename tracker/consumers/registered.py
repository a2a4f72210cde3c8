"""The consumers of an installation, in the order they are brought up to date."""

from tracker.consumers import Consumer, calendars
from tracker.consumers.live import live
from tracker.consumers.occasions import OCCASIONS
from tracker.gateways.live import Live


def all_consumers(gateway: Live, base_url: str = "") -> tuple[Consumer, ...]:
    """Everybody who reads the log; `live` tells its watchers by `gateway`; entries point to pages at `base_url`."""
    return (OCCASIONS, calendars.consumer(base_url), live(gateway))
