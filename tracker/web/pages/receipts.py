"""Receipts as staff see them: making and mailing the link, what was answered beside what was sent, accepting it."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Flask, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from tracker.actions.receipts import (
    AskReceipt,
    accept_receipt,
    ask_receipt,
    forget_recipient,
    revoke_receipt,
    token_of,
)
from tracker.bootstrap import Tracker, secret_key
from tracker.domain.activities import Activity, Goods
from tracker.domain.commands import Actor
from tracker.domain.dates import HistoricDate
from tracker.domain.details import Stage
from tracker.domain.receipts import Answer, answered
from tracker.errors import GatewayError, InvalidInput, NotFound
from tracker.gateways.mail import Outgoing
from tracker.i18n import N_, gettext
from tracker.outputs import mail
from tracker.store import organisation
from tracker.store import receipts as store
from tracker.store.unit_of_work import Database
from tracker.web.auth import Audience, actor, allowed, writes
from tracker.web.installation import now, this_tracker
from tracker.web.language import language
from tracker.web.pages.activities import leaving_the_house, visible_activity

ACCEPTED_AS = (Stage.RECEIPT_CONFIRMED, Stage.DISTRIBUTED, Stage.ARRIVED)

_SUBJECT = N_("Has our shipment arrived? Please confirm the receipt")
_TEXT = N_(
    "Good day,\n\nour shipment “{title}” is on its way to you or has arrived. Please open this page, tick what arrived "
    "and tell us what is missing or damaged. You need no account and no password:\n\n{url}\n\n"
    "The page is open until {day}; you can come back to it until then. Please do not pass this address on.\n\n"
    "With kind regards\n{house}\n"
)


@dataclass(frozen=True)
class Answered:
    """A receipt with its link, as long as that is open, and each line that was sent beside what was said of it."""

    row: store.ReceiptRow
    url: str
    lines: tuple[tuple[Goods, Answer | None], ...]

    @property
    def differing(self) -> int:
        return sum(answer is None or answer.differs for _, answer in self.lines)


def register(app: Flask, tracker: Tracker) -> None:  # noqa: ARG001 -- all nouns register alike
    app.add_url_rule("/shipments/<uuid:activity_id>/links", "ask_receipt", ask, methods=["POST"])
    app.add_url_rule("/shipments/<uuid:activity_id>/links/<uuid:receipt_id>", "receipt_link", change, methods=["POST"])


def answers_of(session: Any, shipment: Activity) -> list[Answered]:
    return [_answered(row, shipment) for row in store.of_activity(session, shipment.id)]


def open_link(session: Any, shipment: Activity) -> str:
    """The newest link by which this shipment can be confirmed; empty where there is none."""
    links = (_answered(row, shipment).url for row in store.of_activity(session, shipment.id))
    return next(filter(None, links), "")


@allowed(Audience.READERS)
def ask(activity_id: UUID) -> ResponseReturnValue:
    known = leaving_the_house(_own(activity_id))
    sent_to, days = request.form.get("sent_to", "").strip(), request.form.get("days", type=int, default=0)
    command = AskReceipt(activity_id, request.form.get("language", language()), sent_to, days)
    database = this_tracker().database
    try:
        made = ask_receipt(database, command, secret_key(this_tracker().settings), actor(), now())
    except InvalidInput as fault:
        flash(" ".join(problem.message(language()) for problem in fault.problems), "error")
        return redirect(url_for("shipment", activity_id=activity_id, _anchor="receipts"))
    if sent_to:
        _mail(known, made)
    else:
        flash(gettext(language(), N_("The link is made. Copy it, or print it on the packing list.")), "success")
    return redirect(url_for("shipment", activity_id=activity_id, _anchor="receipts"))


@allowed(Audience.READERS)
def change(activity_id: UUID, receipt_id: UUID) -> ResponseReturnValue:
    """Accept an answer, close a link, or erase who answered."""
    _own(activity_id)
    with this_tracker().database.reading() as session:
        row = session.get(store.ReceiptRow, receipt_id)
    if row is None or row.activity_id != activity_id:
        raise NotFound(N_("There is no receipt with the id {id}."), id=receipt_id)
    wish = request.form.get("do", "")
    try:
        if wish == "accept":
            stage = request.form.get("stage", "")
            if stage not in ACCEPTED_AS:
                abort(400)
            accept_receipt(this_tracker().database, receipt_id, Stage(stage), actor(), now())
        else:
            _SIMPLE.get(wish, _nothing)(this_tracker().database, receipt_id, actor(), now())
    except InvalidInput as fault:
        flash(" ".join(problem.message(language()) for problem in fault.problems), "error")
    else:
        flash(gettext(language(), N_("Saved.")), "success")
    return redirect(url_for("shipment", activity_id=activity_id, _anchor="receipts"))


def _nothing(_database: Database, _id: UUID, _actor: Actor, _now: dt.datetime) -> None:
    abort(400)


_SIMPLE: dict[str, Callable[[Database, UUID, Actor, dt.datetime], None]] = {
    "revoke": revoke_receipt,
    "forget": forget_recipient,
}


def _own(activity_id: UUID) -> Activity:
    """The shipment, for whoever may change it."""
    known = visible_activity(activity_id)
    if not writes(known):
        abort(403)
    return known


def _answered(row: store.ReceiptRow, shipment: Activity) -> Answered:
    answers = [Answer.model_validate(line) for line in row.lines]
    lines = tuple((line, answered(line, answers, place)) for place, line in enumerate(shipment.goods))
    return Answered(row, _url(row.id) if row.is_open(now()) else "", lines if row.answered_at else ())


def _url(receipt_id: UUID) -> str:
    settings = this_tracker().settings
    return f"{settings.base_url}{url_for('receive', token=token_of(receipt_id, secret_key(settings)))}"


def _mail(known: Activity, receipt_id: UUID) -> None:
    """Send the link at once and without a delivery row: it is a secret that no page of deliveries may show."""
    tracker = this_tracker()
    with tracker.database.reading() as session:
        row = session.get_one(store.ReceiptRow, receipt_id)
        house = organisation.current(session)
    tongue, day = row.language, row.expires_at.date()
    title = known.title.get(tongue) or known.title.get("en") or next(iter(known.title.values()))
    text = gettext(
        tongue, _TEXT, title=title, url=_url(receipt_id), day=_day(day, tongue), house=house.block(tongue) or "tracker"
    )
    letter = mail.write_personal(
        gettext(tongue, _SUBJECT),
        text,
        tracker.letterhead,
        key=f"receipt:{receipt_id}",
        language=tongue,
        house=house.name(tongue),
        reply_to=house.email,
        to=row.sent_to,
    )
    try:
        tracker.mail.send(Outgoing(letter.sender, letter.to, mail.compose(letter, now())))
    except GatewayError as fault:
        told = N_("The link is made, but the mail could not be sent: {fault} Copy the link and send it by yourself.")
        flash(gettext(language(), told, fault=fault.message(language())), "error")
    else:
        flash(gettext(language(), N_("The link is made and sent to {email}."), email=row.sent_to), "success")


def _day(day: dt.date, tongue: str) -> str:
    return HistoricDate.of_day(day).display(tongue)
