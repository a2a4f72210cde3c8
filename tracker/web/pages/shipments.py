"""The board of aid shipments, a column for each stage; and one shipment's desk: its goods, papers and receipts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Flask, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.actions.shipments import keep_goods, move_shipment
from tracker.bootstrap import Tracker
from tracker.domain.activities import Activity, Kind
from tracker.domain.commands import KeepGoods, MoveShipment
from tracker.domain.date_texts import understand
from tracker.domain.dates import InvalidDate
from tracker.domain.details import Stage
from tracker.domain.shipments import Card, card_of, goes_back, is_finished, stage_of, stands_on_board, totals
from tracker.errors import Conflict, FieldProblem, InvalidInput, NotFound
from tracker.i18n import N_, gettext
from tracker.intake.goods_table import pasted_goods
from tracker.store import activities as store
from tracker.store import twins as twin_store
from tracker.web.auth import Audience, actor, allowed, visible, writes
from tracker.web.forms import Filled, read, shown, submitted
from tracker.web.installation import now, this_tracker, today
from tracker.web.language import in_words, language, titled
from tracker.web.pages.activities import visible_activity
from tracker.web.pages.receipts import answers_of

BEGUN = "none"
"""Stands in forms and addresses for the column of what has reached no stage yet."""

FINISHED = "finished"
"""Stands in addresses for those with nothing left to move."""

_LATEST = 20
"""So many of those delivered are shown at once: they only ever become more."""


@dataclass(frozen=True)
class Column:
    stage: Stage | None
    every: tuple[Card, ...]

    @property
    def cards(self) -> tuple[Card, ...]:
        """Those that stand on the board: all, but of the delivered ones only the last that came here."""
        if self.stage is not Stage.DISTRIBUTED or len(self.every) <= _LATEST:
            return self.every
        return tuple(sorted(self.every, key=lambda card: card.since, reverse=True)[:_LATEST])

    @property
    def name(self) -> str:
        return self.stage.value if self.stage else BEGUN


def register(app: Flask, tracker: Tracker) -> None:  # noqa: ARG001 -- all nouns register alike
    app.add_url_rule("/shipments", "shipments", board)
    app.add_url_rule("/shipments/<uuid:activity_id>", "shipment", desk, methods=["GET", "POST"])
    app.add_url_rule("/shipments/<uuid:activity_id>/stage", "move_shipment", move, methods=["GET", "POST"])
    app.jinja_env.tests["writable"] = writes


@allowed(Audience.READERS)
def board() -> str:
    twin, year = request.args.get("twin", ""), request.args.get("year", "")
    with this_tracker().database.reading() as session:
        chosen = visible(kinds=(Kind.AID_SHIPMENT.value,), twins=(twin,) if twin else ())
        every = [row.to_activity() for row in store.listed(session, chosen, newest_first=True)]
        twins = twin_store.current(session)
    every = [one for one in every if stands_on_board(one)]
    years = sorted({one.start_date.sort_key[:4] for one in every}, reverse=True)
    cards = [card_of(one, today()) for one in every if not year or one.start_date.sort_key[:4] == year]
    under_way = [card for card in cards if not is_finished(card.activity)]
    finished = [card for card in cards if is_finished(card.activity)]
    columns = [Column(stage, tuple(c for c in under_way if c.stage is stage)) for stage in (None, *Stage)]
    whole = {FINISHED: finished, **{column.name: column.every for column in columns}}
    asked = request.args.get("column", "")
    return render_template(
        "shipments/board.html",
        columns=columns,
        finished=finished[:_LATEST],
        many=len(finished),
        asked=asked if asked in whole else "",
        every=whole.get(asked),
        twins=twins,
        years=years,
        chosen={"twin": twin, "year": year},
        is_empty=not cards,
    )


@allowed(Audience.READERS)
def move(activity_id: UUID) -> ResponseReturnValue:
    """Carry out a move, for whoever may change this shipment.

    One that goes back, or whose date does not fit, is asked about on a page of its own.
    """
    known = shipment_of(activity_id)
    if not writes(known):
        abort(403)
    if request.method == "GET":
        return _asking(known, _stage(request.args.get("stage", "")), {})
    stage, typed = _stage(request.form.get("stage", "")), request.form.get("on", "").strip()
    try:
        on = understand(typed, language(), today()).edtf if typed else today().isoformat()
        back = bool(request.form.get("back"))
        command = MoveShipment(activity_id, stage, on, request.form.get("version", type=int, default=0), back)
        move_shipment(this_tracker().database, command, actor(), now())
    except InvalidDate as fault:
        return _asking(known, stage, {"on": fault.problem("on")}), 422
    except InvalidInput as fault:
        return _asking(known, stage, {problem.field: problem for problem in fault.problems}), 422
    except Conflict as fault:
        flash(fault.message(language()), "error")
        return redirect(url_for("shipments"))
    told = N_("“{title}” is on the board at: {stage}.")
    flash(gettext(language(), told, title=titled(known.title)[0], stage=stage_in_words(stage)), "success")
    kept = {name: request.form[f"_{name}"] for name in ("twin", "year") if request.form.get(f"_{name}")}
    return redirect(url_for("shipments", _anchor=f"card-{activity_id}", **kept))  # type: ignore[arg-type]  # texts


@allowed(Audience.READERS)
def desk(activity_id: UUID) -> ResponseReturnValue:
    """The shipment's own page. Sending its form keeps the lines, or only adds to the form what was pasted."""
    known = shipment_of(activity_id)
    if request.method == "GET":
        return _desk(known, shown(known.content(), language()))
    if not writes(known):
        abort(403)
    filled = submitted(request.form)
    filled.tree.setdefault("goods", [])
    version = request.form.get("version", type=int, default=0)
    if request.form.get("_do") in ("paste", "add"):
        return _added(known, filled, version)
    try:
        filled.tree["twins"] = list(known.twins)
        content = read(filled, known.content().model_dump(mode="json"), language(), today())
        made = keep_goods(this_tracker().database, KeepGoods(activity_id, content.goods, version), actor(), now())
    except InvalidInput as fault:
        filled.faults = {problem.field: problem for problem in fault.problems}
        return _desk(known, filled, version=version), 422
    except Conflict as fault:
        filled.faults = {"version": FieldProblem("version", "", fault.reason)}
        return _desk(known, filled, version=version), 409
    flash(gettext(language(), N_("The lines are saved.")), "success")
    return redirect(url_for("shipment", activity_id=made.id))


