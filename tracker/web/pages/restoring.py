"""Bringing back an earlier version of a city, a rule or the house: by the action that changes it, with its checks."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Flask, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from tracker.actions.organisation import revise_organisation
from tracker.actions.rules import revise_rule
from tracker.actions.twins import revise_twin
from tracker.bootstrap import Tracker
from tracker.domain.history import documents
from tracker.domain.organisation import Organisation
from tracker.domain.twins import Twin
from tracker.errors import Conflict, InvalidInput, NotFound
from tracker.i18n import N_, gettext
from tracker.intake.json import checked
from tracker.store import event_log
from tracker.store.rules import RuleRow
from tracker.web.auth import Audience, actor, admits, allowed
from tracker.web.installation import now, this_tracker
from tracker.web.language import language

Document = Mapping[str, Any]


def register(app: Flask, tracker: Tracker) -> None:  # noqa: ARG001 -- all nouns register alike
    app.add_url_rule("/history/<path:about>/restore", "restore_thing", restore_thing, methods=["POST"])
    app.jinja_env.globals["can_be_restored"] = lambda about: may_restore(about.partition(":")[0])


def may_restore(noun: str) -> bool:
    return noun in _BACK and admits(_BACK[noun][0])


@allowed(Audience.EDITORS)
def restore_thing(about: str) -> ResponseReturnValue:
    noun, _, key = about.partition(":")
    position = request.form.get("position", type=int, default=0)
    with this_tracker().database.reading() as session:
        made = documents(event_log.history(session, about))
    if not may_restore(noun) or position not in made:
        raise NotFound(N_("Nothing has happened to “{about}”, or it is not for you to see."), about=about)
    if request.form.get("newest", type=int) != list(made)[-1]:
        raise Conflict(N_("Somebody else changed this meanwhile. Please look at the new version first."))
    try:
        _BACK[noun][1](key, {name: value for name, value in made[position].items() if name != "version"})
    except InvalidInput as fault:
        flash(fault.message(language()), "error")
    else:
        flash(
            gettext(language(), N_("It is again as it was then. What stood there since stays in the history.")),
            "success",
        )
    return redirect(url_for("history_of", about=about))


def _twin(_key: str, document: Document) -> None:
    revise_twin(this_tracker().database, checked(Twin, document), None, actor(), now())


def _rule(key: str, document: Document) -> None:
    with this_tracker().database.reading() as session:
        row = session.get(RuleRow, key)
        version = row.version if row else 0
    revise_rule(this_tracker().database, key, document, version, actor(), now())


def _organisation(_key: str, document: Document) -> None:
    revise_organisation(this_tracker().database, Organisation(**document), None, actor(), now())


_BACK: Mapping[str, tuple[Audience, Callable[[str, Document], None]]] = {
    "twin": (Audience.EDITORS, _twin),
    "rule": (Audience.ADMINISTRATORS, _rule),
    "organisation": (Audience.ADMINISTRATORS, _organisation),
}
"""Who may bring a thing back, and how: those who may change it by hand."""
