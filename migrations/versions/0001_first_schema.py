"""The first schema."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "activities",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("external_id", sa.String(length=200), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("subtype", sa.String(length=200), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("title", JSON, nullable=False),
        sa.Column("description", JSON, nullable=False),
        sa.Column("direction", sa.String(length=20), nullable=False),
        sa.Column("start", sa.String(length=200), nullable=False),
        sa.Column("end", sa.String(length=200), nullable=True),
        sa.Column("timezone", sa.String(length=200), nullable=True),
        sa.Column("earliest", sa.Date(), nullable=True),
        sa.Column("latest", sa.Date(), nullable=True),
        sa.Column("sort_key", sa.String(length=60), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("visibility", sa.String(length=20), nullable=False),
        sa.Column("leaders", JSON, nullable=False),
        sa.Column("organisers", JSON, nullable=False),
        sa.Column("owner", sa.String(length=200), nullable=False),
        sa.Column("quantity_note", sa.Text(), nullable=False),
        sa.Column("counts_for", JSON, nullable=False),
        sa.Column("sources", JSON, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("details", JSON, nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "direction IN ('to_hub', 'from_hub', 'mutual', 'elsewhere', 'none')",
            name=op.f("ck_activities_direction_known"),
        ),
        sa.CheckConstraint(
            "kind IN ('exchange', 'aid_shipment', 'festival', 'delegation', 'milestone')",
            name=op.f("ck_activities_kind_known"),
        ),
        sa.CheckConstraint(
            "status IN ('planned', 'confirmed', 'held', 'cancelled', 'postponed')",
            name=op.f("ck_activities_status_known"),
        ),
        sa.CheckConstraint(
            "visibility IN ('public', 'members', 'staff', 'confidential')", name=op.f("ck_activities_visibility_known")
        ),
        sa.CheckConstraint(
            "latest IS NULL OR earliest IS NULL OR latest >= earliest", name=op.f("ck_activities_ends_after_start")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activities")),
        sa.UniqueConstraint("external_id", name=op.f("uq_activities_external_id")),
    )
    with op.batch_alter_table("activities", schema=None) as batch_op:
        batch_op.create_index("ix_activities_earliest_latest", ["earliest", "latest"], unique=False)
        batch_op.create_index("ix_activities_kind_sort_key", ["kind", "sort_key"], unique=False)
        batch_op.create_index("ix_activities_sort_key_id", ["sort_key", "id"], unique=False)
        batch_op.create_index("ix_activities_status_latest", ["status", "latest"], unique=False)

    op.create_table(
        "bookmarks",
        sa.Column("consumer", sa.String(length=40), nullable=False),
        sa.Column("shard", sa.SmallInteger(), nullable=False),
        sa.Column("position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("tries", sa.SmallInteger(), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.CheckConstraint("tries >= 0", name=op.f("ck_bookmarks_tries_not_negative")),
        sa.PrimaryKeyConstraint("consumer", "shard", name=op.f("pk_bookmarks")),
    )
    op.create_table(
        "calendars",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("twins", JSON, nullable=False),
        sa.Column("kinds", JSON, nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("occasions", sa.Boolean(), nullable=False),
        sa.Column("first", sa.Date(), nullable=True),
        sa.Column("last", sa.Date(), nullable=True),
        sa.Column("visibility", sa.String(length=20), nullable=False),
        sa.Column("years_back", sa.SmallInteger(), nullable=True),
        sa.Column("years_ahead", sa.SmallInteger(), nullable=True),
        sa.Column("counted_from", sa.SmallInteger(), nullable=True),
        sa.Column("stale_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "visibility IN ('public', 'members', 'staff')", name=op.f("ck_calendars_never_confidential")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendars")),
        sa.UniqueConstraint("key", name=op.f("uq_calendars_key")),
    )
    with op.batch_alter_table("calendars", schema=None) as batch_op:
        batch_op.create_index("ix_calendars_stale_since", ["stale_since"], unique=False)

    op.create_table(
        "entries",
        sa.Column("uid", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("visibility", sa.String(length=20), nullable=False),
        sa.Column("twins", JSON, nullable=False),
        sa.Column("first", sa.Date(), nullable=True),
        sa.Column("last", sa.Date(), nullable=True),
        sa.Column("timezone", sa.String(length=200), nullable=True),
        sa.Column("formerly", JSON, nullable=False),
        sa.Column("first_position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("last_position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("stamp", sa.DateTime(timezone=True), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.CheckConstraint("visibility IN ('public', 'members', 'staff')", name=op.f("ck_entries_never_confidential")),
        sa.CheckConstraint(
            "(first IS NULL) = (last IS NULL) AND (first IS NULL OR last >= first)", name=op.f("ck_entries_days_fit")
        ),
        sa.CheckConstraint("sequence >= 0", name=op.f("ck_entries_sequence_counts_from_0")),
        sa.PrimaryKeyConstraint("uid", name=op.f("pk_entries")),
    )
    with op.batch_alter_table("entries", schema=None) as batch_op:
        batch_op.create_index("ix_entries_kind_first", ["kind", "first"], unique=False)

    op.create_table(
        "entry_touches",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("uid", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry_touches")),
    )
    op.create_table(
        "events",
        sa.Column(
            "position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), sa.Identity(always=False), nullable=False
        ),
        sa.Column("shard", sa.SmallInteger(), nullable=False),
        sa.Column("type", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("data", JSON, nullable=False),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_events")),
    )
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.create_index("ix_events_shard_position", ["shard", "position"], unique=False)
        batch_op.create_index("ix_events_subject_position", ["subject", "position"], unique=False)

    op.create_table(
        "heartbeats",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_heartbeats")),
    )
    op.create_table(
        "link_kinds",
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("names", JSON, nullable=False),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_link_kinds")),
    )
    op.create_table(
        "occasion_window",
        sa.Column("id", sa.SmallInteger(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_occasion_window")),
    )
    op.create_table(
        "occasions",
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("twins", JSON, nullable=False),
        sa.Column("edtf", sa.String(length=40), nullable=True),
        sa.Column("rule", sa.String(length=80), nullable=True),
        sa.Column("titles", JSON, nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("sources", JSON, nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('twinning', 'agreement', 'milestone', 'observance')", name=op.f("ck_occasions_kind_known")
        ),
        sa.CheckConstraint("(edtf IS NULL) <> (rule IS NULL)", name=op.f("ck_occasions_date_or_rule")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_occasions")),
    )
    op.create_table(
        "registry",
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("document", JSON, nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_registry")),
    )
    op.create_table(
        "roles",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("permissions", JSON, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roles")),
        sa.UniqueConstraint("name", name=op.f("uq_roles_name")),
    )
    op.create_table(
        "users",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=255), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("password", sa.String(length=255), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("fs_uniquifier", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("timezone", sa.String(length=80), nullable=False),
        sa.Column("reminders_by_mail", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email", name=op.f("uq_users_email")),
        sa.UniqueConstraint("fs_uniquifier", name=op.f("uq_users_fs_uniquifier")),
    )
    op.create_table(
        "activity_counts",
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.SmallInteger(), nullable=False),
        sa.Column("of", sa.String(length=200), nullable=False),
        sa.Column("side", sa.String(length=20), nullable=True),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("bound", sa.String(length=20), nullable=False),
        sa.Column("basis", sa.String(length=20), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "basis IN ('planned', 'wanted', 'registered', 'actual')", name=op.f("ck_activity_counts_basis_known")
        ),
        sa.CheckConstraint("bound IN ('exact', 'about', 'more_than')", name=op.f("ck_activity_counts_bound_known")),
        sa.CheckConstraint(
            "side IS NULL OR side IN ('hub', 'twin', 'both', 'other')", name=op.f("ck_activity_counts_side_known")
        ),
        sa.CheckConstraint("value >= 0", name=op.f("ck_activity_counts_value_not_negative")),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["activities.id"],
            name=op.f("fk_activity_counts_activity_id_activities"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("activity_id", "place", name=op.f("pk_activity_counts")),
    )
    op.create_table(
        "activity_goods",
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.SmallInteger(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=True),
        sa.Column("unit", sa.String(length=200), nullable=False),
        sa.Column("weight_kg", sa.BigInteger(), nullable=True),
        sa.Column("value", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["activities.id"],
            name=op.f("fk_activity_goods_activity_id_activities"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("activity_id", "place", name=op.f("pk_activity_goods")),
    )
    op.create_table(
        "activity_money",
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.SmallInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("role", sa.String(length=200), nullable=False),
        sa.Column("funder", sa.String(length=200), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_activity_money_amount_not_negative")),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["activities.id"],
            name=op.f("fk_activity_money_activity_id_activities"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("activity_id", "place", name=op.f("pk_activity_money")),
    )
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("recipient", sa.String(length=255), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("payload", JSON, nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("tries", sa.SmallInteger(), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("channel IN ('mail')", name=op.f("ck_deliveries_channel_known")),
        sa.CheckConstraint(
            "status IN ('queued', 'sending', 'sent', 'failed', 'skipped')", name=op.f("ck_deliveries_status_known")
        ),
        sa.CheckConstraint("tries >= 0", name=op.f("ck_deliveries_tries_not_negative")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_deliveries_user_id_users"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint("key", name=op.f("uq_deliveries_key")),
    )
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.create_index("ix_deliveries_created_at_id", ["created_at", "id"], unique=False)
        batch_op.create_index("ix_deliveries_status_next_try_at", ["status", "next_try_at"], unique=False)
        batch_op.create_index("ix_deliveries_user_id", ["user_id"], unique=False)

    op.create_table(
        "entry_bodies",
        sa.Column("uid", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("farewell", sa.LargeBinary(), nullable=True),
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
        "exports",
        sa.Column("calendar_id", sa.Uuid(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("body_gzip", sa.LargeBinary(), nullable=False),
        sa.Column("etag", sa.String(length=80), nullable=False),
        sa.Column("last_modified", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["calendar_id"], ["calendars.id"], name=op.f("fk_exports_calendar_id_calendars"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("calendar_id", name=op.f("pk_exports")),
    )
    op.create_table(
        "idempotency_keys",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("location", sa.String(length=300), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_idempotency_keys_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "key", name=op.f("pk_idempotency_keys")),
    )
    with op.batch_alter_table("idempotency_keys", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_idempotency_keys_created_at"), ["created_at"], unique=False)

    op.create_table(
        "parked_events",
        sa.Column("consumer", sa.String(length=40), nullable=False),
        sa.Column("position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("parked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["position"], ["events.position"], name=op.f("fk_parked_events_position_events")),
        sa.PrimaryKeyConstraint("consumer", "position", name=op.f("pk_parked_events")),
    )
    op.create_table(
        "subscriptions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("calendar_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_fetch_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_agent", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["calendar_id"], ["calendars.id"], name=op.f("fk_subscriptions_calendar_id_calendars")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_subscriptions_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscriptions")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_subscriptions_token_hash")),
    )
    with op.batch_alter_table("subscriptions", schema=None) as batch_op:
        batch_op.create_index("ix_subscriptions_calendar_id", ["calendar_id"], unique=False)
        batch_op.create_index("ix_subscriptions_user_id", ["user_id"], unique=False)

    op.create_table(
        "tokens",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_tokens_user_id_users"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_tokens")),
    )
    with op.batch_alter_table("tokens", schema=None) as batch_op:
        batch_op.create_index("ix_tokens_user_id", ["user_id"], unique=False)

    op.create_table(
        "twins",
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("names", JSON, nullable=False),
        sa.Column("local_name", sa.String(length=200), nullable=False),
        sa.Column("former_names", JSON, nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("country_label", JSON, nullable=False),
        sa.Column("link", sa.String(length=80), nullable=False),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("timezone", sa.String(length=200), nullable=True),
        sa.Column("verified", sa.Boolean(), nullable=False),
        sa.Column("sources", JSON, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("latitude IS NULL OR latitude BETWEEN -90 AND 90", name=op.f("ck_twins_latitude_on_earth")),
        sa.CheckConstraint(
            "longitude IS NULL OR longitude BETWEEN -180 AND 180", name=op.f("ck_twins_longitude_on_earth")
        ),
        sa.ForeignKeyConstraint(["link"], ["link_kinds.slug"], name=op.f("fk_twins_link_link_kinds")),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_twins")),
    )
    op.create_table(
        "user_roles",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("role_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["role_id"], ["roles.id"], name=op.f("fk_user_roles_role_id_roles"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_user_roles_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "role_id", name=op.f("pk_user_roles")),
    )
    op.create_table(
        "activity_twins",
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.SmallInteger(), nullable=False),
        sa.Column("twin", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["activities.id"],
            name=op.f("fk_activity_twins_activity_id_activities"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["twin"], ["twins.slug"], name=op.f("fk_activity_twins_twin_twins")),
        sa.PrimaryKeyConstraint("activity_id", "place", name=op.f("pk_activity_twins")),
    )
    with op.batch_alter_table("activity_twins", schema=None) as batch_op:
        batch_op.create_index("ix_activity_twins_twin_activity_id", ["twin", "activity_id"], unique=False)

    op.create_table(
        "delivery_attempts",
        sa.Column("delivery_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('begun', 'sent', 'passing', 'permanent')", name=op.f("ck_delivery_attempts_outcome_known")
        ),
        sa.ForeignKeyConstraint(
            ["delivery_id"],
            ["deliveries.id"],
            name=op.f("fk_delivery_attempts_delivery_id_deliveries"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("delivery_id", "number", name=op.f("pk_delivery_attempts")),
    )
    op.create_table(
        "honours",
        sa.Column("slug", sa.String(length=120), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("local_name", sa.Text(), nullable=False),
        sa.Column("city", sa.String(length=200), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("twin", sa.String(length=80), nullable=True),
        sa.Column("date", sa.String(length=40), nullable=True),
        sa.Column("verified", sa.Boolean(), nullable=False),
        sa.Column("sources", JSON, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["twin"], ["twins.slug"], name=op.f("fk_honours_twin_twins")),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_honours")),
    )
    with op.batch_alter_table("honours", schema=None) as batch_op:
        batch_op.create_index("ix_honours_twin", ["twin"], unique=False)

    op.create_table(
        "observances",
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(length=80), nullable=False),
        sa.Column("titles", JSON, nullable=False),
        sa.Column("twin", sa.String(length=80), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["twin"], ["twins.slug"], name=op.f("fk_observances_twin_twins")),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_observances")),
    )
    op.create_table(
        "occasion_twins",
        sa.Column("occasion", sa.String(length=200), nullable=False),
        sa.Column("twin", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["occasion"], ["occasions.key"], name=op.f("fk_occasion_twins_occasion_occasions"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["twin"], ["twins.slug"], name=op.f("fk_occasion_twins_twin_twins")),
        sa.PrimaryKeyConstraint("occasion", "twin", name=op.f("pk_occasion_twins")),
    )
    with op.batch_alter_table("occasion_twins", schema=None) as batch_op:
        batch_op.create_index("ix_occasion_twins_twin_occasion", ["twin", "occasion"], unique=False)

    op.create_table(
        "reminders",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("occasion", sa.String(length=200), nullable=False),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("lead_days", sa.SmallInteger(), nullable=False),
        sa.Column("when", sa.String(length=40), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("delivery_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("status <> 'skipped' OR reason <> ''", name=op.f("ck_reminders_reason_given")),
        sa.CheckConstraint(
            "status IN ('planned', 'claimed', 'sent', 'skipped', 'failed')", name=op.f("ck_reminders_status_known")
        ),
        sa.CheckConstraint("lead_days >= 0", name=op.f("ck_reminders_lead_not_negative")),
        sa.ForeignKeyConstraint(["delivery_id"], ["deliveries.id"], name=op.f("fk_reminders_delivery_id_deliveries")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_reminders_user_id_users"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminders")),
        sa.UniqueConstraint("delivery_id", name=op.f("uq_reminders_delivery_id")),
        sa.UniqueConstraint("user_id", "channel", "occasion", "year", "lead_days", name="uq_reminders_once"),
    )
    with op.batch_alter_table("reminders", schema=None) as batch_op:
        batch_op.create_index("ix_reminders_status_due_at", ["status", "due_at"], unique=False)
        batch_op.create_index("ix_reminders_year_due_at", ["year", "due_at"], unique=False)

    op.create_table(
        "twin_dates",
        sa.Column("twin", sa.String(length=80), nullable=False),
        sa.Column("place", sa.SmallInteger(), nullable=False),
        sa.Column("edtf", sa.String(length=40), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("primary", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["twin"], ["twins.slug"], name=op.f("fk_twin_dates_twin_twins"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("twin", "place", name=op.f("pk_twin_dates")),
    )
    op.create_table(
        "twin_states",
        sa.Column("twin", sa.String(length=80), nullable=False),
        sa.Column("place", sa.SmallInteger(), nullable=False),
        sa.Column("level", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("since", sa.String(length=40), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("verified", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "level IN ('agreement', 'official_contacts', 'citizens_contacts')", name=op.f("ck_twin_states_level_known")
        ),
        sa.CheckConstraint(
            "state IN ('in_force', 'ended', 'planned', 'normal', 'resting', 'going_on', 'unknown')",
            name=op.f("ck_twin_states_state_known"),
        ),
        sa.ForeignKeyConstraint(["twin"], ["twins.slug"], name=op.f("fk_twin_states_twin_twins"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("twin", "place", name=op.f("pk_twin_states")),
    )


def downgrade() -> None:
    op.drop_table("twin_states")
    op.drop_table("twin_dates")
    with op.batch_alter_table("reminders", schema=None) as batch_op:
        batch_op.drop_index("ix_reminders_year_due_at")
        batch_op.drop_index("ix_reminders_status_due_at")

    op.drop_table("reminders")
    with op.batch_alter_table("occasion_twins", schema=None) as batch_op:
        batch_op.drop_index("ix_occasion_twins_twin_occasion")

    op.drop_table("occasion_twins")
    op.drop_table("observances")
    with op.batch_alter_table("honours", schema=None) as batch_op:
        batch_op.drop_index("ix_honours_twin")

    op.drop_table("honours")
    op.drop_table("delivery_attempts")
    with op.batch_alter_table("activity_twins", schema=None) as batch_op:
        batch_op.drop_index("ix_activity_twins_twin_activity_id")

    op.drop_table("activity_twins")
    op.drop_table("user_roles")
    op.drop_table("twins")
    with op.batch_alter_table("tokens", schema=None) as batch_op:
        batch_op.drop_index("ix_tokens_user_id")

    op.drop_table("tokens")
    with op.batch_alter_table("subscriptions", schema=None) as batch_op:
        batch_op.drop_index("ix_subscriptions_user_id")
        batch_op.drop_index("ix_subscriptions_calendar_id")

    op.drop_table("subscriptions")
    op.drop_table("parked_events")
    with op.batch_alter_table("idempotency_keys", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_idempotency_keys_created_at"))

    op.drop_table("idempotency_keys")
    op.drop_table("exports")
    with op.batch_alter_table("entry_twins", schema=None) as batch_op:
        batch_op.drop_index("ix_entry_twins_twin_uid")

    op.drop_table("entry_twins")
    op.drop_table("entry_bodies")
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.drop_index("ix_deliveries_user_id")
        batch_op.drop_index("ix_deliveries_status_next_try_at")
        batch_op.drop_index("ix_deliveries_created_at_id")

    op.drop_table("deliveries")
    op.drop_table("activity_money")
    op.drop_table("activity_goods")
    op.drop_table("activity_counts")
    op.drop_table("users")
    op.drop_table("roles")
    op.drop_table("registry")
    op.drop_table("occasions")
    op.drop_table("occasion_window")
    op.drop_table("link_kinds")
    op.drop_table("heartbeats")
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.drop_index("ix_events_subject_position")
        batch_op.drop_index("ix_events_shard_position")

    op.drop_table("events")
    op.drop_table("entry_touches")
    with op.batch_alter_table("entries", schema=None) as batch_op:
        batch_op.drop_index("ix_entries_kind_first")

    op.drop_table("entries")
    with op.batch_alter_table("calendars", schema=None) as batch_op:
        batch_op.drop_index("ix_calendars_stale_since")

    op.drop_table("calendars")
    op.drop_table("bookmarks")
    with op.batch_alter_table("activities", schema=None) as batch_op:
        batch_op.drop_index("ix_activities_status_latest")
        batch_op.drop_index("ix_activities_sort_key_id")
        batch_op.drop_index("ix_activities_kind_sort_key")
        batch_op.drop_index("ix_activities_earliest_latest")

    op.drop_table("activities")
