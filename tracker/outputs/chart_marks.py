"""How Altair draws a chart and vl-convert sets it.

Loading the two takes half a second and 50 MB, so that the first chart does it and nothing before.
"""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from tracker.late import Late
from tracker.outputs.chart_plan import FAINT, INK, LINE, NAMES, SIZE, WIDE, Plan

altair = Late("altair")
vl_convert = Late("vl_convert")

FONT: Final = "Libertinus Serif, Noto Serif, Noto Sans, Liberation Serif, serif"
"""For paper, where typst has the first one; a page sets its own by the class `chart`."""

Encoding = dict[str, Any]


def drawn(plan: Plan) -> str:
    """The SVG: bars with their numbers and names, and above them which series is which."""
    left = 10 if plan.standing else NAMES
    bars = altair.layer(*_bars(plan), *_names(plan), _ground(plan))
    chart = altair.layer(bars, *_legend(plan)).resolve_scale(x="independent", y="independent")
    chart = chart.properties(
        width=plan.across,
        height=plan.bars,
        autosize={"type": "none"},
        padding={"left": left, "top": plan.top, "right": WIDE - plan.across - left, "bottom": plan.foot},
        background="#ffffff",
    )
    chart = chart.configure(aria=False).configure_view(stroke=None)
    chart = chart.configure_text(font=FONT, fontSize=SIZE, lineHeight=LINE, lineBreak="\n", fill=INK)
    return str(vl_convert.vegalite_to_svg(chart.to_dict(), vl_version="6.4", allowed_base_urls=[]))


def as_png(svg: str, scale: float) -> bytes:
    return bytes(vl_convert.svg_to_png(svg, scale=scale))


def _bars(plan: Plan) -> Iterator[Any]:
    """Standing or lying: the same but for which way is up."""
    along, length = _directions(plan)
    pieces = plan.pieces()
    beside = _placed(plan) | ({} if plan.chart.stacked else {f"{along}Offset": _by("series", "ordinal")})
    measured = {"axis": None, "scale": {"domain": [0, plan.longest]}}
    end = {length: _by("end", "quantitative") | measured}
    bars = _chart(pieces).mark_bar(strokeWidth=1)
    reach = beside | end | {f"{length}2": {"field": "begin"}}
    for look in _LOOK:
        yield bars.encode(**reach, **look)
    above: Encoding = (
        {"dy": -4, "baseline": "bottom"} if plan.standing else {"dx": 5, "align": "left", "baseline": "middle"}
    )
    yield _chart(pieces).mark_text(**above).encode(**beside, **end, text=_by("after"))
    inner = _chart(filter(plan.is_written_inside, pieces))
    inside = _placed(plan) | {length: _by("middle", "quantitative") | measured, "text": _by("inside")}
    # Written twice: the first keeps the strokes of the pattern away from the number.
    edge = inner.mark_text(fontWeight="bold", baseline="middle", strokeWidth=6, strokeJoin="round")
    yield edge.encode(**inside, fill=_as_is("ground"), stroke=_as_is("ground"))
    yield inner.mark_text(fontWeight="bold", baseline="middle").encode(**inside, fill=_as_is("ink"))


def _names(plan: Plan) -> Iterator[Any]:
    """Below standing bars, before lying ones. A mark has one height of lines, hence one for each number of them."""
    _, length = _directions(plan)
    for lines in sorted({len(name) for name in plan.names}):
        named = [{"category": n, "name": "\n".join(name)} for n, name in enumerate(plan.names) if len(name) == lines]
        if plan.standing:
            texts, at = _chart(named).mark_text(baseline="top"), plan.bars + 6
        else:
            texts, at = _chart(named).mark_text(align="right", baseline="middle", dy=-(lines - 1) * LINE / 2), -8
        yield texts.encode(**_placed(plan), **{length: altair.value(at)}, text=_by("name"))


def _ground(plan: Plan) -> Any:
    """The line the bars stand on."""
    ends = {"y": plan.bars, "x": 0, "x2": plan.across} if plan.standing else {"x": 0, "y": 0, "y2": plan.bars}
    return _chart([{}]).mark_rule(stroke=FAINT).encode(**{name: altair.value(pixel) for name, pixel in ends.items()})


def _legend(plan: Plan) -> Iterator[Any]:
    """Which series is which, above the bars."""
    left = 0 if plan.standing else 10 - NAMES
    rows = [
        {"x": left + x, "x2": left + x + 14, "y": y - plan.top + 4, "y2": y - plan.top + 18, "label": label}
        | plan.looks[number].channels(number)
        for x, y, label, number in plan.legend
    ]
    if rows:
        pixel = {name: _by(name, "quantitative") | {"axis": None, "scale": None} for name in ("x", "y")}
        corner = {name: {"field": name} for name in ("x2", "y2")}
        for look in _LOOK:
            yield _chart(rows).mark_rect(strokeWidth=1).encode(**pixel, **corner, **look)
        texts = _chart(rows).mark_text(align="left", baseline="top", dx=20, dy=1)
        yield texts.encode(**pixel, text=_by("label"))


def _directions(plan: Plan) -> tuple[str, str]:
    """The direction in which bars follow one another, and the one in which they grow."""
    return ("x", "y") if plan.standing else ("y", "x")


def _placed(plan: Plan) -> Encoding:
    band = {"domain": list(range(len(plan.names))), "paddingInner": 0.28, "paddingOuter": 0.14}
    return {_directions(plan)[0]: _by("category", "ordinal") | {"axis": None, "scale": band}}


def _chart(rows: Iterable[dict[str, Any]]) -> Any:
    data: Any = {"values": list(rows)}
    return altair.Chart(data)


def _by(field: str, kind: str = "nominal") -> Encoding:
    return {"field": field, "type": kind}


def _as_is(field: str) -> Encoding:
    """A colour that stands in the data."""
    return _by(field) | {"scale": None}


# A pattern lies over its colour as a drawing of its own: with the colour in it, its seams would show.
_LOOK: Final = (
    {"fill": _as_is("ground"), "stroke": _as_is("stroke")},
    {"fill": _as_is("over"), "stroke": _as_is("stroke")},
)
