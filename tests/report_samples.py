"""Reports made by hand, for tests of the forms a report takes."""

import datetime as dt
from decimal import Decimal
from typing import Any
from uuid import UUID

from tracker.domain.activities import Direction, Status
from tracker.domain.details import Stage
from tracker.domain.figures import (
    ActivityFigures,
    AidFigures,
    Figures,
    MoneyFigures,
    Number,
    PeopleFigures,
    Scope,
    Shipment,
)
from tracker.domain.report_document import (
    Cell,
    Column,
    Document,
    Facts,
    Group,
    Imprint,
    Item,
    Listing,
    Section,
    Sort,
    Table,
)
from tracker.domain.twins import Twin

CHANGED = dt.datetime(2019, 1, 7, 9, 30, tzinfo=dt.UTC)
COLOGNE = Twin.model_validate({"slug": "cologne", "names": {"en": "Cologne", "de": "Köln"}, "country": "DE"})
COVENTRY = Twin.model_validate({"slug": "coventry", "names": {"en": "Coventry"}, "country": "GB"})
CITIES = {twin.slug: twin for twin in (COLOGNE, COVENTRY)}


def imprint(**changes: Any) -> Imprint:
    given = {"organisation": ("Verein Köln–Wolgograd",), "address": "Köln", "made_on": dt.date(2019, 1, 7)}
    return Imprint(**{**given, "changed": CHANGED, **changes})


def words(value: int) -> Cell:
    return Cell((str(value),), value, f"activities?number={value}")


def by_kind(rows: tuple[tuple[str, int, str], ...] = (("Delegationen", 3, "1234.50"), ("Feste", 2, "0.05"))) -> Table:
    """Activities and money by kind, with totals in two columns."""
    columns = (
        Column(("Art",)),
        Column(("Anzahl",), Sort.COUNT, total=True),
        Column(("Euro",), Sort.MONEY, total=True),
    )
    lines = tuple((Cell((name,)), words(many), Cell((f"{euro} €",), Decimal(euro))) for name, many, euro in rows)
    return Table("by_kind", ("Nach Art",), columns, lines, note=("Nur Durchgeführtes.",))


def dated() -> Table:
    """Dates known to the day, to the year, and older than any workbook knows."""
    columns = (Column(("Wann",), Sort.DATE), Column(("Was",)))
    rows = (
        (Cell(("28. November 1988",), dt.date(1988, 11, 28)), Cell(("Vertrag",))),
        (Cell(("1944",)), Cell(("=1+1",))),
        (Cell(("31. Dezember 1899",), dt.date(1899, 12, 31)), Cell(("@SUM(A1)",))),
    )
    return Table("dated", ("Nach Datum: [alles]/vieles",), columns, rows)


def document(*tables: Table, **changes: Any) -> Document:
    facts = Facts(((words(5), ("Aktivitäten",)),))
    item = Item(("Mai 2018",), ("-2 Grad",), (("12 Reisende",), ("Köln",)), kind="delegation", link="some-id")
    listing = Listing("chronicle", (Group(None, (item,)),), ("Nichts.",))
    sections = (
        Section("highlights", ("Das Wichtigste",), (facts,)),
        Section("activities", ("Aktivitäten",), tables or (by_kind(), dated())),
        Section("chronicle", ("Chronik",), (listing,)),
    )
    made = Document(("de",), ("Tätigkeitsbericht",), ("Köln 2018",), imprint(), sections)
    return made if not changes else Document(**{**vars(made), **changes})


def shipment(number: int = 1, **changes: Any) -> Shipment:
    given: dict[str, Any] = {
        "id": UUID(int=number),
        "title": {"en": "Wheelchairs for Hospital 7", "de": "Rollstühle für das Krankenhaus Nr. 7"},
        "start": "2018-06",
        "end": None,
        "twins": ("cologne",),
        "status": Status.HELD,
        "direction": Direction.TO_HUB,
        "form": "shipment",
        "recipient": "Hospital No. 7",
        "stage": Stage.RECEIPT_CONFIRMED,
        "stage_on": "2018-08-02",
        "goods": ({"description": "Wheelchairs", "quantity": "40", "unit": "pieces", "weight_kg": "800",
                   "value": "12000", "currency": "EUR"},),
        "weight_kg": Decimal("800.000"),
        "values": {"EUR": Decimal("12000.00")},
        "money": ({"amount": "950.00", "currency": "EUR", "role": "cost"},),
        "beneficiaries": ({"at": "2018-12", "value": 40, "bound": "about"},),
    }  # fmt: skip
    return Shipment.model_validate({**given, **changes})


def figures(*shipments: Shipment) -> Figures:
    """A year with aid and nothing else."""
    none = Number(key="activities")
    return Figures(
        scope=Scope(first=dt.date(2018, 1, 1), last=dt.date(2018, 12, 31)),
        activities=ActivityFigures(held=none, others=none),
        people=PeopleFigures(without_numbers=none),
        money=MoneyFigures(),
        aid=AidFigures(number=Number(key="aid", now=len(shipments)), shipments=shipments),
    )
