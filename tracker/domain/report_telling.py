"""What every section of a report is told from: the figures, for whom, the cities, the period and the languages."""

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping
from functools import cached_property

from tracker.domain import words
from tracker.domain.activities import Side
from tracker.domain.dates import HistoricDate
from tracker.domain.figures import Figures, Flow
from tracker.domain.periods import Period
from tracker.domain.report_document import Said
from tracker.domain.report_readers import Reader
from tracker.domain.report_speech import Speech
from tracker.domain.search import fold
from tracker.domain.twins import HUB, Twin
from tracker.i18n import N_


@dataclasses.dataclass(frozen=True)
class Telling:
    """All that a section may look at. `made_on` is the day of the figures; there is no clock here."""

    figures: Figures
    reader: Reader
    cities: Mapping[str, Twin]
    speech: Speech
    made_on: dt.date

    @cached_property
    def period(self) -> Period:
        return Period(self.figures.scope.first, self.figures.scope.last)

    @property
    def of_one_city(self) -> bool:
        """Whether the report is about one city alone, so that nothing need be divided by cities."""
        return len(self.figures.scope.twins) == 1

    @property
    def over(self) -> bool:
        """Whether the period had ended when the figures were made."""
        return self.period.last < self.made_on

    @cached_property
    def this(self) -> Said:
        """The period as a heading: "2018", "July 2018 – June 2019"."""
        return self._named(self.period)

    @cached_property
    def before(self) -> Said:
        """The period compared with, as a heading."""
        return self._named(self.period.before or self.period)

    @cached_property
    def when(self) -> Said:
        """The period at the beginning of a sentence: "In 2018", "From July 2018 to June 2019"."""
        if self.period.year is not None:
            return self.speech.say(N_("In the year {year}"), year=str(self.period.year))
        span = HistoricDate.parse(_edtf(self.period))
        return self.speech.heading(self.speech.each(span.in_sentence))

    def city(self, slug: str, day: dt.date | None = None) -> Said:
        """A twin's name on that day (R4); on the first of the period where no day is given."""
        twin = self.cities.get(slug)
        asked = day or self.period.first
        return self.speech.each(lambda tag: twin.name_at(asked, tag)) if twin else self.speech.same(slug)

    def cities_of(self, slugs: Iterable[str], day: dt.date | None = None) -> Said:
        return self.speech.listed(self.city(slug, day) for slug in slugs)

    def hub(self, day: dt.date | None = None) -> Said:
        return self.speech.each(lambda tag: HUB.name_at(day or self.period.first, tag))

    def by_name(self, slugs: Iterable[str]) -> list[str]:
        """Cities in the order of their names in the report's first language."""
        return sorted(slugs, key=lambda slug: (fold(self.city(slug)[0]), slug))

    def way(self, flow: Flow) -> Said:
        """Where people go or come from, as the viewpoint has it: "to Volgograd", of a twin's travellers."""
        hub_travels = (flow is Flow.OUT) == (self.figures.scope.viewpoint is Side.HUB)
        direction = "from_hub" if hub_travels else "to_hub"
        if flow not in (Flow.OUT, Flow.IN):
            direction = flow.value
        return self.speech.each(lambda tag: words.direction(direction, self.period.first, tag))

    def _named(self, period: Period) -> Said:
        if period.year is not None:
            return self.speech.same(str(period.year))
        return self.speech.date(_edtf(period))


def _edtf(period: Period) -> str:
    return str(period).replace("..", "/")
