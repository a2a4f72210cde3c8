"""A report as JSON with a published schema (JSON Schema 2020-12): the figures, whose they are, and what staff wrote."""

import datetime as dt
import json
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from pydantic import Field

from tracker.domain.activities import LanguageTag, Slug, Value
from tracker.domain.figures import Figures

MEDIA_TYPE: Final = "application/json"
SCHEMA_ID: Final = "urn:tracker:report:1"


class ReportText(Value):
    """What staff wrote for a section in one language, in Markdown (CommonMark)."""

    section: str = Field(description="a section's name; empty: for the report as a whole")
    language: LanguageTag
    markdown: str


class ReportJson(Value):
    """A report of one period for one reader. `edition` and `hash` are empty for a draft."""

    schema_id: str = Field(SCHEMA_ID, alias="$schema")
    period: str = Field(description="2018, 2018-07..2019-06 or two days")
    reader: Slug
    organisation: dict[str, str] = Field(description="its name by language")
    languages: tuple[LanguageTag, ...]
    made_on: dt.date
    edition: str = ""
    hash: str = Field("", description="SHA-256 of the frozen edition, in hexadecimal")
    texts: tuple[ReportText, ...] = ()
    figures: Figures


def report_json(report: ReportJson) -> bytes:
    """Keys in a fixed order, two spaces, UTF-8: the same report gives the same bytes."""
    document = report.model_dump(mode="json", by_alias=True)
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


@cache
def schema() -> Mapping[str, Any]:
    """What every report's JSON conforms to."""
    made = ReportJson.model_json_schema(by_alias=True, mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": SCHEMA_ID, **made}
