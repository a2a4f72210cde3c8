"""Twins: the cities linked to the hub, with their names, dates and the three levels of the partnership."""

from flask import Response
from flask_openapi3 import Tag

from tracker.errors import NotFound
from tracker.i18n import N_
from tracker.store import twins as store
from tracker.web.api.blueprint import api, json_of, problems
from tracker.web.api.callers import at_hand
from tracker.web.api.documents import Query, TwinPage, TwinPath
from tracker.web.auth import Audience, allowed

_TAGS = [Tag(name="Twins", description="Cities linked to Volgograd.")]


@api.get("/twins", tags=_TAGS, operation_id="listTwins", responses={200: json_of("TwinPage", "All twins")})
@allowed(Audience.TOKEN)
def list_twins(query: Query) -> Response:  # noqa: ARG001 -- it says that there are no arguments
    """List all twins, in the order of their short names"""
    with at_hand().database.reading() as session:
        known = tuple(store.load_all(session).values())
    return Response(TwinPage(items=known, next=None, total=len(known)).model_dump_json(), mimetype="application/json")


@api.get(
    "/twins/<slug>", tags=_TAGS, operation_id="getTwin", responses={200: json_of("Twin", "The twin"), **problems(404)}
)
@allowed(Audience.TOKEN)
def get_twin(path: TwinPath) -> Response:
    """Fetch one twin"""
    with at_hand().database.reading() as session:
        twin = store.load_all(session).get(path.slug)
    if twin is None:
        raise NotFound(N_("There is no twin “{slug}”."), slug=path.slug)
    return Response(twin.model_dump_json(), mimetype="application/json")
