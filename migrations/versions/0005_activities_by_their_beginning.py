"""Activities by their beginning: what the figures of a year select by, filled in for those there are.

The tables of their lists have it, too: a year's rows of a million are then one range of an index.
"""

import calendar
import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

COUNTED_BY = (
    "begins_by", "status", "owner", "visibility", "kind", "direction", "subtype", "begins_month", "earliest",
    "removed_at", "id", "sort_key", "start",
)  # fmt: skip
CHILDREN = ("activity_twins", "activity_counts", "activity_money", "activity_goods")


def upgrade() -> None:
    with op.batch_alter_table("activities") as batch_op:
        batch_op.add_column(sa.Column("begins_by", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("begins_month", sa.String(length=7), nullable=True))
        batch_op.add_column(sa.Column("goes_beyond", sa.Date(), nullable=True))
    _fill()
    with op.batch_alter_table("activities") as batch_op:
        batch_op.create_index("ix_activities_counted", list(COUNTED_BY), unique=False)
        batch_op.create_index("ix_activities_goes_beyond", ["goes_beyond"], unique=False)
    for table in CHILDREN:
        with op.batch_alter_table(table) as batch_op:
            batch_op.add_column(sa.Column("begins_by", sa.Date(), nullable=True))
        op.execute(
            f"UPDATE {table} SET begins_by ="
            f" (SELECT activities.begins_by FROM activities WHERE activities.id = {table}.activity_id)"
        )
        with op.batch_alter_table(table) as batch_op:
            batch_op.create_index(f"ix_{table}_begins_by", ["begins_by"], unique=False)


def _fill() -> None:
    activities = sa.table(
        "activities", sa.column("id", sa.Uuid()), sa.column("start"), sa.column("end"), sa.column("details", JSON),
        sa.column("begins_by", sa.Date()), sa.column("begins_month"), sa.column("goes_beyond", sa.Date()),
    )  # fmt: skip
    known = op.get_bind().execute(sa.select(*(activities.c[name] for name in ("id", "start", "end", "details"))))
    values = [{"row": row.id, **_beginning(row.start, row.end, row.details)} for row in known.all()]
    if values:
        update = activities.update().where(activities.c.id == sa.bindparam("row"))
        names = ("begins_by", "begins_month", "goes_beyond")
        op.get_bind().execute(update.values({name: sa.bindparam(f"new_{name}") for name in names}), values)


def _beginning(start: str, end: str | None, details: Mapping[str, Any]) -> dict[str, Any]:
    first, bar, last = start.partition("T")[0].partition("/")
    by = _latest(first)
    if by is None:
        return {"new_begins_by": None, "new_begins_month": None, "new_goes_beyond": None}
    month = re.fullmatch(r"(\d{4}-(?:0[1-9]|1[0-2]))(?:-\d{2})?", _bare(first))
    if first[:4].isdigit() and by.year > int(first[:4]):  # a winter counts in the year it is named by
        by = dt.date(int(first[:4]), 12, 31)
    reached = [stage["on"] for stage in details.get("stages") or ()]
    reached += [group["at"] for group in details.get("beneficiaries") or ()]
    ends = [end.partition("T")[0].rpartition("/")[2]] if end else [last] if bar else []
    ends += [text.partition("T")[0].rpartition("/")[2] for text in reached]
    beyond = max((_latest(text) or dt.date.max for text in ends), default=None)
    return {
        "new_begins_by": by,
        "new_begins_month": month[1] if month else None,
        "new_goes_beyond": beyond if beyond and beyond.year > by.year else None,
    }


def _bare(text: str) -> str:
    """Without the sign for uncertain, and without units that are said to be unknown."""
    return re.sub("(-XX)+$", "", text.rstrip("?~%"))


def _latest(text: str) -> dt.date | None:
    """The last day that a date written as EDTF can be; None where it is open."""
    year, _, unit = _bare(text).partition("-")
    if not re.fullmatch("[0-9X]{4}", year):
        return None
    if re.fullmatch(r"\d{2}-\d{2}", unit):
        return dt.date.fromisoformat(f"{year}-{unit}")
    last_year, month = int(year.replace("X", "9")), int(unit or 12)
    if month > 12:  # a season: spring is 21 and ends in May, winter is 24 and ends in the next year
        month = 3 * (month - 20) + 2
        last_year, month = (last_year, month) if month <= 12 else (last_year + 1, month - 12)
    return dt.date(last_year, month, calendar.monthrange(last_year, month)[1])
