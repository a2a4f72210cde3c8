"""What is counted over all activities, from indexes alone: a row is ten times as long as what a count looks at.

The year and the decade in which an activity surely began become columns, so that nothing is reckoned for each row.
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

# What rights look at, wherever something is counted: see `store.activities.narrowed`.
SEEN_BY = ("removed_at", "visibility", "owner", "recorded_by", "responsible")
INDEXES = {
    "ix_activities_tallied": ("kind", "status", "direction", "owner", "begun_decade", "visibility", "removed_at",
                              "recorded_by", "responsible", "id"),
    "ix_activities_by_id": ("id", *SEEN_BY, "kind", "status", "direction", "begun_decade", "begun_year", "begins_by",
                            "earliest", "latest", "sort_key"),
    "ix_activities_begun_year": ("begun_year", "id"),
    "ix_activities_place": ("place", *SEEN_BY, "id"),
}  # fmt: skip


def upgrade() -> None:
    op.add_column("activities", sa.Column("begun_year", sa.SmallInteger(), nullable=True))
    op.add_column("activities", sa.Column("begun_decade", sa.SmallInteger(), nullable=True))
    first, last = _year("earliest"), _year("begins_by")
    op.execute(f"UPDATE activities SET begun_year = {last} WHERE {first} = {last}")
    op.execute(f"UPDATE activities SET begun_decade = {last} / 10 * 10 WHERE {first} / 10 = {last} / 10")
    for name, columns in INDEXES.items():
        op.create_index(name, "activities", list(columns), unique=False)
    op.create_index("ix_activity_twins_activity_id_twin", "activity_twins", ["activity_id", "twin"], unique=False)


def _year(day: str) -> str:
    if op.get_bind().dialect.name == "sqlite":
        return f"CAST(substr({day}, 1, 4) AS INTEGER)"
    return f"CAST(EXTRACT(year FROM {day}) AS INTEGER)"
