"""Accounts, for administrators: who has one, and adding somebody by a one-time link."""

from flask import Flask, render_template, request
from flask.typing import ResponseReturnValue

from tracker.actions.users import NewUser, add_user, one_time_link
from tracker.bootstrap import Tracker, secret_key
from tracker.domain.access import Role
from tracker.errors import InvalidInput
from tracker.store import accounts
from tracker.web.auth import Audience, actor, allowed
from tracker.web.installation import now, this_tracker
from tracker.web.language import language, zone


def register(app: Flask, tracker: Tracker) -> None:  # noqa: ARG001 -- all nouns register alike
    app.add_url_rule("/admin/users", "users", users, methods=["GET", "POST"])


@allowed(Audience.ADMINISTRATORS)
def users() -> ResponseReturnValue:
    faults: dict[str, str] = {}
    link = email = None
    if request.method == "POST":
        new = NewUser(
            email=request.form.get("email", ""),
            role=request.form.get("role", ""),
            name=request.form.get("name", ""),
            language=request.form.get("language", ""),
            timezone=zone().key,
        )
        tracker = this_tracker()
        try:
            made = add_user(tracker.database, new, actor().name, now())
            link, email = one_time_link(made, tracker.settings.base_url, secret_key(tracker.settings)), made.email
        except InvalidInput as fault:
            faults = {problem.field: problem.message(language()) for problem in fault.problems}
    with this_tracker().database.reading() as session:
        known = accounts.users(session)
    page = render_template("admin/users.html", users=known, faults=faults, link=link, email=email, roles=tuple(Role))
    return page, 422 if faults else 200
