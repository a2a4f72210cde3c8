"""The registry that ships, from `tracker/data`: twins, honours, observances, kinds of link, rules, the history.

The history goes through the same door as anybody's sheet. What a cell of these files cannot say is said nowhere: five
twinnings have no known date and stay without one.
"""

import csv
import datetime as dt
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import Field

from tracker.domain.activities import ActivityContent, LanguageTag, Line, Short, Slug, Source, Text, Value
from tracker.domain.occasion_rules import parse_rule
from tracker.domain.report_readers import Reader
from tracker.domain.rule_checks import check_rule
from tracker.domain.search import fold
from tracker.domain.twins import Edtf, Level, State, Twin
from tracker.intake.activity_table import activities_command, source
from tracker.intake.cells import several
from tracker.intake.json import checked
from tracker.intake.report_readers import readers_of
from tracker.intake.table import read_table

DATA = Path(__file__).parent.parent / "data"

_LANGUAGES = ("en", "de", "ru")
_LONGEST_SLUG = 80


class LinkKind(Value):
    """A kind of link between the hub and a city (R5)."""

    slug: Slug
    names: dict[LanguageTag, Short] = Field(min_length=1)


class Honour(Value):
    """A street, tree, bell or other thing that bears a name of the partnership or was given for it (R16)."""

    slug: Slug
    kind: Short
    name: Text
    local_name: Text = ""
    city: Short = ""
    country: str = Field("", pattern="^([A-Z]{2})?$")
    twin: Slug | None = None
    date: Edtf | None = None
    verified: bool = False
    sources: tuple[Source, ...] = ()
    note: Text = ""
    direction: str = Field("", pattern="^(to_hub|from_hub)?$", description="given to the hub, or by it")
    place: Line = Field("", description="where it stands or is kept")


class Observance(Value):
    """A day kept every year by `rule` (see `domain.occasion_rules`), save in the years that are `moved`."""

    slug: Slug
    rule: Short
    titles: dict[LanguageTag, Line] = Field(min_length=1)
    twin: Slug | None = None
    note: Text = ""
    moved: dict[str, str | None] = Field(default_factory=dict)


class ReminderRule(Value):
    """A rule of reminding, as `domain.rules.Rule` has it, in plain values; checked by being read into one."""

    key: Slug
    about: str
    leads: tuple[str, ...] = Field(min_length=1)
    audience: tuple[dict[str, str], ...] = Field(min_length=1)
    names: dict[LanguageTag, Line] = Field(min_length=1)
    choice: dict[str, Any] = Field(default_factory=dict)
    wording: dict[LanguageTag, dict[str, str]] = Field(default_factory=dict)
    late_days: int | None = None
    task: bool = False
    enabled: bool = True
    position: int = 0


@dataclass(frozen=True)
class Registry:
    """All that ships, checked."""

    link_kinds: tuple[LinkKind, ...]
    twins: tuple[Twin, ...]
    honours: tuple[Honour, ...]
    observances: tuple[Observance, ...]
    rules: tuple[ReminderRule, ...]
    readers: tuple[Reader, ...]
    history: tuple[ActivityContent, ...]


def read_registry(today: dt.date, folder: Path = DATA) -> Registry:
    """Read all files of a registry; a fault in one is an `InvalidInput` or `InvalidRule` like anybody else's."""
    former = _former_names(_records(folder / "former_names.csv"))
    twins = tuple(_twin(row, former.get(row["slug"], [])) for row in _records(folder / "twin_cities.csv"))
    sheet = read_table("history.csv", (folder / "history.csv").read_bytes())
    return Registry(
        link_kinds=tuple(
            checked(LinkKind, {"slug": row["slug"], "names": _by_language(row, "name")})
            for row in _records(folder / "link_kinds.csv")
        ),
        twins=twins,
        honours=tuple(_honour(row) for row in _records(folder / "honours.csv")),
        observances=tuple(_observance(row) for row in _records(folder / "observances.csv")),
        rules=_rules(folder / "reminder_rules.toml"),
        readers=readers_of((folder / "report_readers.toml").read_text(encoding="utf-8"), {twin.slug for twin in twins}),
        history=activities_command(sheet, today, twins={twin.slug: twin for twin in twins}).contents,
    )


def _rules(path: Path) -> tuple[ReminderRule, ...]:
    given = tomllib.loads(path.read_text(encoding="utf-8"))["rule"]
    return tuple(_rule({**rule, "position": place}) for place, rule in enumerate(given))


