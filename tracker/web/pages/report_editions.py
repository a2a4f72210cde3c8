"""Editions as pages: as they were frozen, what has happened since, and two held against each other.

Nothing here can change one. Whoever may not see the most confidential thing an edition holds does not find it.
"""

from typing import Any

from flask import Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.actions import editions as actions
from tracker.actions.edition_changes import behind, changed_since, compared
from tracker.actions.reports import Asked, document_of
from tracker.bootstrap import Tracker
from tracker.domain.access import visible_to
from tracker.domain.editions import Frozen
from tracker.errors import NotFound
from tracker.i18n import LANGUAGES, N_, gettext
from tracker.outputs.report_html import report_body
from tracker.store import accounts
from tracker.store import editions as store
from tracker.store import twins as twin_store
from tracker.web.auth import Audience, actor, allowed, rights
from tracker.web.installation import now, this_tracker
from tracker.web.language import language
from tracker.web.report_choice import choice

_OTHERS = {
    "cli": N_("Somebody at the command line"),
    "reports": N_("The tracker itself"),
    "system": N_("The tracker itself"),
}


def register(app: Flask, tracker: Tracker) -> None:  # noqa: ARG001 -- all nouns register alike
    app.add_url_rule("/reports/<period>/editions", "freeze_edition", freeze_edition, methods=["POST"])
    app.add_url_rule("/reports/editions/<int:edition_id>", "edition", edition)
    app.add_url_rule("/reports/editions/<int:edition_id>/behind", "behind_frozen", behind_frozen)
    app.add_url_rule("/reports/editions/<int:edition_id>/compare", "compare_editions", compare_editions)


@allowed(Audience.EDITORS)
def freeze_edition(period: str) -> ResponseReturnValue:
    shown = choice(period)
    row = actions.freeze(this_tracker().database, Asked(shown.order(), shown.visibilities, actor().name, now()))
    flash(gettext(language(), N_("Edition {name} is frozen. It will stay as it is."), name=row.name), "success")
    return redirect(url_for("edition", edition_id=row.id), 303)


@allowed(Audience.READERS)
def edition(edition_id: int) -> str:
    database = this_tracker().database
    row = actions.edition(database, edition_id, rights())
    frozen, shown = row.to_frozen(), _language("in") or row.languages[0]
    beside = _language("beside") if "in" in request.args else next(iter(row.languages[1:]), "")
    tags = tuple(dict.fromkeys(tag for tag in (shown, beside) if tag))
    document = document_of(database, frozen, tags, row.sha256)
    with database.reading() as session:
        levels = actions.seen_levels(rights())
        others = [one for one in store.editions(session, levels, row.period) if _is_like(one, row)]
        documents = [one for one in store.documents(session, levels, row.period) if one.edition_id == row.id]
        twins = twin_store.current(session)
        names = _readers(frozen)
        who = _who(session, row.made_by)
    return render_template(
        "reports/edition.html",
        section="reports",
        edition=row,
        frozen=frozen,
        document=document,
        body=report_body(document, behind=lambda key: url_for("behind_frozen", edition_id=row.id, key=key)),
        languages_shown=tags,
        others=[one for one in others if one.id != row.id],
        documents=documents,
        names=names,
        twins=twins,
        who=who,
        since=changed_since(database, row, now(), language()),
    )


@allowed(Audience.READERS)
def behind_frozen(edition_id: int) -> str:
    """The activities behind a figure as they were called then."""
    row = actions.edition(this_tracker().database, edition_id, rights())
    found = behind(this_tracker().database, row.to_frozen(), request.args.get("key", ""), visible_to(rights()))
    return render_template("reports/behind_frozen.html", section="reports", edition=row, found=found)


@allowed(Audience.READERS)
def compare_editions(edition_id: int) -> str:
    database = this_tracker().database
    other = request.args.get("with", type=int)
    if other is None:
        raise NotFound(N_("There is no such edition."))
    pair = sorted((actions.edition(database, each, rights()) for each in (edition_id, other)), key=lambda row: row.id)
    with database.reading() as session:
        twins = twin_store.current(session)
    return render_template(
        "reports/compare.html",
        section="reports",
        before=pair[0],
        after=pair[1],
        compared=compared(database, pair[0], pair[1], language()),
        twins=twins,
    )


def _is_like(one: store.EditionRow, row: store.EditionRow) -> bool:
    return (one.reader, one.twin) == (row.reader, row.twin)


def _readers(frozen: Frozen) -> dict[str, str]:
    return {frozen.reader.slug: frozen.reader.name(language())}


def _who(session: Any, actor_name: str) -> str:
    number = actor_name.partition(":")[2]
    if not number.isdigit():
        return gettext(language(), _OTHERS.get(actor_name, actor_name))
    names = accounts.names_of(session, [int(number)])
    return names.get(int(number)) or gettext(language(), N_("Somebody whose account is gone"))


def _language(name: str) -> str:
    given = request.args.get(name, "")
    return given if given in LANGUAGES else ""
