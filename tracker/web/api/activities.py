"""Activities: listed page by page, fetched, recorded, replaced and removed.

What the caller may not see is not there: its address answers 404, lists and totals pass over it.
"""

import datetime as dt
from dataclasses import replace
from urllib.parse import urlencode
from uuid import UUID

from flask import Response, request, url_for
from flask_openapi3 import Tag

from tracker.actions.activities import record_activity, remove_activity, revise_activity
from tracker.domain.access import mark_of
from tracker.domain.activities import Activity
from tracker.domain.commands import RecordActivity, RemoveActivity, ReviseActivity
from tracker.domain.search import query_words
from tracker.errors import Conflict, InvalidInput, NotFound
from tracker.i18n import N_
from tracker.intake.json import activity_content
from tracker.store import activities as store
from tracker.store import search
from tracker.store.idempotency import Answer
from tracker.store.unit_of_work import Unit
from tracker.web.api.blueprint import api, body_of, json_of, problems
from tracker.web.api.bodies import json_body
from tracker.web.api.callers import actor, at_hand, bearer, sees, visible
from tracker.web.api.cursors import cursor_after, read_cursor
from tracker.web.api.documents import ActivityPage, ActivityPath, ActivityQuery
from tracker.web.api.examples import IDEMPOTENCY_KEY, IF_MATCH, IF_NONE_MATCH, NEW_ACTIVITY
from tracker.web.api.idempotency import Keep, answer_once
from tracker.web.api.preconditions import check_version, etag, unless_known
from tracker.web.api.problems import StaleVersion
from tracker.web.auth import Audience, allowed

_TAGS = [Tag(name="Activities", description="What staff log: exchanges, aid, festivals, delegations, milestones.")]


@api.get(
    "/activities",
    tags=_TAGS,
    operation_id="listActivities",
    responses={200: json_of("ActivityPage", "One page of the list", headers={"Link": "the next page, rel=next"})},
)
@allowed(Audience.TOKEN)
def list_activities(query: ActivityQuery) -> Response:
    """List activities in the order of their dates

    Filters narrow the list together; repeated ones widen it. Follow `next` (or the header Link) until it is null:
    whatever changes meanwhile, nothing that was there all along comes twice or is left out.
    """
    chosen = visible(
        twins=tuple(query.twin),
        kinds=tuple(query.kind),
        statuses=tuple(query.status),
        first=dt.date.fromisoformat(query.from_) if query.from_ else None,
        last=dt.date.fromisoformat(query.to) if query.to else None,
        words=query_words(query.q),
    )
    after = read_cursor(query.cursor, query.order) if query.cursor else None
    with at_hand().database.reading() as session:
        chosen = replace(chosen, words=search.widened(session, chosen.words))
        # One more than is shown tells whether there is a next page.
        rows = store.listed(session, chosen, newest_first=query.order == "newest", after=after, limit=query.limit + 1)
        total = store.counted(session, chosen)
        shown = rows[: query.limit]
        items = tuple(_for_caller(row.to_activity()) for row in shown)
    more = len(rows) > query.limit
    cursor = cursor_after(query.order, shown[-1].sort_key, shown[-1].id) if more else None
    page = ActivityPage(items=items, next=cursor, total=total)
    response = _json(page.model_dump_json())
    if cursor:
        response.headers["Link"] = f'<{_next_page(cursor)}>; rel="next"'
    return response


@api.post(
    "/activities",
    tags=_TAGS,
    operation_id="recordActivity",
    responses={
        201: json_of("Activity", "Recorded", headers={"Location": "its address", "ETag": "its version"}),
        **problems(400, 403, 409, 413, 415),
    },
    openapi_extensions=body_of("ActivityInput", NEW_ACTIVITY) | {"x-headers": [IDEMPOTENCY_KEY]},
)
@allowed(Audience.TOKEN)
def record() -> Response:
    """Record an activity

    `kind`, `title`, `twins` and `start` are needed, all else has a default. With an Idempotency-Key the same request
    can be sent again for at least seven days: it is answered as the first time, and done once.
    """
    document = json_body()

    def do(keep: Keep | None) -> Answer:
        content = activity_content(document)
        tracker = at_hand()

        def remember(unit: Unit, made: Activity) -> None:
            if keep:
                keep(unit, 201, made.model_dump_json(), _address(made.id))

        made = record_activity(
            tracker.database, RecordActivity(content), actor(), tracker.clock(), remember=remember if keep else None
        )
        return Answer("", 201, made.model_dump_json(), _address(made.id))

    answer, repeated = answer_once(document, do)
    response = _json(answer.body, answer.status)
    response.headers["Location"] = answer.location
    response.headers["ETag"] = etag(Activity.model_validate_json(answer.body).version)
    if repeated:
        response.headers["Idempotent-Replayed"] = "true"
    return response


