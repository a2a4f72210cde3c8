"""A paper of a shipment as PDF: A4, tagged (PDF/UA-1), two languages beside one another, the same bytes each time.

The words come from `domain.aid_papers`; here they become data for typst, and the link of the receipt a code.
"""

from pathlib import Path
from typing import Any, Final

from tracker.domain.aid_papers import AidPaper
from tracker.domain.report_document import Said
from tracker.i18n import N_, gettext
from tracker.outputs import qr
from tracker.outputs.signs import printable
from tracker.outputs.typesetting import showable, typeset

MEDIA_TYPE: Final = "application/pdf"

_TEMPLATE: Final = (Path(__file__).parent / "templates" / "aid_paper.typ").read_bytes()
_BOXES: Final = N_("A box stands for a sign that no font at hand can show.")

Data = dict[str, Any]


def once(languages: tuple[str, ...], said: Said) -> list[tuple[str, str]]:
    """Each text with its language; what several languages say alike stands once."""
    told: dict[str, str] = {}
    for language, words in zip(languages, said, strict=True):
        tidy = printable(" ".join(words.split()))
        if tidy:
            told.setdefault(tidy, language)
    return [(language, words) for words, language in told.items()]


def aid_paper_pdf(paper: AidPaper) -> bytes:
    shown, missing = showable(paper)
    files = {"code.svg": qr.drawn(paper.link)} if paper.link else {}
    return typeset(_TEMPLATE, _data(shown, missing=missing), paper.changed, files=files)


def _data(paper: AidPaper, *, missing: bool) -> Data:
    def said(words: Said) -> list[tuple[str, str]]:
        return once(paper.languages, words)

    def cell(words: Said) -> Data:
        return {"said": said(words)}

    return {
        "language": paper.languages[0],
        "name": " / ".join(words for _, words in said(paper.title)),
        "title": said(paper.title),
        "subject": said(paper.facts[0][1]),
        "sender": said(paper.sender),
        "address": paper.address,
        "facts": [(said(label), said(value)) for label, value in paper.facts],
        "paragraphs": [said(words) for words in paper.paragraphs],
        "shares": [head.share for head in paper.heads],
        "right": [head.right for head in paper.heads],
        "heads": [said(head.words) for head in paper.heads],
        "rows": [[cell(words) for words in row] for row in paper.rows],
        "sums": [(said(label), said(value)) for label, value in paper.sums],
        "notes": [said(words) for words in paper.notes],
        "signatures": [said(words) for words in paper.signatures],
        "code": " ".join(words for _, words in said(paper.link_words)) if paper.link else None,
        "link_words": said(paper.link_words),
        "missing": [(tag, gettext(tag, _BOXES)) for tag in paper.languages] if missing else [],
    }
