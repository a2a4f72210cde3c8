"""Changes of several activities at once, and an index for the bin."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
IN_THE_BIN = sa.text("removed_at IS NOT NULL")

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_activities_in_the_bin",
        "activities",
        ["removed_at"],
        unique=False,
        sqlite_where=IN_THE_BIN,
        postgresql_where=IN_THE_BIN,
    )
    op.create_table(
        "bulk_edits",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("edit", JSON, nullable=False),
        sa.Column("made_by", sa.String(length=120), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_by", sa.String(length=120), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_edits")),
    )
    op.create_index(op.f("ix_bulk_edits_made_at"), "bulk_edits", ["made_at"], unique=False)
    op.create_table(
        "bulk_edit_items",
        sa.Column("bulk_id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("before", sa.Integer(), nullable=False),
        sa.Column("after", sa.Integer(), nullable=False),
        sa.Column("undone", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["activities.id"],
            name=op.f("fk_bulk_edit_items_activity_id_activities"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["bulk_id"], ["bulk_edits.id"], name=op.f("fk_bulk_edit_items_bulk_id_bulk_edits"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("bulk_id", "activity_id", name=op.f("pk_bulk_edit_items")),
    )
