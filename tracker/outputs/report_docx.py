"""A report as DOCX (ISO/IEC 29500), to be edited and merged: real styles, native headings, contents and tables.

Every run says its language, every picture has the text that stands for it, and charts are pictures of the same SVG as
everywhere. The same report gives the same bytes.
"""

from collections.abc import Iterable, Sequence
from typing import Final

import docx
from docx.document import Document as Paper
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.shared import Length, Mm, Pt, RGBColor
from docx.table import Table as Grid
from docx.table import _Cell
from docx.text.paragraph import Paragraph as Lines
from docx.text.run import Run

from tracker.domain.calendars import KIND_STYLES
from tracker.domain.report_document import (
    Chart,
    Document,
    Facts,
    FormSheet,
    Item,
    Listing,
    Paragraph,
    Part,
    Picture,
    Prose,
    Said,
    Section,
    Table,
)
from tracker.outputs import docx_parts, report_paper
from tracker.outputs.charts import chart_png
from tracker.outputs.docx_parts import (
    Place,
    add_bookmark,
    add_field,
    add_picture,
    add_row,
    begin_field,
    end_field,
    fill_width,
    link,
    packed,
    speak,
    speak_run,
)
from tracker.outputs.report_docx_prose import ProseWriter
from tracker.outputs.report_docx_styles import LAYOUT, TABLE, WIDTH, set_up
from tracker.outputs.report_paper import CROWDED, TO_THE_RIGHT, in_all, shares
from tracker.outputs.signs import printable

MEDIA_TYPE: Final = docx_parts.MEDIA_TYPE

_SIGNS: Final = {
    "exchange": "●",
    "aid_shipment": "■",
    "festival": "★",
    "delegation": "▲",
    "milestone": "◆",
    "occasion": "○",
}
_HIGHEST: Final = Mm(200)
_LONGEST: Final = 255
"""Signs of a property of the document."""


def report_docx(document: Document) -> bytes:
    """The bytes of the file."""
    paper = docx.Document()
    set_up(paper)
    speak(paper, document.languages[0])
    _Writer(paper, document).write()
    return packed(paper, document.imprint.changed)


