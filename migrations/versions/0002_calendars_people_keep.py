"""Calendars people keep: more to choose, entries of parts, exports in parts, and what is known of each client.

What is derived from the log (entries and exports) is made anew: its tables are dropped, and the consumer `calendars`
reads the log again. Until it has, a poll is answered 503 and programs keep what they have.
"""

import json

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
DERIVED = ("exports", "entry_touches", "entry_bodies", "entry_twins", "entries", "occasion_window")
ALL_OCCASIONS = ["agreement", "milestone", "observance", "twinning"]

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    followed = {row.id: row.occasions for row in op.get_bind().execute(sa.text("SELECT id, occasions FROM calendars"))}
    for table in DERIVED:
        op.drop_table(table)
    op.create_table(
        "entries",
        sa.Column("uid", sa.String(length=200), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("part", sa.String(length=80), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("occasion", sa.String(length=20), nullable=False),
        sa.Column("visibility", sa.String(length=20), nullable=False),
        sa.Column("twins", JSON, nullable=False),
        sa.Column("first", sa.Date(), nullable=True),
        sa.Column("last", sa.Date(), nullable=True),
        sa.Column("timezone", sa.String(length=200), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opaque", sa.Boolean(), nullable=False),
        sa.Column("gone_on", sa.Date(), nullable=True),
        sa.Column("formerly", JSON, nullable=False),
        sa.Column("stood_elsewhere", sa.Boolean(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("first_position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("last_position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("stamp", sa.DateTime(timezone=True), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("fault", sa.Text(), nullable=False),
        sa.CheckConstraint("visibility IN ('public', 'members', 'staff')", name=op.f("ck_entries_never_confidential")),
        sa.CheckConstraint(
            "(first IS NULL) = (last IS NULL) AND (first IS NULL OR last >= first)", name=op.f("ck_entries_days_fit")
        ),
        sa.CheckConstraint("sequence >= 0", name=op.f("ck_entries_sequence_counts_from_0")),
        sa.PrimaryKeyConstraint("uid", name=op.f("pk_entries")),
    )
    with op.batch_alter_table("entries", schema=None) as batch_op:
        batch_op.create_index("ix_entries_expires_on", ["expires_on"], unique=False)
        batch_op.create_index("ix_entries_slot", ["slot"], unique=False)
        batch_op.create_index("ix_entries_starts_at", ["starts_at"], unique=False)
        batch_op.create_index("ix_entries_subject", ["subject"], unique=False)

    op.create_table(
        "entry_touches",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("uid", sa.String(length=200), nullable=False),
        sa.Column("began", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry_touches")),
    )
    op.create_table(
        "occasion_window",
        sa.Column("id", sa.SmallInteger(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("seen", sa.String(length=200), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_occasion_window")),
    )
    op.create_table(
        "zone_releases",
        sa.Column("release", sa.String(length=20), nullable=False),
        sa.Column("noticed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("release", name=op.f("pk_zone_releases")),
    )
    op.create_table(
        "entry_bodies",
        sa.Column("uid", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("both_times", sa.LargeBinary(), nullable=True),
        sa.Column("busy", sa.LargeBinary(), nullable=True),
        sa.Column("farewell", sa.LargeBinary(), nullable=True),
        sa.Column("alarm", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["uid"], ["entries.uid"], name=op.f("fk_entry_bodies_uid_entries"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("uid", "language", name=op.f("pk_entry_bodies")),
    )
    op.create_table(
        "entry_twins",
        sa.Column("uid", sa.String(length=200), nullable=False),
        sa.Column("twin", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["uid"], ["entries.uid"], name=op.f("fk_entry_twins_uid_entries"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("uid", "twin", name=op.f("pk_entry_twins")),
    )
    with op.batch_alter_table("entry_twins", schema=None) as batch_op:
        batch_op.create_index("ix_entry_twins_twin_uid", ["twin", "uid"], unique=False)

    op.create_table(
        "export_parts",
        sa.Column("calendar_id", sa.Uuid(), nullable=False),
        sa.Column("part", sa.SmallInteger(), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("zones", JSON, nullable=False),
        sa.Column("first_year", sa.BigInteger(), nullable=False),
        sa.Column("members", JSON, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["calendar_id"], ["calendars.id"], name=op.f("fk_export_parts_calendar_id_calendars"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("calendar_id", "part", name=op.f("pk_export_parts")),
    )
    op.create_table(
        "export_slots",
        sa.Column("calendar_id", sa.Uuid(), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["calendar_id"], ["calendars.id"], name=op.f("fk_export_slots_calendar_id_calendars"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("calendar_id", "slot", name=op.f("pk_export_slots")),
    )
    op.create_table(
        "exports",
        sa.Column("calendar_id", sa.Uuid(), nullable=False),
        sa.Column("bits", sa.SmallInteger(), nullable=False),
        sa.Column("etag", sa.String(length=80), nullable=False),
        sa.Column("last_modified", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["calendar_id"], ["calendars.id"], name=op.f("fk_exports_calendar_id_calendars"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("calendar_id", name=op.f("pk_exports")),
    )
    op.create_table(
        "uploads",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("options", JSON, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", JSON, nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_uploads_user_id_users"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_uploads")),
    )
    with op.batch_alter_table("uploads", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_uploads_created_at"), ["created_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_uploads_user_id"), ["user_id"], unique=False)

    op.create_table(
        "subscription_clients",
        sa.Column("subscription_id", sa.Uuid(), nullable=False),
        sa.Column("client", sa.String(length=40), nullable=False),
        sa.Column("agent", sa.String(length=200), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fetches", sa.Integer(), nullable=False),
        sa.Column("gap_seconds", sa.Integer(), nullable=True),
        sa.Column("etag", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["subscription_id"],
            ["subscriptions.id"],
            name=op.f("fk_subscription_clients_subscription_id_subscriptions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("subscription_id", "client", name=op.f("pk_subscription_clients")),
    )
    with op.batch_alter_table("calendars", schema=None) as batch_op:
        batch_op.add_column(sa.Column("statuses", JSON, server_default="[]", nullable=False))
        batch_op.add_column(sa.Column("alarms", JSON, server_default="[]", nullable=False))
        batch_op.add_column(sa.Column("both_times", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("busy", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("stale_whole", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("fault", sa.Text(), server_default="", nullable=False))
        batch_op.drop_column("occasions")
        batch_op.add_column(sa.Column("occasions", JSON, server_default="[]", nullable=False))

    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.add_column(sa.Column("sort", sa.String(length=20), server_default="reminder", nullable=False))
        batch_op.add_column(sa.Column("subscription_id", sa.Uuid(), nullable=True))
        batch_op.create_index("ix_deliveries_subscription_id", ["subscription_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_deliveries_subscription_id_subscriptions"),
            "subscriptions",
            ["subscription_id"],
            ["id"],
            ondelete="SET NULL",
        )

    with op.batch_alter_table("subscriptions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("public_name", sa.String(length=80), nullable=True))
        batch_op.add_column(sa.Column("mail_urgent", sa.Boolean(), server_default=sa.true(), nullable=False))
        batch_op.add_column(sa.Column("test_entry_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("rotated_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_unique_constraint(batch_op.f("uq_subscriptions_public_name"), ["public_name"])
        batch_op.create_check_constraint("public_without_owner", "public_name IS NULL OR user_id IS NULL")
    _choose_again(followed)
    op.execute("UPDATE bookmarks SET position = 0 WHERE consumer = 'calendars'")


def _choose_again(followed: dict[object, bool]) -> None:
    """A calendar's occasions become a list, and its key says all it chooses now."""
    calendars = sa.table(
        "calendars",
        sa.column("id"), sa.column("key"), sa.column("kinds", JSON), sa.column("twins", JSON), sa.column("language"),
        sa.column("first", sa.Date), sa.column("last", sa.Date), sa.column("visibility"), sa.column("years_back"),
        sa.column("years_ahead"), sa.column("occasions", JSON), sa.column("stale_since", sa.DateTime(timezone=True)),
        sa.column("stale_whole", sa.Boolean),
    )  # fmt: skip
    for row in op.get_bind().execute(sa.select(calendars)).all():
        occasions = ALL_OCCASIONS if followed[row.id] else []
        selection = {
            "twins": row.twins, "kinds": row.kinds, "language": row.language, "occasions": occasions,
            "first": row.first, "last": row.last, "statuses": [],
        }  # fmt: skip
        choice = {
            "selection": selection, "level": row.visibility, "years_back": row.years_back,
            "years_ahead": row.years_ahead, "alarms": [], "both_times": False, "busy": False,
        }  # fmt: skip
        changed = {"key": json.dumps(choice, sort_keys=True, default=str), "occasions": occasions, "stale_whole": True}
        op.execute(
            calendars.update()
            .where(calendars.c.id == row.id)
            .values(**changed, stale_since=sa.func.coalesce(calendars.c.stale_since, sa.func.current_timestamp()))
        )