def stage_in_words(stage: Stage | None) -> str:
    return in_words(stage or BEGUN, "board_stage")


def shipment_of(activity_id: UUID) -> Activity:
    """The shipment, unless there is none the person may know of."""
    known = visible_activity(activity_id)
    if known.kind is not Kind.AID_SHIPMENT:
        raise NotFound(N_("There is no shipment with the id {id}."), id=activity_id)
    return known


def _added(known: Activity, filled: Filled, version: int) -> ResponseReturnValue:
    """The form as it was typed with pasted rows behind, or a blank one; nothing is saved yet."""
    if request.form.get("_do") == "add":
        filled.tree["goods"].append({})
        return _desk(known, filled, version=version, added=True)
    text = request.form.get("_pasted", "")
    try:
        rows = pasted_goods(text, language())
    except InvalidInput as fault:
        filled.faults = {problem.field: problem for problem in fault.problems}
        return _desk(known, filled, version=version, pasted=text), 422
    filled.tree["goods"] += rows
    return _desk(known, filled, version=version, taken=len(rows))


def _desk(known: Activity, filled: Filled, **more: Any) -> str:
    with this_tracker().database.reading() as session:
        twins = twin_store.current(session)
        answers = answers_of(session, known) if writes(known) else []
    return render_template(
        "shipments/desk.html",
        section="shipments",
        activity=known,
        filled=filled,
        version=more.get("version", known.version),
        pasted=more.get("pasted", ""),
        taken=more.get("taken", 0),
        added=more.get("added", False),
        sums=totals(known.goods),
        twins=twins,
        stage=stage_of(known),
        answers=answers,
        may_change=writes(known),
        other_tags=[tag for tag in ("de", "en", "ru") if tag != language()],
    )


def _asking(known: Activity, stage: Stage | None, faults: Mapping[str, FieldProblem]) -> str:
    return render_template(
        "shipments/move.html",
        section="shipments",
        activity=known,
        stage=stage,
        before=stage_of(known),
        back=goes_back(stage_of(known), stage),
        filled=Filled({"on": request.form.get("on", "")}, {n: f for n, f in faults.items() if n == "on"}),
        version=request.form.get("version", type=int, default=known.version),
        names={None: stage_in_words(None), **{one: stage_in_words(one) for one in Stage}},
    )


def _stage(text: str) -> Stage | None:
    if text == BEGUN:
        return None
    if text not in set(Stage):
        abort(400)
    return Stage(text)
