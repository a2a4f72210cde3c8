"""The charts of a report as SVG: bars that can be read without colour, with their words, the same bytes each time.

The one place that draws charts. Altair says what stands where and vl-convert sets it. Both are heavy (110 MB and a
second for the first chart of a process), so the first chart loads them and nothing else. How wide the fonts of this
machine are plays no part: the room for labels is reckoned here. No element has a style attribute, so that the SVG may
stand in a page under our strict policy; its ids are made of the chart's name, which stands once in a report.
"""

import html
import re
from functools import lru_cache

from tracker.domain.report_document import Chart
from tracker.outputs.chart_marks import as_png, drawn
from tracker.outputs.chart_plan import DOTS, WIDE, Look, Plan


@lru_cache(maxsize=128)
def chart_svg(chart: Chart, place: int | None) -> str:
    """In the language that stands at `place` in the chart's texts; None: in all of them beside one another.

    The first of a process takes a second, others a tenth; drawn ones are remembered.
    """
    plan = Plan(chart, place)
    name = re.sub(r"[^a-z0-9]+", "-", f"chart-{chart.name}-{'all' if place is None else place}".lower())
    svg = drawn(plan).replace('"url(#look-', f'"url(#{name}-')
    body = svg[svg.index(">") + 1 :]
    patterns = "".join(_pattern(f"{name}-{number}", look) for number, look in enumerate(plan.looks) if look.strokes)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" aria-labelledby="{name}-title {name}-text"'
        f' width="{WIDE}" height="{plan.height}" viewBox="0 0 {WIDE} {plan.height}">'
        f'<title id="{name}-title">{html.escape(plan.title)}</title>'
        f'<desc id="{name}-text">{html.escape(plan.text)}</desc>'
        f"<defs>{patterns}</defs>{body}"
    )


def chart_png(chart: Chart, place: int | None, width: int = 1600) -> bytes:
    """The same as a picture of so many pixels, for programs that show no SVG."""
    return as_png(chart_svg(chart, place), width / WIDE)


def _pattern(name: str, look: Look) -> str:
    wide = 2 if look.strokes == DOTS else 1.3
    return (
        f'<pattern id="{name}" width="8" height="8" patternUnits="userSpaceOnUse">'
        f'<path d="{look.strokes}" fill="none" stroke="#ffffff" stroke-width="{wide}"/></pattern>'
    )
