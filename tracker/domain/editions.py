"""Editions: a report as it stood, frozen. What every document of it is made from, now and in ten years.

A frozen value holds all a report says and rests on: figures, texts, pictures, the reader's profile, the organisation,
the names of the cities, and the activities behind every figure as they were called then. The same value always gives
the same bytes, so its hash stands for all of them. A draft is the same value without a number. Pure.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterator
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import Field

from tracker.domain.access import narrowest
from tracker.domain.activities import LanguageTag, Line, Slug, Value, Visibility
from tracker.domain.figures import Figures
from tracker.domain.organisation import Organisation
from tracker.domain.periods import Period
from tracker.domain.report_document import Picture
from tracker.domain.report_readers import Reader, SectionName
from tracker.domain.twins import Twin

FROZEN_VERSION = 1
"""Raised when a release reads frozen values in another way; a former way of reading then stays beside the new one."""
COVER = ""
"""Where a picture stands that belongs to no section."""


class Form(StrEnum):
    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"
    HTML = "html"
    CSV = "csv"
    JSON = "json"
    IATI = "iati"
    HXL = "hxl"


MEDIA_TYPES = {
    Form.PDF: "application/pdf",
    Form.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Form.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Form.HTML: "text/html",
    Form.CSV: "text/csv",
    Form.JSON: "application/json",
    Form.IATI: "application/xml",
    Form.HXL: "text/csv",
}
ENDINGS = {form: form.value for form in Form} | {Form.IATI: "xml", Form.HXL: "hxl.csv"}
WORDED = frozenset({Form.PDF, Form.DOCX, Form.XLSX, Form.HTML, Form.CSV})
"""Forms that are in a language; the others hold every language at once."""


class Written(Value):
    """A text of a report in Markdown. Without a section it opens the report."""

    section: SectionName | None = None
    language: LanguageTag
    markdown: str


class Pictured(Value):
    """A picture of a report. Its bytes are kept apart, under their hash."""

    sha256: str
    section: str = COVER
    alt: dict[LanguageTag, Line]
    caption: dict[LanguageTag, Line] = Field(default_factory=dict)
    credit: Line = ""


class Backing(Value):
    """An activity that stands behind a figure, as it was called then."""

    id: UUID
    version: int
    title: dict[LanguageTag, str]
    start: str


class House(Value):
    """The organisation, as it was called then."""

    names: dict[str, str] = Field(default_factory=dict)
    address: str = ""
    place: str = ""
    email: str = ""
    reference: str = ""

    @property
    def organisation(self) -> Organisation:
        return Organisation(self.names, self.address, self.place, self.email, self.reference)


class Frozen(Value):
    """All a report says and rests on. `number` 0: a draft. `position`: the last event of the log it knows of."""

    frozen_version: int = FROZEN_VERSION
    number: int = 0
    period: str
    reader: Reader
    twin: Slug | None = None
    languages: tuple[LanguageTag, ...] = Field(min_length=1)
    house: House
    figures: Figures
    texts: tuple[Written, ...] = ()
    pictures: tuple[Pictured, ...] = ()
    cities: tuple[Twin, ...] = ()
    behind: dict[str, tuple[UUID, ...]] = Field(default_factory=dict)
    activities: tuple[Backing, ...] = ()
    position: int
    changed_at: dt.datetime = Field(
        description="when the last of these things changed; of an edition, when it was made"
    )
    made_at: dt.datetime
    made_by: str

    @property
    def name(self) -> str:
        """Such as `2018-3`; empty for a draft."""
        return f"{self.period}-{self.number}" if self.number else ""

    @property
    def span(self) -> Period:
        return Period.parse(self.period)

    @property
    def level(self) -> Visibility:
        """The most confidential thing it may hold: only whoever may see that may read it."""
        return narrowest(self.figures.scope.visibilities)

    def text_map(self) -> dict[tuple[SectionName | str, str], str]:
        return {(text.section or "", text.language): text.markdown for text in self.texts}

    def city_map(self) -> dict[str, Twin]:
        return {city.slug: city for city in self.cities}

    def backing(self, key: str) -> list[Backing]:
        """The activities behind a figure, in order of time."""
        wanted = set(self.behind.get(key, ()))
        return [one for one in self.activities if one.id in wanted]


def canonical(frozen: Frozen) -> bytes:
    """The one way of writing a frozen value, over which its hash is taken."""
    document = frozen.model_dump(mode="json")
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def hash_of(frozen: bytes) -> str:
    return hashlib.sha256(frozen).hexdigest()


def keys_of(figures: Figures) -> list[str]:
    """The key of every number, each once, in the order in which they stand."""
    return list(dict.fromkeys(_keys(figures.model_dump(mode="python"))))


def _keys(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if value.get("key"):
            yield value["key"]
        for part in value.values():
            yield from _keys(part)
    elif isinstance(value, tuple | list):
        for part in value:
            yield from _keys(part)


def pictures_of(frozen: Frozen, data: dict[str, bytes], languages: tuple[str, ...]) -> dict[str, list[Picture]]:
    """The pictures by the section they stand in, with their bytes and in these languages."""
    found: dict[str, list[Picture]] = {}
    for one in frozen.pictures:
        alt, caption = (tuple(_said(texts, tag) for tag in languages) for texts in (one.alt, one.caption))
        found.setdefault(one.section, []).append(Picture(data[one.sha256], alt, caption, one.credit))
    return found


def _said(texts: dict[str, str], language: str) -> str:
    return texts.get(language) or texts.get("en") or next(iter(texts.values()), "")
