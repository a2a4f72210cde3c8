"""Writing a letter of greeting: the draft with last year's beside it, the DOCX, sending; and the house's templates."""

from flask import Flask, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.actions import letter_templates, letters
from tracker.actions.letters import Desk, Wording
from tracker.bootstrap import Tracker
from tracker.domain.greetings import PLACEHOLDERS, Standing, Template
from tracker.errors import FieldProblem, InvalidInput, NotFound
from tracker.i18n import N_, gettext
from tracker.outputs import greeting, greeting_docx
from tracker.outputs.greeting import Draft
from tracker.store import organisation
from tracker.store import tasks as store
from tracker.web.auth import Audience, account, actor, allowed
from tracker.web.installation import now, this_tracker, today
from tracker.web.language import language, zone
from tracker.web.pages.tasks import visible_task

_FIELDS = ("language", "addressee", "sender", "subject", "body", "recipient")

STANDINGS = {
    Standing.NORMAL: N_("To the mayor’s office"),
    Standing.RESTING: N_("To the association, because official contacts rest or have ended"),
}


def register(app: Flask, tracker: Tracker) -> None:  # noqa: ARG001 -- all nouns register alike
    app.add_url_rule("/tasks/<int:task_id>/letter", "letter", letter, methods=["GET", "POST"])
    app.add_url_rule("/tasks/<int:task_id>/letter.docx", "letter_file", letter_file)
    app.add_url_rule("/admin/letters", "letter_templates", templates)
    app.add_url_rule("/admin/letters/<tag>", "letter_template", template, methods=["GET", "POST"])


@allowed(Audience.EDITORS)
def letter(task_id: int) -> ResponseReturnValue:
    visible_task(task_id)
    desk = _desk(task_id, request.args.get("language", ""), anew="language" in request.args)
    if request.method == "GET":
        return _page(desk, desk.wording)
    wish, typed = request.form.get("do", ""), Wording(**{name: request.form.get(name, "") for name in _FIELDS})
    if wish == "former" and desk.former is not None:
        former = desk.former
        taken = Wording(former.language, typed.addressee, typed.sender, former.subject, former.body, typed.recipient)
        return _page(desk, taken, told=N_("Last time’s text stands here now, not saved yet. Mind the years and dates."))
    try:
        said = _do(desk, wish, typed)
    except InvalidInput as fault:
        return _page(desk, typed, faults=fault.problems), 422
    flash(gettext(language(), said), "success")
    return redirect(url_for("letter", task_id=task_id, twin=request.args.get("twin")))


@allowed(Audience.EDITORS)
def letter_file(task_id: int) -> Response:
    """The letter as it was kept last, or as it would begin."""
    visible_task(task_id)
    desk = _desk(task_id)
    kept, sent = desk.wording, desk.letter.sent_at if desk.letter else None
    draft = Draft(kept.language, kept.addressee, kept.sender, kept.subject, kept.body)
    with this_tracker().database.reading() as session:
        place = organisation.current(session).place
    paper = greeting_docx.write(draft, sent.astimezone(zone()).date() if sent else today(), place)
    name = f"letter-{desk.twin.slug}-{desk.task.year}.docx"
    answer = Response(paper, mimetype=greeting_docx.MEDIA_TYPE)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@allowed(Audience.ADMINISTRATORS)
def templates() -> str:
    with this_tracker().database.reading() as session:
        own = store.templates(session)
    changed = {tag for tag, _ in own}
    return render_template("letters/templates.html", tongues=greeting.tongues().values(), changed=changed)


@allowed(Audience.ADMINISTRATORS)
def template(tag: str) -> ResponseReturnValue:
    if tag not in greeting.tongues():
        raise NotFound(N_("There are no letters in this language."))
    if request.method == "GET":
        return _template_page(tag)
    standing = _standing(request.form.get("standing", ""))
    version = request.form.get("version", type=int, default=0)
    given = Template(request.form.get("subject", ""), request.form.get("body", ""), version)
    try:
        if request.form.get("do") == "forget":
            letter_templates.forget_template(this_tracker().database, tag, standing, version, actor(), now())
        else:
            letter_templates.save_template(this_tracker().database, tag, standing, given, actor(), now())
    except InvalidInput as fault:
        return _template_page(tag, {standing: given}, standing, fault.problems), 422
    flash(gettext(language(), N_("Saved.")), "success")
    return redirect(url_for("letter_template", tag=tag))


def _desk(task_id: int, tag: str = "", *, anew: bool = False) -> Desk:
    slug = request.args.get("twin", "")
    return letters.desk(this_tracker().database, task_id, slug, _me(), today(), tag, anew=anew)


def _do(desk: Desk, wish: str, typed: Wording) -> str:
    """Carry out what a button asks for; returns what to say about it."""
    tracker, version = this_tracker(), request.form.get("version", type=int, default=0)
    letter_of = (tracker.database, desk.task.id, desk.twin.slug, version, typed, _me(), now())
    match wish:
        case "save":
            letters.save(*letter_of)
            return N_("Saved.")
        case "mail":
            letters.send(*letter_of, tracker.letterhead)
            return N_("The letter leaves by mail now. It is logged, and the task is done.")
        case "posted":
            letters.send(*letter_of, None)
            return N_("Noted as posted. It is logged, and the task is done.")
        case _:
            raise InvalidInput.one("do", wish, N_("Please choose one of the buttons."))


def _page(desk: Desk, shown: Wording, *, told: str = "", faults: tuple[FieldProblem, ...] = ()) -> str:
    return render_template(
        "letters/write.html",
        section="tasks",
        desk=desk,
        shown=shown,
        told=told,
        resting=desk.standing is Standing.RESTING,
        version=desk.letter.version if desk.letter else 0,
        tongues=greeting.languages_for(desk.come),
        faults={problem.field: problem.message(language()) for problem in faults},
    )


def _template_page(
    tag: str,
    typed: dict[Standing, Template] | None = None,
    wrong: Standing | None = None,
    faults: tuple[FieldProblem, ...] = (),
) -> str:
    tongue = greeting.tongues()[tag]
    with this_tracker().database.reading() as session:
        own = {Standing(standing): row for (of, standing), row in store.templates(session).items() if of == tag}
    kept = {standing: Template(row.subject, row.body, row.version) for standing, row in own.items()}
    return render_template(
        "letters/template.html",
        section="letter_templates",
        tongue=tongue,
        standings=STANDINGS,
        own=set(own),
        shown={**tongue.templates, **kept, **(typed or {})},
        wrong=wrong,
        faults={problem.field: problem.message(language()) for problem in faults},
        placeholders=_PLACEHOLDER_WORDS,
    )


_PLACEHOLDER_WORDS = dict(
    zip(
        PLACEHOLDERS,
        (
            N_("Volgograd, in this language"),
            N_("the twin city, in this language"),
            N_("what comes round: “38th anniversary of …”"),
            N_("its day, as exactly as it is known"),
            N_("how many years: 38"),
            N_("the same as an ordinal: 38th"),
            N_("the day it happened"),
            N_("to whom it goes"),
            N_("the house in whose name it is written"),
            N_("who writes"),
        ),
        strict=True,
    )
)


def _standing(text: str) -> Standing:
    if text not in set(Standing):
        raise NotFound(N_("There are no letters in this language."))
    return Standing(text)


def _me() -> int:
    me = account()
    if me is None:
        raise NotFound(N_("There is no such account."))
    return me.id
