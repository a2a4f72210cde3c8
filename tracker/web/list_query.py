"""The filters of the list as they stand in the address, and the selection they mean.

A filter that cannot be understood is told beside its field and left out; an unknown word is passed over. So an address
that somebody sent years ago still opens.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import quote_plus, urlencode

from flask import request
from werkzeug.datastructures import MultiDict

from tracker.domain.activities import Direction, Kind, Status, Visibility
from tracker.domain.counts_for import spellings
from tracker.domain.date_texts import understand
from tracker.domain.dates import HistoricDate, InvalidDate
from tracker.domain.search import query_words
from tracker.i18n import LANGUAGES
from tracker.store.activities import ActivityFilter
from tracker.web.auth import may_write, visible
from tracker.web.installation import today
from tracker.web.language import language

MANY = ("twin", "kind", "status", "direction", "decade", "level", "missing")
ONE = ("q", "from", "to", "own", "place", "purpose", "who")
FILTERS = (*ONE, *MANY)
KEPT = (*FILTERS, "view", "at", "zoom")
"""What a saved view and a link to another page of the list take along."""

MISSING = ("sources", "numbers", *(f"title-{tag}" for tag in LANGUAGES))
VIEWS = ("list", "month", "year", "timeline")


@dataclass(frozen=True)
class Query:
    given: MultiDict[str, str]
    chosen: ActivityFilter
    faults: Mapping[str, str]
    view: str = "list"

    def address(self, **changed: object) -> str:
        """The list's address with some arguments changed (None: left out) and its pages begun anew."""
        view = str(changed.pop("view", None) or self.view)
        passing = {"month": ("zoom",), "year": ("zoom",), "timeline": ("at",)}.get(view, ("at", "zoom"))
        kept = [written for name, written in self._written if name not in (*passing, *changed, "view")]
        for name, value in changed.items():
            kept += [f"{name}={quote_plus(str(one))}" for one in (value if isinstance(value, list) else [value]) if one]
        # The list without any arguments is where a person has chosen that it begins.
        if view in ("month", "year") or not kept:
            kept.append(f"view={view}")
        return f"{_path(view)}?{'&'.join(kept)}"

    @cached_property
    def _written(self) -> list[tuple[str, str]]:
        """The arguments as they stand in an address: a timeline makes hundreds of addresses out of them."""
        return [(name, f"{name}={quote_plus(value)}") for name, value in self.pairs()]

    @property
    def path(self) -> str:
        return _path(self.view)

    def pairs(self) -> list[tuple[str, str]]:
        return [(k, v) for k, v in self.given.items(multi=True) if v and k in KEPT]

    def toggled(self, name: str, value: object) -> str:
        """With a choice taken if it was not, and given up if it was."""
        now = self.given.getlist(name)
        text = str(value)
        return self.address(**{name: [v for v in now if v != text] if text in now else [*now, text]})

    def has(self, name: str, value: object) -> bool:
        return str(value) in self.given.getlist(name)

    def narrowing(self) -> Iterator[tuple[str, str]]:
        """Every filter that is set, for a mark that takes it away again."""
        return ((k, v) for k, v in self.pairs() if k in FILTERS and k != "q")

    @property
    def arguments(self) -> str:
        """All that shows this again, for a view to keep."""
        return urlencode([*((k, v) for k, v in self.pairs() if k != "view"), ("view", self.view)])

    @property
    def is_empty(self) -> bool:
        return not any(self.given.get(k) for k in FILTERS)

    @property
    def is_narrowed(self) -> bool:
        return any(True for _ in self.narrowing())


def _path(view: str) -> str:
    return "/timeline" if view == "timeline" else "/activities"


def read_query(view: str) -> Query:
    given = request.args
    faults: dict[str, str] = {}
    days: dict[str, HistoricDate] = {}
    for name in ("from", "to"):
        if text := given.get(name, "").strip():
            try:
                days[name] = understand(text, language(), today())
            except InvalidDate as fault:
                faults[name] = fault.message(language())
    chosen = visible(
        twins=tuple(t for t in given.getlist("twin") if t),
        kinds=_known(given, "kind", set(Kind)),
        statuses=_known(given, "status", set(Status)),
        directions=_known(given, "direction", set(Direction)),
        levels=_known(given, "level", set(Visibility)),
        missing=_known(given, "missing", set(MISSING)),
        decades=tuple(int(d) for d in given.getlist("decade") if re.fullmatch("[0-9]{3}0", d) and int(d)),
        first=days["from"].earliest if "from" in days else None,
        last=days["to"].latest if "to" in days else None,
        own={"yes": True, "no": False}.get(given.get("own", "")),
        place=given.get("place", "").strip(),
        counts_for=spellings(purpose) if (purpose := given.get("purpose", "").strip()) else (),
        # Who answers for something is told to those alone who may change it.
        responsible=given.get("who", "").strip().lower() if may_write() else "",
        words=query_words(given.get("q", "")),
    )
    return Query(given, chosen, faults, view)


def _known(given: MultiDict[str, str], name: str, among: set[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(v for v in given.getlist(name) if v in among))