@api.get(
    "/activities/<uuid:activity_id>",
    tags=_TAGS,
    operation_id="getActivity",
    responses={200: json_of("Activity", "The activity", headers={"ETag": "its version"}), **problems(304, 404)},
    openapi_extensions={"x-headers": [IF_NONE_MATCH]},
)
@allowed(Audience.TOKEN)
def get_activity(path: ActivityPath) -> Response:
    """Fetch one activity"""
    return unless_known(_of(_seen(path.activity_id)))


@api.put(
    "/activities/<uuid:activity_id>",
    tags=_TAGS,
    operation_id="replaceActivity",
    responses={
        200: json_of("Activity", "As it stands now", headers={"ETag": "its new version"}),
        **problems(400, 403, 404, 409, 412, 413, 415, 428),
    },
    openapi_extensions=body_of("ActivityInput", NEW_ACTIVITY) | {"x-headers": [IF_MATCH]},
)
@allowed(Audience.TOKEN)
def replace_activity(path: ActivityPath) -> Response:
    """Replace an activity

    The whole content is replaced: what is left out is empty afterwards. If-Match names the version you have read.
    """
    document = json_body()
    version = check_version(_version(path.activity_id))
    _check_address(document, path.activity_id)
    content = activity_content(document)
    tracker = at_hand()
    try:
        command = ReviseActivity(path.activity_id, content, version)
        return _of(revise_activity(tracker.database, command, actor(), tracker.clock()))
    except Conflict as faster:
        raise _stale(path.activity_id, version, faster) from faster


@api.delete(
    "/activities/<uuid:activity_id>",
    tags=_TAGS,
    operation_id="removeActivity",
    responses={204: None, **problems(403, 404, 409, 412, 428)},
    openapi_extensions={"x-headers": [IF_MATCH]},
)
@allowed(Audience.TOKEN)
def remove(path: ActivityPath) -> Response:
    """Remove an activity

    Lists no longer show it, and calendars tell their subscribers. It stays in the bin, so that a slip can be undone.
    """
    version = check_version(_version(path.activity_id))
    tracker = at_hand()
    try:
        remove_activity(tracker.database, RemoveActivity(path.activity_id, version), actor(), tracker.clock())
    except Conflict as faster:
        raise _stale(path.activity_id, version, faster) from faster
    return Response(status=204)


def _seen(activity_id: UUID) -> Activity:
    """The activity, if it is there for this caller."""
    with at_hand().database.reading() as session:
        row = store.load(session, activity_id)
        if row is None or row.removed_at is not None or not sees(row.mark):
            raise NotFound(N_("There is no activity with the id {id}."), id=activity_id)
        return _for_caller(row.to_activity())


def _for_caller(activity: Activity) -> Activity:
    """Who answers for it is personal, and told to those only who may change it (R12)."""
    told = bearer().rights.may_revise(mark_of(activity))
    return activity if told else activity.model_copy(update={"responsible": ""})


def _version(activity_id: UUID) -> int:
    """Its version, likewise."""
    with at_hand().database.reading() as session:
        version = store.glance(session, activity_id, visible())
    if version is None:
        raise NotFound(N_("There is no activity with the id {id}."), id=activity_id)
    return version


def _check_address(document: object, activity_id: UUID) -> None:
    """A fetched document may be sent back as it is, but not to another address."""
    given = document.get("id") if isinstance(document, dict) else None
    if given is not None and str(given).lower() != str(activity_id):
        raise InvalidInput.one("id", given, N_("This address is that of the activity {id}."), id=activity_id)


def _stale(activity_id: UUID, version: int | None, faster: Conflict) -> Exception:
    """Whoever named a version is told the one that stands now; whoever took any has merely lost a race."""
    if version is None:
        return faster
    return StaleVersion(_version(activity_id))


def _of(activity: Activity) -> Response:
    response = _json(activity.model_dump_json())
    response.headers["ETag"] = etag(activity.version)
    return response


def _json(body: str, status: int = 200) -> Response:
    return Response(body, status, mimetype="application/json")


def _address(activity_id: UUID) -> str:
    return url_for("api.get_activity", activity_id=activity_id)


def _next_page(cursor: str) -> str:
    """This list's address with another cursor. Relative, since only the caller knows the way here from outside."""
    kept = [(name, value) for name, value in request.args.items(multi=True) if name != "cursor"]
    return f"{request.path}?{urlencode([*kept, ('cursor', cursor)])}"
