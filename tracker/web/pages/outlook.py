"""The outlook: what comes round in the next 36 months, and what of it gets in one another's way, to read and print."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, render_template, request

from tracker.actions.outlook import Seen, look_ahead
from tracker.bootstrap import Tracker
from tracker.domain.outlook import Clash, Foreseen, arrange, last_of
from tracker.domain.outlook_wording import collision_words, state_words
from tracker.domain.reminders import title_of_occurrence
from tracker.i18n import N_, gettext
from tracker.web.auth import Audience, allowed
from tracker.web.installation import this_tracker, today
from tracker.web.language import language

MONTHS = 36

SHOWN: dict[str, tuple[str, Callable[[Foreseen], bool]]] = {
    "": (N_("Everything"), lambda _: True),
    "round": (N_("Round years and jubilees"), lambda one: one.is_marked),
    "jubilees": (N_("Jubilees"), lambda one: one.come.jubilee),
    "collisions": (N_("What has something in its way"), lambda one: bool(one.collisions)),
}
"""What the page can be narrowed to, by the value in its address: its name, and which of the foreseen it keeps."""

_SYMBOLS = {
    Clash.SAME_WEEK: "calendar-heart",
    Clash.SAME_MONTH: "calendar-heart",
    Clash.PUBLIC_HOLIDAY: "building",
    Clash.WEEKEND: "calendar3",
}


@dataclass(frozen=True)
class Way:
    """One way to narrow the page, and how many that would leave."""

    value: str
    name: str
    count: int


def register(app: Flask, tracker: Tracker) -> None:  # noqa: ARG001 -- all nouns register alike
    app.add_url_rule("/outlook", "outlook", outlook)


@allowed(Audience.READERS)
def outlook() -> str:
    first = today()
    last = last_of(first, MONTHS)
    seen = look_ahead(this_tracker().database, first, last)
    twin = request.args.get("twin", "")
    shown = request.args.get("show", "")
    shown = shown if shown in SHOWN else ""
    items = seen.about(twin) if twin in seen.twins else seen.items
    only = [seen.twins[twin].name(language())] if twin in seen.twins else []
    if shown:
        only.append(gettext(language(), SHOWN[shown][0]))
    return render_template(
        "outlook.html",
        section="occasions",
        first=first,
        last=last,
        arranged=arrange([one for one in items if SHOWN[shown][1](one)]),
        twins=seen.twins,
        twin=seen.twins.get(twin),
        shown=shown,
        only=only,
        narrowed=[_way(value, items) for value in SHOWN],
        words_of=lambda one: _words(one, seen),
        title_of=lambda one: title_of_occurrence(one.come, language(), seen.twins),
        state_of=lambda one: state_words(one.come, language(), seen.twins),
    )


def _way(value: str, items: list[Foreseen]) -> Way:
    name, keeps = SHOWN[value]
    return Way(value, name, sum(1 for one in items if keeps(one)))


def _words(one: Foreseen, seen: Seen) -> list[tuple[str, str]]:
    """What is in its way: an icon and a sentence each."""
    return [(_SYMBOLS[found.clash], collision_words(one, found, language(), seen.twins)) for found in one.collisions]
