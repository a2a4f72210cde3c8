"""The aid of a report: shipments and programmes with weight, value and how many people they reached. Pure.

People are counted and never named (R12); their numbers at different times are no sum.
"""

from collections.abc import Iterable, Sequence

from tracker.domain import words
from tracker.domain.activities import Kind
from tracker.domain.figures import Shipment
from tracker.domain.report_document import Cell, Column, Paragraph, Part, Said, Sort, Table
from tracker.domain.report_speech import begins, plain
from tracker.domain.report_tables import Row, date, heads, label, money, nothing, number, text, weight
from tracker.domain.report_telling import Telling
from tracker.i18n import N_, NP_

_NO_AID = N_("No aid shipment and no aid programme began in this period.")
_GOES_ON = NP_("{number} begun earlier went on.", "{number} begun earlier went on.")
_AID = NP_(
    "{when}, {number} aid shipment or programme was under way.",
    "{when}, {number} aid shipments or programmes were under way.",
)
_NONE_BEGAN = N_("{when}, no aid shipment or programme began, but others went on.")
_WEIGHT = N_("The goods weighed {weight} in all, as far as they were weighed.")
_WEIGHT_BEFORE = N_("The goods weighed {weight} in all, as far as they were weighed (a year earlier {before}).")
_VALUE = N_("The goods were worth {values}, as far as a value was stated.")
_AT_TIMES = N_("How many people a programme reached at a time; these numbers are never added up.")


def aid(told: Telling) -> tuple[Part, ...]:
    found = told.figures.aid
    if not found.shipments and not found.number.now:
        return (Paragraph(told.speech.joined([told.speech.say(_NO_AID), *_going_on(told)])),)
    return (Paragraph(_summary(told)), *_shipments(told), *_goods(told), *_reached(told))


def _going_on(told: Telling) -> Iterable[Said]:
    lines = told.figures.lines
    if going_on := sum(1 for line in lines if line.own and line.carried and line.kind is Kind.AID_SHIPMENT):
        yield told.speech.count(_GOES_ON, going_on)


def _summary(told: Telling) -> Said:
    speech, found = told.speech, told.figures.aid
    said = [speech.count(_AID, found.number.now, when=told.when)]
    if not found.number.now:
        said = [speech.say(_NONE_BEGAN, when=told.when)]
    if found.weight_kg is not None:
        before = found.weight_kg_before
        message = _WEIGHT if before is None else _WEIGHT_BEFORE
        said.append(
            speech.say(message, weight=speech.weight(found.weight_kg), before=speech.weight(before or found.weight_kg))
        )
    if found.values:
        sums = [speech.money(amount, currency) for currency, amount in sorted(found.values.items())]
        said.append(speech.say(_VALUE, values=speech.listed(sums)))
    return speech.joined(said)


def _shipments(told: Telling) -> Iterable[Part]:
    shipments = told.figures.aid.shipments
    if not shipments:
        return
    columns = (
        *heads(told, (N_("When"), Sort.DATE), (N_("What"), Sort.TEXT), (N_("Twin cities"), Sort.TEXT)),
        *heads(told, (N_("Form"), Sort.TEXT), (N_("Recipient"), Sort.TEXT), (N_("Status"), Sort.TEXT)),
        *heads(told, (N_("Vehicles"), Sort.COUNT)),
        Column(told.speech.say(N_("Weight")), Sort.WEIGHT, total=_adds_up(told)),
        *heads(told, (N_("Value of the goods"), Sort.TEXT), (N_("Money"), Sort.TEXT)),
    )
    rows = tuple(_row(told, shipment) for shipment in shipments)
    yield Table("shipments", told.speech.say(N_("Shipments and programmes")), columns, rows)


def _row(told: Telling, shipment: Shipment) -> Row:
    speech, day = told.speech, begins(shipment.start)
    values = [speech.money(amount, currency) for currency, amount in sorted(shipment.values.items())]
    sums = [speech.money(given.amount, given.currency) for given in shipment.money]
    return (
        date(told, shipment.start, shipment.end),
        text(speech.text(shipment.title)),
        text(told.cities_of(shipment.twins, day)),
        label(told, speech.word(words.FORMS, shipment.form)),
        text(speech.same(shipment.recipient)) if shipment.recipient else nothing(told),
        label(told, _stage(told, shipment)),
        number(told, shipment.vehicles or None),
        weight(told, shipment.weight_kg),
        _several(told, values),
        _several(told, sums),
    )


def _several(told: Telling, parts: Sequence[Said]) -> Cell:
    return text(told.speech.joined(parts, "; ")) if parts else nothing(told)


def _stage(told: Telling, shipment: Shipment) -> Said:
    """How far it came; where no stage is known, what the entry says."""
    speech = told.speech
    if shipment.stage is None:
        return speech.word(words.STATUSES, shipment.status)
    stage = speech.word(words.STAGES, shipment.stage)
    if not shipment.stage_on:
        return stage
    return speech.say(N_("{stage}, {day}"), stage=stage, day=speech.date(shipment.stage_on))


def _adds_up(told: Telling) -> bool:
    """Whether the weights of the shipments listed are those of the sum that is told."""
    found = told.figures.aid
    return found.weight_kg == sum(s.weight_kg for s in found.shipments if s.weight_kg is not None)


def _goods(told: Telling) -> Iterable[Part]:
    rows = []
    for shipment in told.figures.aid.shipments:
        for goods in shipment.goods:
            quantity = told.speech.number(plain(goods.quantity)) if goods.quantity is not None else told.speech.same("")
            unit = told.speech.same(goods.unit)
            value = money(told, goods.value, goods.currency) if goods.currency else nothing(told)
            rows.append(
                (
                    text(told.speech.text(shipment.title)),
                    text(told.speech.same(goods.description)),
                    Cell(told.speech.joined([quantity, unit]), goods.quantity),
                    weight(told, goods.weight_kg),
                    value,
                )
            )
    if rows:
        columns = heads(
            told,
            (N_("Shipment"), Sort.TEXT),
            (N_("Goods"), Sort.TEXT),
            (N_("Quantity"), Sort.TEXT),
            (N_("Weight"), Sort.WEIGHT),
            (N_("Value"), Sort.MONEY),
        )
        yield Table("goods", told.speech.say(N_("Goods")), columns, tuple(rows))


def _reached(told: Telling) -> Iterable[Part]:
    rows = tuple(
        (
            text(told.speech.text(shipment.title)),
            date(told, reached.at),
            Cell(told.speech.bounded(reached.value, reached.bound), reached.value),
        )
        for shipment in told.figures.aid.shipments
        for reached in shipment.beneficiaries
    )
    if rows:
        columns = heads(told, (N_("Programme"), Sort.TEXT), (N_("When"), Sort.DATE), (N_("People reached"), Sort.COUNT))
        note = told.speech.say(_AT_TIMES)
        yield Table("reached", told.speech.say(N_("People reached over time")), columns, rows, note=note)
