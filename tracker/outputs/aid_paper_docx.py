"""The same paper as DOCX (ISO/IEC 29500), to be changed by hand before it is signed; in the styles of the reports."""

from collections.abc import Iterable, Sequence
from typing import Final

import docx
from docx.document import Document as Paper
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import Table as Grid
from docx.text.paragraph import Paragraph

from tracker.domain.aid_papers import AidPaper
from tracker.domain.report_document import Said
from tracker.outputs import docx_parts, qr
from tracker.outputs.aid_paper import once
from tracker.outputs.docx_parts import (
    Place,
    add_field,
    add_picture,
    add_row,
    fill_width,
    packed,
    speak,
    speak_run,
)
from tracker.outputs.report_docx_styles import LAYOUT, TABLE, WIDTH, set_up
from tracker.outputs.signs import printable

MEDIA_TYPE: Final = docx_parts.MEDIA_TYPE

_CODE: Final = Mm(23)


def aid_paper_docx(told: AidPaper) -> bytes:
    paper = docx.Document()
    set_up(paper)
    page = paper.sections[0]
    page.different_first_page_header_footer = False
    page.top_margin = page.bottom_margin = Mm(15)  # a paper to sign should be one page where it can
    speak(paper, told.languages[0])
    _Writer(paper, told).write()
    return packed(paper, told.changed)


class _Writer:
    def __init__(self, paper: Paper, told: AidPaper) -> None:
        self._paper, self._told = paper, told
        self._page = Place(paper)

    def write(self) -> None:
        told = self._told
        self._describe()
        self._head()
        title = self._page.paragraph("Heading 1")
        title.paragraph_format.space_before = Pt(10)
        self._say(title, told.title, " / ")
        facts = self._grid([30, 70], LAYOUT, head=False)
        for label, value in told.facts:
            self._cells(facts, [label, value], [False, False], "Report Cell", " / ")
        for words in told.paragraphs:
            self._beside(words, "Report Cell" if len(told.languages) > 1 else "Report Text")
        if told.rows:
            self._lines()
        if told.sums:
            sums = self._grid([70, 30], LAYOUT, head=False)
            for label, value in told.sums:
                self._cells(sums, [label, value], [False, True], "Report Cell", " / ")
                for run in sums.rows[-1].cells[1].paragraphs[0].runs:
                    run.bold = True
        for words in told.notes:
            self._beside(words, "Report Note")
        self._signatures()

    def _describe(self) -> None:
        about, told = self._paper.core_properties, self._told
        about.title = " / ".join(words for _, words in once(told.languages, told.title))[:255]
        about.author = about.last_modified_by = printable(told.sender[0])[:255]
        about.language, about.comments, about.keywords = told.languages[0], "", ""
        foot = self._paper.sections[0].footer.paragraphs[0]
        foot.add_run(f"{about.title}\t")
        add_field(foot, "PAGE", "1")
        foot.add_run(" / ")
        add_field(foot, "NUMPAGES", "1")

    def _head(self) -> None:
        told = self._told
        cells = add_row(self._grid([64, 36] if told.link else [1], LAYOUT, head=False))
        into = Place(cells[0])
        sender = into.paragraph("Report Entry")
        self._say(sender, told.sender)
        for run in sender.runs:
            run.bold = True
        for line in told.address:
            into.paragraph("Report Detail").add_run(printable(line))
        if told.link:
            code = Place(cells[1])
            words = " ".join(words for _, words in once(told.languages, told.link_words))
            add_picture(code.paragraph("Report Picture"), qr.pictured(told.link), _CODE, _CODE, words)
            self._say(code.paragraph("Report Note"), told.link_words)

    def _lines(self) -> None:
        told = self._told
        name = " / ".join(words for _, words in once(told.languages, told.title))
        grid = self._grid([head.share for head in told.heads], TABLE, name=name)
        right = [head.right for head in told.heads]
        self._cells(grid, [head.words for head in told.heads], right, "Report Small Cell", head=True)
        for row in told.rows:
            self._cells(grid, row, right, "Report Small Cell" if len(told.languages) > 1 else "Report Cell")

    def _signatures(self) -> None:
        self._page.paragraph("Report Detail").paragraph_format.space_after = Pt(18)
        cells = add_row(self._grid([1] * len(self._told.signatures), LAYOUT, head=False))
        for cell, words in zip(cells, self._told.signatures, strict=True):
            place = Place(cell)
            place.paragraph("Report Detail").add_run("_" * 32)
            self._say(place.paragraph("Report Detail"), words)

    def _beside(self, words: Said, style: str) -> None:
        """Languages that differ stand in columns."""
        told = once(self._told.languages, words)
        if len(told) < 2:
            self._say(self._page.paragraph(style), words)
            return
        cells = add_row(self._grid([1] * len(told), LAYOUT, head=False))
        for cell, (language, text) in zip(cells, told, strict=True):
            speak_run(Place(cell).paragraph(style).add_run(text), language)

    def _cells(
        self,
        grid: Grid,
        texts: Sequence[Said],
        right: Iterable[bool],
        style: str,
        between: str = "\n",
        *,
        head: bool = False,
    ) -> None:
        for cell, words, to_the_right in zip(add_row(grid, head=head), texts, right, strict=True):
            paragraph = Place(cell).paragraph(style)
            self._say(paragraph, words, between)
            if to_the_right:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT

    def _grid(self, parts: list[int], style: str, *, head: bool = True, name: str = "") -> Grid:
        """A table with room above it: two without a paragraph between them are one to a word processor."""
        if self._paper.element.body[-2:-1] and self._paper.element.body[-2].tag == qn("w:tbl"):
            self._page.paragraph("Report Detail").paragraph_format.line_spacing = Pt(8)
        grid: Grid = self._paper.add_table(0, len(parts))
        grid._tbl.tblPr.style = style.replace(" ", "")
        fill_width(grid, parts, WIDTH, head=head, last=False, name=name)
        return grid

    def _say(self, paragraph: Paragraph, words: Said, between: str = "\n") -> None:
        for place, (language, text) in enumerate(once(self._told.languages, words)):
            if place:
                paragraph.add_run(between)
            speak_run(paragraph.add_run(text), language)
