"""A report in words: sections of tables, lists, charts and prose, in one language or two beside one another.

Every form (page, PDF, DOCX, XLSX, CSV) is made from this one value, so no form can say another figure than the next.
Texts are in their final wording; a cell keeps the bare value beside its words, for programs that reckon. Pure.
"""

import dataclasses
import datetime as dt
from decimal import Decimal
from enum import StrEnum

Said = tuple[str, ...]
"""One text in each of the report's languages, in their order; never empty, all the same length."""


def one_line(said: Said) -> str:
    """All languages one after the other, where they differ: for a form that has one place for a text."""
    return " / ".join(dict.fromkeys(filter(None, said)))


class Sort(StrEnum):
    """What a column holds: how it is aligned, typed and totalled."""

    TEXT = "text"
    COUNT = "count"
    MONEY = "money"
    WEIGHT = "weight"
    """Kilograms."""
    DATE = "date"
    """Historic: worded, never a made-up day. The value is a day only where the day is known."""


@dataclasses.dataclass(frozen=True)
class Cell:
    """`words` as people read them; `value` bare, None where there is none; `key` asks for the activities behind."""

    words: Said
    value: int | Decimal | dt.date | None = None
    key: str = ""


@dataclasses.dataclass(frozen=True)
class Column:
    heading: Said
    sort: Sort = Sort.TEXT
    total: bool = False
    """Whether its values may be added up: never where lines count the same thing twice."""


@dataclasses.dataclass(frozen=True)
class Table:
    """`name` is the same in every language: a sheet's name and a CSV's. `total` is the last line, if there is one."""

    name: str
    title: Said
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: tuple[Cell, ...] | None = None
    note: Said | None = None
    """What must be known to read it, such as that lines do not add up."""


@dataclasses.dataclass(frozen=True)
class Series:
    """One series of a chart. `key` names its colour and pattern: a kind, or "before" for the year compared with."""

    key: str
    label: Said
    values: tuple[int, ...]


@dataclasses.dataclass(frozen=True)
class Chart:
    """Bars, of one or several series over the same categories. `text` tells in words what it shows (WCAG 1.1.1)."""

    name: str
    title: Said
    categories: tuple[Said, ...]
    series: tuple[Series, ...]
    text: Said
    stacked: bool = False


@dataclasses.dataclass(frozen=True)
class Item:
    """One activity of a list: when, what, and the facts below. `off`: cancelled or postponed, with its reason in facts.

    `kind` names icon and colour; `link` is the activity's id, empty where there is none.
    """

    when: Said
    title: Said
    facts: tuple[Said, ...] = ()
    text: Said | None = None
    kind: str = ""
    off: bool = False
    link: str = ""


@dataclasses.dataclass(frozen=True)
class Group:
    """Items under a heading of their own: a month, a city; without a heading where there is but one."""

    heading: Said | None
    items: tuple[Item, ...]


@dataclasses.dataclass(frozen=True)
class Listing:
    name: str
    groups: tuple[Group, ...]
    empty: Said
    """What is said where there is nothing."""


@dataclasses.dataclass(frozen=True)
class Paragraph:
    """Sentences made from the figures; plain words, in which no sign means anything but itself."""

    words: Said


@dataclasses.dataclass(frozen=True)
class Prose:
    """What staff wrote, in Markdown; one text for each language, empty where nobody has written it in one."""

    markdown: Said


@dataclasses.dataclass(frozen=True)
class Facts:
    """The few numbers that stand large at the beginning: a number in words, what it counts, and its key."""

    items: tuple[tuple[Cell, Said], ...]


@dataclasses.dataclass(frozen=True)
class FormSheet:
    """A form to be filled in by hand, such as a list to sign: headings and a number of empty lines."""

    title: Said
    columns: tuple[Said, ...]
    lines: int
    note: Said | None = None


@dataclasses.dataclass(frozen=True)
class Picture:
    """A picture that staff added: PNG or JPEG, without its place and camera. `alt` says what it shows."""

    data: bytes
    alt: Said
    caption: Said
    credit: str = ""


Part = Facts | Table | Chart | Listing | Paragraph | Prose | Picture | FormSheet


@dataclasses.dataclass(frozen=True)
class Section:
    """`name` is the section's in the reader's profile, the same in every language."""

    name: str
    heading: Said
    parts: tuple[Part, ...]


@dataclasses.dataclass(frozen=True)
class Imprint:
    """Who says it and when. `edition` and `hash` are empty for a draft; `made_on` is the day of the figures."""

    organisation: Said
    address: str
    made_on: dt.date
    changed: dt.datetime
    """The moment that goes into documents' metadata, so that the same state gives the same bytes."""
    edition: str = ""
    hash: str = ""


@dataclasses.dataclass(frozen=True)
class Document:
    """A whole report. `languages` says in which order each `Said` stands."""

    languages: tuple[str, ...]
    title: Said
    subtitle: Said
    imprint: Imprint
    sections: tuple[Section, ...]
    cover: Picture | None = None
