"""`/receipts/<token>`: whoever got a shipment says what arrived, without an account.

The page shows the lines of that shipment and nothing else that is known of it but its title and the house's name. It is
kept out of search engines, and its address out of other sites' logs. Who tries addresses is slowed down.
"""

import time
from typing import Any

from flask import Flask, Response, current_app, flash, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import validate_csrf
from wtforms import ValidationError

from tracker.actions.calendars import token_hash
from tracker.actions.files import attach_file
from tracker.actions.receipts import RECIPIENT, confirm_receipt
from tracker.bootstrap import Tracker
from tracker.domain.activities import Activity, Goods, Visibility
from tracker.domain.commands import Actor
from tracker.domain.date_texts import understand
from tracker.domain.dates import HistoricDate, InvalidDate
from tracker.domain.files import PICTURES, Said
from tracker.domain.receipts import Answer, Confirmation, answered
from tracker.errors import Conflict, FieldProblem, GatewayError, InvalidInput
from tracker.i18n import N_, gettext, known_language
from tracker.intake.files import Taken, take
from tracker.intake.json import checked
from tracker.store import activities as activity_store
from tracker.store import files as file_store
from tracker.store import organisation
from tracker.store import receipts as store
from tracker.web.auth import Audience, allowed
from tracker.web.errors import page as error_page
from tracker.web.forms import Filled, in_words, number, submitted
from tracker.web.guessing import Guesses
from tracker.web.installation import now, this_tracker, today
from tracker.web.language import COOKIE, language

