"""The reports' desk: readers, texts and pictures, editions with their documents, documents being made, mailings."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("organisation", sa.Column("reference", sa.String(length=100), server_default="", nullable=False))
    op.create_table(
        "report_editions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(length=30), nullable=False),
        sa.Column("reader", sa.String(length=80), nullable=False),
        sa.Column("twin", sa.String(length=80), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(length=20), nullable=False),
        sa.Column("languages", JSON, nullable=False),
        sa.Column("frozen", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=120), nullable=False),
        sa.CheckConstraint(
            "level IN ('public', 'members', 'staff', 'confidential')", name=op.f("ck_report_editions_level_known")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_editions")),
        sa.UniqueConstraint(
            "period", "reader", "twin", "number", name=op.f("uq_report_editions_period_reader_twin_number")
        ),
    )
    op.create_table(
        "report_images",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=40), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_report_images")),
    )
    op.create_table(
        "report_readers",
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("names", JSON, nullable=False),
        sa.Column("level", sa.String(length=20), nullable=False),
        sa.Column("sections", JSON, nullable=False),
        sa.Column("viewpoint", sa.String(length=20), nullable=False),
        sa.Column("twins", JSON, nullable=False),
        sa.Column("kinds", JSON, nullable=False),
        sa.Column("counts_for", JSON, nullable=False),
        sa.Column("leaves_out", JSON, nullable=False),
        sa.Column("funder", sa.String(length=200), nullable=False),
        sa.Column("rates", JSON, nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "level IN ('public', 'members', 'staff', 'confidential')", name=op.f("ck_report_readers_level_known")
        ),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_report_readers")),
    )
    op.create_table(
        "report_texts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(length=30), nullable=False),
        sa.Column("reader", sa.String(length=80), nullable=False),
        sa.Column("twin", sa.String(length=80), nullable=False),
        sa.Column("section", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("markdown", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_texts")),
        sa.UniqueConstraint("period", "reader", "twin", "section", "language", name="uq_report_texts_place"),
    )
    op.create_table(
        "report_documents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=True),
        sa.Column("period", sa.String(length=30), nullable=False),
        sa.Column("reader", sa.String(length=80), nullable=False),
        sa.Column("twin", sa.String(length=80), nullable=False),
        sa.Column("form", sa.String(length=10), nullable=False),
        sa.Column("languages", JSON, nullable=False),
        sa.Column("level", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("plain_name", sa.String(length=200), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=120), nullable=False),
        sa.CheckConstraint(
            "form IN ('pdf', 'docx', 'xlsx', 'html', 'csv', 'json', 'iati', 'hxl')",
            name=op.f("ck_report_documents_form_known"),
        ),
        sa.CheckConstraint(
            "level IN ('public', 'members', 'staff', 'confidential')", name=op.f("ck_report_documents_level_known")
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["report_editions.id"], name=op.f("fk_report_documents_edition_id_report_editions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_documents")),
    )
    op.create_index("ix_report_documents_edition_id", "report_documents", ["edition_id"], unique=False)
    op.create_index("ix_report_documents_period_made_at", "report_documents", ["period", "made_at"], unique=False)
    op.create_table(
        "report_edition_images",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["report_editions.id"], name=op.f("fk_report_edition_images_edition_id_report_editions")
        ),
        sa.ForeignKeyConstraint(
            ["sha256"], ["report_images.sha256"], name=op.f("fk_report_edition_images_sha256_report_images")
        ),
        sa.PrimaryKeyConstraint("edition_id", "sha256", name=op.f("pk_report_edition_images")),
    )
    op.create_table(
        "report_mailings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("reader", sa.String(length=80), nullable=False),
        sa.Column("twin", sa.String(length=80), nullable=False),
        sa.Column("form", sa.String(length=10), nullable=False),
        sa.Column("languages", JSON, nullable=False),
        sa.Column("month", sa.SmallInteger(), nullable=False),
        sa.Column("day", sa.SmallInteger(), nullable=False),
        sa.Column("addresses", JSON, nullable=False),
        sa.Column("edition", sa.Boolean(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "form IN ('pdf', 'docx', 'xlsx', 'html', 'csv', 'json', 'iati', 'hxl')",
            name=op.f("ck_report_mailings_form_known"),
        ),
        sa.ForeignKeyConstraint(
            ["reader"], ["report_readers.slug"], name=op.f("fk_report_mailings_reader_report_readers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_mailings")),
    )
    op.create_index("ix_report_mailings_due_at", "report_mailings", ["due_at"], unique=False)
    op.create_table(
        "report_pictures",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(length=30), nullable=False),
        sa.Column("reader", sa.String(length=80), nullable=False),
        sa.Column("twin", sa.String(length=80), nullable=False),
        sa.Column("section", sa.String(length=40), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("alt", JSON, nullable=False),
        sa.Column("caption", JSON, nullable=False),
        sa.Column("credit", sa.String(length=1000), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["sha256"], ["report_images.sha256"], name=op.f("fk_report_pictures_sha256_report_images")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_pictures")),
    )
    op.create_index("ix_report_pictures_period", "report_pictures", ["period"], unique=False)
    op.create_table(
        "report_jobs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("wanted", JSON, nullable=False),
        sa.Column("level", sa.String(length=20), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("mailing_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("progress", sa.SmallInteger(), nullable=False),
        sa.Column("step", sa.String(length=40), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("tries", sa.SmallInteger(), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=True),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "level IN ('public', 'members', 'staff', 'confidential')", name=op.f("ck_report_jobs_level_known")
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'running', 'done', 'failed')", name=op.f("ck_report_jobs_state_known")
        ),
        sa.CheckConstraint("progress BETWEEN 0 AND 100", name=op.f("ck_report_jobs_progress_percent")),
        sa.ForeignKeyConstraint(
            ["document_id"], ["report_documents.id"], name=op.f("fk_report_jobs_document_id_report_documents")
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["report_editions.id"], name=op.f("fk_report_jobs_edition_id_report_editions")
        ),
        sa.ForeignKeyConstraint(
            ["mailing_id"],
            ["report_mailings.id"],
            name=op.f("fk_report_jobs_mailing_id_report_mailings"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_report_jobs_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_jobs")),
    )
    op.create_index("ix_report_jobs_mailing_id", "report_jobs", ["mailing_id"], unique=False)
    op.create_index("ix_report_jobs_state_lease_until", "report_jobs", ["state", "lease_until"], unique=False)
    op.create_index("ix_report_jobs_user_id_changed_at", "report_jobs", ["user_id", "changed_at"], unique=False)
