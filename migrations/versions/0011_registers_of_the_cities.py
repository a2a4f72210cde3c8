"""What a city's page keeps: people in office, contact organisations, sources of states, ways of gifts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "contacts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("twin", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=1000), nullable=False),
        sa.Column("local_name", sa.String(length=1000), nullable=False),
        sa.Column("languages", JSON, nullable=False),
        sa.Column("address", sa.String(length=1000), nullable=False),
        sa.Column("website", sa.String(length=1000), nullable=False),
        sa.Column("person", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=255), nullable=False),
        sa.Column("phone", sa.String(length=200), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contacts")),
    )
    op.create_index("ix_contacts_twin", "contacts", ["twin"], unique=False)
    op.create_table(
        "officeholders",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("twin", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("office", sa.String(length=1000), nullable=False),
        sa.Column("start", sa.String(length=40), nullable=True),
        sa.Column("end", sa.String(length=40), nullable=True),
        sa.Column("source", sa.String(length=1000), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_officeholders")),
    )
    op.create_index("ix_officeholders_twin", "officeholders", ["twin"], unique=False)
    op.create_index(
        "ix_activity_twins_twin_begins_by", "activity_twins", ["twin", "begins_by", "activity_id"], unique=False
    )
    op.add_column("honours", sa.Column("direction", sa.String(length=20), server_default="", nullable=False))
    op.add_column("honours", sa.Column("place", sa.Text(), server_default="", nullable=False))
    op.add_column("twin_states", sa.Column("source", sa.Text(), server_default="", nullable=False))
