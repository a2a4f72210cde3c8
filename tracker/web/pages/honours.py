"""The register of honours and gifts: all with filters, one with its photographs, entered, changed, taken out."""

from collections.abc import Callable
from typing import Any

from flask import Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.actions import honours as actions
from tracker.bootstrap import Tracker
from tracker.domain.dates import HistoricDate
from tracker.domain.words import HONOURS
from tracker.errors import Conflict, InvalidInput, NotFound
from tracker.i18n import N_, gettext
from tracker.intake.honours import honour_of
from tracker.intake.registry import Honour
from tracker.store import twins as store
from tracker.store.twins import HonourRow
from tracker.web.auth import Audience, actor, allowed
from tracker.web.forms import Filled, Tree, submitted
from tracker.web.installation import now, this_tracker, today
from tracker.web.language import language


def register(app: Flask, tracker: Tracker) -> None:  # noqa: ARG001 -- all nouns register alike
    app.add_url_rule("/honours", "honours", honours)
    app.add_url_rule("/honours/new", "new_honour", new_honour, methods=["GET", "POST"])
    app.add_url_rule("/honours/<slug>", "honour", honour)
    app.add_url_rule("/honours/<slug>/edit", "edit_honour", edit_honour, methods=["GET", "POST"])


@allowed(Audience.READERS)
def honours() -> str:
    given = {name: request.args.get(name, "") for name in ("twin", "kind", "direction")}
    with this_tracker().database.reading() as session:
        rows, twins = store.honours(session), store.current(session)
    found = [row for row in rows if all(not value or getattr(row, name) == value for name, value in given.items())]
    kinds = sorted({row.kind for row in rows})
    return render_template(
        "honours/list.html", section="twins", found=sorted(found, key=_by_date), twins=twins, kinds=kinds, given=given
    )


@allowed(Audience.READERS)
def honour(slug: str) -> str:
    with this_tracker().database.reading() as session:
        row, twins = _row(session, slug), store.current(session)
    return render_template("honours/show.html", section="twins", honour=row, twins=twins)


@allowed(Audience.EDITORS)
def new_honour() -> ResponseReturnValue:
    if request.method == "GET":
        return _page(Filled({"twin": request.args.get("twin", "")}), 0, None)

    def save(made: Honour, _version: int) -> str:
        return actions.add_honour(this_tracker().database, made, actor(), now())

    return _save(save, None)


@allowed(Audience.EDITORS)
def edit_honour(slug: str) -> ResponseReturnValue:
    database = this_tracker().database
    with database.reading() as session:
        row = _row(session, slug)
    if request.method == "GET":
        return _page(Filled(_typed(row)), row.version, row)
    if request.form.get("do") == "remove":
        actions.remove_honour(database, slug, request.form.get("version", type=int, default=0), actor(), now())
        flash(gettext(language(), N_("Taken out. Calendars and reminders follow within a minute.")), "success")
        return redirect(url_for("honours"), 303)

    def save(made: Honour, version: int) -> str:
        actions.revise_honour(database, made, version, actor(), now())
        return slug

    return _save(save, row)


def _save(save: Callable[[Honour, int], str], row: HonourRow | None) -> ResponseReturnValue:
    filled, seen = submitted(request.form), request.form.get("version", type=int, default=0)
    try:
        known = _value(row) if row else None
        slug = save(honour_of(filled.tree, known.slug if known else None, known, language(), today()), seen)
    except InvalidInput as fault:
        filled.faults = {problem.field: problem for problem in fault.problems}
        return _page(filled, seen, row), 422
    except Conflict as fault:
        # What they typed stays in the form: with the new version beside it, they decide once more.
        flash(fault.message(language()), "error")
        return _page(filled, row.version if row else 0, row), 409
    flash(gettext(language(), N_("Saved.")), "success")
    return redirect(url_for("honour", slug=slug), 303)


def _typed(row: HonourRow) -> Tree:
    tree: Tree = _value(row).model_dump(mode="json")
    tree["date"] = HistoricDate.parse(row.date).display(language()) if row.date else ""
    tree["source"] = (row.sources[0].get("url") or row.sources[0].get("text", "")) if row.sources else ""
    if row.kind not in HONOURS:
        tree["kind"], tree["kind_other"] = "", row.kind
    return tree


def _value(row: HonourRow) -> Honour:
    stored: dict[str, Any] = {name: getattr(row, name) for name in Honour.model_fields}
    return Honour.model_validate(stored)


def _row(session: Any, slug: str) -> HonourRow:
    row: HonourRow | None = session.get(HonourRow, slug)
    if row is None:
        raise NotFound(N_("There is no such honour or gift."))
    return row


def _by_date(row: HonourRow) -> tuple[bool, str]:
    """The newest first, those without a date behind them."""
    return row.date is None, "".join(chr(0x10FFFF - ord(letter)) for letter in row.date or "")


def _page(filled: Filled, version: int, row: HonourRow | None) -> str:
    with this_tracker().database.reading() as session:
        twins = store.current(session)
    return render_template("honours/form.html", section="twins", filled=filled, version=version, known=row, twins=twins)
