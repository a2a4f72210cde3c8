"""Numbers in a noted line: people with who they are ("40 участников"), money ("4.516 £"), weights ("18 t Medikamente").

A number without such a word says nothing here and stays in the line. Each finder gives rows of the form with their
places; what looks like the year of a date is left to the date.
"""

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tracker.domain.date_texts import understand
from tracker.domain.dates import InvalidDate
from tracker.domain.search import fold
from tracker.i18n import N_, gettext
from tracker.intake.cells import bound_of_number
from tracker.intake.quick_words import CURRENCIES, KILOGRAMS, PREPOSITIONS, TONNES, label_of

_NUMBER = r"(?:\d{1,3}(?:[ \u00a0\u202f.,’']\d{3})+(?:[.,]\d{1,2})?|\d{1,9}(?:[.,]\d{1,3})?)(?![\d])"
_BOUND = (
    r"(?:(?:ca\.?|circa|etwa|rund|ungefähr|mehr als|über|about|around|approx\.?|more than|over|около|примерно|более"
    r"|больше|свыше|~|>)\s*)?"
)
_COUNT = re.compile(
    rf"(?<![\w.,/–-])(?P<number>{_BOUND}\d{{1,3}}(?:[ .,\u00a0\u202f]\d{{3}})+|{_BOUND}\d{{1,7}})"
    r"\s+(?P<label>[^\W\d_]+(?:[ ][^\W\d_]+)?)",
    re.IGNORECASE,
)
_SIGNS = "€£$₽"
_MONEY_AFTER = re.compile(rf"(?<![\w.,/])(?P<number>{_NUMBER})\s*(?P<unit>[{_SIGNS}]|[^\W\d_]+)")
_MONEY_BEFORE = re.compile(rf"(?P<unit>[{_SIGNS}]|\b(?:EUR|GBP|USD|RUB))\s*(?P<number>{_NUMBER})")
_WEIGHT = re.compile(
    rf"(?<![\w.,/])(?P<number>{_NUMBER})\s*(?P<unit>[^\W\d_]+)\.?(?:\s+(?:of\s+|von\s+)?(?P<what>[^\W\d_]+))?"
)
_GOODS = N_("Goods")
_MOST = 9_999_999


@dataclass(frozen=True)
class Found:
    """A row of the form, and where in the line it stands."""

    row: dict[str, Any]
    first: int
    last: int


def counts(line: str, language: str) -> list[Found]:  # noqa: ARG001 -- people are whole in every language
    found = []
    for match in _COUNT.finditer(line):
        bound, digits = bound_of_number(match["number"])
        value = int(re.sub(r"\D", "", digits))
        words = match["label"].split(" ")
        both = len(words) == 2 and label_of(match["label"]) and not label_of(words[0])
        label = label_of(match["label"]) if both else label_of(words[0])
        if label is None or value > _MOST or _is_year(line[: match.start()], digits):
            continue
        last = match.end() if both or len(words) == 1 else match.start("label") + len(words[0])
        found.append(Found({"of": label, "value": value, "bound": bound.value}, match.start(), last))
    return found


def money(line: str) -> list[Found]:
    found: list[Found] = []
    for pattern in (_MONEY_AFTER, _MONEY_BEFORE):
        for match in pattern.finditer(line):
            currency = CURRENCIES.get(match["unit"].casefold().rstrip("."))
            free = all(match.end() <= one.first or one.last <= match.start() for one in found)
            if currency and free:
                # Money has two places at most: three digits behind a sign are thousands.
                amount = _decimal(match["number"], grouped=".,")
                row = {"amount": str(amount), "currency": currency, "role": "donation"}
                found.append(Found(row, match.start(), match.end()))
    return found


def goods(line: str, language: str, cities: list[tuple[int, int]]) -> list[Found]:
    """Weights with what is weighed, if a word behind them says it; cities are no goods."""
    found = []
    for match in _WEIGHT.finditer(line):
        unit = match["unit"].casefold()
        if unit not in TONNES and unit not in KILOGRAMS:
            continue
        weight = _decimal(match["number"], grouped="," if language == "en" else ".") * (1000 if unit in TONNES else 1)
        what, at = match["what"] or "", match.start("what")
        idle = fold(what) in {word for words in PREPOSITIONS.values() for word in words} | {
            "und",
            "and",
            "и",
            "fur",
            "for",
        }
        if idle or any(first <= at < last for first, last in cities):
            what = ""
        row = {"description": what or gettext(language, _GOODS), "weight_kg": str(weight)}
        found.append(Found(row, match.start(), match.end() if what else match.end("unit")))
    return found


def _decimal(text: str, grouped: str) -> Decimal:
    """A number; `grouped` are the signs before three digits that only group them."""
    plain = re.sub(r"[\s\u00a0\u202f’']", "", text)
    if re.fullmatch(rf"\d{{1,3}}(?:[{grouped}]\d{{3}})+(?:[.,]\d{{1,2}})?", plain):
        plain = re.sub(rf"[{grouped}](?=\d{{3}}(?!\d))", "", plain)
    whole, _, places = plain.replace(",", ".").rpartition(".")
    return Decimal(f"{whole.replace('.', '')}.{places}" if whole else places)


def _is_year(before: str, digits: str) -> bool:
    """Whether a number belongs to the date it ends: a year, with a month or a season before it."""
    if not re.fullmatch(r"1[5-9]\d\d|20\d\d", digits):
        return False
    word = re.search(r"([^\W\d_]+\.?)\s*$", before)
    try:
        return bool(word and understand(f"{word[1]} {digits}", "en", dt.date.min))
    except InvalidDate:
        return False
