"""Readers of a report: members, tax office, town, a funder, an award jury. Each wants another report from one log.

A reader is data that administrators copy and edit; those that ship stand in `data/report_readers.toml`. It says what
may be read, what counts, which sections stand in which order, and never what a figure is. Pure.
"""

from collections.abc import Mapping
from enum import StrEnum

from pydantic import Field

from tracker.domain.activities import Kind, LanguageTag, Short, Side, Slug, Value, Visibility
from tracker.domain.figures import Rate


class SectionName(StrEnum):
    """The sections a report can have; each is composed by one function of `domain.report_sections`."""

    HIGHLIGHTS = "highlights"
    """The few large numbers, and what staff wrote."""
    ACTIVITIES = "activities"
    """Figures by kind, sub-kind, twin, direction, month and status, this year beside last."""
    CHRONICLE = "chronicle"
    """All activities in order of time."""
    BY_TWIN = "by_twin"
    """All activities, twin by twin."""
    BY_PURPOSE = "by_purpose"
    """All activities by what they count for, with their money."""
    BY_CATEGORY = "by_category"
    """All activities by kind, as award juries ask."""
    PROGRAMME = "programme"
    """Day by day, of a funded project."""
    PEOPLE = "people"
    COUNTRIES = "countries"
    """Participants per country."""
    MONEY = "money"
    AID = "aid"
    PAPERS = "papers"
    GIVEN = "given"
    PARTNERS = "partners"
    RECIPROCITY = "reciprocity"
    SILENT = "silent"
    OUTLOOK = "outlook"
    """Anniversaries of the coming year."""
    SIGNED_LIST = "signed_list"
    """An empty list to sign."""


class SectionChoice(Value):
    """A section of a reader's report, in the order given; switched off it keeps its place."""

    name: SectionName
    on: bool = True


class Reader(Value):
    """One reader's profile. `level` is the most confidential thing the report may hold, if its maker may see it too."""

    slug: Slug
    names: dict[LanguageTag, Short] = Field(min_length=1)
    level: Visibility = Visibility.PUBLIC
    sections: tuple[SectionChoice, ...] = Field(min_length=1)
    viewpoint: Side = Side.HUB
    twins: tuple[Slug, ...] = ()
    kinds: tuple[Kind, ...] = ()
    counts_for: tuple[Short, ...] = ()
    leaves_out: tuple[Short, ...] = ()
    funder: Short = ""
    rates: tuple[Rate, ...] = ()

    def name(self, language: str) -> str:
        return self.names.get(language) or self.names.get("en") or next(iter(self.names.values()))


def copy_of(reader: Reader, slug: str, names: Mapping[str, str]) -> Reader:
    """Another reader that wants the same, under names of its own."""
    return reader.model_copy(update={"slug": slug, "names": dict(names)})
