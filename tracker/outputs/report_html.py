"""A report as HTML: the body that the pages show, and a file by itself that can be kept, mailed and printed.

The body asks its page for links: to what stands behind a figure, and to an activity. In the file there are none. Charts
are drawn within it, each with its words.
"""

import base64
import datetime as dt
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from tracker.domain.dates import HistoricDate
from tracker.domain.report_document import Chart, Document, Picture, Sort
from tracker.i18n import N_, gettext
from tracker.outputs.charts import chart_svg
from tracker.outputs.markdown import to_html

Link = Callable[[str], str]
"""Makes an address of a key or an id; "" where there is none."""

_ROLES = re.compile(r' (?:role="graphics-[a-z]+"|aria-roledescription="[^"]*")')
_FOLDER = Path(__file__).parent / "templates"
_NUMBERS = frozenset({Sort.COUNT, Sort.MONEY, Sort.WEIGHT})
_TOP = 3
"""The level of the highest heading that staff may write: below a section's."""


def report_html(document: Document) -> bytes:
    """The report as a file: everything in it, nothing fetched from anywhere."""
    template = _templates().get_template("report_page.html")
    written = template.render(document=document, style=Markup(style()), body=report_body(document))  # noqa: S704 -- our own file
    return written.encode()


def report_body(
    document: Document, behind: Link | None = None, activity: Link | None = None, edit: Link | None = None
) -> Markup:
    """The report's sections, to stand in a page.

    `behind` links a figure by its key, `activity` an item by its id, `edit` a section's text by the section's name.
    """
    given = {"behind": behind or _nowhere, "activity": activity or _nowhere, "edit": edit or _nowhere}
    # What our own templates have escaped.
    return Markup(_templates().get_template("report_body.html").render(document=document, **given))  # noqa: S704 -- Jinja has escaped it


@cache
def style() -> str:
    """How a report looks, on paper too."""
    return (_FOLDER / "report.css").read_text()


@cache
def _templates() -> Environment:
    made = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "kind": lambda part: type(part).__name__,
        "is_number": lambda column: column.sort in _NUMBERS,
        "markdown": lambda text: Markup(to_html(text, _TOP)),  # noqa: S704 -- raw HTML is text there
        "drawn": _drawn,
        "source": _source,
        "in": lambda language, message, **values: gettext(language, message, **values),
        "day_in": _day,
    }
    made.globals |= {"words": _WORDS}
    return made


_WORDS = {
    "edition": N_("Edition {name}"),
    "draft": N_("Draft, figures may still change"),
    "made_on": N_("As of {day}"),
    "credit": N_("Picture: {credit}"),
    "edit": N_("Write or change the text"),
}


def _drawn(chart: Chart, place: int | None) -> Markup:
    """Within the page, in its fonts. Its words are escaped where it is drawn, and it has no style of its own."""
    # The picture as a whole has its words; each bar for itself would be an unnamed picture to a screen reader.
    return Markup(_ROLES.sub("", chart_svg(chart, place)))  # noqa: S704 -- see outputs.charts


def _source(picture: Picture) -> str:
    return _data("image/png" if picture.data.startswith(b"\x89PNG") else "image/jpeg", picture.data)


def _data(media_type: str, data: bytes) -> str:
    return f"data:{media_type};base64,{base64.b64encode(data).decode()}"


def _day(day: dt.date, language: str) -> str:
    return HistoricDate.parse(day.isoformat()).display(language)


def _nowhere(_name: str) -> str:
    return ""
