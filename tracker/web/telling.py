"""Who did what, in the reader's words: names behind actors, deeds, and the changes of an event."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tracker.actions.activities import subject
from tracker.domain.changes_told import Change, told
from tracker.domain.events import Event, EventType
from tracker.domain.history import Version, as_activity, before, seen, versions
from tracker.domain.value_words import Reader
from tracker.i18n import N_, gettext
from tracker.store import accounts, event_log
from tracker.store import twins as twin_store
from tracker.web.auth import sees
from tracker.web.language import language

DEEDS: Mapping[str, str] = {
    "recorded": N_("recorded it"),
    "added": N_("added it"),
    "created": N_("created it"),
    "revised": N_("changed it"),
    "removed": N_("removed it"),
    "restored": N_("brought it back"),
    "updated": N_("brought it up to date"),
    "frozen": N_("kept it as an edition"),
    "claimed": N_("took it over"),
    "handed": N_("handed it over"),
    "released": N_("gave it back"),
    "finished": N_("finished it"),
    "snoozed": N_("put it off"),
    "sent": N_("sent it"),
    "ordered": N_("ordered it"),
    "failed": N_("could not make it"),
    "queued": N_("had it sent"),
    "paused": N_("paused it"),
    "resumed": N_("resumed it"),
    "stopped": N_("stopped it"),
    "issued": N_("had a token made"),
    "rotated": N_("gave it a new address"),
    "revoked": N_("ended it"),
    "attached": N_("attached it"),
    "erased": N_("erased it for good"),
    "saved": N_("kept it"),
    "renamed": N_("gave it another name"),
    "chosen": N_("chose it to begin with"),
    "asked": N_("asked for it"),
    "confirmed": N_("confirmed it"),
    "accepted": N_("accepted it"),
    "forgotten": N_("erased names from it"),
    "invited": N_("sent an invitation"),
    "granted": N_("changed what they may do"),
    "closed": N_("closed it"),
    "reopened": N_("opened it again"),
}
"""What an actor did, by the verb of the event."""

_OTHERS: Mapping[str, str] = {
    "registry": N_("The registry that ships with the tracker"),
    "system": N_("The tracker itself"),
    "cli": N_("Somebody at the command line"),
}


def deed(type_: EventType) -> str:
    verb = type_.value.partition(".")[2]
    return gettext(language(), DEEDS[verb]) if verb in DEEDS else verb


def authors(session: Any, actors: Iterable[str]) -> Callable[[str], str]:
    """A function that names an actor."""
    ids = {int(actor[5:]) for actor in actors if actor.startswith("user:") and actor[5:].isdigit()}
    names = accounts.names_of(session, ids)

    def name_of(actor: str) -> str:
        number = actor.partition(":")[2]
        name = names.get(int(number), "") if number.isdigit() else gettext(language(), _OTHERS.get(actor, actor))
        return name or gettext(language(), N_("Somebody whose account is gone"))

    return name_of


def reader(session: Any) -> Reader:
    """The person asking, with the names of all cities and of those who may answer for something."""
    cities = {slug: twin.name(language()) for slug, twin in twin_store.current(session).items()}
    people = {user.email: user.name for user in accounts.users(session) if user.name}
    return Reader(language(), cities, people)


def seen_versions(activity_id: UUID, events: Iterable[Event]) -> tuple[Version, ...]:
    """The versions of an activity that the person may look at; whoever logged it has logged every one."""
    made = versions(events)
    first = made[0].event.actor if made else ""
    who = first if first.startswith("user:") else ""
    return seen(made, lambda v: sees(as_activity(v, activity_id).model_copy(update={"recorded_by": who})))


@dataclass(frozen=True)
class Told:
    """One version, in words."""

    version: Version
    who: str
    what: str
    changes: list[Change]
    why: str = ""


def trail_of(session: Any, activity_id: UUID) -> list[Told]:
    """An activity's versions in words, newest first, as far as the person may look at them."""
    made = seen_versions(activity_id, event_log.history(session, subject(activity_id)))
    if not made:
        return []
    to, name_of = reader(session), authors(session, [version.event.actor for version in made])
    return [
        Told(
            version,
            name_of(version.event.actor),
            deed(version.event.type),
            changes_of(made, version, to),
            str(version.event.data.get("reason", "")),
        )
        for version in reversed(made)
    ]


def changes_of(made: tuple[Version, ...], version: Version, to: Reader) -> list[Change]:
    """What a version changed; of the first that is shown nothing is told, for what stood before is not."""
    earlier = before(made, version)
    return told(earlier.content, version.content, to) if earlier else []
