"""Aid as open data: an IATI activity file (International Aid Transparency Initiative, standard 2.03), one per shipment.

IATI wants whole days. Where a date is known less exactly the first and the last day it can be stand there, and the
narrative beside them says what is known. What an activity is for is told in our own words (vocabulary 99): nobody here
has coded it by the OECD's list.
"""

import datetime as dt
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final
from xml.etree import ElementTree

from tracker.domain.activities import Status
from tracker.domain.dates import HistoricDate
from tracker.domain.figures import Figures, Shipment
from tracker.domain.twins import Twin
from tracker.outputs.hxl import recipients, worded

MEDIA_TYPE: Final = "application/xml"
VERSION: Final = "2.03"

Element = ElementTree.Element

_NOT_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"
_PIPELINE, _IMPLEMENTED, _FINISHED, _CANCELLED, _SUSPENDED = "1", "2", "3", "5", "6"
_STATUS: Final = {
    Status.PLANNED: _PIPELINE,
    Status.CONFIRMED: _PIPELINE,
    Status.HELD: _FINISHED,
    Status.CANCELLED: _CANCELLED,
    Status.POSTPONED: _SUSPENDED,
}
_DISBURSEMENT, _EXPENDITURE = "3", "4"
_COSTS: Final = frozenset({"cost", "costs", "kosten", "расходы", "own funds"})
_ACCOUNTABLE, _IMPLEMENTING = "2", "4"
_NATIONAL_NGO: Final = "22"


@dataclass(frozen=True)
class Reporter:
    """Who reports. `reference` is its IATI identifier, such as DE-CR-VR4711 (register of associations)."""

    reference: str
    name: str


def iati_xml(
    figures: Figures, reporter: Reporter, cities: Mapping[str, Twin], changed: dt.datetime, language: str
) -> bytes:
    """The file; `changed` is its moment, so that the same state gives the same bytes."""
    moment = changed.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    root = Element("iati-activities", {"version": VERSION, "generated-datetime": moment})
    for shipment in figures.aid.shipments:
        root.append(_activity(shipment, reporter, cities, moment, language))
    ElementTree.indent(root)
    written = io.BytesIO()
    ElementTree.ElementTree(root).write(written, encoding="utf-8", xml_declaration=True)
    return written.getvalue() + b"\n"


def _activity(
    shipment: Shipment, reporter: Reporter, cities: Mapping[str, Twin], moment: str, language: str
) -> Element:
    """Its parts in the order the schema demands."""
    activity = Element("iati-activity", {_LANG: language, "last-updated-datetime": moment, "humanitarian": "1"})
    _part(activity, "iati-identifier", text=f"{reporter.reference}-{shipment.id}")
    narrated(_part(activity, "reporting-org", ref=reporter.reference, type=_NATIONAL_NGO), reporter.name)
    _titles(_part(activity, "title"), shipment.title, language)
    narrated(_part(activity, "description", type="1"), _described(shipment, language))
    accountable = _part(activity, "participating-org", ref=reporter.reference, type=_NATIONAL_NGO, role=_ACCOUNTABLE)
    narrated(accountable, reporter.name)
    if shipment.recipient:
        narrated(_part(activity, "participating-org", role=_IMPLEMENTING), shipment.recipient)
    going_on = shipment.status is Status.HELD and shipment.end == ".."
    _part(activity, "activity-status", code=_IMPLEMENTED if going_on else _STATUS[shipment.status])
    _dates(activity, shipment)
    countries = recipients(shipment, cities)
    for country, percentage in zip(countries, _shares(len(countries)), strict=True):
        _part(activity, "recipient-country", code=country, percentage=percentage)
    narrated(_part(activity, "sector", vocabulary="99", code=shipment.form or "shipment"), shipment.form)
    for amount, currency, code, what in _sums(shipment):
        _transaction(activity, shipment, amount, currency, code, what)
    return activity


def _described(shipment: Shipment, language: str) -> str:
    goods = "; ".join(line.description for line in shipment.goods)
    return f"{worded(shipment.title, language)}: {goods}" if goods else worded(shipment.title, language)


def _titles(title: Element, texts: Mapping[str, str], language: str) -> None:
    narrated(title, worded(texts, language))
    for other, text in texts.items():
        if text != worded(texts, language):
            narrated(title, text, other)


def _dates(activity: Element, shipment: Shipment) -> None:
    """Planned or actual first day, then the last day, where there is one."""
    actual = shipment.status is Status.HELD
    start = _historic(shipment.start)
    end = _historic(shipment.end) if shipment.end and shipment.end != ".." else None
    if start.earliest:
        _day(activity, "2" if actual else "1", start.earliest, start)
    last = None if shipment.end == ".." else (end or start)
    if last and last.latest:
        _day(activity, "4" if actual else "3", last.latest, last)


def _day(activity: Element, kind: str, day: dt.date, known: HistoricDate) -> None:
    date = _part(activity, "activity-date", **{"type": kind, "iso-date": day.isoformat()})
    if known.exact_day is None:
        narrated(date, known.edtf)


def _sums(shipment: Shipment) -> Iterator[tuple[Decimal, str, str, str]]:
    for money in shipment.money:
        code = _EXPENDITURE if money.role.strip().lower() in _COSTS else _DISBURSEMENT
        yield money.amount, money.currency, code, money.role
    for currency, value in sorted(shipment.values.items()):
        yield value, currency, _DISBURSEMENT, "; ".join(line.description for line in shipment.goods)


def _transaction(activity: Element, shipment: Shipment, amount: Decimal, currency: str, code: str, what: str) -> None:
    begun = _historic(shipment.start)
    day = (begun.latest or begun.earliest or dt.date.min).isoformat()
    transaction = _part(activity, "transaction")
    _part(transaction, "transaction-type", code=code)
    _part(transaction, "transaction-date", **{"iso-date": day})
    _part(transaction, "value", text=str(amount), **{"currency": currency, "value-date": day})
    narrated(_part(transaction, "description"), what)


def _shares(many: int) -> list[str]:
    """Percentages of several countries; they must add up to 100."""
    if not many:
        return []
    each = (Decimal(100) / many).quantize(Decimal("0.01"))
    return [str(each)] * (many - 1) + [str(Decimal(100) - each * (many - 1))]


def _historic(text: str) -> HistoricDate:
    return HistoricDate.parse(text.partition("T")[0])


def _part(parent: Element, name: str, text: str = "", **attributes: str) -> Element:
    part = ElementTree.SubElement(parent, name, {key: _clean(value) for key, value in attributes.items()})
    part.text = _clean(text) or None
    return part


def narrated(parent: Element, text: str, language: str = "") -> Element:
    """Text of people, in the file's language unless said otherwise."""
    narrative = ElementTree.SubElement(parent, "narrative", {_LANG: language} if language else {})
    narrative.text = _clean(text)
    return parent


def _clean(text: str) -> str:
    """Without what no XML file may hold."""
    return _NOT_XML.sub("", text)
