"""People, for administrators: who may come in, what each may do and where, invitations; and forgetting somebody.

An invitation leaves at once and without a delivery row, as every mail with a secret link does. The page shows the link
too: where no mail arrives, an administrator hands it over.
"""

import json
from collections.abc import Callable, Mapping
from email.message import EmailMessage
from typing import Any

from flask import Flask, Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.actions import grants as actions
from tracker.actions.erasing import erase, known_of
from tracker.actions.second_factors import forget_ways_in
from tracker.actions.users import GivenGrant, NewUser, add_user, one_time_link
from tracker.bootstrap import Tracker, secret_key
from tracker.domain.access import Role
from tracker.errors import GatewayError, InvalidInput, NotFound
from tracker.gateways.mail import Outgoing
from tracker.i18n import N_, gettext
from tracker.outputs.invitation import invitation, new_start
from tracker.store import accounts, logins, organisation, personal
from tracker.store import twins as twin_store
from tracker.web.auth import Audience, account, actor, allowed
from tracker.web.installation import now, this_tracker
from tracker.web.language import language, zone

EVERYBODY, OUR_OWN = "*", "-"
"""Whose records a role is for, where no organisation is named: as the form says it."""
_MOST = 20
"""Grants of one person that a form can hold."""


def register(app: Flask, tracker: Tracker) -> None:  # noqa: ARG001 -- all nouns register alike
    app.add_url_rule("/admin/users", "users", users, methods=["GET", "POST"])
    app.add_url_rule("/admin/users/<int:user_id>", "user", user, methods=["GET", "POST"])
    app.add_url_rule("/admin/users/<int:user_id>/export", "user_export", user_export)
    app.add_url_rule("/admin/users/<int:user_id>/erase", "erase_user", erase_user, methods=["GET", "POST"])
    app.add_url_rule("/admin/users/<int:user_id>/reset", "reset_user", reset_user, methods=["GET", "POST"])
    app.add_url_rule("/account/export", "own_export", own_export)


@allowed(Audience.ADMINISTRATORS)
def users() -> ResponseReturnValue:
    faults: dict[str, str] = {}
    invited: dict[str, Any] = {}
    if request.method == "POST":
        given = _given("")
        new = NewUser(
            email=request.form.get("email", ""),
            role=given.role,
            name=request.form.get("name", ""),
            language=request.form.get("language", ""),
            timezone=zone().key,
            twins=given.twins,
            organisation=given.organisation,
        )
        try:
            made = add_user(this_tracker().database, new, actor().name, now())
            invited = _invite(made.id)
        except InvalidInput as fault:
            faults = {problem.field: problem.message(language()) for problem in fault.problems}
    with this_tracker().database.reading() as session:
        known = accounts.users(session)
        seen = {id_: at.astimezone(zone()).date() for id_, at in logins.last_used(session).items()}
        shown = _choices(session)
    page = render_template("admin/users.html", users=known, seen=seen, faults=faults, invited=invited, **shown)
    return page, 422 if faults else 200


@allowed(Audience.ADMINISTRATORS)
def user(user_id: int) -> ResponseReturnValue:
    if request.method == "GET":
        return _page(user_id)
    try:
        answer = _do(user_id, request.form.get("do", ""))
    except InvalidInput as fault:
        return _page(user_id, {problem.field: problem.message(language()) for problem in fault.problems}), 422
    return answer if answer is not None else redirect(url_for("user", user_id=user_id))


@allowed(Audience.ADMINISTRATORS)
def user_export(user_id: int) -> Response:
    return _export(user_id)


@allowed(Audience.READERS)
def own_export() -> Response:
    """What the house knows of whoever asks."""
    me = account()
    if me is None:
        raise NotFound(N_("There is no such account."))
    return _export(me.id, whole=False)


@allowed(Audience.ADMINISTRATORS)
def erase_user(user_id: int) -> ResponseReturnValue:
    """Says what will happen; it happens when the address is typed."""
    faults: dict[str, str] = {}
    if request.method == "POST":
        try:
            erase(this_tracker().database, user_id, request.form.get("confirmed", ""), actor().name, now())
        except InvalidInput as fault:
            faults = {problem.field: problem.message(language()) for problem in fault.problems}
        else:
            flash(gettext(language(), N_("Forgotten. What they did stays, as nobody’s.")), "success")
            return redirect(url_for("users"))
    with this_tracker().database.reading() as session:
        row = _row(session, user_id)
        counts = personal.counted_about(session, row)
    page = render_template("admin/erase.html", section="users", user=row, counts=counts, faults=faults)
    return page, 422 if faults else 200


