"""What makes an occasion: the dates of a twin, an activity worth remembering, an observance; honours have `honours`.

Keys are made so that a twin's own founding comes before a milestone's in the order of keys: where both tell of it as
exactly, `merge_duplicates` keeps the key and words of the twin's. Pure: rows are read by the consumer.
"""

from collections.abc import Collection, Mapping
from uuid import UUID

from tracker.domain.activities import ActivityContent, Kind, Status, Visibility
from tracker.domain.dates import HistoricDate
from tracker.domain.occasion_rules import moved_days
from tracker.domain.occasions import Occasion, OccasionKind
from tracker.domain.twins import Twin

PLANNED_LINK = "planned"
"""The kind of link that is not there yet: its dates are nothing to celebrate."""

REMEMBERED = frozenset(
    {
        "twinning", "agreement signing", "organisation founded", "first contact", "gift", "street naming",
        "school partnership", "award", "tree planting",
    }
)  # fmt: skip
"""Milestones that have anniversaries unless somebody says otherwise; a suspension or a message has none."""

_NEVER_HAPPENED = frozenset({Status.CANCELLED, Status.POSTPONED})


def occasions_of_twin(twin: Twin) -> list[Occasion]:
    """The founding (the date the partners count from), and each other date whose basis is known, as an agreement's.

    A date that some source gives and nobody explains (Ostrava: 1947, 1949) is shown, but nothing to celebrate.
    """
    if twin.link == PLANNED_LINK:
        return []
    return [
        Occasion(
            key=f"founding:{twin.slug}" if date.primary else f"founding:{twin.slug}:{date.date}",
            kind=OccasionKind.TWINNING if date.primary else OccasionKind.AGREEMENT,
            twins=(twin.slug,),
            date=HistoricDate.parse(date.date),
            basis=date.basis,
            sources=(f"twin:{twin.slug}",),
        )
        for date in twin.dates
        if date.primary or date.basis
    ]


def linked_twins(twins: Mapping[str, Twin]) -> set[str]:
    """Those whose link is there already."""
    return {slug for slug, twin in twins.items() if twin.link != PLANNED_LINK}


def may_be_remembered(kind: Kind | str, *, asked: object) -> bool:
    """Whether an activity may have anniversaries at all: a milestone, or one of which somebody `asked` for them."""
    return kind == Kind.MILESTONE or asked is True


def is_remembered(content: ActivityContent, linked: Collection[str]) -> bool:
    """Whether an activity has anniversaries. Calendars of everybody show them, so it must be public itself.

    A milestone has them by its sort: where none of its twins is in `linked`, the links being only planned, somebody
    must have asked for it. Of anything else somebody must always have, or there were a flood; and it must have taken
    place, or still be going on.
    """
    if content.status in _NEVER_HAPPENED or content.visibility is not Visibility.PUBLIC:
        return False
    said = content.details.remembered if content.details else None
    if content.kind is not Kind.MILESTONE:
        return said is True and (content.status is Status.HELD or content.running)
    if said is not None:
        return said
    return content.subtype.strip().lower() in REMEMBERED and any(slug in linked for slug in content.twins)


def occasion_of_activity(activity_id: UUID, content: ActivityContent, twins: Mapping[str, Twin]) -> Occasion | None:
    """The occasion of a milestone, or of what somebody wants remembered like one; None where it is not remembered.

    Its key has always begun with "milestone", and the ledger of reminders knows it by that.
    """
    if not is_remembered(content, linked_twins(twins)):
        return None
    founded = {slug for slug, twin in twins.items() if twin.primary_date}
    return Occasion(
        key=f"milestone:{activity_id}",
        kind=_kind(content, founded),
        twins=content.twins,
        date=content.start_date,
        titles=dict(content.title),
        sources=(f"activity:{activity_id}",),
    )


def occasion_of_observance(
    slug: str, rule: str, titles: Mapping[str, str], twin: str | None, moved: Mapping[str, str | None]
) -> Occasion:
    return Occasion(
        key=f"observance:{slug}",
        kind=OccasionKind.OBSERVANCE,
        twins=(twin,) if twin else (),
        rule=rule,
        titles=dict(titles),
        sources=(f"observance:{slug}",),
        moved=moved_days(moved),
    )


def _kind(content: ActivityContent, founded: Collection[str]) -> OccasionKind:
    """A partnership is founded once: where a twin has its founding date, a further "twinning" is an agreement."""
    match content.subtype.strip().lower():
        case "twinning" if not any(slug in founded for slug in content.twins):
            return OccasionKind.TWINNING
        case "twinning" | "agreement signing":
            return OccasionKind.AGREEMENT
        case _:
            return OccasionKind.MILESTONE
