"""Where shipments of aid stand: the columns of their board, moving one to another stage, and totals of their goods.

Nothing is added up that is not alike: quantities by their unit, values by their currency. Pure.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from tracker.domain.activities import Activity, Goods, Status
from tracker.domain.dates import HistoricDate
from tracker.domain.details import AidShipment, Stage, StageReached, last_stage
from tracker.errors import InvalidInput
from tracker.i18n import N_

STUCK = 14
"""After so many days without a further stage a shipment is shown as standing still: as its reminder has it."""

_ORDER: dict[Stage | None, int] = {None: -1, **{stage: place for place, stage in enumerate(Stage)}}
BACK = N_("This takes back a stage that was reached already. Say that you mean it.")
_EARLIER = N_("“{value}” is before the stage reached last ({before}). Give that day or a later one.")


@dataclass(frozen=True)
class Totals:
    """Of some lines of goods. `unweighed` and `unvalued` are lines that the sums say nothing of."""

    lines: int
    packages: tuple[str, ...]
    by_unit: tuple[tuple[str, Decimal], ...]
    weight: Decimal | None
    unweighed: int
    values: tuple[tuple[str, Decimal], ...]
    unvalued: int


@dataclass(frozen=True)
class Card:
    """A shipment on the board. `since`: the date of its stage; `days`: how long it has stood there, if known."""

    activity: Activity
    stage: Stage | None
    since: str
    days: int | None
    next_date: HistoricDate | None
    totals: Totals

    @property
    def is_stuck(self) -> bool:
        return self.days is not None and self.days >= STUCK


def stage_of(shown: Activity) -> Stage | None:
    reached = last_stage(shown.details)
    return reached.stage if reached else None


def stands_on_board(shown: Activity) -> bool:
    """Whether it has stages to go through: a running programme has none, and of old ones nobody wrote any down."""
    details = shown.details
    return isinstance(details, AidShipment) and (bool(details.stages) or details.form != "programme")


def is_finished(shown: Activity) -> bool:
    """Nothing is left to move: called off, confirmed, or over without its stages having been written down."""
    stage = stage_of(shown)
    if shown.status is Status.CANCELLED or stage is Stage.RECEIPT_CONFIRMED:
        return True
    return shown.status is Status.HELD and stage in (None, Stage.DISTRIBUTED)


def card_of(shown: Activity, today: dt.date) -> Card:
    reached = last_stage(shown.details)
    latest = _day(reached.on).latest if reached else None
    days = (today - latest).days if latest and latest <= today else None
    still = None if is_finished(shown) else days
    return Card(shown, stage_of(shown), reached.on if reached else "", still, _next(shown, today), totals(shown.goods))


def goes_back(before: Stage | None, after: Stage | None) -> bool:
    return _ORDER[after] < _ORDER[before]


def moved(details: AidShipment, stage: Stage | None, on: str) -> AidShipment:
    """The details with the shipment at `stage` since `on` (EDTF); going back takes the stages after it away.

    Raises `InvalidInput` where it would then not stand there, since a stage before it has a later date.
    """
    kept = [reached for reached in details.stages if _ORDER[reached.stage] < _ORDER[stage]]
    if stage is not None:
        note = next((reached.note for reached in details.stages if reached.stage is stage), "")
        kept.append(StageReached(stage=stage, on=on, note=note))
    done = details.model_copy(update={"stages": tuple(kept)})
    reached = last_stage(done)
    if stage is not None and (reached is None or reached.stage is not stage):
        raise InvalidInput.one("on", on, _EARLIER, before=reached.on if reached else "")
    return done


def totals(goods: Iterable[Goods]) -> Totals:
    lines = tuple(goods)
    units: dict[str, Decimal] = {}
    values: dict[str, Decimal] = {}
    for line in lines:
        if line.quantity is not None:
            units[line.unit] = units.get(line.unit, Decimal(0)) + line.quantity
        if line.value is not None and line.currency:
            values[line.currency] = values.get(line.currency, Decimal(0)) + line.value
    weights = [line.weight_kg for line in lines if line.weight_kg is not None]
    return Totals(
        len(lines),
        tuple(dict.fromkeys(line.package for line in lines if line.package)),
        tuple(units.items()),
        sum(weights, Decimal(0)) if weights else None,
        len(lines) - len(weights),
        tuple(sorted(values.items())),
        sum(line.value is None or not line.currency for line in lines),
    )


def _next(shown: Activity, today: dt.date) -> HistoricDate | None:
    """The next date that is written down: when it begins, or ends."""
    ahead = [date for date in (shown.start_date, shown.end_date) if date and date.latest and date.latest >= today]
    return ahead[0] if ahead else None


def _day(text: str) -> HistoricDate:
    return HistoricDate.parse(text.partition("T")[0])
