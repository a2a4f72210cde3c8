"""What python-docx has no words for: languages of runs, fields, links, texts that stand for pictures, repeated heads.

Knows Office Open XML (ISO/IEC 29500) and nothing of any one document.
"""

import datetime as dt
import io
from typing import Final

from docx.document import Document as Paper
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Length
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from tracker.outputs.still_zip import stilled

MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class Place:
    """Where paragraphs go: the page, or a cell, whose first paragraph is there already."""

    def __init__(self, holder: Paper | _Cell) -> None:
        self._holder = holder
        self._has_one = isinstance(holder, _Cell)

    def paragraph(self, style: str) -> Paragraph:
        if self._has_one and isinstance(self._holder, _Cell):
            self._has_one = False
            made = Paragraph(self._holder._tc.p_lst[0], self._holder)
        else:
            made = self._holder.add_paragraph()
        # By its id: asking python-docx for a style by name goes through the whole sheet each time.
        made._p.style = style.replace(" ", "")
        return made


def speak(paper: Paper, tag: str) -> None:
    """Set the language of all text, so that spelling is checked and hyphens are put by its rules (BCP 47)."""
    fonts = paper.styles.element.find(f".//{qn('w:rPrDefault')}/{qn('w:rPr')}")
    said = fonts.find(qn("w:lang"))
    if said is None:
        said = OxmlElement("w:lang")
        fonts.append(said)
    said.set(qn("w:val"), tag)


def speak_run(run: Run, tag: str) -> None:
    said = OxmlElement("w:lang")
    said.set(qn("w:val"), tag)
    run._r.get_or_add_rPr().append(said)


def add_field(paragraph: Paragraph, instruction: str, shown: str = "") -> None:
    """A field that the program fills in, such as a page's number; `shown` until it has."""
    begin_field(paragraph, instruction)
    paragraph.add_run(shown)
    end_field(paragraph)


def begin_field(paragraph: Paragraph, instruction: str, *, stale: bool = False) -> None:
    """What follows until `end_field` is what the field shows until the program fills it in anew: at once if `stale`."""
    _add_mark(paragraph, "begin", stale=stale)
    told = OxmlElement("w:instrText")
    told.set(qn("xml:space"), "preserve")
    told.text = f" {instruction} "
    paragraph.add_run()._r.append(told)
    _add_mark(paragraph, "separate")


def end_field(paragraph: Paragraph) -> None:
    _add_mark(paragraph, "end")


def _add_mark(paragraph: Paragraph, kind: str, *, stale: bool = False) -> None:
    mark = OxmlElement("w:fldChar")
    mark.set(qn("w:fldCharType"), kind)
    if stale:
        mark.set(qn("w:dirty"), "true")
    paragraph.add_run()._r.append(mark)


def add_bookmark(paragraph: Paragraph, name: str, number: int) -> None:
    """A place that contents lead to: the whole paragraph."""
    for position, kind in ((0, "w:bookmarkStart"), (len(paragraph._p), "w:bookmarkEnd")):
        mark = OxmlElement(kind)
        mark.set(qn("w:id"), str(number))
        if kind == "w:bookmarkStart":
            mark.set(qn("w:name"), name)
            position += paragraph._p.pPr is not None
        paragraph._p.insert(position + (kind == "w:bookmarkEnd"), mark)


def link(paragraph: Paragraph, run: Run, href: str) -> None:
    """Let a run of the paragraph lead to another place, or with `#` to a bookmark of the document."""
    around = OxmlElement("w:hyperlink")
    if href.startswith("#"):
        around.set(qn("w:anchor"), href[1:])
    else:
        around.set(qn("r:id"), paragraph.part.relate_to(href, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    run._r.addprevious(around)
    around.append(run._r)


def add_picture(paragraph: Paragraph, data: bytes, width: Length, highest: Length, alt: str) -> None:
    """A picture at most so wide and so high, with the text that stands for it."""
    shape = paragraph.add_run().add_picture(io.BytesIO(data))
    scale = min(width / shape.width, highest / shape.height)
    shape.width, shape.height = Length(round(shape.width * scale)), Length(round(shape.height * scale))
    shape._inline.docPr.set("descr", alt)


def add_row(table: Table, *, head: bool = False, height: int | None = None) -> list[_Cell]:
    """A row's cells, far quicker than python-docx's own for long tables. `head`: said again on each page."""
    row = table._tbl.add_tr()
    if height is None:
        row.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    else:
        row.trHeight_val = Length(height)
    if head:
        row.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    cells = []
    for column in table._tbl.tblGrid.gridCol_lst:
        cell = row.add_tc()
        cell.width = column.w or Length(0)
        cells.append(_Cell(cell, table))
    return cells


def fill_width(table: Table, parts: list[int], width: Length, *, head: bool, last: bool, name: str) -> None:
    """Spread the columns over `width` by their parts of it; `head` and `last`: rows that the style sets apart."""
    whole = sum(parts)
    for column, part in zip(table._tbl.tblGrid.gridCol_lst, parts, strict=True):
        column.w = Length(width * part // whole)
    marks = table._tbl.tblPr
    for tag in ("w:tblW", "w:tblLayout", "w:tblLook"):
        for old in marks.findall(qn(tag)):
            marks.remove(old)
    look = f'w:firstRow="{int(head)}" w:lastRow="{int(last)}" w:firstColumn="0" w:lastColumn="0" w:noHBand="1"'
    for xml in (
        '<w:tblW {0} w:w="5000" w:type="pct"/>',
        '<w:tblLayout {0} w:type="fixed"/>',
        f"<w:tblLook {{0}} {look}/>",
    ):
        marks.append(parse_xml(xml.format(nsdecls("w"))))
    if name:
        told = OxmlElement("w:tblCaption")
        told.set(qn("w:val"), name)
        marks.append(told)


def numbered_anew(paper: Paper, style: str, first: int) -> int:
    """The number of a list of this style that begins at `first`, whatever other lists have counted."""
    numbering = paper.part.numbering_part.element
    of_style = paper.styles[style].element.pPr.numPr.numId.val
    like = next(num for num in numbering.num_lst if num.numId == of_style)
    fresh = numbering.add_num(like.abstractNumId.val)
    fresh.add_lvlOverride(ilvl=0).add_startOverride(first)
    return int(fresh.numId)


def add_style_xml(paper: Paper, xml: str) -> None:
    """A style that python-docx cannot describe, such as a table's."""
    paper.styles.element.append(parse_xml(xml))


def packed(paper: Paper, changed: dt.datetime) -> bytes:
    """The file. It bears `changed` and no other moment, and no picture of the empty page it was made from."""
    about = paper.core_properties
    about.created = about.modified = changed.astimezone(dt.UTC).replace(tzinfo=None)
    about.revision = 1
    relations = paper.part.package.rels
    for name in [name for name, relation in relations.items() if relation.reltype == RELATIONSHIP_TYPE.THUMBNAIL]:
        del relations[name]
    written = io.BytesIO()
    paper.save(written)
    return stilled(written.getvalue())
