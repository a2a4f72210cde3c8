"""What staff wrote in Markdown, as paragraphs of a DOCX in the program's own styles for headings, lists and quotes."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from docx.document import Document as Paper
from docx.text.paragraph import Paragraph

from tracker.outputs import markdown
from tracker.outputs.docx_parts import Place, link, numbered_anew, speak_run
from tracker.outputs.markdown import Block, BlockKind, Run
from tracker.outputs.signs import printable


@dataclass(frozen=True)
class _Around:
    """What a block stands in: the style of its paragraphs, and how many lists."""

    style: str = "Normal"
    depth: int = 0


class ProseWriter:
    """`heading` makes a heading's paragraph at a level, as the document counts them."""

    def __init__(self, paper: Paper, place: Place, language: str, heading: Callable[[Place, int], Paragraph]) -> None:
        self._paper, self._place, self._language, self._heading = paper, place, language, heading

    def write(self, text: str) -> None:
        self._blocks(markdown.blocks(printable(text)), _Around())

    def _blocks(self, blocks: Iterable[Block], around: _Around) -> None:
        for block in blocks:
            self._block(block, around)

    def _block(self, block: Block, around: _Around) -> None:
        match block.kind:
            case BlockKind.BULLETS | BlockKind.NUMBERS:
                self._list(block, around)
            case BlockKind.QUOTE:
                self._blocks(block.blocks, replace(around, style="Quote"))
            case BlockKind.HEADING:
                self._runs(self._heading(self._place, 1 + block.number), block.runs)
            case BlockKind.CODE:
                self._runs(self._place.paragraph("Report Code"), block.runs)
            case BlockKind.RULE:
                self._place.paragraph("Normal").add_run("* * *")
            case _:
                self._runs(self._place.paragraph(around.style), block.runs)

    def _list(self, block: Block, around: _Around) -> None:
        depth = min(around.depth + 1, 3)
        style = "List Bullet" if block.kind is BlockKind.BULLETS else "List Number"
        style += f" {depth}" if depth > 1 else ""
        number = numbered_anew(self._paper, style, block.number) if block.kind is BlockKind.NUMBERS else None
        for item in block.blocks:
            for place, inner in enumerate(item.blocks):
                if place == 0 and inner.kind is BlockKind.PARAGRAPH:
                    self._runs(self._item(style, number), inner.runs)
                else:
                    follows = "List Continue" + (f" {depth}" if depth > 1 else "")
                    self._block(inner, _Around(follows, depth))

    def _item(self, style: str, number: int | None) -> Paragraph:
        paragraph = self._place.paragraph(style)
        if number is not None:
            counted = paragraph._p.get_or_add_pPr().get_or_add_numPr()
            counted.get_or_add_ilvl().val = 0
            counted.get_or_add_numId().val = number
        return paragraph

    def _runs(self, paragraph: Paragraph, runs: Iterable[Run]) -> None:
        for run in runs:
            written = paragraph.add_run(run.text)
            written.bold, written.italic = run.strong or None, run.emphasis or None
            if run.code:
                written.font.name = "Consolas"
            if run.href:
                written.style = "Hyperlink"
            speak_run(written, self._language)
            if run.href:
                link(paragraph, written, run.href)
