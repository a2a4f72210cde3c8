"""Readers of reports from outside: the file that ships, the API's JSON, and the form on which administrators edit one.

Form and JSON have the same shape; a form's values are texts, so that a list may be typed with commas, a switch is `on`
or nothing, a rate is written with a comma, and rows that were left blank are dropped.
"""

import re
import tomllib
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from tracker.domain.report_readers import Reader
from tracker.domain.report_speech import is_currency
from tracker.domain.search import fold
from tracker.errors import FieldProblem, InvalidInput
from tracker.i18n import N_
from tracker.intake.json import checked

_NO_TWIN = N_("“{value}” is not a twin. Known ones: {known}.")
_TWICE = N_("“{value}” stands here twice. Each section can stand in a report once.")
_NO_CURRENCY = N_("“{value}” is not a currency code. Write three capital letters, such as EUR.")
_SAME_CURRENCY = N_("A rate leads from one currency into another; {value} stands on both sides.")
_SECOND_RATE = N_("There is a rate from {value} into {into} already. One report uses one rate.")
_BOTH = N_("“{value}” is asked for and left out at once. Take it out of one of the two lists.")
_NONE_ON = N_("All sections are switched off. Switch at least one on.")

_TYPED_LISTS = ("twins", "kinds", "counts_for", "leaves_out")
_OFF = frozenset({"", "0", "off", "false", "no"})


def readers_of(text: str, twins: Collection[str]) -> tuple[Reader, ...]:
    """The readers of a TOML file, in its order. Raises `InvalidInput`."""
    try:
        given = tomllib.loads(text)["reader"]
    except (tomllib.TOMLDecodeError, KeyError) as fault:
        raise InvalidInput.one("reader", str(fault), N_("This is no list of readers: {value}")) from fault
    return tuple(reader_of(document, twins) for document in given)


def reader_of(document: Mapping[str, Any], twins: Collection[str]) -> Reader:
    """One reader as JSON or a form gives it. Raises `InvalidInput`, which lists every fault by field."""
    reader = checked(Reader, _plain(document))
    problems = [
        *_unknown_twins(reader, twins),
        *_sections(reader),
        *_rates(reader),
        *_asked_and_left_out(reader),
    ]
    if problems:
        raise InvalidInput(problems)
    return reader


def _plain(document: Mapping[str, Any]) -> dict[str, Any]:
    """A form's texts as what they mean; what is no text of a form stays as it is."""
    plain = dict(document)
    for name in _TYPED_LISTS:
        if isinstance(listed := plain.get(name), str):
            plain[name] = [part.strip() for part in re.split("[,;\n]", listed)]
        if isinstance(listed := plain.get(name), list | tuple):
            plain[name] = [part for part in listed if part != ""]
    if isinstance(names := plain.get("names"), Mapping):
        plain["names"] = {tag: name for tag, name in names.items() if not isinstance(name, str) or name.strip()}
    if isinstance(sections := plain.get("sections"), list | tuple):
        plain["sections"] = [_switch(choice) for choice in sections]
    if isinstance(rates := plain.get("rates"), list | tuple):
        plain["rates"] = [_rate(rate) for rate in rates if not _is_blank(rate)]
    return plain


def _switch(choice: Any) -> Any:
    if isinstance(choice, Mapping) and isinstance(on := choice.get("on"), str):
        return {**choice, "on": on.strip().lower() not in _OFF}
    return choice


def _is_blank(rate: Any) -> bool:
    """Whether nobody filled in the row; a preset currency alone is no rate."""
    return isinstance(rate, Mapping) and not any(rate.get(name) for name in ("currency", "rate", "on", "source"))


def _rate(rate: Any) -> Any:
    if not isinstance(rate, Mapping):
        return rate
    plain = {name: value.strip() if isinstance(value, str) else value for name, value in rate.items()}
    for name in ("currency", "into"):
        if isinstance(plain.get(name), str):
            plain[name] = plain[name].upper()
    if isinstance(typed := plain.get("rate"), str) and re.fullmatch("[0-9]+,[0-9]+", typed):
        plain["rate"] = typed.replace(",", ".")
    return plain


def _unknown_twins(reader: Reader, twins: Collection[str]) -> Iterable[FieldProblem]:
    for place, slug in enumerate(reader.twins):
        if slug not in twins:
            yield FieldProblem(f"twins.{place}", slug, _NO_TWIN, {"known": tuple(sorted(twins))})


def _sections(reader: Reader) -> Iterable[FieldProblem]:
    names = [choice.name.value for choice in reader.sections]
    for place, name in enumerate(names):
        if name in names[:place]:
            yield FieldProblem(f"sections.{place}.name", name, _TWICE)
    if not any(choice.on for choice in reader.sections):
        yield FieldProblem("sections", "", _NONE_ON)


def _rates(reader: Reader) -> Iterable[FieldProblem]:
    pairs = [(rate.currency, rate.into) for rate in reader.rates]
    for place, (currency, into) in enumerate(pairs):
        for name, code in (("currency", currency), ("into", into)):
            if not is_currency(code):
                yield FieldProblem(f"rates.{place}.{name}", code, _NO_CURRENCY)
        if currency == into:
            yield FieldProblem(f"rates.{place}.into", into, _SAME_CURRENCY)
        if (currency, into) in pairs[:place]:
            yield FieldProblem(f"rates.{place}.currency", currency, _SECOND_RATE, {"into": into})


def _asked_and_left_out(reader: Reader) -> Iterable[FieldProblem]:
    wanted = {fold(purpose) for purpose in reader.counts_for}
    for place, purpose in enumerate(reader.leaves_out):
        if fold(purpose) in wanted:
            yield FieldProblem(f"leaves_out.{place}", purpose, _BOTH)
