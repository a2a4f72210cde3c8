"""The money of a report: sums of one purpose, funder and currency, converted only where somebody gave a rate. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal

from tracker.domain import words
from tracker.domain.figures import MoneyLine, Rate
from tracker.domain.report_document import Column, Paragraph, Part, Said, Sort, Table
from tracker.domain.report_tables import Row, heads, label, money, money_change, nothing, number, text, total_label
from tracker.domain.report_telling import Telling
from tracker.i18n import N_

_NO_MONEY = N_("No money was recorded in this period.")
_RECORDED = N_("{when}, there were recorded: {sums}.")
_NO_SUM = N_("Different sorts of money and different currencies are never added up.")
_CONVERTED = N_("{purpose}, converted into {currency}")
_RATE = N_("1 {currency} = {rate} {into} on {day}")
_RATE_FROM = N_("1 {currency} = {rate} {into} on {day} ({source})")
_CONVERTED_NOTE = N_("Converted at: {rates}. Each sum was rounded to two decimal places.")
_UNCONVERTED = N_("Not converted, as no rate is given: {currencies}.")
_CENT = Decimal("0.01")


def money_section(told: Telling) -> tuple[Part, ...]:
    lines = told.figures.money.lines
    if not lines:
        return (Paragraph(told.speech.say(_NO_MONEY)),)
    return (Paragraph(_lead(told, lines)), _table(told, lines), *_sums(told, lines), *_converted(told, lines))


def _lead(told: Telling, lines: Sequence[MoneyLine]) -> Said:
    """What was recorded for each sort of money, its currencies beside one another."""
    speech = told.speech
    by_role: dict[str, list[Said]] = defaultdict(list)
    for (role, currency), group in _grouped(lines).items():
        by_role[role].append(speech.money(_summed(group).now, currency))
    parts = [speech.joined([purpose(told, role), speech.listed(sums)]) for role, sums in by_role.items()]
    return speech.say(_RECORDED, when=told.when, sums=speech.joined(parts, "; "))


def rates_of(told: Telling) -> tuple[Rate, ...]:
    """The rates the figures were made with, else the reader's."""
    return told.figures.money.rates or told.reader.rates


def purpose(told: Telling, role: str) -> Said:
    return told.speech.word(words.PURPOSES_OF_SUMS, role)


def _table(told: Telling, lines: Sequence[MoneyLine]) -> Table:
    before = any(line.before is not None for line in lines)
    columns = (
        *heads(told, (N_("Sort of money"), Sort.TEXT), (N_("Funder"), Sort.TEXT), (N_("Currency"), Sort.TEXT)),
        *_columns(told, before=before, total=False),
        *heads(told, (N_("Activities"), Sort.COUNT)),
    )
    rows = tuple(
        (
            label(told, purpose(told, line.role)),
            text(told.speech.same(line.funder)) if line.funder else nothing(told),
            text(told.speech.same(line.currency)),
            *_cells(told, line, before=before),
            number(told, line.activities),
        )
        for line in lines
    )
    return Table("money", told.speech.say(N_("Sums by funder")), columns, rows, note=told.speech.say(_NO_SUM))


def _columns(told: Telling, *, before: bool, total: bool) -> tuple[Column, ...]:
    now = Column(told.this, Sort.MONEY, total)
    difference = Column(told.speech.say(N_("Difference")), Sort.MONEY, total)
    return (now, Column(told.before, Sort.MONEY, total), difference) if before else (now,)


def _cells(told: Telling, line: MoneyLine, *, before: bool) -> Row:
    now = money(told, line.now, line.currency, line.key)
    earlier = money(told, line.before, line.currency)
    return (now, earlier, money_change(told, line.now, line.before, line.currency)) if before else (now,)


