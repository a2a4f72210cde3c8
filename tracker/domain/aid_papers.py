"""The papers of a shipment: packing list, gift certificate, pro-forma sheet, all from the same lines. Pure.

Every text is said in each of the paper's languages; what all say alike stands once. What is not known is left open to
be filled in by hand: a paper never invents a value, an origin or a weight.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import partial

from tracker.domain.activities import Activity, Goods
from tracker.domain.details import AidShipment, Vehicle
from tracker.domain.organisation import Organisation
from tracker.domain.report_document import Said
from tracker.domain.report_speech import NOTHING, Speech, plain
from tracker.domain.shipments import Totals, totals
from tracker.domain.words import VEHICLES, word
from tracker.i18n import N_, NP_


class PaperKind(StrEnum):
    PACKING_LIST = "packing-list"
    GIFT_CERTIFICATE = "gift-certificate"
    PRO_FORMA = "pro-forma"


TITLES = {
    PaperKind.PACKING_LIST: N_("Packing list"),
    PaperKind.GIFT_CERTIFICATE: N_("Gift certificate"),
    PaperKind.PRO_FORMA: N_("Pro-forma invoice"),
}

OPEN = "______________"
"""Room to write by hand what nobody has settled."""

_GIVES = N_(
    "{house} gives the goods listed below to {recipient} as a gift. They are humanitarian aid, handed over without any "
    "payment or other consideration in return."
)
_PURPOSE = N_(
    "The goods are meant for the recipient’s own charitable work. They are not intended for sale or for any other "
    "commercial use."
)
_TAKES = N_("The recipient accepts the gift and confirms that it will be used for this purpose.")
_NO_COMMERCE = N_(
    "Gift of humanitarian aid – no commercial value. The values are stated for customs purposes only; nothing is to be "
    "paid."
)
_MIXED = N_("Values in different currencies are not added up.")
_UNKNOWN_WEIGHT = NP_(
    "The weight of {number} line is not stated; the sum does not contain it.",
    "The weight of {number} lines is not stated; the sum does not contain them.",
)
_UNKNOWN_VALUE = NP_(
    "The value of {number} line is not stated; the sum does not contain it.",
    "The value of {number} lines is not stated; the sum does not contain them.",
)
_CONFIRM = N_("Please confirm here what has arrived; no account is needed.")


@dataclass(frozen=True)
class Head:
    """A column. `share`: of the width; `right`: numbers stand to the right."""

    words: Said
    share: int
    right: bool = False


@dataclass(frozen=True)
class AidPaper:
    """Everything one paper says. `link` is where the receipt is confirmed, empty where the paper has no code for it."""

    kind: PaperKind
    languages: tuple[str, ...]
    title: Said
    sender: Said
    address: tuple[str, ...]
    facts: tuple[tuple[Said, Said], ...]
    paragraphs: tuple[Said, ...]
    heads: tuple[Head, ...]
    rows: tuple[tuple[Said, ...], ...]
    sums: tuple[tuple[Said, Said], ...]
    notes: tuple[Said, ...]
    signatures: tuple[Said, ...]
    link: str
    link_words: Said
    changed: dt.datetime


@dataclass(frozen=True)
class Wanted:
    """Which paper, in which languages, of which day; `link` as on the paper."""

    kind: PaperKind
    languages: tuple[str, ...]
    on: dt.date
    link: str = ""


def compose(wanted: Wanted, shown: Activity, house: Organisation) -> AidPaper:
    return _Writer(wanted, shown, house).paper()


Make = Callable[[int, Goods], Said]


class _Writer:
    def __init__(self, wanted: Wanted, shown: Activity, house: Organisation) -> None:
        self.wanted, self.shown, self.house = wanted, shown, house
        self.speech = Speech(wanted.languages)
        self.totals: Totals = totals(shown.goods)
        self.details = shown.details if isinstance(shown.details, AidShipment) else AidShipment.model_validate({})

    def paper(self) -> AidPaper:
        say, kind = self.speech.say, self.wanted.kind
        columns = self._columns()
        return AidPaper(
            kind=kind,
            languages=self.wanted.languages,
            title=say(TITLES[kind]),
            sender=self._sender(),
            address=tuple(filter(None, (*self.house.address.splitlines(), self.house.email))),
            facts=tuple(self._facts()),
            paragraphs=tuple(self._paragraphs()),
            heads=tuple(head for head, _ in columns),
            rows=tuple(
                tuple(make(number, line) for _, make in columns) for number, line in enumerate(self.shown.goods, 1)
            ),
            sums=tuple(self._sums()),
            notes=tuple(self._notes()),
            signatures=tuple(self._signatures()),
            link=self.wanted.link if kind is PaperKind.PACKING_LIST else "",
            link_words=say(_CONFIRM),
            changed=self.shown.changed_at,
        )

    def _sender(self) -> Said:
        return self.speech.each(lambda tag: self.house.name(tag) or OPEN)

    def _recipient(self) -> Said:
        return self.speech.same(self.details.recipient or OPEN)

    def _facts(self) -> Iterable[tuple[Said, Said]]:
        speech, say = self.speech, self.speech.say
        yield say(N_("Shipment")), speech.text(self.shown.title)
        yield say(N_("Recipient")), self._recipient()
        place = [speech.same(self.house.place)] if self.house.place else []
        yield say(N_("Place and date")), speech.joined([*place, speech.date(self.wanted.on.isoformat())], ", ")
        if self.wanted.kind is PaperKind.PACKING_LIST and self.details.vehicles:
            yield (
                say(N_("Vehicles")),
                speech.each(lambda tag: ", ".join(map(partial(_vehicle, tag), self.details.vehicles))),
            )

    def _paragraphs(self) -> Iterable[Said]:
        say = self.speech.say
        match self.wanted.kind:
            case PaperKind.GIFT_CERTIFICATE:
                yield say(_GIVES, house=self._sender(), recipient=self._recipient())
                yield say(_PURPOSE)
            case PaperKind.PRO_FORMA:
                yield say(_NO_COMMERCE)

    def _columns(self) -> list[tuple[Head, Make]]:
        say = self.speech.say
        number: tuple[Head, Make] = (
            Head(say(N_("No.")), 5, right=True), lambda place, _: self.speech.same(str(place))
        )  # fmt: skip
        package: tuple[Head, Make] = (Head(say(N_("Box")), 11), lambda _, line: self.speech.same(line.package))
        what: tuple[Head, Make] = (Head(say(N_("Goods")), 40), lambda _, line: self._named(line))
        tariff: tuple[Head, Make] = (Head(say(N_("HS code")), 13), lambda _, line: self.speech.same(line.hs_code))
        quantity: tuple[Head, Make] = (Head(say(N_("Quantity")), 16, right=True), lambda _, line: self._quantity(line))
        weight: tuple[Head, Make] = (Head(say(N_("Weight")), 14, right=True), lambda _, line: self._weight(line))
        value: tuple[Head, Make] = (Head(say(N_("Value")), 17, right=True), lambda _, line: self._value(line))
        match self.wanted.kind:
            case PaperKind.PACKING_LIST:
                return [number, package, what, quantity, weight]
            case PaperKind.GIFT_CERTIFICATE:
                return [number, what, quantity, weight]
            case _:
                return [number, what, tariff, quantity, weight, value]

    def _sums(self) -> Iterable[tuple[Said, Said]]:
        speech, say, known = self.speech, self.speech.say, self.totals
        yield say(N_("Lines")), speech.number(known.lines)
        if known.packages and self.wanted.kind is PaperKind.PACKING_LIST:
            yield say(N_("Boxes and pallets")), speech.same(", ".join(known.packages))
        for unit, quantity in known.by_unit if self.wanted.kind is not PaperKind.GIFT_CERTIFICATE else ():
            label = speech.joined([say(N_("Quantity")), speech.same(f"({unit})" if unit else "")]) if unit else say(
                N_("Quantity without a unit")
            )  # fmt: skip
            yield label, speech.number(plain(quantity))
        if known.weight is not None:
            yield say(N_("Total weight")), speech.weight(known.weight)
        for currency, amount in known.values if self.wanted.kind is PaperKind.PRO_FORMA else ():
            yield say(N_("Total value in {currency}"), currency=currency), speech.money(amount, currency)

    def _notes(self) -> Iterable[Said]:
        known, say = self.totals, self.speech.say
        if known.unweighed and known.weight is not None:
            yield self.speech.count(_UNKNOWN_WEIGHT, known.unweighed)
        if self.wanted.kind is PaperKind.PRO_FORMA:
            if known.unvalued:
                yield self.speech.count(_UNKNOWN_VALUE, known.unvalued)
            if len(known.values) > 1:
                yield say(_MIXED)
        if self.wanted.kind is PaperKind.GIFT_CERTIFICATE:
            yield say(_TAKES)

    def _signatures(self) -> Iterable[Said]:
        say = self.speech.say
        yield say(N_("For the sender: name, signature, stamp"))
        if self.wanted.kind is not PaperKind.PRO_FORMA:
            yield say(N_("For the recipient: date, name, signature, stamp"))

    def _named(self, line: Goods) -> Said:
        return self.speech.each(line.named)

    def _quantity(self, line: Goods) -> Said:
        if line.quantity is None:
            return self.speech.same(NOTHING)
        return self.speech.joined([self.speech.number(plain(line.quantity)), self.speech.same(line.unit)])

    def _weight(self, line: Goods) -> Said:
        return self.speech.same(NOTHING) if line.weight_kg is None else self.speech.weight(line.weight_kg)

    def _value(self, line: Goods) -> Said:
        if line.value is None or line.currency is None:
            return self.speech.same(NOTHING)
        return self.speech.money(Decimal(line.value), line.currency)


def _vehicle(language: str, vehicle: Vehicle) -> str:
    return " ".join(filter(None, (word(VEHICLES, vehicle.kind, language), vehicle.registration)))


def untold(goods: Iterable[Goods], language: str) -> int:
    """How many lines have no words of their own in a language, and stand in the paper as they were written down."""
    return sum(language not in line.descriptions for line in goods)
