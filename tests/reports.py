"""What tests of reports share: a small year to report on, and the orders for it."""

from typing import Any

from tests.calendars import COLOGNE, COVENTRY, put_twin, record
from tracker.actions import editions
from tracker.actions.organisation import revise_organisation
from tracker.actions.reports import Asked
from tracker.bootstrap import Tracker
from tracker.domain.access import Role, readable
from tracker.domain.activities import Activity, Visibility
from tracker.domain.commands import Actor
from tracker.domain.editions import Form
from tracker.domain.organisation import Organisation
from tracker.domain.report_orders import Order
from tracker.domain.report_readers import Reader
from tracker.store.editions import EditionRow
from tracker.store.report_readers import ReaderRow, readers, write_reader

SECTIONS = ("highlights", "activities", "chronicle", "people", "money", "aid", "partners", "outlook")
LEVELS = {"members": "members", "town": "public", "board": "confidential"}


def reader(slug: str = "members", **fields: Any) -> Reader:
    document = {
        "slug": slug,
        "names": {"en": slug.title(), "de": {"members": "Mitglieder"}.get(slug, slug.title())},
        "level": LEVELS.get(slug, "public"),
        "sections": [{"name": name} for name in SECTIONS],
    }
    return Reader.model_validate({**document, **fields})


def put_readers(tracker: Tracker, *some: Reader) -> None:
    """Readers as rows: those of three levels, unless some are named."""
    with tracker.database.unit("system", tracker.clock()) as unit:
        for one in some or tuple(reader(slug) for slug in LEVELS):
            row = ReaderRow(version=1, position=len(readers(unit.session)) + 1, changed_at=unit.now)
            write_reader(row, one)
            unit.session.add(row)
            unit.session.flush()


def small_year(tracker: Tracker) -> list[Activity]:
    """Cologne and Coventry in 2018: two held, one cancelled."""
    put_twin(tracker, COLOGNE)
    put_twin(tracker, COVENTRY)
    put_readers(tracker)
    choir = record(
        tracker,
        kind="exchange",
        status="held",
        visibility="public",
        title={"en": "A choir sings", "de": "Ein Chor singt", "ru": "Поёт хор"},
        start="2018-05-03",
        direction="to_hub",
        counts=[{"of": "travellers", "side": "twin", "value": 22, "basis": "actual"}],
    )
    visit = record(
        tracker,
        status="held",
        visibility="public",
        twins=["coventry"],
        title={"en": "The mayor comes"},
        start="2018-06",
    )
    off = record(
        tracker,
        kind="festival",
        status="cancelled",
        visibility="public",
        reason="Rain",
        title={"en": "The festival"},
        start="2018-07-01",
    )
    return [choir, visit, off]


def named(tracker: Tracker) -> None:
    """The organisation says who it is; without its identifier there is no IATI file."""
    house = Organisation({"de": "Verein", "en": "Association"}, "Weg 1", "Köln", "a@example.org", "DE-CR-VR4711")
    revise_organisation(tracker.database, house, None, Actor("system"), tracker.clock())


def order(slug: str = "members", form: Form = Form.JSON, **fields: Any) -> Order:
    return Order.model_validate({"period": "2018", "reader": slug, "languages": ["en"], "form": form, **fields})


def asked(tracker: Tracker, slug: str = "members", role: Role = Role.ADMINISTRATOR, **fields: Any) -> Asked:
    wanted = order(slug, **fields)
    return Asked(wanted, readable(role, Visibility(LEVELS.get(slug, "public"))), "user:1", tracker.clock())


def frozen(tracker: Tracker, slug: str = "members", **fields: Any) -> EditionRow:
    return editions.freeze(tracker.database, asked(tracker, slug, **fields))
