"""The look of a report as DOCX, all of it in named styles: who edits the document changes the style, not the text."""

from dataclasses import dataclass
from typing import Final

from docx.document import Document as Paper
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import CharacterStyle, ParagraphStyle

from tracker.outputs.docx_parts import add_style_xml

WIDTH: Final = Mm(166)
"""Of the text on the page."""
TABLE: Final = "Report Table"
LAYOUT: Final = "Report Columns"

_FONT: Final = "Cambria"
_RIVER, _FAINT = RGBColor(0x1B, 0x49, 0x65), RGBColor(0x4A, 0x57, 0x60)


@dataclass(frozen=True)
class _Style:
    """`after` and `before` in points; `base` is the style it goes back to."""

    name: str
    size: float
    before: float = 0
    after: float = 0
    bold: bool | None = None
    colour: RGBColor | None = None
    base: str = "Normal"
    with_next: bool = False


_STYLES: Final = (
    _Style("Title", 30, 0, 10, bold=True, colour=_RIVER),
    _Style("Subtitle", 15, 0, 18),
    _Style("Heading 1", 18, 26, 8, bold=True, colour=_RIVER, with_next=True),
    _Style("Heading 2", 13, 16, 5, bold=True, colour=_RIVER, with_next=True),
    _Style("Heading 3", 11.5, 12, 4, bold=True, colour=_RIVER, with_next=True),
    _Style("Heading 4", 10.5, 10, 3, bold=True, colour=_RIVER, with_next=True),
    _Style("Caption", 11, 14, 5, bold=True, colour=_RIVER, with_next=True),
    _Style("TOC Heading", 18, 0, 10, bold=True, colour=_RIVER),
    _Style("Quote", 10.5, 4, 6),
    _Style("toc 1", 10.5, 7, 1, bold=True),
    _Style("toc 2", 9.5, 0, 1, colour=_FAINT),
    _Style("Report Organisation", 12, 0, 120, colour=_FAINT),
    _Style("Report Second Title", 20, 0, 14, colour=_FAINT),
    _Style("Report Imprint", 9.5, 0, 0, colour=_FAINT),
    _Style("Report Number", 19, 6, 0, bold=True, colour=_RIVER),
    _Style("Report Second Number", 11, 0, 0, bold=True, colour=_FAINT),
    _Style("Report Label", 9, 0, 8, colour=_FAINT),
    _Style("Report Cell", 9.5, 2, 2),
    _Style("Report Small Cell", 8, 2, 2),
    _Style("Report Note", 8.5, 4, 12, colour=_FAINT),
    _Style("Report Picture", 10.5, 6, 4, with_next=True),
    _Style("Report When", 9.5, 0, 0, colour=_FAINT),
    _Style("Report Entry", 10.5, 0, 0),
    _Style("Report Detail", 9.5, 0, 2, colour=_FAINT),
    _Style("Report Text", 10, 0, 2),
    _Style("Report Code", 9.5, 2, 6),
)


def set_up(paper: Paper) -> None:
    """The page and the styles."""
    page = paper.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(22)
    page.top_margin, page.bottom_margin = Mm(24), Mm(22)
    page.different_first_page_header_footer = True
    body = paper.styles["Normal"]
    body.font.size = Pt(10.5)
    body.paragraph_format.space_after, body.paragraph_format.line_spacing = Pt(7), 1.15
    _in_one_font(body)
    for wanted in _STYLES:
        _settle(paper, wanted)
    for name in ("Header", "Footer"):
        paper.styles[name].font.size, paper.styles[name].font.color.rgb = Pt(8.5), _FAINT
        tabs = paper.styles[name].paragraph_format.tab_stops
        tabs.clear_all()
        tabs.add_tab_stop(WIDTH, WD_TAB_ALIGNMENT.RIGHT)
    for level in (1, 2):
        style = paper.styles[f"toc {level}"]
        style.paragraph_format.tab_stops.add_tab_stop(WIDTH, WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)
        style.paragraph_format.left_indent = Mm(5 * (level - 1))
    paper.styles["Quote"].paragraph_format.left_indent = Mm(6)
    paper.styles["Report Code"].font.name = "Consolas"
    paper.styles["Report When"].paragraph_format.keep_with_next = False
    link = paper.styles.add_style("Hyperlink", WD_STYLE_TYPE.CHARACTER)
    link.font.color.rgb, link.font.underline = _RIVER, True
    _tables(paper)


def _settle(paper: Paper, wanted: _Style) -> None:
    styles = paper.styles
    known = wanted.name in [style.name for style in styles]
    style = styles[wanted.name] if known else styles.add_style(wanted.name, WD_STYLE_TYPE.PARAGRAPH)
    if not known:
        style.base_style = styles[wanted.base]
    style.font.size, style.font.italic = Pt(wanted.size), None
    # Of a style of ours it stays open, so that a table's head can make it bold.
    style.font.bold = bool(wanted.bold) if known else wanted.bold
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(wanted.before), Pt(wanted.after)
    style.paragraph_format.keep_with_next = wanted.with_next
    if wanted.colour is not None:
        style.font.color.rgb = wanted.colour
    elif known:
        style.font.color.rgb = styles["Normal"].font.color.rgb
    borders = style.element.pPr.find(qn("w:pBdr"))
    if borders is not None:
        style.element.pPr.remove(borders)
    _in_one_font(style)


def _in_one_font(style: ParagraphStyle | CharacterStyle) -> None:
    """The library's own sheet names fonts of a theme, which would win over ours."""
    style.font.name = _FONT
    fonts = style.element.rPr.rFonts
    for name in list(fonts.attrib):
        del fonts.attrib[name]
    for script in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{script}"), _FONT)


def _tables(paper: Paper) -> None:
    """Ours: hair lines, a head and a last line set apart; and one without lines that only keeps things side by side."""
    line = '<w:{0} w:val="single" w:sz="{1}" w:space="0" w:color="{2}"/>'
    hair, head = line.format("insideH", 3, "D8D2C6"), line.format("bottom", 8, "1B4965")
    top, bottom = line.format("top", 8, "1B4965"), line.format("bottom", 3, "D8D2C6")
    margins = '<w:tblCellMar><w:left w:w="70" w:type="dxa"/><w:right w:w="70" w:type="dxa"/></w:tblCellMar>'
    add_style_xml(
        paper,
        f'<w:style {nsdecls("w")} w:type="table" w:customStyle="1" w:styleId="ReportTable"><w:name w:val="{TABLE}"/>'
        f'<w:basedOn w:val="TableNormal"/><w:tblPr><w:tblBorders>{bottom}{hair}</w:tblBorders>{margins}</w:tblPr>'
        '<w:tblStylePr w:type="firstRow"><w:rPr><w:b/><w:color w:val="1B4965"/></w:rPr>'
        f"<w:tcPr><w:tcBorders>{head}</w:tcBorders></w:tcPr></w:tblStylePr>"
        '<w:tblStylePr w:type="lastRow"><w:rPr><w:b/></w:rPr>'
        f'<w:tcPr><w:tcBorders>{top}{head}</w:tcBorders><w:shd w:val="clear" w:fill="F3F6F8"/></w:tcPr></w:tblStylePr>'
        "</w:style>",
    )
    add_style_xml(
        paper,
        f'<w:style {nsdecls("w")} w:type="table" w:customStyle="1" w:styleId="ReportColumns"><w:name w:val="{LAYOUT}"/>'
        f'<w:basedOn w:val="TableNormal"/><w:tblPr>{margins}</w:tblPr></w:style>',
    )