def _sums(told: Telling, lines: Sequence[MoneyLine]) -> Iterable[Part]:
    """What all funders gave for one purpose in one currency; only where that says more than the lines themselves."""
    groups = _grouped(lines)
    if len(groups) == len(lines):
        return
    before = any(line.before is not None for line in lines)
    columns = (
        *heads(told, (N_("Sort of money"), Sort.TEXT), (N_("Currency"), Sort.TEXT)),
        *_columns(told, before=before, total=False),
    )
    rows = tuple(
        (
            label(told, purpose(told, role)),
            text(told.speech.same(currency)),
            *_cells(told, _summed(group), before=before),
        )
        for (role, currency), group in groups.items()
    )
    yield Table(
        "money_sums", told.speech.say(N_("Sums by sort of money")), columns, rows, note=told.speech.say(_NO_SUM)
    )


def _converted(told: Telling, lines: Sequence[MoneyLine]) -> Iterable[Part]:
    """One table for each purpose and currency converted into, with the rates said below it."""
    by_role: dict[str, dict[str, Decimal]] = defaultdict(dict)
    for (role, currency), group in _grouped(lines).items():
        by_role[role][currency] = sum((line.now for line in group), Decimal(0))
    for into in dict.fromkeys(rate.into for rate in rates_of(told)):
        rates = {rate.currency: rate for rate in rates_of(told) if rate.into == into}
        for place, (role, sums) in enumerate(by_role.items(), 1):
            if any(currency in rates for currency in sums):
                yield _converted_table(told, f"money_{into.lower()}_{place}", role, sums, rates, into)


def _converted_table(
    told: Telling, name: str, role: str, sums: dict[str, Decimal], rates: dict[str, Rate], into: str
) -> Table:
    known = {c: amount for c, amount in sums.items() if c in rates or c == into}
    values = {c: _at_rate(amount, rates[c]) if c in rates else amount for c, amount in known.items()}
    columns = (
        *heads(told, (N_("Currency"), Sort.TEXT), (N_("Amount"), Sort.MONEY)),
        Column(told.speech.say(N_("In {currency}"), currency=into), Sort.MONEY, total=True),
    )
    rows = tuple((text(told.speech.same(c)), money(told, known[c], c), money(told, values[c], into)) for c in known)
    total = (total_label(told), nothing(told), money(told, sum(values.values(), Decimal(0)), into))
    title = told.speech.say(_CONVERTED, currency=into, purpose=told.speech.heading(purpose(told, role)))
    note = _rates_note(told, [rates[c] for c in known if c in rates], sorted(set(sums) - set(known)))
    return Table(name, title, columns, rows, total if len(rows) > 1 else None, note)


def _rates_note(told: Telling, used: Sequence[Rate], left: Sequence[str]) -> Said:
    speech = told.speech
    said = speech.joined([_rate(told, rate) for rate in used], "; ")
    sentences = [speech.say(_CONVERTED_NOTE, rates=said)]
    if left:
        sentences.append(speech.say(_UNCONVERTED, currencies=", ".join(left)))
    return speech.joined(sentences)


def _rate(told: Telling, rate: Rate) -> Said:
    return told.speech.say(
        _RATE_FROM if rate.source else _RATE,
        currency=rate.currency,
        into=rate.into,
        rate=told.speech.number(rate.rate),
        day=told.speech.date(rate.on.isoformat()),
        source=rate.source,
    )


def _at_rate(amount: Decimal, rate: Rate) -> Decimal:
    return (amount * rate.rate).quantize(_CENT, ROUND_HALF_UP)


def _grouped(lines: Sequence[MoneyLine]) -> dict[tuple[str, str], list[MoneyLine]]:
    groups: dict[tuple[str, str], list[MoneyLine]] = defaultdict(list)
    for line in lines:
        groups[line.role, line.currency].append(line)
    return groups


def _summed(group: Sequence[MoneyLine]) -> MoneyLine:
    before = [line.before for line in group if line.before is not None]
    return group[0].model_copy(
        update={
            "key": "",
            "funder": "",
            "now": sum((line.now for line in group), Decimal(0)),
            "before": sum(before, Decimal(0)) if before else None,
        }
    )
