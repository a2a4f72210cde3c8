"""What is written in a chart, how its bars look and how much room all of it needs: in pixels, reckoned without fonts.

The looks are told apart without colour: one dark and one light where two years stand beside one another, strokes and
dots where several dark ones are stacked.
"""

import textwrap
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, Final

from tracker.domain.calendars import KIND_STYLES
from tracker.domain.report_document import Chart, Said
from tracker.outputs.signs import printable

WIDE: Final = 640
"""Pixels; on paper that is the width of the text."""
SIZE: Final = 12.5
LINE: Final = 15
_LEGEND: Final = 22
_STANDING: Final = 170
"""How long standing bars may be."""
NAMES: Final = 185
"""The room for names beside lying bars."""
INK, FAINT, _RIVER, _PALE = "#1f2b33", "#4a5760", "#1b4965", "#cfdfe8"


@dataclass(frozen=True)
class Look:
    """A colour, with white strokes or dots over it where there are several dark ones."""

    colour: str
    strokes: str = ""

    @property
    def border(self) -> str:
        return _RIVER if self.colour == _PALE else self.colour

    def channels(self, number: int) -> dict[str, Any]:
        """For Vega; the name of the pattern that lies over the colour is put in later."""
        ink = INK if self.colour == _PALE else "#ffffff"
        over = f"url(#look-{number})" if self.strokes else "none"
        return {"ground": self.colour, "over": over, "stroke": self.border, "ink": ink}


_RISING, _FALLING = "M-2,2l4,-4M0,8l8,-8M6,10l4,-4", "M-2,6l4,4M0,0l8,8M6,-2l4,4"
_LEVEL, DOTS = "M0,4h8", "M1.5,2h2M5.5,6h2"
_LOOKS: Final = {
    "now": Look(_RIVER),
    "before": Look(_PALE),
    "exchange": Look(KIND_STYLES["exchange"].colour.hex),
    "aid_shipment": Look(KIND_STYLES["aid_shipment"].colour.hex, _RISING),
    "festival": Look(KIND_STYLES["festival"].colour.hex, DOTS),
    "delegation": Look(KIND_STYLES["delegation"].colour.hex, _FALLING),
    "milestone": Look(KIND_STYLES["milestone"].colour.hex, _LEVEL),
}
# Of series without a look of their own, by their place.
_OTHERS: Final = (
    Look(_RIVER),
    Look(_PALE),
    Look("#7a4f00", _RISING),
    Look("#2c6341", DOTS),
    Look("#5f6b73", _FALLING),
    Look("#9c2b2b", _LEVEL),
)


class Plan:
    """What is written in the chart and how much room it needs, in pixels."""

    def __init__(self, chart: Chart, place: int | None) -> None:
        self.chart, self._place = chart, place
        self.title, self.text = " / ".join(self._said(chart.title)), " / ".join(self._said(chart.text))
        self.labels = [textwrap.shorten(" / ".join(self._said(s.label)), 90, placeholder="…") for s in chart.series]
        self.looks = [_LOOKS.get(series.key, _OTHERS[n % len(_OTHERS)]) for n, series in enumerate(chart.series)]
        names = [self._said(category) for category in chart.categories]
        self.standing = len(names) > 4 and all(
            _width(part) < (WIDE - 20) / len(names) for name in names for part in name
        )
        self.names = names if self.standing else [[line for part in name for line in _wrapped(part)] for name in names]
        lines = max((len(name) for name in self.names), default=1)
        beside = 1 if chart.stacked else max(1, len(chart.series))
        self.step = max(beside * 16 + 10, lines * LINE + 8)
        self.legend = list(self._legend())
        self.top = (self.legend[-1][1] + _LEGEND if self.legend else 0) + (18 if self.standing else 4)
        self.bars = _STANDING if self.standing else self.step * len(names)
        self.foot = lines * LINE + 8 if self.standing else 4
        self.height = self.top + self.bars + self.foot
        self.across = WIDE - 20 if self.standing else WIDE - NAMES - 60
        self.longest = max((piece["end"] for piece in self.pieces()), default=0) or 1

    def _said(self, said: Said) -> list[str]:
        chosen = said if self._place is None else (said[self._place],)
        return list(dict.fromkeys(printable(" ".join(words.split())) for words in chosen))

    def _legend(self) -> Iterator[tuple[int, int, str, int]]:
        """Where each series is named: from the left, from above, its words, its number."""
        x = y = 0
        for number, label in enumerate(self.labels if len(self.labels) > 1 else []):
            wide = round(_width(label)) + 40
            if x and x + wide > WIDE:
                x, y = 0, y + _LEGEND
            yield x, y, label, number
            x += wide

    def pieces(self) -> list[dict[str, Any]]:
        """Each bar or piece of a stacked one: where it begins and ends, its look, what is written in it and after."""
        found: list[dict[str, Any]] = []
        last = len(self.looks) - 1
        for category in range(len(self.names)):
            values = [series.values[category] for series in self.chart.series]
            ends = list(accumulate(values)) if self.chart.stacked else values
            for number, (value, end) in enumerate(zip(values, ends, strict=True)):
                found.append(
                    self.looks[number].channels(number)
                    | {"category": category, "series": number}
                    | {"begin": end - value, "middle": end - value / 2, "end": end}
                    | {"inside": _number(value) if self.chart.stacked else ""}
                    | {"after": _number(end) if number == last or not self.chart.stacked else ""}
                )
        return found

    def is_written_inside(self, piece: dict[str, Any]) -> bool:
        room = (piece["end"] - piece["begin"]) / self.longest * (self.bars if self.standing else self.across)
        return room > (LINE if self.standing else _width(piece["inside"]) + 8) and bool(piece["inside"])


def _number(value: int) -> str:
    """Thousands apart by a space, which every language takes."""
    return f"{value:,}".replace(",", "\u00a0")


def _width(text: str) -> float:
    """About how wide a text is, in any of the fonts it may be set in."""
    return sum(SIZE if unicodedata.east_asian_width(sign) in "WF" else SIZE * 0.55 for sign in text)


def _wrapped(name: str) -> list[str]:
    letters = int((NAMES - 20) * len(name) / (_width(name) or 1))
    return textwrap.wrap(name, max(letters, 4), max_lines=3, placeholder="…")
