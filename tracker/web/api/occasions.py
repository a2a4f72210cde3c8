"""Occasions: anniversaries and observances that come round between two days, worded in every language.

Only what is public is ever an occasion, so every bearer sees the same.
"""

import datetime as dt
from collections.abc import Mapping

from flask import Response
from flask_openapi3 import Tag

from tracker.domain.occasion_wording import ordinal_title
from tracker.domain.occasions import Occurrence, occurrences
from tracker.domain.twins import HUB, Twin
from tracker.errors import InvalidInput
from tracker.i18n import LANGUAGES, N_
from tracker.store import occasions as store
from tracker.store import twins as twin_store
from tracker.web.api.blueprint import api, json_of
from tracker.web.api.callers import at_hand
from tracker.web.api.documents import OccasionItem, OccasionPage, OccasionQuery
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
    """
    first, last = _span(query)
    with at_hand().database.reading() as session:
        known = store.load_all(session, query.twin)
        twins = twin_store.load_all(session)
    items = tuple(_item(come, twins) for come in occurrences(known, first, last))
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


def _item(come: Occurrence, twins: Mapping[str, Twin]) -> OccasionItem:
    occasion = come.occasion
    return OccasionItem(
        key=occasion.key,
        kind=occasion.kind,
        twins=occasion.twins,
        on=come.when.edtf,
        precision=come.precision,
        number=come.number,
        round=come.round,
        jubilee=come.jubilee,
        title={language: _title(come, twins, language) for language in LANGUAGES},
    )


def _title(come: Occurrence, twins: Mapping[str, Twin], language: str) -> str:
    involved = {slug: twins[slug] for slug in come.occasion.twins if slug in twins}
    links = {twin.link for twin in involved.values()}
    return ordinal_title(
        come,
        language,
        names={slug: twin.name(language) for slug, twin in involved.items()},
        hub=HUB.name(language),
        link_type=links.pop() if len(links) == 1 else "twin",
    )