class _Writer:
    """Writes a document from its cover to its end, and then the contents, which need the headings."""

    def __init__(self, paper: Paper, document: Document) -> None:
        self._paper, self._document = paper, document
        self._languages = document.languages
        self._page = Place(paper)
        self._headings: list[tuple[int, str, str]] = []
        self._level = 1

    def write(self) -> None:
        self._describe()
        self._cover()
        after_contents = self._paper.add_paragraph()
        after_contents.add_run().add_break(WD_BREAK.PAGE)
        for section in self._document.sections:
            self._section(section)
        self._contents(after_contents)

    def _describe(self) -> None:
        document, about = self._document, self._paper.core_properties
        about.title, about.subject = in_all(document.title)[:_LONGEST], in_all(document.subtitle)[:_LONGEST]
        about.author = about.last_modified_by = in_all(document.imprint.organisation)[:_LONGEST]
        about.language, about.version = document.languages[0], printable(document.imprint.edition)[:_LONGEST]
        about.comments = about.keywords = ""
        page = self._paper.sections[0]
        head, foot = page.header.paragraphs[0], page.footer.paragraphs[0]
        head.add_run(printable(document.subtitle[0]))
        head.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        foot.add_run(f"{in_all(document.title)} · {in_all(report_paper.edition(document))}\t")
        add_field(foot, "PAGE", "1")
        foot.add_run(" / ")
        add_field(foot, "NUMPAGES", "1")

    def _cover(self) -> None:
        document, imprint = self._document, self._document.imprint
        organisation = self._page.paragraph("Report Organisation")
        self._say(organisation, imprint.organisation)
        if document.cover:
            organisation.paragraph_format.space_after = Pt(48)
        for place, language in enumerate(self._languages):
            style = "Report Second Title" if place else "Title"
            if place == 0 or document.title[place] != document.title[0]:
                self._run(self._page.paragraph(style), document.title[place], language)
        self._say(self._page.paragraph("Subtitle"), document.subtitle)
        if document.cover:
            self._picture(document.cover, Mm(95))
        checksum = report_paper.checksum(document)
        for line in filter(str.strip, imprint.address.split("\n")):
            self._page.paragraph("Report Imprint").add_run(printable(line))
        for said in (report_paper.edition(document), report_paper.figures_of(document), checksum or ()):
            if said:
                self._say(self._page.paragraph("Report Imprint"), said, between=" / ")
        self._page.paragraph("Normal").add_run().add_break(WD_BREAK.PAGE)

    def _contents(self, before: Lines) -> None:
        """The program's own table of contents, filled with what is known; it puts the numbers of pages."""
        title = before.insert_paragraph_before(style="TOC Heading")
        self._say(title, report_paper.contents(self._document), between=" / ")
        entries = [entry for entry in self._headings if entry[0] <= 2]
        for place, (level, words, bookmark) in enumerate(entries):
            entry = before.insert_paragraph_before(style=f"toc {level}")
            if place == 0:
                begin_field(entry, 'TOC \\o "1-2" \\h \\z \\u', stale=True)
            words_run = entry.add_run(words)
            link(entry, words_run, f"#{bookmark}")
            entry.add_run("\t")
            add_field(entry, f"PAGEREF {bookmark} \\h")
        if entries:
            end_field(before.insert_paragraph_before())

    def _heading(self, place: Place, level: int) -> Lines:
        """A heading at most one level below the one before it."""
        self._level = min(level, self._level + 1, 4)
        return place.paragraph(f"Heading {self._level}")

    def _titled(self, said: Said, level: int) -> Lines:
        """A heading that stands in the contents."""
        paragraph = self._heading(self._page, level)
        self._say(paragraph, said, between=" | ")
        number = len(self._headings) + 1
        self._headings.append((self._level, in_all(said), f"_Toc{number:06}"))
        add_bookmark(paragraph, self._headings[-1][2], number)
        return paragraph

    def _section(self, section: Section) -> None:
        self._level = 0
        heading = self._titled(section.heading, 1)
        for place, part in enumerate(section.parts):
            if isinstance(part, FormSheet):
                # A list to sign has a page of its own, with the heading above it.
                self._sheet(part, heading if place == 0 else None)
            else:
                self._part(part)

    def _part(self, part: Part) -> None:
        match part:
            case Facts():
                self._facts(part)
            case Table():
                self._table(part)
            case Chart():
                self._chart(part)
            case Listing():
                self._listing(part)
            case Paragraph():
                self._side_by_side(part.words)
            case Prose():
                self._prose(part)
            case Picture():
                self._picture(part, Mm(90))
            case _:
                raise TypeError(f"a DOCX knows no {type(part).__name__}")

    def _facts(self, facts: Facts) -> None:
        wide = 3
        grid = self._grid([1] * wide, LAYOUT, head=False)
        for start in range(0, len(facts.items), wide):
            cells = add_row(grid)
            for cell, (number, label) in zip(cells, facts.items[start : start + wide], strict=False):
                place = Place(cell)
                # The second language in the same style would take the first one's room.
                first, *others = number.words
                self._say(place.paragraph("Report Number"), (first, *("" for _ in others)))
                if any(words != first for words in others):
                    self._say(place.paragraph("Report Second Number"), ("", *others), between=" / ")
                self._say(place.paragraph("Report Label"), label)
        self._page.paragraph("Report Label")

    def _table(self, table: Table) -> None:
        self._say(self._page.paragraph("Caption"), table.title, between=" | ")
        parts = list(shares(table))
        style = "Report Small Cell" if sum(parts) > CROWDED else "Report Cell"
        grid = self._grid(parts, TABLE, last=table.total is not None, name=in_all(table.title))
        right = [column.sort in TO_THE_RIGHT for column in table.columns]
        self._cells(add_row(grid, head=True), [column.heading for column in table.columns], right, style)
        for row in (*table.rows, *([table.total] if table.total else [])):
            self._cells(add_row(grid), [cell.words for cell in row], right, style)
        note = self._page.paragraph("Report Note")
        if table.note:
            self._say(note, table.note)

    def _cells(self, cells: Iterable[_Cell], texts: Iterable[Said], right: Iterable[bool], style: str) -> None:
        for cell, said, to_the_right in zip(cells, texts, right, strict=True):
            paragraph = Place(cell).paragraph(style)
            self._say(paragraph, said)
            if to_the_right:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT

    def _chart(self, chart: Chart) -> None:
        self._say(self._page.paragraph("Caption"), chart.title, between=" | ")
        picture = chart_png(chart, None if len(self._languages) > 1 else 0)
        add_picture(self._page.paragraph("Normal"), picture, WIDTH, _HIGHEST, in_all(chart.text))

    def _listing(self, listing: Listing) -> None:
        groups = [group for group in listing.groups if group.items]
        for group in groups:
            if group.heading:
                self._titled(group.heading, 2)
            grid = self._grid([34, *(132 // len(self._languages) for _ in self._languages)], LAYOUT, head=False)
            for item in group.items:
                self._item(add_row(grid), item)
            self._page.paragraph("Report Detail")
        if not groups:
            self._side_by_side(listing.empty)

    def _item(self, cells: list[_Cell], item: Item) -> None:
        when = Place(cells[0]).paragraph("Report When")
        if sign := _SIGNS.get(item.kind):
            style = KIND_STYLES[item.kind]
            when.add_run(f"{sign} ").font.color.rgb = RGBColor.from_string(style.colour.hex[1:])
        self._say(when, item.when)
        for place, (cell, language) in enumerate(zip(cells[1:], self._languages, strict=True)):
            into = Place(cell)
            title = self._run(into.paragraph("Report Entry"), item.title[place], language)
            title.bold, title.font.strike = True, item.off or None
            facts = [fact[place] for fact in item.facts if fact[place].strip()]
            if facts:
                self._run(into.paragraph("Report Detail"), " · ".join(facts), language)
            if item.text and item.text[place].strip():
                self._run(into.paragraph("Report Text"), item.text[place], language)

    def _side_by_side(self, said: Said) -> None:
        for place, words in zip(self._places(said), said, strict=False):
            self._run(place.paragraph("Normal"), words, self._languages[said.index(words)])

    def _prose(self, prose: Prose) -> None:
        said = zip(self._languages, prose.markdown, strict=True)
        written = [(language, text) for language, text in said if text.strip()]
        level = self._level
        for place, (language, text) in zip(self._places([text for _, text in written]), written, strict=True):
            self._level = level
            ProseWriter(self._paper, place, language, self._heading).write(text)

    def _places(self, texts: Sequence[str]) -> list[Place]:
        """One for each text: the page for one, columns for several that differ."""
        if len(set(texts)) < 2:
            return [self._page for _ in texts[:1]]
        return list(map(Place, add_row(self._grid([1] * len(texts), LAYOUT, head=False))))

    def _picture(self, picture: Picture, highest: Length) -> None:
        alt = in_all(picture.alt)
        add_picture(self._page.paragraph("Report Picture"), picture.data, WIDTH, highest, alt)
        caption = self._page.paragraph("Report Note")
        self._say(caption, picture.caption, between=" / ")
        if picture.credit.strip():
            caption.add_run(f" · {printable(picture.credit)}")

    def _sheet(self, sheet: FormSheet, heading: Lines | None) -> None:
        title = self._titled(sheet.title, 2)
        (heading or title).paragraph_format.page_break_before = True
        if sheet.note:
            self._say(self._page.paragraph("Report Note"), sheet.note)
        grid = self._grid([1] * len(sheet.columns), "Table Grid", name=in_all(sheet.title))
        self._cells(add_row(grid, head=True), sheet.columns, [False] * len(sheet.columns), "Report Cell")
        for _ in range(sheet.lines):
            add_row(grid, height=Mm(8))
        self._page.paragraph("Normal").add_run().add_break(WD_BREAK.PAGE)

    def _grid(self, parts: list[int], style: str, *, head: bool = True, last: bool = False, name: str = "") -> Grid:
        grid: Grid = self._paper.add_table(0, len(parts))
        grid._tbl.tblPr.style = style.replace(" ", "")
        fill_width(grid, parts, WIDTH, head=head, last=last, name=name)
        return grid

    def _say(self, paragraph: Lines, said: Said, between: str = "\n") -> None:
        """Each text in its language; what all languages say alike stands once."""
        told: list[str] = []
        for language, words in zip(self._languages, said, strict=True):
            if words.strip() and words not in told:
                if told:
                    paragraph.add_run(between)
                self._run(paragraph, words, language)
                told.append(words)

    def _run(self, paragraph: Lines, words: str, language: str) -> Run:
        run = paragraph.add_run(printable(" ".join(words.split())))
        speak_run(run, language)
        return run
