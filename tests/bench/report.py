"""What was measured: ours beside a public yardstick of the same run, and the ratio of the two."""

import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Row:
    """One comparison. `ours` and `yardstick` are in `unit`; a ratio below 1 means ours needs less."""

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
        ratio = f"{self.ratio:.2f} ×" if self.ratio is not None else f"aim < {self.aim:g}" if self.aim else ""
        text = f"{self.name:<52} {_number(self.ours):>9} {self.unit:<6} {beside:>16}  {ratio:>10}  {self.against}"
        return f"{text} ({self.note})" if self.note else text


def median(work: Callable[[], object], times: int) -> float:
    """The median time of `work` in seconds, after one run that is not counted."""
    work()
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken)


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.3f}"
