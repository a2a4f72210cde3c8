"""How a report speaks: every text, number, date and name in each of its languages at once.

Numbers, sums and lists are written as CLDR writes them, dates as exactly as they are known. A text that is missing in a
language is taken from the report's other languages in their order, else from whichever there is. Pure.
"""

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal

from babel import Locale
from babel.core import get_global
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal, get_currency_precision

from tracker.domain import words
from tracker.domain.activities import RUNNING, Bound
from tracker.domain.date_wording import Precision
from tracker.domain.dates import OPEN, HistoricDate, InvalidDate
from tracker.domain.figures import Tally
from tracker.domain.report_document import Said
from tracker.i18n import LANGUAGES, N_, gettext, known_language, ngettext

NOTHING = "–"
"""What stands in a cell of which nothing is known."""


@dataclasses.dataclass(frozen=True)
class Speech:
    """The languages of a report, in their order."""

    languages: tuple[str, ...]

    def each(self, said: Callable[[str], str]) -> Said:
        return tuple(said(language) for language in self.languages)

    def same(self, text: str) -> Said:
        """What is written alike in every language, such as a name that staff typed."""
        return self.each(lambda _: text)

    def say(self, message: str, **values: object) -> Said:
        """A message; a value that is `Said` itself fills in its own language."""
        return tuple(gettext(tag, message, **_at(values, place)) for place, tag in enumerate(self.languages))

    def count(self, forms: tuple[str, str], n: int, **values: object) -> Said:
        """A message with plural forms, `{number}` written the language's way."""
        one, more = forms
        return tuple(
            ngettext(tag, one, more, n, number=words.number(n, tag), **_at(values, place))
            for place, tag in enumerate(self.languages)
        )

    def number(self, value: int | Decimal) -> Said:
        return self.each(lambda tag: format_decimal(value, locale=_locale(tag), decimal_quantization=False))

    def change(self, value: int | Decimal) -> Said:
        """A difference with its sign: "+3", "−2", "0"."""
        sign = "+" if value > 0 else "−" if value < 0 else ""
        return self.joined([self.same(sign), self.number(value if value >= 0 else -value)], "")

    def tally(self, tally: Tally) -> Said:
        """People in all with their bound; where some are "about" and others "more than", with both."""
        roughly = is_rough(tally)
        return self.each(lambda tag: words.bounded(tally.total, tally.bound, tag, roughly=roughly))

    def bounded(self, value: int, bound: Bound) -> Said:
        return self.each(lambda tag: words.bounded(value, bound, tag))

    def money(self, amount: Decimal, currency: str) -> Said:
        return self.each(lambda tag: _money(amount, currency, tag))

    def weight(self, kilograms: Decimal) -> Said:
        return self.say(N_("{number} kg"), number=self.number(plain(kilograms)))

    def word(self, table: Mapping[str, str], value: str) -> Said:
        return self.each(lambda tag: words.word(table, value, tag))

    def text(self, texts: Mapping[str, str]) -> Said:
        return self.each(lambda tag: self._nearest(texts, tag))

    def heading(self, said: Said) -> Said:
        """With a capital letter, as headings and the labels of lines are written."""
        return tuple(text[:1].upper() + text[1:] for text in said)

    def money_change(self, value: Decimal, currency: str) -> Said:
        """A difference of two sums with its sign."""
        sign = "+" if value > 0 else "−" if value < 0 else ""
        return self.joined([self.same(sign), self.money(abs(value), currency)], "")

    def listed(self, parts: Iterable[Said]) -> Said:
        """ "Cologne, Coventry and Hiroshima" """
        found = list(parts)
        return tuple(
            format_list([part[place] for part in found], locale=_locale(tag)) if found else ""
            for place, tag in enumerate(self.languages)
        )

    def joined(self, parts: Iterable[Said], between: str = " ") -> Said:
        found = list(parts)
        return tuple(
            between.join(filter(None, (part[place] for part in found))) for place in range(len(self.languages))
        )

    def date(self, edtf: str) -> Said:
        """As exactly as it is known, standing alone; a time of day behind it is left out."""
        return self.each(lambda tag: read(edtf).display(tag))

    def span(self, start: str, end: str | None) -> Said:
        return self.each(lambda tag: _span(start, end).display(tag))

    def month(self, edtf: str) -> Said:
        """The name of a month without its year: "February"."""
        first = dt.date.fromisoformat(f"{edtf}-01")
        return self.each(lambda tag: str(format_date(first, "LLLL", locale=_locale(tag))))

    def country(self, code: str) -> Said:
        return self.each(lambda tag: str(Locale.parse(_locale(tag)).territories.get(code, code)))

    def _nearest(self, texts: Mapping[str, str], tag: str) -> str:
        wanted = (tag, *self.languages, *LANGUAGES, *sorted(texts))
        return next((texts[one] for one in wanted if texts.get(one)), "")


def is_rough(tally: Tally) -> bool:
    """Whether some of the people were counted as "about" and others as "more than"."""
    return bool(tally.about and tally.more_than)


def read(edtf: str) -> HistoricDate:
    """A stored date without its time of day."""
    return HistoricDate.parse(edtf.partition("T")[0])


def day_of(edtf: str) -> dt.date | None:
    """The day, where it is known."""
    return read(edtf).exact_day


def begins(edtf: str) -> dt.date | None:
    """A day within what is known of the beginning, to ask what a city was called then."""
    return read(edtf).earliest


def plain(number: Decimal) -> Decimal:
    """Without the zeros that only say how exactly it is kept: 1250.500 is 1250.5."""
    return number.quantize(Decimal(1)) if number == number.to_integral_value() else number.normalize()


def month_first(edtf: str) -> dt.date | None:
    """The first of the month something begins in; None where it is known to the season or year only."""
    start = read(edtf).ends[0]
    known = start is not None and start.precision in (Precision.DAY, Precision.MONTH) and start.earliest
    return known.replace(day=1) if known else None


def is_currency(code: str) -> bool:
    """Whether CLDR knows it."""
    return code in get_global("all_currencies")


def _span(start: str, end: str | None) -> HistoricDate:
    begin = read(start)
    if end is None or begin.is_interval:
        return begin
    try:
        return HistoricDate.span(begin, OPEN if end == RUNNING else read(end))
    except InvalidDate:
        return begin


def _money(amount: Decimal, currency: str, language: str) -> str:
    """With the decimals the currency has, or with all where the sum has more than those."""
    whole = amount == round(amount, get_currency_precision(currency))
    text = format_currency(amount, currency, locale=_locale(language), decimal_quantization=whole)
    # English sets a code close before the number, where it has no sign for the currency.
    return f"{currency}\u00a0{text[3:]}" if text.startswith(currency) else text


def _locale(language: str) -> str:
    return words.LOCALES[known_language(language)]


def _at(values: Mapping[str, object], place: int) -> dict[str, object]:
    return {name: value[place] if isinstance(value, tuple) else value for name, value in values.items()}
