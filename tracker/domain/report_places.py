"""Where a text or a picture stands: in the report of a period, for a reader or all, for a twin or the house. Pure."""

from pydantic import field_validator
from pydantic_core import PydanticCustomError

from tracker.domain.activities import Slug, Value
from tracker.domain.periods import InvalidPeriod, Period
from tracker.domain.report_readers import SectionName


class Place(Value):
    """No reader: all of them. No twin: the report of the whole house. No section: its beginning."""

    period: str
    reader: Slug | None = None
    twin: Slug | None = None
    section: SectionName | None = None

    @field_validator("period")
    @classmethod
    def _period(cls, text: str) -> str:
        try:
            return str(Period.parse(text))
        except InvalidPeriod as fault:
            told = {"field": "", "value": fault.text, "reason": fault.reason, "values": {}}
            raise PydanticCustomError("tracker", "{reason}", told) from fault

    @property
    def columns(self) -> dict[str, str]:
        """As rows keep it."""
        return {
            "period": self.period,
            "reader": self.reader or "",
            "twin": self.twin or "",
            "section": self.section or "",
        }
