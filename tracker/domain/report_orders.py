"""What somebody wants made of a report, and how the finished document is called. Pure."""

import re

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError

from tracker.domain.activities import LanguageTag, Slug, Value
from tracker.domain.editions import ENDINGS, WORDED, Form, Frozen
from tracker.domain.periods import InvalidPeriod, Period
from tracker.i18n import LANGUAGES, N_, gettext

_UNWELCOME = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]+')
"""What some system or other allows in no file's name."""
_NO_LANGUAGE = N_("“{value}” is not one of {allowed}.")


class Order(Value):
    """`edition`: freeze one first. `edition_id`: make it of that one; period, reader and twin are then its own."""

    period: str
    reader: Slug
    twin: Slug | None = None
    languages: tuple[LanguageTag, ...] = Field(min_length=1, max_length=2)
    form: Form = Form.PDF
    edition: bool = False
    edition_id: int | None = None

    @field_validator("period")
    @classmethod
    def _period(cls, text: str) -> str:
        """In the one way a period is written, so that what belongs together is found together."""
        try:
            return str(Period.parse(text))
        except InvalidPeriod as fault:
            told = {"field": "", "value": fault.text, "reason": fault.reason, "values": {}}
            raise PydanticCustomError("tracker", "{reason}", told) from fault

    @field_validator("languages")
    @classmethod
    def _languages(cls, tags: tuple[str, ...]) -> tuple[str, ...]:
        for tag in tags:
            if tag not in LANGUAGES:
                told = {"field": "", "value": tag, "reason": _NO_LANGUAGE, "values": {"allowed": LANGUAGES}}
                raise PydanticCustomError("tracker", "{reason}", told)
        return tuple(dict.fromkeys(tags))

    @property
    def span(self) -> Period:
        return Period.parse(self.period)


def file_name(frozen: Frozen, form: Form, languages: tuple[str, ...]) -> str:
    """Such as `2018 Tätigkeitsbericht Köln (Mitglieder), Ausgabe 2.pdf`."""
    tag = languages[0]
    parts = [frozen.period, gettext(tag, N_("Activity report"))]
    if frozen.twin:
        city = frozen.city_map().get(frozen.twin)
        parts.append(city.name(tag) if city else frozen.twin)
    name = f"{' '.join(parts)} ({frozen.reader.name(tag)})"
    if frozen.number:
        name += ", " + gettext(tag, N_("edition {number}"), number=frozen.number)
    if form in WORDED and len(languages) > 1:
        name += f" {'+'.join(languages)}"
    return f"{_UNWELCOME.sub(' ', name)[:200].strip()}.{ENDINGS[form]}"


def plain_name(frozen: Frozen, form: Form, languages: tuple[str, ...]) -> str:
    """The same in ASCII, for headers and programs that know no other letters."""
    parts = ["report", frozen.period.replace("..", "-to-"), frozen.twin or "", frozen.reader.slug]
    if frozen.number:
        parts.append(f"edition-{frozen.number}")
    if form in WORDED:
        parts += languages
    return f"{'-'.join(part for part in parts if part)}.{ENDINGS[form]}"
