"""Figures of a report made by hand, and any figures at all, for tests of how they are worded."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from tracker.domain.activities import Basis, Bound, Count, Direction, Goods, Kind, Money, Side, Status
from tracker.domain.details import Stage
from tracker.domain.figures import (
    ActivityFigures,
    AidFigures,
    ByDirection,
    ByKind,
    ByMonth,
    ByStatus,
    BySubtype,
    ByTwin,
    Coming,
    Crowd,
    Figures,
    Flow,
    Given,
    Line,
    MoneyFigures,
    MoneyLine,
    Number,
    Paper,
    Partner,
    PeopleFigures,
    PeopleLine,
    Rate,
    Reached,
    Reciprocity,
    Scope,
    Shipment,
    Silent,
    Tally,
    Visits,
)
from tracker.domain.report_composition import compose
from tracker.domain.report_document import (
    Cell,
    Chart,
    Document,
    Facts,
    FormSheet,
    Imprint,
    Listing,
    Paragraph,
    Part,
    Said,
    Table,
)
from tracker.domain.report_readers import Reader, SectionChoice, SectionName
from tracker.intake.registry import read_registry

CITIES = {twin.slug: twin for twin in read_registry(dt.date(2026, 1, 1)).twins}
"""The twins as they ship, with their former names and how the partnerships stand."""


def number(now: int = 0, before: int | None = None, key: str = "activities?") -> Number:
    return Number(key=key, now=now, before=before)


def figures(year: int = 2018, **changes: Any) -> Figures:
    """A year in which nothing happened, save what is given; `scope` by its fields alone."""
    scope = {"first": dt.date(year, 1, 1), "last": dt.date(year, 12, 31), **changes.pop("scope", {})}
    given: dict[str, Any] = {
        "scope": Scope.model_validate(scope),
        "activities": ActivityFigures(held=number(), others=number()),
        "people": PeopleFigures(without_numbers=number()),
        "money": MoneyFigures(),
        "aid": AidFigures(number=number()),
    }
    return Figures.model_validate({**given, **changes})


def held(now: int, before: int | None = None, **changes: Any) -> ActivityFigures:
    return ActivityFigures.model_validate({"held": number(now, before), "others": number(), **changes})


def line(start: str = "2018-05-03", **changes: Any) -> Line:
    """An activity as a report lists it."""
    given: dict[str, Any] = {
        "id": UUID(int=1), "version": 1, "kind": Kind.EXCHANGE, "subtype": "", "status": Status.HELD, "reason": "",
        "title": {"en": "Trip", "de": "Reise", "ru": "Поездка"}, "description": {}, "start": start, "end": None,
        "twins": ("cologne",), "direction": Direction.NONE, "place": "", "own": True, "owner": "",
    }  # fmt: skip
    return Line.model_validate({**given, **changes})


def people(of: str, exact: int = 0, about: int = 0, more_than: int = 0, **changes: Any) -> PeopleLine:
    given: dict[str, Any] = {
        "key": f"people?of={of}", "crowd": Crowd.OTHERS, "of": of, "side": None, "flow": Flow.NONE,
        "basis": Basis.ACTUAL, "own": True,
        "now": Tally(exact=exact, about=about, more_than=more_than, activities=1),
    }  # fmt: skip
    return PeopleLine.model_validate({**given, **changes})


def money(now: str, currency: str = "EUR", role: str = "donation", **changes: Any) -> MoneyLine:
    given = {"key": f"money?currency={currency}", "role": role, "funder": "", "currency": currency, "activities": 1}
    return MoneyLine.model_validate({**given, "now": Decimal(now), **changes})


def reader(*sections: SectionName, **changes: Any) -> Reader:
    """One who wants these sections; all of them where none is named."""
    wanted = tuple(SectionChoice(name=name) for name in sections or SectionName)
    given = {"slug": "members", "names": {"en": "Members", "de": "Mitglieder", "ru": "Члены общества"}}
    return Reader.model_validate({**given, "sections": wanted, **changes})


def imprint(languages: tuple[str, ...], made_on: dt.date = dt.date(2026, 1, 15)) -> Imprint:
    return Imprint(("Verein",) * len(languages), "", made_on, dt.datetime(2026, 1, 15, tzinfo=dt.UTC))


def composed(given: Figures, *sections: SectionName, languages: tuple[str, ...] = ("de",), **changes: Any) -> Document:
    """The report of these figures for a reader of these sections, with the cities that ship."""
    wanted = changes.pop("reader", None) or reader(*sections)
    cities = changes.pop("cities", CITIES)
    made_on = changes.pop("made_on", dt.date(2026, 1, 15))
    texts, pictures = changes.pop("texts", {}), changes.pop("pictures", {})
    return compose(given, wanted, texts, cities, imprint(languages, made_on), languages, pictures)


def parts(document: Document) -> Iterator[Part]:
    for section in document.sections:
        yield from section.parts


def table(document: Document, name: str) -> Table:
    return next(part for part in parts(document) if isinstance(part, Table) and part.name == name)


def tables(document: Document) -> list[str]:
    return [part.name for part in parts(document) if isinstance(part, Table)]


def rows(document: Document, name: str, place: int = 0) -> list[list[str]]:
    """The lines of a table as one reads them in one language."""
    return [[cell.words[place] for cell in row] for row in table(document, name).rows]


def paragraphs(document: Document, place: int = 0) -> str:
    """All sentences of a report in one language."""
    return " ".join(part.words[place] for part in parts(document) if isinstance(part, Paragraph))


def items(document: Document, name: str, place: int = 0) -> list[tuple[str, ...]]:
    """The items of a list with their facts, in one language."""
    found = [part for part in parts(document) if isinstance(part, Listing) and part.name == name]
    return [
        (item.when[place], item.title[place], *(fact[place] for fact in item.facts))
        for listing in found
        for group in listing.groups
        for item in group.items
    ]


def cells(document: Document) -> Iterator[Cell]:
    """Every cell of every table, and the large numbers."""
    for part in parts(document):
        if isinstance(part, Facts):
            yield from (cell for cell, _ in part.items)
        elif isinstance(part, Table):
            for row in (*part.rows, *((part.total,) if part.total else ())):
                yield from row


def everything_said(document: Document) -> Iterator[Said]:
    """Every text of a report in all its languages."""
    yield from (document.title, document.subtitle, *(section.heading for section in document.sections))
    yield from (cell.words for cell in cells(document))
    for part in parts(document):
        if isinstance(part, Paragraph):
            yield part.words
        elif isinstance(part, Facts):
            yield from (label for _, label in part.items)
        elif isinstance(part, Table):
            yield from (part.title, *(column.heading for column in part.columns), *((part.note,) if part.note else ()))
        elif isinstance(part, Chart):
            yield from (part.title, part.text, *part.categories, *(series.label for series in part.series))
        elif isinstance(part, FormSheet):
            yield from (part.title, *part.columns, *((part.note,) if part.note else ()))
        elif isinstance(part, Listing):
            yield part.empty
            for group in part.groups:
                yield from (group.heading,) if group.heading else ()
                for item in group.items:
                    yield from (item.when, item.title, *item.facts, *((item.text,) if item.text else ()))


_WORDS = st.text("abcdefgäöüßабвгд éñ", min_size=1, max_size=12).map(lambda text: f"x{text.strip()}")
_TEXTS = st.dictionaries(st.sampled_from(("en", "de", "ru", "fr")), _WORDS, min_size=1, max_size=3)
_COUNT = st.integers(0, 10_000_000)
_TWIN = st.sampled_from((*sorted(CITIES), "unknown-city"))
_TWINS = st.lists(_TWIN, min_size=1, max_size=3, unique=True).map(tuple)
_DATES = st.sampled_from(
    ("2018", "2018-02", "2018-02-01", "2018-23", "201X", "2018~", "2017-11-28T18:00", "1957-05", "2018-06/2018-08")
)
_ENDS = st.sampled_from((None, "..", "2018-12", "2018-12-31"))
_AMOUNT = st.decimals(0, 1_000_000, places=2)
_CURRENCY = st.sampled_from(("EUR", "GBP", "RUB", "USD", "JPY", "KWD", "XYZ"))
_TALLY = st.builds(Tally, exact=_COUNT, about=_COUNT, more_than=_COUNT, activities=_COUNT)
_ROLE = st.sampled_from(("donation", "cost", "grant", "Sammlung"))


def _number(before: bool) -> st.SearchStrategy[Number]:
    keys = st.uuids().map(lambda key: f"activities?{key}")
    return st.builds(Number, key=keys, now=_COUNT, before=_COUNT if before else st.none())


def _activities(before: bool) -> st.SearchStrategy[ActivityFigures]:
    def some(model: Any, by: str, **fields: Any) -> st.SearchStrategy[Any]:
        one = st.builds(model, number=_number(before), **fields)
        return st.lists(one, max_size=3, unique_by=lambda found: getattr(found, by)).map(tuple)

    months = st.sampled_from(("2018-01", "2018-02", "2018-12", "2017-02", None))
    return st.builds(
        ActivityFigures,
        held=_number(before),
        others=_number(before),
        by_status=some(ByStatus, "status", status=st.sampled_from(Status)),
        by_kind=some(ByKind, "kind", kind=st.sampled_from(Kind)),
        by_subtype=some(BySubtype, "subtype", kind=st.sampled_from(Kind), subtype=st.one_of(st.just(""), _WORDS)),
        by_twin=some(ByTwin, "twin", twin=_TWIN),
        by_direction=some(ByDirection, "direction", direction=st.sampled_from(Direction)),
        by_month=some(ByMonth, "month", month=months),
    )


_PEOPLE = st.builds(
    PeopleLine,
    key=st.uuids().map(lambda key: f"people?{key}"),
    crowd=st.sampled_from(Crowd),
    of=st.one_of(st.sampled_from(("pupils", "audience", "travellers")), _WORDS),
    side=st.one_of(st.none(), st.sampled_from(Side)),
    flow=st.sampled_from(Flow),
    basis=st.sampled_from(Basis),
    own=st.booleans(),
    now=_TALLY,
    before=st.one_of(st.none(), _TALLY),
)
_MONEY = st.builds(
    MoneyLine,
    key=st.uuids().map(lambda key: f"money?{key}"),
    role=_ROLE,
    funder=st.one_of(st.just(""), _WORDS),
    currency=_CURRENCY,
    now=_AMOUNT,
    before=st.one_of(st.none(), _AMOUNT),
    activities=_COUNT,
)
_RATE = st.builds(
    Rate,
    currency=_CURRENCY,
    into=st.just("EUR"),
    rate=st.decimals("0.0001", 1000, places=4),
    on=st.dates(dt.date(2000, 1, 1), dt.date(2030, 1, 1)),
    source=st.one_of(st.just(""), _WORDS),
)
_LINES = st.builds(
    line,
    start=_DATES,
    end=_ENDS,
    kind=st.sampled_from(Kind),
    subtype=st.one_of(st.just(""), _WORDS),
    status=st.sampled_from(Status),
    reason=st.one_of(st.just(""), _WORDS),
    title=_TEXTS,
    description=st.one_of(st.just({}), _TEXTS),
    twins=_TWINS,
    direction=st.sampled_from(Direction),
    own=st.booleans(),
    owner=st.one_of(st.just(""), _WORDS),
    counts=st.lists(
        st.builds(Count, of=_WORDS, side=st.sampled_from(Side), value=_COUNT, bound=st.sampled_from(Bound)), max_size=2
    ).map(tuple),
    money=st.lists(st.builds(Money, amount=_AMOUNT, currency=_CURRENCY, role=_ROLE, funder=_WORDS), max_size=2).map(
        tuple
    ),
    counts_for=st.lists(st.sampled_from(("Bildung", "education", "social only", "Sport")), max_size=2).map(tuple),
    carried=st.booleans(),
)
_GOODS = st.builds(
    Goods,
    description=_WORDS,
    quantity=st.one_of(st.none(), st.decimals(0, 10_000, places=3)),
    unit=_WORDS,
    weight_kg=st.one_of(st.none(), st.decimals(0, 10_000, places=3)),
    value=st.one_of(st.none(), _AMOUNT),
    currency=st.one_of(st.none(), _CURRENCY),
)
_SHIPMENT = st.builds(
    Shipment,
    id=st.uuids(),
    title=_TEXTS,
    start=_DATES,
    end=_ENDS,
    twins=_TWINS,
    status=st.sampled_from(Status),
    form=st.sampled_from(("shipment", "programme", "collection")),
    recipient=st.one_of(st.just(""), _WORDS),
    stage=st.one_of(st.none(), st.sampled_from(Stage)),
    stage_on=st.one_of(st.none(), _DATES),
    goods=st.lists(_GOODS, max_size=2).map(tuple),
    weight_kg=st.one_of(st.none(), st.decimals(0, 10_000, places=3)),
    values=st.dictionaries(_CURRENCY, _AMOUNT, max_size=2),
    beneficiaries=st.lists(st.builds(Reached, at=_DATES, value=_COUNT, bound=st.sampled_from(Bound)), max_size=2).map(
        tuple
    ),
    vehicles=st.integers(0, 20),
)
_VISITS = st.builds(Visits, out=_COUNT, into=_COUNT, people_out=_TALLY, people_in=_TALLY)
_DATE = st.one_of(st.none(), _DATES)


def _several(one: st.SearchStrategy[Any], most: int = 2) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(one, max_size=most).map(tuple)


@st.composite
def any_figures(draw: st.DrawFn) -> Figures:
    """Whatever the types allow, whether or not a database could say it."""
    before = draw(st.booleans())
    reciprocity = st.builds(
        Reciprocity,
        key=st.uuids().map(lambda key: f"reciprocity?{key}"),
        twin=_TWIN,
        now=_VISITS,
        years=st.integers(1, 30),
        over_years=_VISITS,
        last_out=_DATE,
        last_in=_DATE,
    )
    paper = st.builds(
        Paper, what=st.sampled_from(("signed", "renewed", "ended", "ending")), on=_DATES, id=st.none(),
        title=st.one_of(st.just({}), _TEXTS), twins=_TWINS, ends=_DATE,
    )  # fmt: skip
    return Figures(
        scope=Scope(
            first=dt.date(2018, 1, 1),
            last=draw(st.sampled_from((dt.date(2018, 12, 31), dt.date(2019, 6, 30), dt.date(2018, 3, 3)))),
            viewpoint=draw(st.sampled_from((Side.HUB, Side.TWIN))),
            twins=draw(st.one_of(st.just(()), _TWINS)),
            counts_for=draw(st.sampled_from(((), ("Bildung",)))),
        ),
        activities=draw(_activities(before)),
        people=PeopleFigures(lines=draw(_several(_PEOPLE, 4)), without_numbers=draw(_number(before))),
        money=MoneyFigures(
            lines=draw(_several(_MONEY, 4)),
            rates=draw(st.lists(_RATE, max_size=2, unique_by=lambda rate: rate.currency).map(tuple)),
        ),
        aid=AidFigures(
            number=draw(_number(before)),
            weight_kg=draw(st.one_of(st.none(), st.decimals(0, 10_000, places=3))),
            weight_kg_before=draw(st.one_of(st.none(), st.decimals(0, 10_000, places=3))),
            values=draw(st.dictionaries(_CURRENCY, _AMOUNT, max_size=2)),
            shipments=draw(_several(_SHIPMENT)),
        ),
        papers=draw(_several(paper)),
        given=draw(_several(st.builds(Given, kind=_WORDS, title=_TEXTS, on=_DATES, twins=_TWINS, by=_WORDS))),
        partners=draw(_several(st.builds(
            Partner, key=st.uuids().map(str), name=_WORDS, side=st.sampled_from(Side), activities=_COUNT
        ))),
        reciprocity=draw(st.lists(reciprocity, max_size=2, unique_by=lambda found: found.twin).map(tuple)),
        silent=draw(_several(st.builds(Silent, twin=_TWIN, last=_DATE))),
        coming=draw(_several(st.builds(
            Coming, on=_DATES, title=_TEXTS, twins=_TWINS, years=st.one_of(st.none(), st.integers(1, 200)),
            round=st.booleans(), jubilee=st.booleans(),
        ))),
        lines=draw(_several(_LINES, 4)),
    )  # fmt: skip
