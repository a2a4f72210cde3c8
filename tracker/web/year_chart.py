"""A small chart of activities by year, as numbers a template draws: bars in a box of whole units, nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass

STEP, HEIGHT = 8, 60
"""Units a year is wide and the box is high."""


@dataclass(frozen=True)
class Bar:
    year: int
    count: int
    kinds: Mapping[str, int]
    x: int
    y: float
    height: float


@dataclass(frozen=True)
class Chart:
    first: int
    last: int
    bars: tuple[Bar, ...]
    """Only years in which there was something."""

    @property
    def width(self) -> int:
        return (self.last - self.first + 1) * STEP

    @property
    def most(self) -> int:
        return max((bar.count for bar in self.bars), default=0)

    @property
    def middle(self) -> int:
        return (self.first + self.last) // 2


def chart_of(counted: Mapping[int, Mapping[str, int]], first: int, last: int) -> Chart:
    """The years from `first` to `last`, and further where something lies outside of them."""
    years = [first, last, *counted]
    low, high = min(years), max(years)
    most = max((sum(kinds.values()) for kinds in counted.values()), default=1)
    bars = []
    for year, kinds in sorted(counted.items()):
        count = sum(kinds.values())
        # Whatever is there can be seen.
        height = round(max(count / most * HEIGHT, 2), 1)
        bars.append(Bar(year, count, kinds, (year - low) * STEP, round(HEIGHT - height, 1), height))
    return Chart(low, high, tuple(bars))
