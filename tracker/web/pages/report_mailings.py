"""Reports that go out by mail once a year: the list with what became of each, and the form of one."""

import datetime as dt
import re
from typing import Any
from uuid import UUID

from babel.dates import format_date, format_skeleton
from flask import Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.actions import report_mailings as actions
from tracker.actions.report_mailings import Mailing
from tracker.actions.reports import known_readers
from tracker.bootstrap import Tracker
from tracker.domain.editions import Form
from tracker.errors import Conflict, InvalidInput, NotFound
from tracker.i18n import LANGUAGES, N_, gettext
from tracker.store import report_jobs as store
from tracker.store import twins as twin_store
from tracker.web.auth import Audience, actor, allowed
from tracker.web.installation import now, this_tracker
from tracker.web.language import language, locale

_USUAL = {"month": 1, "day": 15, "form": Form.PDF.value, "edition": True, "enabled": True, "addresses": [], "twin": ""}


def register(app: Flask, tracker: Tracker) -> None:  # noqa: ARG001 -- all nouns register alike
    app.jinja_env.filters |= {
        "day_of_year": lambda row: str(format_skeleton("MMMMd", dt.date(2024, row.month, row.day), locale=locale())),
        "month_name": lambda number: format_date(dt.date(2024, number, 1), "LLLL", locale=locale()),
    }
    app.add_url_rule("/admin/mailings", "report_mailings", report_mailings)
    app.add_url_rule("/admin/mailings/new", "new_mailing", new_mailing, methods=["GET", "POST"])
    app.add_url_rule("/admin/mailings/<uuid:mailing_id>", "report_mailing", report_mailing, methods=["GET", "POST"])


@allowed(Audience.ADMINISTRATORS)
def report_mailings() -> str:
    with this_tracker().database.reading() as session:
        rows = store.mailings(session)
        last = store.last_jobs(session, [row.id for row in rows])
        twins = twin_store.current(session)
    names = {one.slug: one.name(language()) for one in known_readers(this_tracker().database)}
    return render_template(
        "reports/mailings.html", section="report_readers", mailings=rows, last=last, names=names, twins=twins
    )


@allowed(Audience.ADMINISTRATORS)
def new_mailing() -> ResponseReturnValue:
    if request.method == "GET":
        return _form(None, {**_USUAL, "languages": [language()], "reader": request.args.get("for", "")}, 0)
    return _sent(None)


@allowed(Audience.ADMINISTRATORS)
def report_mailing(mailing_id: UUID) -> ResponseReturnValue:
    with this_tracker().database.reading() as session:
        row = session.get(store.MailingRow, mailing_id)
    if row is None:
        raise NotFound(N_("There is no such mailing."))
    if request.method == "GET":
        shown = {name: getattr(row, name) for name in (*_USUAL, "languages", "reader")}
        return _form(row, shown, row.version)
    if "_remove" in request.form:
        actions.remove_mailing(this_tracker().database, mailing_id, actor(), now())
        flash(gettext(language(), N_("The mailing is removed.")), "success")
        return redirect(url_for("report_mailings"), 303)
    return _sent(row)


def _sent(row: store.MailingRow | None) -> ResponseReturnValue:
    typed, version = _typed(), request.form.get("version", type=int, default=0)
    database = this_tracker().database
    try:
        wanted = Mailing(**{**typed, "form": Form(typed["form"]), "languages": tuple(typed["languages"])})
        if row is None:
            actions.add_mailing(database, wanted, actor(), now())
        else:
            actions.revise_mailing(database, row.id, wanted, version, actor(), now())
    except InvalidInput as fault:
        return _form(row, typed, version, {p.field: p.message(language()) for p in fault.problems}), 422
    except Conflict as fault:
        flash(fault.message(language()), "error")
        return _form(row, typed, fault.current or version), 409
    flash(gettext(language(), N_("Saved.")), "success")
    return redirect(url_for("report_mailings"), 303)


def _typed() -> dict[str, Any]:
    given = request.form
    tags = [tag for tag in (given.get("in", ""), given.get("beside", "")) if tag in LANGUAGES]
    form = given.get("form", "")
    return {
        "reader": given.get("reader", ""),
        "twin": given.get("twin", ""),
        "form": form if form in set(Form) else Form.PDF.value,
        "languages": list(dict.fromkeys(tags)),
        "month": given.get("month", type=int, default=0),
        "day": given.get("day", type=int, default=0),
        "addresses": tuple(part for part in re.split(r"[\s,;]+", given.get("addresses", "")) if part),
        "edition": "edition" in given,
        "enabled": "enabled" in given,
    }


def _form(
    row: store.MailingRow | None, shown: dict[str, Any], version: int, faults: dict[str, str] | None = None
) -> str:
    with this_tracker().database.reading() as session:
        twins = twin_store.current(session)
    return render_template(
        "reports/mailing.html",
        section="report_readers",
        mailing=row,
        shown=shown,
        version=version,
        faults=faults or {},
        readers=known_readers(this_tracker().database),
        twins=twins,
    )
