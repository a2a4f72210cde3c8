"""The rules of reminding: the list with its switches, the form of one, and what one would have sent in a year.

Editors look, administrators change. A preview of what is being typed stands below the form, so that nothing is lost.
"""

import datetime as dt
from typing import Any

from flask import Flask, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.actions import rules as actions
from tracker.actions.rule_preview import Foretold, preview, typed_rule
from tracker.bootstrap import Tracker
from tracker.domain.access import Role, visible_to
from tracker.domain.reminder_wording import lead_in_words, name_of_rule, told_by
from tracker.domain.reminders import title
from tracker.domain.rule_changes import is_own
from tracker.domain.rule_checks import ANSWERED_FOR, OF_NO_TWIN
from tracker.domain.rules import PLACEHOLDERS, About, Audience, Rule, To
from tracker.errors import Conflict, InvalidInput, NotFound
from tracker.i18n import N_, gettext
from tracker.store import addresses, chats
from tracker.store import rules as store
from tracker.store import twins as twin_store
from tracker.store.addresses import MailAddressRow
from tracker.store.rules import RuleRow
from tracker.web import rule_wording as wording
from tracker.web.auth import Audience as Page
from tracker.web.auth import actor, admits, allowed, rights
from tracker.web.forms import Filled
from tracker.web.installation import now, this_tracker, today
from tracker.web.language import language
from tracker.web.rule_forms import (
    SIDES,
    SPANS,
    Document,
    blank,
    document_of,
    faults_by_input,
    shown_rule,
    submitted_rule,
)

NEW = "new"
SHOWN = 400
"""A preview shows so many; of what lies beyond it says how many."""


def register(app: Flask, tracker: Tracker) -> None:  # noqa: ARG001 -- all nouns register alike
    app.add_url_rule("/rules", "rules", rules)
    app.add_url_rule("/rules/new", "new_rule", new_rule, methods=["GET", "POST"])
    app.add_url_rule("/rules/<key>", "rule", rule)
    app.add_url_rule("/rules/<key>", "save_rule", save_rule, methods=["POST"])
    app.add_url_rule("/rules/<key>/switch", "switch_rule", switch_rule, methods=["POST"])
    app.add_url_rule("/rules/<key>/remove", "remove_rule", remove_rule, methods=["POST"])
    app.add_url_rule("/rules/<key>/preview", "preview_rule", preview_rule)
    app.jinja_env.filters |= {
        "rule_name": lambda one: name_of_rule(one, language()),
        "rule_leads": lambda one: wording.times(one, language()),
    }


@allowed(Page.EDITORS)
def rules() -> str:
    with this_tracker().database.reading() as session:
        known = store.rules(session)
    names = _chats()
    return render_template(
        "rules/list.html",
        groups=[(about, [one for one in known if one.about is about]) for about in wording.WHAT],
        what=wording.WHAT,
        to={one.key: _to(one, names) for one in known},
        may_change=admits(Page.ADMINISTRATORS),
    )


@allowed(Page.ADMINISTRATORS)
def new_rule() -> ResponseReturnValue:
    given = request.args.get("about", "")
    if given not in wording.OFFERED:
        return render_template("rules/kinds.html", section="rules", offered=wording.OFFERED)
    about = About(given)
    return _form(about, blank(about)) if request.method == "GET" else _sent(about)


@allowed(Page.EDITORS)
def rule(key: str) -> ResponseReturnValue:
    row = _row(key)
    if admits(Page.ADMINISTRATORS):
        return _form(About(row.about), shown_rule(row.to_rule()), row)
    with this_tracker().database.reading() as session:
        twins = twin_store.current(session)
    known, names = row.to_rule(), _chats()
    return render_template(
        "rules/show.html",
        section="rules",
        rule=known,
        what=wording.WHAT[known.about],
        kinds=dict(wording.kinds_of(known.about)),
        to=_to(known, names),
        twins=[twins[slug].name(language()) if slug in twins else slug for slug in known.choice.twins],
        silent=_silent(known),
    )


@allowed(Page.ADMINISTRATORS)
def save_rule(key: str) -> ResponseReturnValue:
    row = _row(key)
    return _sent(About(row.about), row)


@allowed(Page.ADMINISTRATORS)
def switch_rule(key: str) -> ResponseReturnValue:
    on = request.form.get("on") == "1"
    actions.switch_rule(this_tracker().database, key, on, actor(), now())
    said = N_("“{name}” is switched on.") if on else N_("“{name}” is switched off.")
    flash(gettext(language(), said, name=name_of_rule(_row(key).to_rule(), language())), "success")
    return redirect(url_for("rules", _anchor=key))


@allowed(Page.ADMINISTRATORS)
def remove_rule(key: str) -> ResponseReturnValue:
    name = name_of_rule(_row(key).to_rule(), language())
    actions.remove_rule(this_tracker().database, key, actor(), now())
    flash(gettext(language(), N_("“{name}” is removed."), name=name), "success")
    return redirect(url_for("rules"))


