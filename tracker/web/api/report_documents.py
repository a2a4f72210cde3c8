"""What the API takes and gives of reports, as pydantic models."""

import datetime as dt
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from tracker.domain.activities import Slug, Value, Visibility
from tracker.domain.editions import Form
from tracker.domain.report_readers import Reader
from tracker.web.api.documents import Page, Query


class Language(StrEnum):
    EN = "en"
    DE = "de"
    RU = "ru"


class ReportPath(BaseModel):
    period: str = Field(description="a year or a span of time", json_schema_extra={"example": "2018"})


class EditionPath(BaseModel):
    edition_id: int = Field(description="the edition's number", ge=1, le=2**31 - 1)


class DocumentPath(BaseModel):
    document_id: int = Field(description="the document's number", ge=1, le=2**31 - 1)


class ReportQuery(Query):
    for_: Slug = Field("members", alias="for", description="the reader it is written for; see /readers")
    twin: Slug | None = Field(None, description="only the partnership with this twin")
    lang: list[Language] = Field(
        [Language.EN], min_length=1, max_length=2, description="one language, or two beside one another (repeat it)"
    )
    format: Form = Field(Form.JSON, description="what to make of it")


class EditionDocumentQuery(Query):
    lang: list[Language] = Field(default_factory=list, max_length=2, description="its own languages if left out")
    format: Form = Field(Form.PDF, description="what to make of it")


class EditionInput(Value):
    reader: Slug = Field("members", description="the reader it is written for")
    twin: Slug | None = None
    languages: tuple[Language, ...] = Field((Language.EN,), min_length=1, max_length=2)


class EditionItem(BaseModel):
    """An edition: frozen, numbered within its period, reader and twin, known by the hash of all it holds."""

    id: int
    name: str = Field(examples=["2018-3"])
    period: str
    reader: str
    twin: str | None
    number: int
    level: Visibility = Field(description="the most confidential thing it holds")
    languages: tuple[str, ...]
    sha256: str
    position: int = Field(description="the last event of the log it knows of")
    made_at: dt.datetime


class EditionPage(Page):
    items: tuple[EditionItem, ...]


class DocumentItem(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: int
    edition_id: int | None = Field(description="null: of a draft")
    reader: str
    twin: str
    form: Form
    languages: tuple[str, ...]
    level: Visibility
    name: str
    size: int
    sha256: str
    made_at: dt.datetime


class DocumentPage(Page):
    items: tuple[DocumentItem, ...]


class ReaderPage(Page):
    items: tuple[Reader, ...]


QUERIES: dict[str, type[BaseModel]] = {m.__name__: m for m in (ReportQuery, EditionDocumentQuery)}
