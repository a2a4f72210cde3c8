"""The first tour: a few steps on the start page of a new account. Each is a button that leads where it is done."""

from dataclasses import dataclass

from flask import Flask, redirect, request, url_for
from flask.typing import ResponseReturnValue

from tracker.actions.tour import take_step
from tracker.bootstrap import Tracker
from tracker.domain.tour import Step, is_over, steps_for
from tracker.i18n import N_, gettext
from tracker.web.auth import Audience, account, allowed, may_write, role
from tracker.web.installation import now, this_tracker
from tracker.web.language import language

_WORDS = {
    Step.HOUSE: (N_("Say whose house this is"), N_("Its name stands above letters, mails and reports.")),
    Step.FOLLOW: (
        N_("Choose your cities"),
        N_("Then reminders come for these alone, in your language and at your time of day."),
    ),
    Step.LOOK: (N_("Look at what is logged"), N_("Eighty years are there already. Find one, and open it.")),
    Step.SUBSCRIBE: (
        N_("Take it into your calendar"),
        N_("Anniversaries and visits then stand in the calendar you use anyway."),
    ),
    Step.INVITE: (N_("Invite colleagues"), N_("Each gets an account and sees what their role allows.")),
}
_LOG = (N_("Log something"), N_("One line is enough to begin with. You can change everything later."))
_WAYS = {
    Step.HOUSE: "organisation",
    Step.FOLLOW: "preferences",
    Step.LOOK: "activities",
    Step.SUBSCRIBE: "subscribe",
    Step.INVITE: "users",
}


@dataclass(frozen=True)
class Shown:
    number: int
    step: Step
    title: str
    why: str
    taken: bool


def register(app: Flask, tracker: Tracker) -> None:  # noqa: ARG001 -- all nouns register alike
    app.add_url_rule("/tour", "tour", tour, methods=["POST"])
    app.jinja_env.globals["tour_steps"] = tour_steps


@allowed(Audience.READERS)
def tour() -> ResponseReturnValue:
    me = account()
    wanted = request.form.get("step", type=int)
    step = next((step for step in steps_for(role()) if step == wanted), None)
    if me is not None:
        take_step(this_tracker().database, me.id, step, now())
    way = "home" if step is None else "new_activity" if step is Step.LOOK and may_write() else _WAYS[step]
    return redirect(url_for(way))


def tour_steps() -> list[Shown]:
    """What the start page shows; nothing once all is taken."""
    me = account()
    steps = steps_for(role())
    if me is None or is_over(me.tour, steps):
        return []
    words = {**_WORDS, Step.LOOK: _LOG} if may_write() else _WORDS
    return [
        Shown(
            number, step, gettext(language(), words[step][0]), gettext(language(), words[step][1]), bool(me.tour & step)
        )
        for number, step in enumerate(steps, start=1)
    ]
