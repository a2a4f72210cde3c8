"""Files to take away: one activity for the own calendar, and the news of a public calendar for feed readers."""

import re
from uuid import UUID

from flask import Flask, Response, abort, request

from tracker.actions.atom import public_news
from tracker.bootstrap import Tracker
from tracker.domain.activities import Activity, Visibility
from tracker.domain.entries import days_of
from tracker.domain.search import fold
from tracker.errors import NotFound
from tracker.i18n import N_
from tracker.outputs.ical_single import entries_file
from tracker.outputs.ical_zones import FIRST_YEAR
from tracker.store import entries
from tracker.web.auth import Audience, allowed
from tracker.web.installation import now, this_tracker
from tracker.web.language import language
from tracker.web.pages.activities import visible_activity

_LONGEST_NAME = 60


def register(app: Flask, tracker: Tracker) -> None:  # noqa: ARG001 -- all nouns register alike
    app.add_url_rule("/activities/<uuid:activity_id>.ics", "activity_file", activity_file)
    app.add_url_rule("/public/<name>.atom", "public_news", news)
    app.jinja_env.filters["stands_in_calendars"] = stands_in_calendars


def stands_in_calendars(shown: Activity) -> bool:
    """Whether it has an entry: no day or month known, no entry; and what is confidential leaves in none."""
    return shown.visibility is not Visibility.CONFIDENTIAL and days_of(shown.start, shown.end) is not None


@allowed(Audience.READERS)
def activity_file(activity_id: UUID) -> Response:
    """The activity and its parts with the very bytes they have in calendars, so that no program takes them for two."""
    shown = visible_activity(activity_id)
    with this_tracker().database.reading() as session:
        rows = [row for row in entries.of_subject(session, str(activity_id)) if row.first is not None]
        bodies = [body.body for row in rows for body in row.bodies if body.language == language() and body.body]
        zones = [row.timezone for row in rows if row.timezone]
        first_year = min([FIRST_YEAR, *(row.first.year for row in rows if row.timezone and row.first)])
    if not bodies or not stands_in_calendars(shown):
        raise NotFound(N_("This activity stands in no calendar: its day is not known, or it is confidential."))
    response = Response(entries_file(bodies, zones, first_year), content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{file_name(shown)}"'
    response.headers["Cache-Control"] = "private, no-cache"
    response.add_etag()
    response.make_conditional(request)
    return response


@allowed(Audience.EVERYBODY)
def news(name: str) -> Response:
    tracker = this_tracker()
    body = public_news(tracker.database, name, now(), tracker.settings.base_url)
    if body is None:
        abort(404)
    response = Response(body, content_type="application/atom+xml; charset=utf-8")
    response.headers["Cache-Control"] = "public, max-age=900"
    response.add_etag()
    response.make_conditional(request)
    return response


def file_name(shown: Activity) -> str:
    """A name in ASCII, since not all programs read another: from the title in some Latin script, else kind and date."""
    order = sorted(shown.title, key=lambda tag: (tag != language(), tag != "en", tag))
    for tag in order:
        words = re.findall("[a-z0-9]+", fold(shown.title[tag]))
        if any(word.isalpha() for word in words):
            return "-".join(words)[:_LONGEST_NAME].rstrip("-") + ".ics"
    return f"{shown.kind.value.replace('_', '-')}-{shown.start_date.edtf[:10].replace('/', '-')}.ics"
