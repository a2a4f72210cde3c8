"""The world on a sheet: where a place lies on the map, and the arc that joins two places. Pure.

The projection is Equal Earth (Šavrič, Patterson and Jenny, 2018): areas compare as they are. Its middle is 11° east, so
that the map is cut through the Bering Strait, where no land is. A unit of the map is a thousandth of the earth's width.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

MIDDLE: Final = 11.0
WIDTH: Final = 1000.0
_A = (1.340264, -0.081106, 0.000893, 0.003796)
_M = math.sqrt(3) / 2
_SCALE = WIDTH * _M * _A[0] / (2 * math.pi)
"""By which the equator becomes as long as the map is wide."""

Point = tuple[float, float]


@dataclass(frozen=True)
class Box:
    """A part of the map, from its upper left corner."""

    x: float
    y: float
    wide: float
    high: float

    def has(self, point: Point) -> bool:
        return self.x <= point[0] <= self.x + self.wide and self.y <= point[1] <= self.y + self.high

    def holds(self, other: "Box") -> bool:
        return (
            self.x <= other.x
            and self.y <= other.y
            and other.x + other.wide <= self.x + self.wide
            and other.y + other.high <= self.y + self.high
        )

    def meets(self, other: "Box") -> bool:
        return (
            self.x < other.x + other.wide
            and other.x < self.x + self.wide
            and self.y < other.y + other.high
            and other.y < self.y + self.high
        )

    def around(self, points: Iterable[Point], margin: float) -> "Box":
        """So much larger that these points lie inside."""
        found = [
            *points,
            (self.x + margin, self.y + margin),
            (self.x + self.wide - margin, self.y + self.high - margin),
        ]
        left, top = min(x for x, _ in found) - margin, min(y for _, y in found) - margin
        return Box(left, top, max(x for x, _ in found) + margin - left, max(y for _, y in found) + margin - top)

    def __str__(self) -> str:
        """As the viewBox of an SVG."""
        return f"{self.x:g} {self.y:g} {self.wide:g} {self.high:g}"


def place(latitude: float, longitude: float) -> Point:
    """Where a place lies: x to the right, y downwards, 0 at the middle of the equator."""
    away = (longitude - MIDDLE + 180) % 360 - 180
    t = math.asin(_M * math.sin(math.radians(latitude)))
    t2 = t * t
    t6 = t2**3
    slope = _A[0] + 3 * _A[1] * t2 + t6 * (7 * _A[2] + 9 * _A[3] * t2)
    x = math.radians(away) * math.cos(t) / (_M * slope)
    y = t * (_A[0] + _A[1] * t2 + t6 * (_A[2] + _A[3] * t2))
    return x * _SCALE, -y * _SCALE


def arc(start: Point, end: Point) -> str:
    """The path of an arc that bends to the north, as an SVG writes it."""
    (x1, y1), (x2, y2) = start, end
    across = math.hypot(x2 - x1, y2 - y1)
    # A control point above the middle; short ways bend as much as long ones, seen by their length.
    cx, cy = (x1 + x2) / 2, (y1 + y2) / 2 - 0.34 * across
    return f"M{x1:.1f} {y1:.1f}Q{cx:.1f} {cy:.1f} {x2:.1f} {y2:.1f}"


def outline(ring: str) -> str:
    """A shore as an SVG path, in steps from point to point; `ring` has steps of a tenth of a degree: "east,north …"."""
    east = north = 0
    at, path = (0.0, 0.0), []
    for step in ring.split():
        by_east, _, by_north = step.partition(",")
        east, north = east + int(by_east), north + int(by_north)
        x, y = place(north / 10, east / 10)
        # Steps are taken from where the last one led, so that rounding never adds up.
        over, down = round(x - at[0], 1), round(y - at[1], 1)
        at = at[0] + over, at[1] + down
        path.append(f"{over:g} {down:g}" if down >= 0 else f"{over:g}{down:g}")
    return f"M{path[0]}l{' '.join(path[1:])}z" if path else ""
