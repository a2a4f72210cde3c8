"""People in office and contact organisations of a city: entered, changed, taken out. The city's page shows them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.actions import partners as actions
from tracker.actions.partners import CONTACTS, OFFICES, Partner, Register
from tracker.bootstrap import Tracker
from tracker.domain.dates import HistoricDate
from tracker.domain.twins import HUB
from tracker.errors import Conflict, InvalidInput, NotFound
from tracker.i18n import N_, gettext
from tracker.intake.partners import contact_of, officeholder_of
from tracker.store import twins
from tracker.web.auth import Audience, actor, allowed
from tracker.web.forms import Filled, Tree, submitted
from tracker.web.installation import now, this_tracker, today
from tracker.web.language import language


@dataclass(frozen=True)
class Desk:
    """One of the registers as pages know it."""

    register: Register
    template: str
    read: Callable[[Tree, str], Partner]
    add: str
    change: str


_DESKS = {
    "offices": Desk(
        OFFICES,
        "twins/officeholder.html",
        lambda tree, twin: officeholder_of(tree, twin, language(), today()),
        N_("Add somebody in office"),
        N_("Somebody in office"),
    ),
    "contacts": Desk(
        CONTACTS,
        "twins/contact.html",
        contact_of,
        N_("Add an organisation to write to"),
        N_("Organisation to write to"),
    ),
}


def register(app: Flask, tracker: Tracker) -> None:  # noqa: ARG001 -- all nouns register alike
    for name in _DESKS:
        app.add_url_rule(
            f"/twins/<slug>/{name}/new", f"new_{name}", add, methods=["GET", "POST"], defaults={"name": name}
        )
        where = f"/twins/<slug>/{name}/<uuid:partner_id>"
        app.add_url_rule(where, f"edit_{name}", change, methods=["GET", "POST"], defaults={"name": name})


@allowed(Audience.EDITORS)
def add(slug: str, name: str) -> ResponseReturnValue:
    desk = _DESKS[name]
    _known_city(slug)
    if request.method == "GET":
        return _page(desk, slug, Filled({}), 0, None)

    def save(partner: Partner, _version: int) -> object:
        return actions.add_partner(this_tracker().database, partner, actor(), now())

    return _save(desk, slug, save, None)


@allowed(Audience.EDITORS)
def change(slug: str, name: str, partner_id: UUID) -> ResponseReturnValue:
    desk, database = _DESKS[name], this_tracker().database
    with database.reading() as session:
        row = session.get(desk.register.row, partner_id)
    if row is None or row.twin != slug:
        raise NotFound(N_("This is not in the register (any more)."))
    if request.method == "GET":
        return _page(desk, slug, Filled(_typed(row.to_value())), row.version, row)
    if request.form.get("do") == "remove":
        actions.remove_partner(
            database, desk.register, partner_id, request.form.get("version", type=int, default=0), actor(), now()
        )
        flash(gettext(language(), N_("Taken out.")), "success")
        return _back(slug)

    def save(partner: Partner, version: int) -> object:
        return actions.revise_partner(database, partner_id, partner, version, actor(), now())

    return _save(desk, slug, save, row)


def _save(desk: Desk, slug: str, save: Callable[[Partner, int], object], row: Any) -> ResponseReturnValue:
    filled, seen = submitted(request.form), request.form.get("version", type=int, default=0)
    try:
        save(desk.read(filled.tree, slug), seen)
    except InvalidInput as fault:
        filled.faults = {problem.field.partition(".")[0]: problem for problem in fault.problems}
        return _page(desk, slug, filled, seen, row), 422
    except Conflict as fault:
        # What they typed stays in the form: with the new version beside it, they decide once more.
        flash(fault.message(language()), "error")
        return _page(desk, slug, filled, row.version if row else 0, row), 409
    flash(gettext(language(), N_("Saved.")), "success")
    return _back(slug)


def _typed(value: Partner) -> Tree:
    tree: Tree = value.model_dump(mode="json")
    for field in ("start", "end"):
        if tree.get(field):
            tree[field] = HistoricDate.parse(tree[field]).display(language())
    if "languages" in tree:
        tree["languages"] = ", ".join(tree["languages"])
    return tree


def _known_city(slug: str) -> None:
    with this_tracker().database.reading() as session:
        if slug != HUB.slug and slug not in twins.current(session):
            raise NotFound(N_("There is no twin city “{slug}”."), slug=slug)


def _back(slug: str) -> ResponseReturnValue:
    """The hub has no page of its own: whoever keeps its people came from a twin's, or from the list."""
    return redirect(url_for("twins") if slug == HUB.slug else url_for("twin", slug=slug, _anchor="partners"), 303)


def _page(desk: Desk, slug: str, filled: Filled, version: int, row: Any) -> str:
    with this_tracker().database.reading() as session:
        city = HUB if slug == HUB.slug else twins.current(session)[slug]
    heading = gettext(language(), desk.change if row else desk.add)
    return render_template(
        desk.template, section="twins", city=city, filled=filled, version=version, known=row, heading=heading
    )
