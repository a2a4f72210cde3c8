"""A report as PDF by typst: A4, white, tagged, made to be kept (PDF/A-2a) and read aloud (PDF/UA-1) at once.

Here the document's words become data, pictures and charts become files, and `templates/report.typ` sets them: cover,
contents, sections, page numbers. Where the report has two languages they stand beside one another. Nothing that
somebody typed is ever read as typst's own markup.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import count
from pathlib import Path
from typing import Any, Final

from tracker.domain.calendars import KIND_STYLES
from tracker.domain.report_document import (
    Cell,
    Chart,
    Document,
    Facts,
    FormSheet,
    Group,
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
from tracker.outputs import markdown, report_paper
from tracker.outputs.charts import chart_svg
from tracker.outputs.markdown import Block, BlockKind
from tracker.outputs.report_paper import CROWDED, TO_THE_RIGHT, in_all, shares
from tracker.outputs.typesetting import showable, typeset

MEDIA_TYPE: Final = "application/pdf"

_TEMPLATE: Final = (Path(__file__).parent / "templates" / "report.typ").read_bytes()
# typst breaks no word that it does not know; one that is longer than a line would leave the page.
_LONG_WORD: Final = re.compile(r"[^\s\u200b-]{30}(?=[^\s\u200b-]{10})")
_BREAK: Final = "\u200b"
_LONG: Final = 800
"""Signs from which on what is said of an activity may go over to the next page."""

Data = dict[str, Any]


def report_pdf(document: Document) -> bytes:
    """The bytes of the PDF; the first one of a process takes a second more, to look for fonts and load the charts."""
    shown, missing = showable(document)
    writer = _Writer(shown)
    data = writer.document()
    data["foot"] = writer.said(report_paper.boxes(shown)) if missing else []
    return typeset(_TEMPLATE, data, shown.imprint.changed, kept=True, files=writer.files)


class _Writer:
    """Turns a document into what the template reads, and keeps the files that it names."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._languages = document.languages
        self._numbers = count(1)
        self.files: dict[str, bytes] = {}

    def document(self) -> Data:
        document, imprint = self._document, self._document.imprint
        checksum = report_paper.checksum(document)
        return {
            "languages": document.languages,
            "title": self.said(document.title),
            "subtitle": self.said(document.subtitle),
            "organisation": self.said(imprint.organisation),
            "about": in_all(document.subtitle),
            "name": in_all(document.title) or "–",
            "address": [_breakable(line) for line in imprint.address.split("\n") if line.strip()],
            "contents": self.said(report_paper.contents(document)),
            "edition": self.said(report_paper.edition(document)),
            "figures_of": self.said(report_paper.figures_of(document)),
            "checksum": self.said(checksum) if checksum else [],
            "cover": self._picture(document.cover) if document.cover else None,
            "sections": [self._section(section) for section in document.sections],
        }

    def said(self, said: Said) -> list[tuple[str, str]]:
        """Each text with its language; what all languages say alike stands once."""
        found: dict[str, str] = {}
        for language, words in zip(self._languages, said, strict=True):
            if words.strip():
                found.setdefault(_breakable(" ".join(words.split())), language)
        return [(language, words) for words, language in found.items()]

    def _section(self, section: Section) -> Data:
        # A heading may stand at most one level below the one before it, whatever was typed.
        self._level = 1
        return {"heading": self.said(section.heading), "parts": [self._part(part) for part in section.parts]}

    def _part(self, part: Part) -> Data:
        match part:
            case Facts():
                items = [{"number": self.said(cell.words), "label": self.said(label)} for cell, label in part.items]
                return {"kind": "facts", "items": items}
            case Table():
                return self._table(part)
            case Chart():
                return self._chart(part)
            case Listing():
                return self._listing(part)
            case Paragraph():
                return {"kind": "paragraph", "words": self.said(part.words)}
            case Prose():
                return {"kind": "prose", "texts": list(self._prose(part.markdown))}
            case Picture():
                return {"kind": "picture", **self._picture(part)}
            case FormSheet():
                return self._sheet(part)

    def _table(self, table: Table) -> Data:
        return {
            "kind": "table",
            "title": self.said(table.title),
            "widths": list(shares(table)),
            "crowded": sum(shares(table)) > CROWDED,
            "right": [column.sort in TO_THE_RIGHT for column in table.columns],
            "head": [self.said(column.heading) for column in table.columns],
            "rows": [self._cells(row) for row in table.rows],
            "total": self._cells(table.total or ()),
            "note": self.said(table.note) if table.note else [],
        }

    def _cells(self, row: Iterable[Cell]) -> list[list[tuple[str, str]]]:
        return [self.said(cell.words) for cell in row]

    def _chart(self, chart: Chart) -> Data:
        name = f"chart-{next(self._numbers)}.svg"
        self.files[name] = chart_svg(chart, None if len(self._languages) > 1 else 0).encode()
        return {"kind": "chart", "title": self.said(chart.title), "file": name, "alt": in_all(chart.text) or name}

    def _listing(self, listing: Listing) -> Data:
        groups = [group for group in listing.groups if group.items]
        empty = [] if groups else self.said(listing.empty)
        return {"kind": "listing", "groups": [self._group(group) for group in groups], "empty": empty}

    def _group(self, group: Group) -> Data:
        if group.heading:
            self._level = 2
        heading = self.said(group.heading) if group.heading else []
        return {"heading": heading, "items": [self._item(item) for item in group.items]}

    def _item(self, item: Item) -> Data:
        style = KIND_STYLES.get(item.kind)
        return {
            "when": self.said(item.when),
            "icon": item.kind if style else "",
            "colour": style.colour.hex if style else "",
            "off": item.off,
            "title": self.said(item.title),
            "facts": [self.said(fact) for fact in item.facts],
            "text": self.said(item.text) if item.text else [],
            "long": sum(len("".join(said)) for said in (item.title, *item.facts, item.text or ())) > _LONG,
        }

    def _prose(self, texts: Said) -> Iterator[Data]:
        for language, text in zip(self._languages, texts, strict=True):
            if text.strip():
                yield {"language": language, "blocks": self._blocks(markdown.blocks(text))}

    def _blocks(self, blocks: Iterable[Block]) -> list[Data]:
        return [self._block(block) for block in blocks]

    def _block(self, block: Block) -> Data:
        number = block.number
        if block.kind is BlockKind.HEADING:
            number = self._level = min(1 + block.number, self._level + 1)
        runs = [
            {
                "text": _breakable(run.text),
                "strong": run.strong,
                "emphasis": run.emphasis,
                "code": run.code,
                "href": run.href,
            }
            for run in block.runs
        ]
        return {"kind": block.kind, "runs": runs, "blocks": self._blocks(block.blocks), "number": number}

    def _picture(self, picture: Picture) -> Data:
        ending = "png" if picture.data.startswith(b"\x89PNG") else "jpg"
        name = f"picture-{next(self._numbers)}.{ending}"
        self.files[name] = picture.data
        caption, credit = self.said(picture.caption), _breakable(picture.credit)
        return {"file": name, "alt": in_all(picture.alt) or name, "caption": caption, "credit": credit}

    def _sheet(self, sheet: FormSheet) -> Data:
        return {
            "kind": "sheet",
            "title": self.said(sheet.title),
            "head": [self.said(column) for column in sheet.columns],
            "lines": sheet.lines,
            "note": self.said(sheet.note) if sheet.note else [],
        }


def _breakable(text: str) -> str:
    return _LONG_WORD.sub(lambda found: found[0] + _BREAK, text)
