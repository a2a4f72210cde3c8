"""Aid as CSV with hashtags (HXL 1.1): what was sent, to whom, how much it weighed and was worth, whom it reached.

A line of goods is a line here; a shipment without goods has one, too, and people reached have one for each time they
were counted. Dates are as exact as they are known (`2018-06` stays that).
"""

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Final

from tracker.domain.activities import Direction, Goods
from tracker.domain.figures import Figures, Reached, Shipment
from tracker.domain.twins import HUB, Twin
from tracker.outputs.report_csv import harmless

MEDIA_TYPE: Final = "text/csv; charset=utf-8"

_COLUMNS: Final = (
    ("Activity", "#activity+code"),
    ("Title", "#activity+name"),
    ("Status", "#status"),
    ("Begins", "#date+start"),
    ("Ends", "#date+end"),
    ("Organisation", "#org+name+reporting"),
    ("From or to", "#loc+name+partner"),
    ("Country of those who receive", "#country+code+recipient"),
    ("Recipient", "#org+name+receiving"),
    ("Stage", "#status+stage"),
    ("Goods", "#item+name"),
    ("Quantity", "#item+num+quantity"),
    ("Unit", "#item+unit"),
    ("Weight in kg", "#item+num+weight_kg"),
    ("Value", "#value+num"),
    ("Currency", "#currency+code"),
    ("People reached", "#reached+num"),
    ("Counted at", "#date+reached"),
    ("How sure the count is", "#meta+bound"),
)


def hxl_csv(figures: Figures, organisation: str, cities: Mapping[str, Twin], language: str) -> bytes:
    """A row of headings, a row of hashtags, then the shipments of the report in their order."""
    written = io.StringIO()
    lines = csv.writer(written, lineterminator="\r\n")
    lines.writerow([heading for heading, _ in _COLUMNS])
    lines.writerow([tag for _, tag in _COLUMNS])
    for shipment in figures.aid.shipments:
        about = _about(shipment, organisation, cities, language)
        lines.writerows((*map(harmless, (*about, *rest)),) for rest in _details(shipment))
    return written.getvalue().encode()


def recipients(shipment: Shipment, cities: Mapping[str, Twin]) -> tuple[str, ...]:
    """The countries in which those live who receive it (ISO 3166-1); none where nobody said which way it went."""
    abroad = tuple(dict.fromkeys(cities[slug].country for slug in shipment.twins if slug in cities))
    if shipment.direction is Direction.TO_HUB:
        return (HUB.country,)
    return abroad if shipment.direction is Direction.FROM_HUB else ()


def worded(texts: Mapping[str, str], language: str) -> str:
    """A title in `language`, else in English, else as it was typed."""
    return texts.get(language) or texts.get("en") or next(iter(texts.values()), "")


def _about(shipment: Shipment, organisation: str, cities: Mapping[str, Twin], language: str) -> tuple[str, ...]:
    names = [cities[slug].name(language) if slug in cities else slug for slug in shipment.twins]
    return (
        str(shipment.id),
        worded(shipment.title, language),
        shipment.status.value,
        shipment.start,
        shipment.end or "",
        organisation,
        ", ".join(names),
        " ".join(recipients(shipment, cities)),
        shipment.recipient,
        shipment.stage.value if shipment.stage else "",
    )


def _details(shipment: Shipment) -> Iterator[tuple[str, ...]]:
    lines = [*map(_of_goods, shipment.goods), *map(_of_people, shipment.beneficiaries)]
    yield from lines or [("",) * 9]


def _of_goods(goods: Goods) -> tuple[str, ...]:
    numbers = (goods.quantity, goods.unit, goods.weight_kg, goods.value, goods.currency)
    return (goods.description, *("" if each is None else str(each) for each in numbers), "", "", "")


def _of_people(reached: Reached) -> tuple[str, ...]:
    return (*("",) * 6, str(reached.value), reached.at, reached.bound.value)
