"""Closing a year, step by step: what is unconfirmed, uncounted, without source; then the words; then the edition.

Each step lists what is left of it, with what can be mended by one press. Nothing of how far one is, is kept.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Flask, abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from tracker.actions.activities import revise_activity
from tracker.bootstrap import Tracker
from tracker.domain.access import visible_to
from tracker.domain.activities import Activity, ActivityContent, Status
from tracker.domain.closing import HEADINGS, OF_ACTIVITIES, ONLY_TOLD, SAYS, Step, lacks_receipt
from tracker.domain.commands import ReviseActivity
from tracker.errors import InvalidInput
from tracker.i18n import N_, gettext
from tracker.intake.json import checked
from tracker.store import closing as store
from tracker.store import report_texts
from tracker.web.auth import Audience, actor, allowed, rights
from tracker.web.installation import now, this_tracker, today
from tracker.web.language import language
from tracker.web.pages.activities import visible_activity
from tracker.web.report_choice import Choice, choice

SHOWN = 100
"""A step shows so many at once; more come up as these are done."""
_MENDED = {Status.HELD, Status.CANCELLED}


@dataclass(frozen=True)
class Left:
    """A step and what is left of it."""

    step: Step
    many: int

    @property
    def is_done(self) -> bool:
        return self.many == 0 or self.step in ONLY_TOLD

    @property
    def heading(self) -> str:
        return gettext(language(), HEADINGS[self.step])


def register(app: Flask, tracker: Tracker) -> None:  # noqa: ARG001 -- all nouns register alike
    app.jinja_env.globals["closing_headings"] = HEADINGS
    app.add_url_rule("/reports/<period>/close", "close_year", close_year)
    app.add_url_rule("/reports/<period>/close/<step>", "close_step", close_step)
    app.add_url_rule("/reports/<period>/close/<step>", "mend", mend, methods=["POST"])


@allowed(Audience.EDITORS)
def close_year(period: str) -> ResponseReturnValue:
    """All steps with what is left of each, and where to go on."""
    shown = choice(period)
    lefts = [Left(step, len(_missing(shown, step))) for step in OF_ACTIVITIES]
    lefts.append(Left(Step.TEXTS, _unwritten(shown)))
    at = next((left.step for left in lefts if not left.is_done), Step.TEXTS)
    return render_template(
        "reports/closing.html",
        section="reports",
        choice=shown,
        lefts=lefts,
        at=at,
        running=shown.period.last >= today(),
    )


@allowed(Audience.EDITORS)
def close_step(period: str, step: str) -> ResponseReturnValue:
    return _page(choice(period), _step(step))


@allowed(Audience.EDITORS)
def mend(period: str, step: str) -> ResponseReturnValue:
    """Say of one activity that it took place, or that it was cancelled and why."""
    shown, at = choice(period), _step(step)
    identity, wanted = request.form.get("activity", type=UUID), request.form.get("status", "")
    if identity is None or wanted not in _MENDED:
        abort(400)
    activity, reason = visible_activity(identity), request.form.get("reason", "").strip()
    changed = {"status": Status(wanted), "reason": reason or activity.reason}
    try:
        if wanted == Status.CANCELLED and not reason:
            raise InvalidInput.one("reason", "", N_("Say why it is cancelled or postponed; the report tells it."))
        content = checked(ActivityContent, {**activity.content().model_dump(mode="json"), **changed})
        command = ReviseActivity(activity.id, content, request.form.get("version", type=int, default=0))
        revise_activity(this_tracker().database, command, actor(), now())
    except InvalidInput as fault:
        flash(" ".join(problem.message(language()) for problem in fault.problems), "error")
    else:
        said = N_("“{title}” took place.") if wanted == Status.HELD else N_("“{title}” is cancelled.")
        flash(gettext(language(), said, title=_title(activity)), "success")
    return redirect(shown.address("close_step", step=at.value), 303)


def _page(shown: Choice, step: Step) -> str:
    steps = list(Step)
    place = steps.index(step)
    missing = _missing(shown, step) if step in OF_ACTIVITIES else []
    given: dict[str, Any] = {
        "says": gettext(language(), SAYS[step]),
        "heading": gettext(language(), HEADINGS[step]),
        "before": steps[place - 1] if place else None,
        "after": steps[place + 1] if place + 1 < len(steps) else None,
        "place": place + 1,
        "many": len(steps),
    }
    return render_template(
        "reports/closing_step.html",
        section="reports",
        choice=shown,
        step=step,
        found=missing[:SHOWN],
        more=max(0, len(missing) - SHOWN),
        sections=_sections(shown) if step is Step.TEXTS else [],
        twins=shown.twins,
        **given,
    )


def _missing(shown: Choice, step: Step) -> list[Activity]:
    with this_tracker().database.reading() as session:
        rows = store.missing(
            session,
            step,
            shown.period,
            twin=shown.twin,
            seen=visible_to(rights()),
            languages=this_tracker().settings.languages,
            today=today(),
        )
        found = [row.to_activity() for row in rows]
    return [one for one in found if lacks_receipt(one)] if step is Step.SHIPMENTS else found


def _sections(shown: Choice) -> list[tuple[str, dict[str, bool]]]:
    """The sections of the report, and in which languages each has a text."""
    written = _written(shown)
    names = ["", *(one.name.value for one in shown.reader.sections if one.on)]
    return [(name, {tag: (name, tag) in written for tag in this_tracker().settings.languages}) for name in names]


def _unwritten(shown: Choice) -> int:
    """1 where not even a foreword is written in the report's languages."""
    written = _written(shown)
    return 0 if any(("", tag) in written for tag in shown.languages) else 1


def _written(shown: Choice) -> set[tuple[str, str]]:
    with this_tracker().database.reading() as session:
        rows = report_texts.texts(session, str(shown.period), shown.reader.slug, shown.twin)
    return {(row.section, row.language) for row in rows if row.markdown}


def _step(text: str) -> Step:
    if text not in set(Step):
        abort(404)
    return Step(text)


def _title(activity: Activity) -> str:
    return activity.title.get(language()) or next(iter(activity.title.values()))
