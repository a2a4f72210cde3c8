"""Reports as pages: the years there are, the report itself, and what stands behind a figure."""

from collections.abc import Callable

from flask import Flask, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.actions.editions import seen_levels
from tracker.actions.reports import document_of, draft, scope_of
from tracker.bootstrap import Tracker
from tracker.domain.dates import HistoricDate
from tracker.domain.editions import Form
from tracker.domain.periods import Period
from tracker.domain.report_composition import FOREWORD, SECTIONS
from tracker.domain.report_places import Place
from tracker.errors import InvalidInput
from tracker.i18n import N_, gettext
from tracker.intake.json import checked
from tracker.outputs.report_html import report_body, style
from tracker.store import activities, editions
from tracker.store import figures as figure_store
from tracker.store import twins as twin_store
from tracker.web.auth import Audience, allowed, may_write, rights, visibilities
from tracker.web.installation import this_tracker, today
from tracker.web.language import language
from tracker.web.report_choice import Choice, choice

FORMS = {
    Form.PDF: N_("PDF, to print and to send"),
    Form.DOCX: N_("Word, to edit further"),
    Form.XLSX: N_("Excel, a sheet for each table"),
    Form.HTML: N_("Page, as one file"),
    Form.CSV: N_("CSV, all tables"),
    Form.JSON: N_("JSON, for programs"),
    Form.IATI: N_("IATI 2.03, aid (XML)"),
    Form.HXL: N_("HXL, aid (CSV)"),
}


def register(app: Flask, tracker: Tracker) -> None:  # noqa: ARG001 -- all nouns register alike
    app.add_url_rule("/reports", "reports", reports)
    app.add_url_rule("/static/report.css", "report_style", report_style)
    app.add_url_rule("/reports/<period>", "report", report)
    app.add_url_rule("/reports/<period>/behind", "behind_figure", behind_figure)
    app.jinja_env.filters |= {
        "period_in_words": period_in_words,
        "section_name": section_name,
        "format_year": lambda year: str(Period.of_year(year)),
        "reader_names": lambda readers: {one.slug: one.name(language()) for one in readers},
    }
    app.jinja_env.globals |= {"report_forms": FORMS}


def period_in_words(period: Period | str) -> str:
    """ "2018", "July 2018 to June 2019"."""
    return HistoricDate.parse(str(period).replace("..", "/")).display(language())


def section_name(name: str) -> str:
    """A section's heading; the foreword's for what stands in none."""
    known = {section.value: heading for section, (heading, _) in SECTIONS.items()}
    return gettext(language(), known.get(name, N_("Foreword")))


@allowed(Audience.READERS)
def reports() -> ResponseReturnValue:
    """The years of which something is known, the newest first; any other period is typed."""
    typed = request.args.get("period", "").strip()
    fault = ""
    if typed:
        try:
            place = checked(Place, {"period": typed})
        except InvalidInput as refused:
            fault = " ".join(problem.message(language()) for problem in refused.problems)
        else:
            return redirect(url_for("report", period=place.period))
    with this_tracker().database.reading() as session:
        counts = editions.counted_by_year(session, visibilities())
        frozen = editions.editions(session, seen_levels(rights()))
        twins = twin_store.current(session)
    last = today().year
    years = sorted({*(year for year in counts if year <= last), last - 1, last}, reverse=True)
    by_period: dict[str, list[editions.EditionRow]] = {}
    for row in frozen:
        by_period.setdefault(row.period, []).append(row)
    others = [period for period in by_period if Period.parse(period).year is None]
    page = render_template(
        "reports/list.html",
        years=years,
        counts=counts,
        editions=by_period,
        others=others,
        twins=twins,
        to_close=last - 1,
        typed=typed,
        fault=fault,
    )
    return (page, 422) if fault else page


@allowed(Audience.READERS)
def report(period: str) -> ResponseReturnValue:
    shown = choice(period)
    if str(shown.period) != period:
        return redirect(shown.address("report"))
    database = this_tracker().database
    frozen = draft(database, shown.asked())
    document = document_of(database, frozen, shown.languages)
    with database.reading() as session:
        mine = editions.editions(session, seen_levels(rights()), str(shown.period))
        kept = editions.documents(session, seen_levels(rights()), str(shown.period), limit=10)
    body = report_body(
        document,
        behind=lambda key: shown.address("behind_figure", key=key),
        activity=lambda id_: url_for("activity", activity_id=id_),
        edit=_edit(shown) if may_write() else None,
    )
    return render_template(
        "reports/show.html",
        section="reports",
        choice=shown,
        document=document,
        body=body,
        editions=mine,
        documents=kept,
        unconfirmed=sum(1 for line in frozen.figures.lines if line.status in ("planned", "confirmed")),
        same_as=_same_kind(mine, shown),
    )


@allowed(Audience.READERS)
def behind_figure(period: str) -> ResponseReturnValue:
    """The activities that a figure is made of, as they are now."""
    shown, key = choice(period), request.args.get("key", "")
    scope = scope_of(shown.reader, shown.period, shown.twin or None, shown.visibilities)
    with this_tracker().database.reading() as session:
        ids = figure_store.behind(session, scope, key)
        rows = [row.to_activity() for row in activities.by_ids(session, ids)]
        twins = twin_store.current(session)
    found = sorted(rows, key=lambda one: (one.start_date.sort_key, one.id))
    return render_template("reports/behind.html", section="reports", choice=shown, activities=found, twins=twins)


@allowed(Audience.EVERYBODY)
def report_style() -> Response:
    response = Response(style(), mimetype="text/css")
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response


def _edit(shown: Choice) -> Callable[[str], str]:
    """Makes the address at which a section's text is written."""
    return lambda section: shown.address("report_text", section="" if section == FOREWORD else section)


def _same_kind(rows: list[editions.EditionRow], shown: Choice) -> list[editions.EditionRow]:
    """The editions of the very report that is shown."""
    return [row for row in rows if (row.reader, row.twin) == (shown.reader.slug, shown.twin)]
