"""Adding and revising twins: row and event in one unit of work."""

import datetime as dt
from zoneinfo import available_timezones

from tracker.domain.commands import Actor
from tracker.domain.events import EventType, changes
from tracker.domain.search import search_words
from tracker.domain.twins import HUB, STATES, Twin
from tracker.errors import Conflict, FieldProblem, InvalidInput, NotFound
from tracker.i18n import N_
from tracker.store import activities, registry
from tracker.store import twins as store
from tracker.store.activity_content import write_words
from tracker.store.unit_of_work import Database, Unit

_TAKEN = N_("There is a twin with the short name “{value}” already. Choose another one.")
_NO_LINK = N_("“{value}” is not a kind of link. Known ones: {known}.")
_WRONG_STATE = N_("“{value}” is not a state of this level. Choose one of: {allowed}.")
_NO_ZONE = N_("“{value}” is not a time zone. Write one like Europe/Volgograd.")
_ONE_PRIMARY = N_("Only one date can be the one the partners count from; these are {value}.")


def add_twin(database: Database, twin: Twin, actor: Actor, now: dt.datetime) -> Twin:
    """Add a city linked to the hub. Raises `InvalidInput`, also where the slug is taken."""
    with database.unit(actor.name, now) as unit:
        _check(unit, twin)
        if twin.slug == HUB.slug or unit.session.get(store.TwinRow, twin.slug) is not None:
            raise InvalidInput.one("slug", twin.slug, _TAKEN)
        return add(unit, twin).to_twin()


def revise_twin(database: Database, twin: Twin, version: int | None, actor: Actor, now: dt.datetime) -> Twin:
    """Replace what is known of a twin. Raises `NotFound`, `Conflict` on a stale version, `InvalidInput`."""
    with database.unit(actor.name, now) as unit:
        row = unit.session.get(store.TwinRow, twin.slug)
        if row is None:
            raise NotFound(N_("There is no twin “{value}”."), value=twin.slug)
        if version is not None and row.version != version:
            raise Conflict(
                N_("Somebody else changed this meanwhile. Please look at the new version first."), current=row.version
            )
        _check(unit, twin)
        revise(unit, row, twin)
        return row.to_twin()


def add(unit: Unit, twin: Twin) -> store.TwinRow:
    """Write a new twin and its event within a unit of work that somebody else began."""
    row = store.TwinRow(version=1, changed_at=unit.now)
    store.write_twin(row, twin)
    unit.session.add(row)
    after = {**twin.model_dump(mode="json"), "version": 1}
    unit.append(EventType.TWIN_ADDED, subject(twin.slug), {"before": {}, "after": after})
    return row


def revise(unit: Unit, row: store.TwinRow, twin: Twin) -> bool:
    """Change a row within somebody else's unit of work; False where there is nothing to do."""
    known = row.to_twin()
    difference = changes(known.model_dump(mode="json"), twin.model_dump(mode="json"))
    if not difference["after"]:
        return False
    # The old dates and states leave first: the new ones come in on the same places.
    row.dates, row.states = [], []
    unit.session.flush()
    store.write_twin(row, twin)
    row.version, row.changed_at = row.version + 1, unit.now
    unit.session.flush()
    if set(known.all_names()) != set(twin.all_names()):
        _find_by_new_names(unit, twin.slug)
    difference["after"]["version"] = row.version
    unit.append(EventType.TWIN_REVISED, subject(twin.slug), difference)
    return True


def subject(slug: str) -> str:
    return f"twin:{slug}"


def _find_by_new_names(unit: Unit, slug: str) -> None:
    """An activity is found by every name of its cities, so their folded texts follow a new name."""
    twins = store.load_all(unit.session)
    for row in activities.listed(unit.session, activities.ActivityFilter(twins=(slug,))):
        content = row.to_activity().content()
        write_words(row, search_words(content, tuple(twins[link.twin] for link in row.twins)))


def _check(unit: Unit, twin: Twin) -> None:
    """What a single value cannot tell."""
    problems = [
        FieldProblem(
            f"states.{index}.state", state.state.value, _WRONG_STATE, {"allowed": tuple(sorted(STATES[state.level]))}
        )
        for index, state in enumerate(twin.states)
        if state.state not in STATES[state.level]
    ]
    kinds = registry.link_kinds(unit.session)
    if twin.link not in kinds:
        problems.append(FieldProblem("link", twin.link, _NO_LINK, {"known": tuple(sorted(kinds))}))
    if twin.timezone is not None and twin.timezone not in available_timezones():
        problems.append(FieldProblem("timezone", twin.timezone, _NO_ZONE))
    counted = [date.date for date in twin.dates if date.primary]
    if len(counted) > 1:
        problems.append(FieldProblem("dates", ", ".join(counted), _ONE_PRIMARY))
    if problems:
        raise InvalidInput(problems)