@allowed(Page.EDITORS)
def preview_rule(key: str) -> str:
    year = _year(request.args.get("year"))
    known = _row(key).to_rule()
    return render_template("rules/preview.html", section="rules", rule=known, **_foretold(known, year))


def _sent(about: About, row: RuleRow | None = None) -> ResponseReturnValue:
    """A form that was sent: for another row, for a preview, or to be saved."""
    filled = submitted_rule(request.form)
    version = request.form.get("version", type=int, default=0)
    if "_add" in request.form:
        return _form(about, filled, row, version=version)
    document = document_of(filled, about, row.key if row else NEW)
    database = this_tracker().database
    try:
        typed = _checked(document)
        if "_preview" in request.form:
            year = _year(request.form.get("_year"))
            return _form(about, filled, row, version=version, foretold=_foretold(typed, year))
        if row is None:
            actions.add_rule(database, document.values, actor(), now())
        else:
            actions.revise_rule(database, row.key, document.values, version, actor(), now())
    except InvalidInput as fault:
        filled.faults = faults_by_input(fault.problems, filled)
        return _form(about, filled, row, version=version), 422
    except Conflict as fault:
        # What they typed stays in the form: with the new version beside it, they decide once more.
        flash(fault.message(language()), "error")
        return _form(about, filled, row, version=fault.current), 409
    flash(gettext(language(), N_("Saved. What is planned follows within a minute.")), "success")
    return redirect(url_for("rules"))


def _checked(document: Document) -> Rule:
    """The rule of a form. Raises `InvalidInput` with every fault, those of its numbers first."""
    try:
        typed = typed_rule(this_tracker().database, document.values)
    except InvalidInput as found:
        raise InvalidInput([*document.faults, *found.problems]) from found
    if document.faults:
        raise InvalidInput(document.faults)
    return typed


def _form(
    about: About,
    filled: Filled,
    row: RuleRow | None = None,
    *,
    version: int | None = None,
    foretold: dict[str, Any] | None = None,
) -> str:
    with this_tracker().database.reading() as session:
        twins = twin_store.current(session)
    names = _chats()
    to = [Audience(To.FOLLOWERS), *([Audience(To.RESPONSIBLE)] if about in ANSWERED_FOR else [])]
    to += [Audience(To.ROLE, one.value) for one in Role]
    to += [Audience(To.CHAT, number) for number in names]
    return render_template(
        "rules/form.html",
        section="rules",
        about=about,
        what=wording.WHAT[about],
        rule=row.to_rule() if row else None,
        own=row is not None and is_own(row.key),
        silent=_silent(row.to_rule()) if row else [],
        version=row.version if row and version is None else version or 0,
        filled=filled,
        added=request.form.get("_add", ""),
        twins=twins,
        of_no_twin=about in OF_NO_TWIN,
        kinds=wording.kinds_of(about),
        to=[(f"{one.to.value}:{one.value}".rstrip(":"), _capital(told_by(one, language(), names))) for one in to],
        spans=SPANS,
        sides=SIDES,
        placeholders=[(name, wording.PLACEHOLDER_NAMES[name]) for name in PLACEHOLDERS],
        labels=wording.labels(filled.faults, language()),
        last_year=request.form.get("_year") or today().year - 1,
        foretold=foretold,
    )


def _foretold(known: Rule, year: int) -> dict[str, Any]:
    """What a preview shows: of everything the person asking may see."""
    found = preview(this_tracker().database, known, year, visible_to(rights()))
    with this_tracker().database.reading() as session:
        twins = twin_store.current(session)
    shown: dict[dt.date, dict[dt.date, list[tuple[Foretold, str, str]]]] = {}
    for one in found[:SHOWN]:
        called = title(one.due.matter, language(), twins), lead_in_words(str(one.due.lead), language())
        days = shown.setdefault(one.due.day.replace(day=1), {})
        days.setdefault(one.due.day, []).append((one, *called))
    return {"year": year, "months": shown, "many": len(found), "more": max(0, len(found) - SHOWN)}


def _year(text: str | None) -> int:
    """The year of a preview: the last one, unless another is asked for."""
    if not text:
        return today().year - 1
    if not (text.isascii() and text.isdecimal() and len(text) == 4 and 1900 <= int(text) <= 2100):
        abort(400)
    return int(text)


def _row(key: str) -> RuleRow:
    with this_tracker().database.reading() as session:
        row = session.get(RuleRow, key)
    if row is None:
        raise NotFound(N_("There is no rule “{key}”."), key=key)
    return row


def _chats() -> dict[str, str]:
    with this_tracker().database.reading() as session:
        return {str(chat.id): chat.name for chat in chats.chats(session)}


def _silent(one: Rule) -> list[MailAddressRow]:
    """The addresses of a rule that get nothing now."""
    with this_tracker().database.reading() as session:
        return [row for row in addresses.silent(session) if Audience(To.ADDRESS, row.address) in _bare(one)]


def _bare(one: Rule) -> set[Audience]:
    return {Audience(each.to, each.value) for each in one.audience}


def _to(one: Rule, names: dict[str, str]) -> str:
    return ", ".join(told_by(each, language(), names) for each in one.audience)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
