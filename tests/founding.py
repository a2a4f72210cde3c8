"""Occasions for tests: a founding told by somebody, a day kept by rule."""

import datetime as dt
from collections.abc import Mapping

from tracker.domain.dates import HistoricDate
from tracker.domain.occasions import Occasion, OccasionKind


def founding(
    edtf: str, *twins: str, kind: OccasionKind = OccasionKind.TWINNING, source: str = "twin", basis: str = ""
) -> Occasion:
    twins = twins or ("cologne",)
    return Occasion(
        key=f"{source}:{','.join(twins)}:{kind}:{edtf}",
        kind=kind,
        twins=twins,
        date=HistoricDate.parse(edtf),
        basis=basis,
        sources=(f"{source}:{','.join(twins)}",),
    )


def observance(rule: str, moved: Mapping[int, dt.date | None] | None = None) -> Occasion:
    return Occasion(
        key=f"observance:{rule}",
        kind=OccasionKind.OBSERVANCE,
        twins=(),
        rule=rule,
        titles={"en": "Twin Cities Day"},
        moved=moved or {},
    )
