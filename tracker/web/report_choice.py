"""Which report a page is about: the period of its address, and reader, twin and languages of its arguments.

Whatever is asked for, nobody gets more than their role and the reader's profile allow (`domain.access.readable`).
"""

from dataclasses import dataclass
from typing import Any

from flask import request, url_for

from tracker.actions.reports import Asked, known_readers
from tracker.domain.access import readable
from tracker.domain.activities import Visibility
from tracker.domain.editions import Form
from tracker.domain.periods import InvalidPeriod, Period
from tracker.domain.report_orders import Order
from tracker.domain.report_readers import Reader
from tracker.domain.twins import Twin
from tracker.errors import NotFound
from tracker.i18n import LANGUAGES, N_
from tracker.store import twins as twin_store
from tracker.web.auth import actor, rights
from tracker.web.installation import now, this_tracker
from tracker.web.language import language

USUAL = "members"
"""The reader whose report is shown where none is named."""
_NOTHING = N_("There is no report here.")


@dataclass(frozen=True)
class Choice:
    """A report somebody looks at. `beside` is the second language, empty where there is none."""

    period: Period
    reader: Reader
    readers: tuple[Reader, ...]
    twin: str
    twins: dict[str, Twin]
    first: str
    beside: str

    @property
    def languages(self) -> tuple[str, ...]:
        return (self.first, self.beside) if self.beside else (self.first,)

    @property
    def visibilities(self) -> tuple[Visibility, ...]:
        return readable(rights(), self.reader.level)

    @property
    def arguments(self) -> dict[str, str]:
        """What an address keeps of the choice; what is usual is left out."""
        given = {"for": self.reader.slug, "twin": self.twin, "in": self.first, "beside": self.beside}
        usual = {"for": USUAL, "in": language()}
        return {name: value for name, value in given.items() if value and value != usual.get(name)}

    def address(self, endpoint: str, **more: Any) -> str:
        return url_for(endpoint, period=str(self.period), **{**self.arguments, **more})

    def order(self, form: Form = Form.HTML, *, edition: bool = False) -> Order:
        return Order(
            period=str(self.period),
            reader=self.reader.slug,
            twin=self.twin or None,
            languages=self.languages,
            form=form,
            edition=edition,
        )

    def asked(self) -> Asked:
        return Asked(self.order(), self.visibilities, actor().name, now())


def period_of(text: str) -> Period:
    """The period of an address; `NotFound` for what is none."""
    try:
        return Period.parse(text)
    except InvalidPeriod as fault:
        raise NotFound(fault.reason, value=fault.text) from fault


def choice(period: str) -> Choice:
    """What the address asks for. Raises `NotFound` for a period, reader or twin there is none of."""
    database = this_tracker().database
    readers = tuple(known_readers(database))
    with database.reading() as session:
        twins = twin_store.current(session)
    wanted = request.values.get("for", "") or (USUAL if any(one.slug == USUAL for one in readers) else "")
    reader = next((one for one in readers if wanted in ("", one.slug)), None)
    twin = request.values.get("twin", "")
    if reader is None or (twin and twin not in twins):
        raise NotFound(_NOTHING)
    first = _language("in") or language()
    beside = _language("beside")
    return Choice(period_of(period), reader, readers, twin, twins, first, "" if beside == first else beside)


def _language(name: str) -> str:
    given = request.values.get(name, "")
    return given if given in LANGUAGES else ""
