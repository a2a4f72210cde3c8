"""Calendars for everybody: administrators publish them, and a page without login shows each and how to subscribe.

Only what is public stands on it, and of that only what a calendar says too: day, title, place, cities.
"""

import datetime as dt

from flask import Flask, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.actions.subscriptions import publish
from tracker.bootstrap import Tracker
from tracker.domain.activities import Activity, Visibility
from tracker.domain.choices import CalendarChoice
from tracker.domain.occasions import Occasion
from tracker.errors import FieldProblem, InvalidInput
from tracker.i18n import N_, gettext
from tracker.store import accounts, activities
from tracker.store import occasions as occasion_store
from tracker.store import rules as rule_store
from tracker.store import subscriptions as store
from tracker.store import twins as twin_store
from tracker.store.activities import ActivityFilter
from tracker.store.calendars import CalendarRow
from tracker.web.auth import Audience, actor, allowed
from tracker.web.calendar_forms import chosen, name_of
from tracker.web.installation import now, this_tracker, today
from tracker.web.language import language
from tracker.web.pages.occasions import remembered
from tracker.web.pages.subscriptions import address_of, options

AHEAD = dt.timedelta(days=180)
_SHOWN = 60


def register(app: Flask, tracker: Tracker) -> None:  # noqa: ARG001 -- all nouns register alike
    app.add_url_rule("/admin/calendars", "admin_calendars", admin_calendars, methods=["GET", "POST"])
    app.add_url_rule("/public", "public", public)
    app.add_url_rule("/public/<name>", "public_calendar", public_calendar)


@allowed(Audience.ADMINISTRATORS)
def admin_calendars() -> ResponseReturnValue:
    if request.method == "GET":
        return _admin_page()
    tracker = this_tracker()
    with tracker.database.reading() as session:
        twins = twin_store.current(session)
    try:
        choice = chosen(request.form, Visibility.PUBLIC, language())
        name = name_of(request.form, choice, twins, choice.selection.language)
        public_name = request.form.get("public_name", "").strip()
        publish(tracker.database, choice, public_name, name, actor(), now())
    except InvalidInput as fault:
        return _admin_page(faults=fault.problems), 422
    flash(gettext(language(), N_("“{name}” is public now."), name=name), "success")
    return redirect(url_for("public_calendar", name=public_name))


@allowed(Audience.EVERYBODY)
def public() -> ResponseReturnValue:
    """The one in the reader's language, else the first; the others are named beside it."""
    with this_tracker().database.reading() as session:
        rows = store.public_ones(session)
        spoken = {row.id: session.get_one(CalendarRow, row.calendar_id).language for row in rows}
    if not rows:
        abort(404)
    return _public_page(min(rows, key=lambda row: spoken[row.id] != language()), rows)


@allowed(Audience.EVERYBODY)
def public_calendar(name: str) -> ResponseReturnValue:
    with this_tracker().database.reading() as session:
        rows = store.public_ones(session)
    row = next((row for row in rows if row.public_name == name), None)
    if row is None:
        abort(404)
    return _public_page(row, rows)


def _public_page(row: store.SubscriptionRow, rows: list[store.SubscriptionRow]) -> str:
    first, last = today(), today() + AHEAD
    with this_tracker().database.reading() as session:
        twins = twin_store.current(session)
        choice = session.get_one(CalendarRow, row.calendar_id).choice.on(first)
        wanted = choice.selection
        if wanted.first is not None:
            first = max(first, wanted.first)
        if wanted.last is not None:
            last = min(last, wanted.last)
        asked = ActivityFilter(
            wanted.twins, wanted.kinds, wanted.statuses, (Visibility.PUBLIC.value,), first=first, last=last
        )
        coming = [found.to_activity() for found in activities.listed(session, asked)]
        known = [one for one in occasion_store.load_all(session) if _holds(choice, one)]
        customs = rule_store.customs(session)
    days = [one for one in remembered(known, twins, customs, first, last) if one.on is not None]
    rows_ = sorted(
        [(one.on, "occasion", one) for one in days if one.on]
        + [(max(a.earliest, first), a.kind.value, a) for a in coming if _is_dated(a) and a.earliest],
        key=lambda entry: entry[0],
    )
    return render_template(
        "subscriptions/public.html",
        row=row,
        others=[other for other in rows if other.id != row.id],
        coming=rows_[:_SHOWN],
        twins=twins,
        **address_of(row.public_name or "", row.name),
    )


def _holds(choice: CalendarChoice, occasion: Occasion) -> bool:
    wanted = choice.selection
    of_twins = not wanted.twins or not occasion.twins or not set(wanted.twins).isdisjoint(occasion.twins)
    return occasion.kind.value in wanted.occasions and of_twins


def _is_dated(activity: Activity) -> bool:
    """What has no day of its own stands in no calendar."""
    return not activity.running and (activity.timed or activity.start_date.exact_day is not None)


def _admin_page(*, faults: tuple[FieldProblem, ...] = ()) -> str:
    with this_tracker().database.reading() as session:
        twins = twin_store.current(session)
        public_rows = store.public_ones(session)
        secret = [row for row in store.open_ones(session) if row.public_name is None]
        owners = accounts.names_of(session, [row.user_id for row in secret if row.user_id is not None])
    return render_template(
        "admin/calendars.html",
        twins=twins,
        chosen=request.form.getlist("twins"),
        public_rows=public_rows,
        secret=secret,
        owners=owners,
        faults={problem.field: problem.message(language()) for problem in faults},
        **options(language()),
    )
