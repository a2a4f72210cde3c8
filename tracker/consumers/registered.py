"""The consumers of this installation, in the order they are brought up to date."""

from tracker.consumers import Consumer
from tracker.consumers.occasions import OCCASIONS

CONSUMERS: tuple[Consumer, ...] = (OCCASIONS,)
