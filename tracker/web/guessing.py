"""Whoever asks for addresses that do not exist is slowed down: so many misses a minute for each place they come from.

Only misses count. A program behind the same router as somebody who guesses gets its calendar as ever.
"""

import ipaddress
import math
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any

_A_MINUTE = 30
_PLACES = 10_000


class Guesses:
    """A bucket for each place; each miss takes one, and time fills it up again."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic, self._changing = monotonic, threading.Lock()
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, environ: Mapping[str, Any]) -> int:
        """Count a miss. 0 while there are few; else the seconds after which the next one is answered again."""
        place, now = place_of(environ), self._monotonic()
        with self._changing:
            left, at = self._left.pop(place, (float(_A_MINUTE), now))
            left = min(_A_MINUTE, left + (now - at) * _A_MINUTE / 60)
            many = left < 1
            self._left[place] = (left if many else left - 1, now)
            if len(self._left) > _PLACES:
                self._left.popitem(last=False)
        return math.ceil((1 - left) * 60 / _A_MINUTE) if many else 0


def place_of(environ: Mapping[str, Any]) -> str:
    """The remote address; behind a proxy on this machine the one it was asked from, as the proxy itself wrote it."""
    told = [environ.get("REMOTE_ADDR", ""), environ.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()]
    try:
        address = ipaddress.ip_address(told[0])
        if address.is_loopback and told[1]:
            address = ipaddress.ip_address(told[1])
    except ValueError:
        return ""
    # A household has a whole network of these.
    return str(ipaddress.ip_network((address, 64), strict=False) if address.version == 6 else address)