def _rule(document: dict[str, Any]) -> ReminderRule:
    rule = checked(ReminderRule, document)
    check_rule(rule.model_dump())
    return rule


def _records(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return [{name: cell.strip() for name, cell in row.items()} for row in csv.DictReader(file, strict=True)]


def _by_language(row: Mapping[str, str], stem: str) -> dict[str, str]:
    return {tag: row[f"{stem}_{tag}"] for tag in _LANGUAGES if row[f"{stem}_{tag}"]}


def _former_names(rows: list[dict[str, str]]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        name = {"names": _by_language(row, "name"), "start": row["start_edtf"] or None, "end": row["end_edtf"] or None}
        found.setdefault(row["slug"], []).append(name)
    return found


def _twin(row: Mapping[str, str], former: list[dict[str, Any]]) -> Twin:
    verified = row["verified"] == "yes"
    return checked(
        Twin,
        {
            "slug": row["slug"],
            "names": _by_language(row, "name"),
            "local_name": row["name_local"],
            "former_names": former,
            "country": row["country"],
            "link": row["link_type"].replace("_", "-"),
            "dates": _dates(row),
            "states": _states(row),
            "latitude": float(row["lat"]),
            "longitude": float(row["lon"]),
            "timezone": row["tz"],
            "verified": verified,
            "sources": [source(text, verified) for text in several(row["source_urls"])],
            "note": row["note"],
        },
    )


def _dates(row: Mapping[str, str]) -> list[dict[str, Any]]:
    """The date the partners count from, and those that other sources give; of these no basis is known."""
    counted = [{"date": row["twinned_edtf"], "basis": row["twinned_basis"], "primary": True}]
    return [
        *(counted if row["twinned_edtf"] else []),
        *({"date": date, "basis": "", "primary": False} for date in several(row["twinned_alt_edtf"])),
    ]


def _states(row: Mapping[str, str]) -> list[dict[str, Any]]:
    """The three levels, each with its own state; unknown ones are left out unless something is told of them."""
    agreement, detail = row["agreement"], row["status_detail"]
    # The detail tells of what has changed most: an agreement ended or to come, else the official contacts.
    concerned = Level.AGREEMENT if agreement in (State.ENDED, State.PLANNED) else Level.OFFICIAL
    told = (
        (Level.AGREEMENT, agreement, row["agreement_from"]),
        (Level.OFFICIAL, row["official_contacts"], row["official_contacts_from"]),
        (Level.CITIZENS, row["citizens_contacts"], ""),
    )
    return [
        {
            "level": level,
            "state": state,
            "since": since or None,
            "note": detail if level is concerned else "",
            "verified": row["status_verified"] == "yes",
        }
        for level, state, since in told
        if state != State.UNKNOWN or (detail and level is concerned)
    ]


def _honour(row: Mapping[str, str]) -> Honour:
    verified = row["verified"] == "yes"
    return checked(
        Honour,
        {
            # Two cities may have a street of one name; the name in the slug keeps it known when a row is inserted.
            "slug": slug_of(row["kind"], row["name"], row["city"]),
            "kind": row["kind"],
            "name": row["name"],
            "local_name": row["name_local"],
            "city": row["city"],
            "country": row["country"],
            "twin": row["twin_slug"] or None,
            "date": row["date_edtf"] or None,
            "verified": verified,
            "sources": [source(text, verified) for text in several(row["source_url"])],
            "note": row["note"],
        },
    )


def _observance(row: Mapping[str, str]) -> Observance:
    parse_rule(row["rule"])
    return checked(
        Observance,
        {
            "slug": row["slug"],
            "rule": row["rule"],
            "titles": _by_language(row, "title"),
            "twin": row["twin_slug"] or None,
            "note": row["note"],
        },
    )


def slug_of(*parts: str) -> str:
    """A short name of Latin letters and digits; at most as long as a slug may be."""
    letters = "".join(c if c.isascii() and c.isalnum() else " " for c in fold(" ".join(parts)))
    return "-".join(letters.split())[:_LONGEST_SLUG].strip("-")


def free_slug(wanted: str, taken: Collection[str]) -> str:
    """The short name itself, or with the next number where it is taken."""
    number, free = 1, wanted
    while free in taken:
        number += 1
        free = f"{wanted[: _LONGEST_SLUG - len(str(number)) - 1]}-{number}"
    return free
