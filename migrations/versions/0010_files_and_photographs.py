"""Files and photographs: what is said of each, and which bytes are kept for them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "file_bytes",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("wanted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("thumbnail", sa.String(length=10), nullable=False),
        sa.Column("thumbnail_key", sa.String(length=80), nullable=True),
        sa.Column("fault", sa.Text(), nullable=False),
        sa.Column("tries", sa.SmallInteger(), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('kept', 'going')", name=op.f("ck_file_bytes_state_known")),
        sa.CheckConstraint(
            "thumbnail IN ('none', 'waiting', 'ready', 'failed')", name=op.f("ck_file_bytes_thumbnail_known")
        ),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_file_bytes")),
    )
    op.create_index("ix_file_bytes_thumbnail_lease_until", "file_bytes", ["thumbnail", "lease_until"], unique=False)
    op.create_index("ix_file_bytes_wanted_at", "file_bytes", ["wanted_at"], unique=False)
    op.create_table(
        "files",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("part", sa.String(length=120), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("caption", JSON, nullable=False),
        sa.Column("credit", sa.String(length=400), nullable=False),
        sa.Column("licence", sa.String(length=200), nullable=False),
        sa.Column("consent", sa.String(length=20), nullable=False),
        sa.Column("shown_people", sa.Text(), nullable=False),
        sa.Column("delete_on", sa.Date(), nullable=True),
        sa.Column("visibility", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=120), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "consent IN ('unknown', 'not_needed', 'asked', 'given', 'withdrawn')", name=op.f("ck_files_consent_known")
        ),
        sa.CheckConstraint(
            "visibility IN ('public', 'members', 'staff', 'confidential')", name=op.f("ck_files_visibility_known")
        ),
        sa.ForeignKeyConstraint(["sha256"], ["file_bytes.sha256"], name=op.f("fk_files_sha256_file_bytes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_files")),
    )
    op.create_index("ix_files_delete_on", "files", ["delete_on"], unique=False)
    op.create_index("ix_files_removed_at", "files", ["removed_at"], unique=False)
    op.create_index("ix_files_sha256", "files", ["sha256"], unique=False)
    op.create_index("ix_files_subject", "files", ["subject", "created_at"], unique=False)
