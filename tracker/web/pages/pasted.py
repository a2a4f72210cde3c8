"""Several activities out of a pasted table: its columns are looked at, then it goes the way of an uploaded file."""

from uuid import UUID

from flask import Flask, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.actions.imports import ImportFile, keep_upload, upload
from tracker.bootstrap import Tracker
from tracker.domain.activities import Kind
from tracker.errors import InvalidInput
from tracker.i18n import N_, gettext
from tracker.intake.ical_activities import Options
from tracker.intake.names import Cities
from tracker.intake.pasted import CHOICES, NEEDED, Pasted, Usual, as_sheet, read_pasted
from tracker.store import twins as twin_store
from tracker.web.auth import Audience, actor, allowed
from tracker.web.drafting import own_id
from tracker.web.installation import now, this_tracker, today
from tracker.web.language import language
from tracker.web.pages.imports import PASTED

SHOWN = 5
_NO_COLUMN = N_("Say which column holds the date, and which the title.")


def register(app: Flask, tracker: Tracker) -> None:  # noqa: ARG001 -- all nouns register alike
    app.add_url_rule("/activities/several", "several", several, methods=["GET", "POST"])


@allowed(Audience.EDITORS)
def several() -> ResponseReturnValue:
    with this_tracker().database.reading() as session:
        twins = twin_store.current(session)
    if request.method == "GET":
        return render_template(
            "activities/several.html", section="activities", twins=twins, text=_former(), usual=Usual()
        )
    usual = Usual(
        kind=request.form["kind"] if request.form.get("kind") in set(Kind) else "",
        twins=tuple(slug for slug in request.form.getlist("twins") if slug in twins),
    )
    text, cities = request.form.get("text", ""), Cities(twins)
    said = {"section": "activities", "twins": twins, "text": text, "usual": usual}
    try:
        pasted = _as_chosen(read_pasted(text, language(), today(), cities))
    except InvalidInput as fault:
        return render_template("activities/several.html", fault=fault.problems[0].message(language()), **said), 422
    if not pasted.is_clear and not (_chosen() and _has_needed(pasted)):
        refusal = gettext(language(), _NO_COLUMN) if _chosen() else ""
        page = render_template(
            "activities/columns.html", pasted=pasted, shown=SHOWN, choices=CHOICES, fault=refusal, **said
        )
        return (page, 422) if refusal else page
    name = gettext(language(), PASTED)
    # Faults are told by the rows as they were pasted: where those had no heading, ours does not count.
    options = Options(heading=1 if pasted.headed else 0)
    file = ImportFile(name, as_sheet(pasted, usual, language(), today(), cities), options)
    upload_id = keep_upload(this_tracker().database, own_id(), file, actor(), now())
    return redirect(url_for("import_preview", upload_id=upload_id), 303)


def _former() -> str:
    """The table that is to be mended, where somebody comes back from its preview."""
    known = request.args.get("again", type=UUID)
    return upload(this_tracker().database, known, own_id()).file.content.decode("utf-8", "replace") if known else ""


def _chosen() -> bool:
    return any(name.startswith("column.") for name in request.form)


def _as_chosen(pasted: Pasted) -> Pasted:
    """The table with its columns as somebody said they are."""
    if not _chosen():
        return pasted
    said = [request.form.get(f"column.{at}", "") for at in range(len(pasted.columns))]
    known = [name if name in CHOICES and said.index(name) == at else "" for at, name in enumerate(said)]
    return Pasted(pasted.rows, tuple(known), request.form.get("headed") == "1")


def _has_needed(pasted: Pasted) -> bool:
    return all(any(column.startswith(needed) for column in pasted.columns) for needed in NEEDED)
