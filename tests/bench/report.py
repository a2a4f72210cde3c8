"""What was measured: ours beside a public yardstick of the same run, and the ratio of the two."""

import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Row:
    """One comparison. `ours` and `yardstick` are in `unit`; a ratio below 1 means ours needs less: we are faster."""

    name: str
    ours: float | None
    yardstick: float | None
    unit: str
    against: str
    """What the yardstick is."""
    note: str = ""
    aim: float | None = None
    """For rows without a yardstick: what it should stay below."""

    @property
    def ratio(self) -> float | None:
        if self.ours is None or not self.yardstick:
            return None
        return self.ours / self.yardstick

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "ratio": self.ratio}

    def line(self) -> str:
        if self.ours is None:
            return f"{self.name:<52} not measured: {self.note}"
        beside = f"{_number(self.yardstick)} {self.unit}" if self.yardstick is not None else "–"
        text = (
            f"{self.name:<52} {_number(self.ours):>9} {self.unit:<6} {beside:>16}  {self._beside():<20}  {self.against}"
        )
        return f"{text} ({self.note})" if self.note else text

    def _beside(self) -> str:
        """How ours compares, in words."""
        if self.ratio is None:
            return f"aim: below {self.aim:g}" if self.aim else ""
        return f"{_number(1 / self.ratio)} times faster" if self.ratio < 1 else f"{_number(self.ratio)} times slower"


def once(work: Callable[[], object], clock: Callable[[], float] = time.perf_counter) -> float:
    """The time of `work` in seconds, by the clock on the wall or that of this process."""
    begun = clock()
    work()
    return clock() - begun


def median(work: Callable[[], object], times: int, clock: Callable[[], float] = time.perf_counter) -> float:
    """The median time of `work` in seconds, after one run that is not counted."""
    work()
    return statistics.median([once(work, clock) for _ in range(times)])


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.3f}"