_HEADERS = {
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
_GONE = N_("This link is not valid any more. Please ask whoever sent it to you for a new one.")
_LARGEST_REQUEST = 45 * 1024 * 1024
_MOST = 12
"""Photographs of one receipt."""
_OFTEN = N_("There were too many tries from here. Please wait a minute and open the link again.")


def register(app: Flask, tracker: Tracker) -> None:  # noqa: ARG001 -- all nouns register alike
    app.extensions["receipt_guesses"] = Guesses(time.monotonic)
    app.extensions["receipt_answers"] = Guesses(time.monotonic)
    app.add_url_rule("/receipts/<token>", "receive", receive, methods=["GET", "POST"])
    # No address of a page is told to the next one here, and with https Flask-WTF asks for just that. The token of the
    # form is looked at by the view itself.
    app.extensions["csrf"].exempt(receive)


@allowed(Audience.TOKEN)
def receive(token: str) -> ResponseReturnValue:
    answer = make_response(_answer(token))
    answer.headers.update(_HEADERS)
    return answer


def _answer(token: str) -> ResponseReturnValue:
    with this_tracker().database.reading() as session:
        row = store.by_hash(session, token_hash(token))
        found = activity_store.load(session, row.activity_id) if row and row.is_open(now()) else None
        shipment = found.to_activity() if found and found.removed_at is None else None
        house = organisation.current(session)
    if row is None or shipment is None or shipment.visibility is Visibility.CONFIDENTIAL:
        return _unknown()
    # Whoever has a link that is open may send photographs, which are larger than forms.
    request.max_content_length = _LARGEST_REQUEST
    if "lang" not in request.args and COOKIE not in request.cookies:
        g.language = known_language(row.language)
    if request.method == "GET":
        return _page(row, shipment, house.name(language()), _kept(row, shipment))
    return _taken(token, row, shipment, house.name(language()))


def _unknown() -> ResponseReturnValue:
    """The same for a link that never was, was closed, or has run out."""
    seconds = _extension("receipt_guesses").wait(request.environ)
    if seconds:
        return _too_often(seconds)
    return error_page(404, gettext(language(), _GONE))


def _too_often(seconds: int) -> ResponseReturnValue:
    answer: Response = make_response(error_page(429, gettext(language(), _OFTEN)))
    answer.headers["Retry-After"] = str(seconds)
    return answer


def _taken(token: str, row: store.ReceiptRow, shipment: Activity, house: str) -> ResponseReturnValue:
    if seconds := _extension("receipt_answers").wait(request.environ):
        return _too_often(seconds)
    try:
        validate_csrf(request.form.get("csrf_token", ""))
    except ValidationError:
        return error_page(400)
    filled = submitted(request.form, ("lines",), blanks=True)
    try:
        confirmation = _read(filled, shipment)
        pictures = _pictures(row)
        version = request.form.get("version", type=int, default=0)
        confirm_receipt(this_tracker().database, token, confirmation, version, now())
    except InvalidInput as fault:
        filled.faults = {problem.field: problem for problem in fault.problems}
        return make_response(_page(row, shipment, house, filled), 422)
    except Conflict as fault:
        filled.faults = {"version": FieldProblem("version", "", fault.reason)}
        return make_response(_page(row, shipment, house, filled), 409)
    _attach(row, pictures)
    flash(gettext(language(), N_("Thank you! Your answer is kept. You can change it here until the link runs out.")))
    return redirect(url_for("receive", token=token))


def _read(filled: Filled, shipment: Activity) -> Confirmation:
    """What was typed, beside the lines as they stand: the page decides nothing about these but what is said of them."""
    typed = filled.rows("lines")
    problems = []
    if request.form.get("lines_shown", type=int) != len(shipment.goods):
        raise InvalidInput.one("lines", "", N_("The list has changed meanwhile. Please look at it again."))
    lines = [
        {
            **_sent(line),
            "complete": bool(said.get("complete")),
            "received": number(said.get("received", ""), language()) or None,
            "damaged": number(said.get("damaged", ""), language()) or None,
            "note": said.get("note", ""),
        }
        for line, said in zip(shipment.goods, _padded(typed, len(shipment.goods)), strict=True)
    ]
    received_on = filled.value("received_on")
    try:
        received_on = understand(received_on, language(), today()).edtf if received_on else ""
    except InvalidDate as fault:
        problems.append(fault.problem("received_on"))
        received_on = today().isoformat()
    document = {
        "lines": lines,
        "received_on": received_on,
        "confirmed_by": filled.value("confirmed_by"),
        "note": filled.value("note"),
    }
    try:
        confirmation = checked(Confirmation, document)
    except InvalidInput as fault:
        raise InvalidInput([*problems, *fault.problems]) from fault
    if problems:
        raise InvalidInput(problems)
    return confirmation


def _pictures(row: store.ReceiptRow) -> list[Taken]:
    """The photographs that were sent along, looked into; `InvalidInput` for anything else."""
    sent = [file for file in request.files.getlist("pictures") if file.filename]
    if len(sent) + _many(row) > _MOST:
        raise InvalidInput.one("pictures", len(sent), N_("At most {most} photographs can be kept here."), most=_MOST)
    pictures = []
    for file in sent:
        try:
            taken = take(file.filename or "", file.read())
        except InvalidInput as fault:
            raise InvalidInput(
                [FieldProblem("pictures", p.value, p.reason, p.values) for p in fault.problems]
            ) from fault
        if taken.media_type not in PICTURES:
            raise InvalidInput.one("pictures", taken.name, N_("“{value}” is no photograph."))
        pictures.append(taken)
    return pictures


def _attach(row: store.ReceiptRow, pictures: list[Taken]) -> None:
    """Keep the photographs for staff alone: nobody has been asked yet who is shown."""
    tracker = this_tracker()
    try:
        for picture in pictures:
            attach_file(
                tracker.database,
                tracker.files,
                f"activity:{row.activity_id}",
                picture,
                Said(visibility=Visibility.STAFF),
                Actor(RECIPIENT),
                now(),
                part=part_of(row),
            )
    except (Conflict, GatewayError) as fault:
        flash(fault.message(language()), "error")
    if pictures:
        tracker.nudge("thumbnails")


def part_of(row: store.ReceiptRow) -> str:
    """What the files of one receipt are kept under, among those of its shipment."""
    return f"receipt:{row.id}"


def _many(row: store.ReceiptRow) -> int:
    """How many photographs were sent by this link before."""
    with this_tracker().database.reading() as session:
        return len(file_store.of_subjects(session, (f"activity:{row.activity_id}",), part=part_of(row)))


def _sent(line: Goods) -> dict[str, Any]:
    return {"description": line.description, "quantity": line.quantity, "unit": line.unit}


def _padded(rows: list[dict[str, Any]], many: int) -> list[dict[str, Any]]:
    return [*rows, *({} for _ in range(many))][:many]


def _kept(row: store.ReceiptRow, shipment: Activity) -> Filled:
    """The form with what was answered before, but for the name: who else has the link shall not read it here."""
    known = [Answer.model_validate(line) for line in row.lines]
    lines = []
    for place, line in enumerate(shipment.goods):
        said = answered(line, known, place)
        lines.append(
            in_words(said.model_dump(mode="json", exclude={"description", "quantity", "unit"}), language())
            if said
            else {}
        )
    day = HistoricDate.parse(row.received_on).display(language()) if row.received_on else ""
    return Filled({"lines": lines, "received_on": day, "confirmed_by": "", "note": row.note})


def _page(row: store.ReceiptRow, shipment: Activity, house: str, filled: Filled) -> str:
    return render_template(
        "receipts/receive.html",
        receipt=row,
        shipment=shipment,
        house=house,
        filled=filled,
        goods=shipment.goods,
        pictures=_many(row),
    )


def _extension(name: str) -> Guesses:
    found: Guesses = current_app.extensions[name]
    return found