@allowed(Audience.ADMINISTRATORS)
def reset_user(user_id: int) -> ResponseReturnValue:
    """For somebody who has lost telephone and codes: says what goes, and a second press lets them begin anew."""
    with this_tracker().database.reading() as session:
        row = _row(session, user_id)
    if not row.active:
        raise NotFound(N_("The account is closed."))
    faults: dict[str, str] = {}
    if request.method == "POST":
        tracker = this_tracker()
        try:
            known = forget_ways_in(tracker.database, row.email, actor(), now(), tracker.letterhead)
        except InvalidInput as fault:
            faults = {problem.field: problem.message(language()) for problem in fault.problems}
        else:
            return _page(user_id, invited=_send(known, new_start) | {"anew": True})
    page = render_template("admin/reset.html", section="users", user=row, mine=_mine(row), faults=faults)
    return page, 422 if faults else 200


def _do(user_id: int, wish: str) -> ResponseReturnValue | None:
    """Carry out what a button asks for; None where the page is simply shown again."""
    database, me = this_tracker().database, actor().name
    match wish:
        case "grants":
            numbers = [f"{at}." for at in range(_MOST) if request.form.get(f"{at}.role")]
            actions.change_grants(database, user_id, [_given(at) for at in numbers], me, now())
            said = N_("Saved.")
        case "invite":
            return _page(user_id, invited=_invite(user_id))
        case "close":
            actions.close_account(database, user_id, me, now())
            said = N_("Closed. They cannot log in any more, and their calendars are no longer answered.")
        case "reopen":
            actions.reopen_account(database, user_id, me, now())
            said = N_("The account is open again.")
        case _:
            raise InvalidInput.one("do", wish, N_("Please choose one of the buttons."))
    flash(gettext(language(), said), "success")
    return None


def _invite(user_id: int) -> dict[str, Any]:
    return _send(actions.invite(this_tracker().database, user_id, actor().name, now()), invitation)


def _send(made: accounts.UserRow, write: Callable[..., EmailMessage]) -> dict[str, Any]:
    """Send the link, and say whether it has left."""
    tracker = this_tracker()
    link = one_time_link(made, tracker.settings.base_url, secret_key(tracker.settings))
    with tracker.database.reading() as session:
        letterhead = tracker.letterhead.of_house(organisation.current(session))
    try:
        mail = write(letterhead, made.email, made.name, link, made.language, now())
        current_app.extensions.get("tracker_mail", tracker.mail).send(Outgoing.of(mail))
        sent = True
    except GatewayError:  # the page says so, and shows the link
        sent = False
    return {"link": link, "email": made.email, "sent": sent}


def _given(at: str) -> GivenGrant:
    whose = request.form.get(f"{at}organisation", EVERYBODY)
    return GivenGrant(
        request.form.get(f"{at}role", ""),
        tuple(request.form.getlist(f"{at}twins")),
        {EVERYBODY: None, OUR_OWN: ""}.get(whose, whose),
    )


def _choices(session: Any) -> dict[str, Any]:
    """What a grant is chosen from."""
    return {
        "roles": tuple(Role),
        "twins": twin_store.current(session),
        "organisations": organisation.others(session),
        "everybody": EVERYBODY,
        "our_own": OUR_OWN,
    }


def _row(session: Any, user_id: int) -> accounts.UserRow:
    row: accounts.UserRow | None = session.get(accounts.UserRow, user_id)
    if row is None or row.erased_at is not None:
        raise NotFound(N_("There is no such account."))
    return row


def _mine(row: accounts.UserRow) -> bool:
    """Whether this is the account of whoever asks."""
    me = account()
    return me is not None and me.id == row.id


def _page(user_id: int, faults: Mapping[str, str] | None = None, invited: Mapping[str, Any] | None = None) -> str:
    with this_tracker().database.reading() as session:
        row = _row(session, user_id)
        shown = _choices(session)
    return render_template(
        "admin/user.html",
        section="users",
        user=row,
        mine=_mine(row),
        faults=faults or {},
        invited=invited or {},
        **shown,
    )


def _export(user_id: int, *, whole: bool = True) -> Response:
    document = known_of(this_tracker().database, user_id, now(), whole=whole)
    response = Response(json.dumps(document, ensure_ascii=False, indent=1), mimetype="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="person-{user_id}.json"'
    response.headers["Cache-Control"] = "no-store"
    return response
