"""A letter of greeting as a DOCX (ISO/IEC 29500) that is printed, signed and posted: A4, real styles, its language set.

The same letter gives the same content; nothing here asks the clock.
"""

import datetime as dt
import io
from dataclasses import dataclass

from babel.dates import format_date
from docx import Document
from docx.document import Document as Paper
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt, RGBColor

from tracker.outputs import docx_parts
from tracker.outputs.docx_parts import speak
from tracker.outputs.greeting import Draft, tongues
from tracker.outputs.signs import printable

MEDIA_TYPE = docx_parts.MEDIA_TYPE
_FONT = "Cambria"
_INK = RGBColor(0x1B, 0x49, 0x65)


@dataclass(frozen=True)
class _Style:
    name: str
    size: float
    after: float
    bold: bool = False
    ink: bool = False


_STYLES = (
    _Style("Letter Sender", 14, 2, bold=True, ink=True),
    _Style("Letter House", 9, 0),
    _Style("Letter Addressee", 11, 24),
    _Style("Letter Date", 11, 24),
    _Style("Letter Subject", 12, 14, bold=True),
    _Style("Letter Signature", 11, 0),
)
_BELOW_THE_HEAD = Pt(30)
_TO_SIGN = Pt(40)


def write(draft: Draft, on: dt.date, place: str = "") -> bytes:
    """The letter as it stands, dated `on` and, where it is known, with the place it is written at."""
    # People paste from programs whose line breaks no document but their own can hold.
    draft = Draft(draft.language, *map(printable, (draft.addressee, draft.sender, draft.subject, draft.body)))
    paper = Document()
    _set_up(paper, draft, on)
    _head(paper, draft)
    paper.add_paragraph(_lines(draft.addressee), style="Letter Addressee")
    tongue = tongues()[draft.language]
    date = format_date(on, "long", locale=tongue.locale)
    told = tongue.dated.format(place=place, date=date) if place else date
    paper.add_paragraph(told, style="Letter Date").alignment = WD_ALIGN_PARAGRAPH.RIGHT
    paper.add_paragraph(draft.subject, style="Letter Subject")
    *words, last = [*filter(None, map(str.strip, draft.body.split("\n\n")))] or [""]
    for paragraph in words:
        paper.add_paragraph(_lines(paragraph))
    signed = bool(words) and _house(draft) in last
    paper.add_paragraph(_lines(last), style="Letter Signature" if signed else None)
    if signed:
        # Whoever signs by hand finds room; the greeting is not left behind on the page before.
        paper.paragraphs[-2].paragraph_format.keep_with_next = True
    written = io.BytesIO()
    paper.save(written)
    return written.getvalue()


def _head(paper: Paper, draft: Draft) -> None:
    """What the house is called, and below it in one small line where it sits."""
    address = " · ".join(filter(None, _lines(draft.sender).split("\n")[1:]))
    paper.add_paragraph(_house(draft), style="Letter Sender")
    if address:
        paper.add_paragraph(address, style="Letter House")
    paper.paragraphs[-1].paragraph_format.space_after = _BELOW_THE_HEAD


def _house(draft: Draft) -> str:
    return _lines(draft.sender).split("\n")[0]


def _set_up(paper: Paper, draft: Draft, on: dt.date) -> None:
    page = paper.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin, page.right_margin, page.top_margin, page.bottom_margin = Mm(25), Mm(25), Mm(25), Mm(20)
    body = paper.styles["Normal"]
    body.font.name, body.font.size = _FONT, Pt(11)
    body.paragraph_format.space_after, body.paragraph_format.line_spacing = Pt(9), 1.25
    for wanted in _STYLES:
        style = paper.styles.add_style(wanted.name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style, style.next_paragraph_style = body, body
        style.font.size, style.font.bold = Pt(wanted.size), wanted.bold
        style.paragraph_format.space_after = Pt(wanted.after)
        if wanted.ink:
            style.font.color.rgb = _INK
    paper.styles["Letter Signature"].paragraph_format.space_before = _TO_SIGN
    # A subject at the foot of a page goes over with its letter.
    paper.styles["Letter Subject"].paragraph_format.keep_with_next = True
    speak(paper, tongues()[draft.language].locale.replace("_", "-"))
    about = paper.core_properties
    about.title, about.author, about.language = draft.subject, _house(draft), draft.language
    about.last_modified_by = about.comments = ""
    # The library's own sheet says when that was made.
    about.created = about.modified = dt.datetime.combine(on, dt.time(12))


def _lines(text: str) -> str:
    """One paragraph whose lines are kept; python-docx writes a break for each."""
    return "\n".join(line.strip() for line in text.replace("\r\n", "\n").strip().split("\n"))
