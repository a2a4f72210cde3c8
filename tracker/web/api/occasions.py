"""Occasions: anniversaries and observances that come round between two days, worded in every language.

Only what is public is ever an occasion, so every bearer sees the same.
"""

import datetime as dt
from collections.abc import Mapping

from flask import Response
from flask_openapi3 import Tag

from tracker.actions.outlook import look_ahead
from tracker.domain.outlook import Foreseen
from tracker.domain.outlook_wording import collision_document
from tracker.domain.reminders import title_of_occurrence
from tracker.domain.twins import Twin
from tracker.errors import InvalidInput
from tracker.i18n import LANGUAGES, N_
from tracker.web.api.blueprint import api, json_of
from tracker.web.api.callers import at_hand
from tracker.web.api.documents import CollisionItem, OccasionItem, OccasionPage, OccasionQuery
from tracker.web.auth import Audience, allowed

_TAGS = [Tag(name="Occasions", description="Days worth remembering.")]
_YEAR = dt.timedelta(days=365)
_LONGEST = dt.timedelta(days=3653)


@api.get(
    "/occasions",
    tags=_TAGS,
    operation_id="listOccasions",
    responses={200: json_of("OccasionPage", "All that come round in that time")},
)
@allowed(Audience.TOKEN)
def list_occasions(query: OccasionQuery) -> Response:
    """List the occasions that come round between two days

    In order of time. What is known to the month or the year only counts where that month or year touches the span.
    `collisions` says what is in the way: a jubilee within seven days of another, public holidays and weekends of
    Volgograd and of the twin.
    """
    first, last = _span(query)
    seen = look_ahead(at_hand().database, first, last)
    wanted = set(query.twin)
    items = tuple(
        _item(one, seen.twins) for one in seen.items if not wanted or not wanted.isdisjoint(one.come.occasion.twins)
    )
    return Response(
        OccasionPage(items=items, next=None, total=len(items)).model_dump_json(), mimetype="application/json"
    )


def _span(query: OccasionQuery) -> tuple[dt.date, dt.date]:
    first = dt.date.fromisoformat(query.from_) if query.from_ else at_hand().clock().date()
    last = dt.date.fromisoformat(query.to) if query.to else min(first, dt.date.max - _YEAR) + _YEAR
    if last < first:
        raise InvalidInput.one("to", query.to, N_("“{value}” lies before {first}."), first=first)
    if last - first > _LONGEST:
        raise InvalidInput.one("to", query.to, N_("From {first} to “{value}” is more than ten years."), first=first)
    return first, last


def _item(one: Foreseen, twins: Mapping[str, Twin]) -> OccasionItem:
    come, occasion = one.come, one.come.occasion
    return OccasionItem(
        key=occasion.key,
        kind=occasion.kind,
        twins=occasion.twins,
        on=come.when.edtf,
        precision=come.precision,
        number=come.number,
        round=come.round,
        jubilee=come.jubilee,
        title={language: title_of_occurrence(come, language, twins) for language in LANGUAGES},
        collisions=tuple(
            CollisionItem.model_validate(collision_document(one, found, twins)) for found in one.collisions
        ),
    )
