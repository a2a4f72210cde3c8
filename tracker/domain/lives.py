"""Where the entries of an activity stand and stood, read off its history: the activity's own and those of its parts.

The log tells it, not the moment of reading: so it comes out the same in whatever order shards are read, and again when
the whole log is read from zero. Pure.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from pydantic import ValidationError

from tracker.domain.activities import ActivityContent, Status
from tracker.domain.choices import TOMBSTONE, Shown, Standing, Stood
from tracker.domain.entries import shown, stands
from tracker.domain.parts import days_of_part, parts_of

ITSELF = ""
"""The key of the activity's own entry, beside the keys of its parts."""


@dataclasses.dataclass(frozen=True)
class Moment:
    """What an activity was from a day on."""

    on: date
    content: Mapping[str, Any]
    removed: bool = False

    @property
    def gone(self) -> bool:
        return self.removed or self.content.get("status") == Status.CANCELLED


def standings(history: Sequence[Moment]) -> dict[str, Standing]:
    """The standing of each entry the activity has or had, by the key of its part."""
    states = [_entries(moment.content) for moment in history]
    keys = dict.fromkeys(key for state in states for key in state)
    return {key: _standing(history, [state.get(key) for state in states]) for key in keys}


def _entries(content: Mapping[str, Any]) -> dict[str, Shown | None]:
    return {ITSELF: shown(content), **_parts(content)}


def _parts(content: Mapping[str, Any]) -> dict[str, Shown | None]:
    if not content.get("details"):
        return {}
    try:
        activity = ActivityContent.model_validate(
            {k: v for k, v in content.items() if k in ActivityContent.model_fields}
        )
    except ValidationError:  # told by an older release whose parts this one cannot read; they had no entries then
        return {}
    return {part.key: stands(content, days_of_part(part)) for part in parts_of(activity)}


def _standing(history: Sequence[Moment], states: Sequence[Shown | None]) -> Standing:
    now, last = states[-1], history[-1]
    formerly: dict[Shown, date] = {}
    for at, state in enumerate(states[:-1]):
        if state is None or state == now:
            continue
        following = next(later for later in range(at + 1, len(states)) if states[later] != state)
        formerly.pop(state, None)  # the order is that of leaving
        formerly[state] = history[following].on
    gone_on = None
    if last.gone:
        since = next((at for at in range(len(history) - 1, -1, -1) if not history[at].gone), -1)
        gone_on = history[since + 1].on
    kept = tuple(Stood(state, until) for state, until in formerly.items() if until + TOMBSTONE >= last.on)
    return Standing(now, gone_on, kept)
