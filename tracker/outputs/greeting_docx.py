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
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from tracker.outputs.greeting import Draft, tongues

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
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
    _Style("Letter Sender", 14, 30, bold=True, ink=True),
    _Style("Letter Addressee", 11, 24),
    _Style("Letter Date", 11, 24),
    _Style("Letter Subject", 12, 14, bold=True),
)


def write(draft: Draft, on: dt.date) -> bytes:
    """The letter as it stands, dated `on`."""
    paper = Document()
    _set_up(paper, draft, on)
    paper.add_paragraph(_lines(draft.sender), style="Letter Sender")
    paper.add_paragraph(_lines(draft.addressee), style="Letter Addressee")
    locale = tongues()[draft.language].locale
    dated = paper.add_paragraph(format_date(on, "long", locale=locale), style="Letter Date")
    dated.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    paper.add_paragraph(draft.subject, style="Letter Subject")
    for paragraph in filter(None, map(str.strip, draft.body.replace("\r\n", "\n").split("\n\n"))):
        paper.add_paragraph(_lines(paragraph))
    written = io.BytesIO()
    paper.save(written)
    return written.getvalue()


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
    # A subject at the foot of a page goes over with its letter.
    paper.styles["Letter Subject"].paragraph_format.keep_with_next = True
    _speak(paper, tongues()[draft.language].locale.replace("_", "-"))
    about = paper.core_properties
    about.title, about.author, about.language = draft.subject, draft.sender.split("\n")[0], draft.language
    about.last_modified_by = about.comments = ""
    # The library's own sheet says when that was made.
    about.created = about.modified = dt.datetime.combine(on, dt.time(12))


def _speak(paper: Paper, tag: str) -> None:
    """Set the language of all text, so that spelling is checked and hyphens are put by its rules (BCP 47)."""
    fonts = paper.styles.element.find(f".//{qn('w:rPrDefault')}/{qn('w:rPr')}")
    said = fonts.find(qn("w:lang"))
    if said is None:
        said = OxmlElement("w:lang")
        fonts.append(said)
    said.set(qn("w:val"), tag)


def _lines(text: str) -> str:
    """One paragraph whose lines are kept; python-docx writes a break for each."""
    return "\n".join(line.strip() for line in text.replace("\r\n", "\n").strip().split("\n"))
