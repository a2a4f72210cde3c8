"""Reminders by rules: a ledger under one key, tasks and their letters, chats, bounces, and how each wants to be told."""

import datetime as dt
import re

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "chats",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("timezone", sa.String(length=80), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chats")),
        sa.UniqueConstraint("name", name=op.f("uq_chats_name")),
    )
    op.create_table(
        "customs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("leap_day", sa.String(length=10), nullable=False),
        sa.Column("round_years", JSON, nullable=False),
        sa.Column("jubilee_years", JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customs")),
    )
    op.create_table(
        "letter_templates",
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("standing", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("language", "standing", name=op.f("pk_letter_templates")),
    )
    op.create_table(
        "reminder_plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("made_of", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder_plan")),
    )
    op.create_table(
        "rules",
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("about", sa.String(length=20), nullable=False),
        sa.Column("names", JSON, nullable=False),
        sa.Column("choice", JSON, nullable=False),
        sa.Column("leads", JSON, nullable=False),
        sa.Column("audience", JSON, nullable=False),
        sa.Column("wording", JSON, nullable=False),
        sa.Column("late_days", sa.SmallInteger(), nullable=True),
        sa.Column("task", sa.Boolean(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "about IN ('occasion', 'outlook', 'activity_start', 'activity_end', 'agreement_end', 'day', 'silent_twin', 'stuck_shipment', 'unconfirmed')",
            name=op.f("ck_rules_about_known"),
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_rules")),
    )
    op.create_table(
        "tasks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("when", sa.String(length=40), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("status <> 'claimed' OR user_id IS NOT NULL", name=op.f("ck_tasks_claimed_by_somebody")),
        sa.CheckConstraint("status IN ('open', 'claimed', 'done')", name=op.f("ck_tasks_status_known")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_tasks_user_id_users"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tasks")),
        sa.UniqueConstraint("rule", "subject", "year", name="uq_tasks_once"),
    )
    with op.batch_alter_table("tasks", schema=None) as batch_op:
        batch_op.create_index("ix_tasks_status_when", ["status", "when"], unique=False)
        batch_op.create_index("ix_tasks_user_id", ["user_id"], unique=False)

    op.create_table(
        "follows",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("twin", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["twin"], ["twins.slug"], name=op.f("fk_follows_twin_twins"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_follows_user_id_users"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "twin", name=op.f("pk_follows")),
    )
    op.create_table(
        "bounces",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recipient", sa.String(length=255), nullable=False),
        sa.Column("hard", sa.Boolean(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("delivery_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["deliveries.id"], name=op.f("fk_bounces_delivery_id_deliveries"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bounces")),
        sa.UniqueConstraint("key", name=op.f("uq_bounces_key")),
    )
    with op.batch_alter_table("bounces", schema=None) as batch_op:
        batch_op.create_index("ix_bounces_delivery_id", ["delivery_id"], unique=False)
        batch_op.create_index("ix_bounces_recipient_at", ["recipient", "at"], unique=False)

    op.create_table(
        "letters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("twin", sa.String(length=80), nullable=False),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("recipient", sa.String(length=255), nullable=False),
        sa.Column("addressee", sa.Text(), nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("delivery_id", sa.Integer(), nullable=True),
        sa.Column("activity_id", sa.Uuid(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("status IN ('draft', 'sent')", name=op.f("ck_letters_status_known")),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activities.id"], name=op.f("fk_letters_activity_id_activities"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["delivery_id"], ["deliveries.id"], name=op.f("fk_letters_delivery_id_deliveries")),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_letters_task_id_tasks"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["twin"], ["twins.slug"], name=op.f("fk_letters_twin_twins")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_letters_user_id_users"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letters")),
        sa.UniqueConstraint("task_id", "twin", name=op.f("uq_letters_task_id_twin")),
    )
    with op.batch_alter_table("letters", schema=None) as batch_op:
        batch_op.create_index("ix_letters_twin_year", ["twin", "year"], unique=False)
    with op.batch_alter_table("activities") as batch_op:
        batch_op.add_column(sa.Column("responsible", sa.String(length=255), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("watched_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("dated_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE activities SET dated_at = changed_at")
    _watched()
    with op.batch_alter_table("activities") as batch_op:
        batch_op.alter_column("dated_at", existing_type=sa.DateTime(timezone=True), nullable=False)
        batch_op.create_index("ix_activities_kind_watched_on", ["kind", "watched_on"], unique=False)
    for table in ("observances", "occasions"):
        with op.batch_alter_table(table) as batch_op:
            batch_op.add_column(sa.Column("moved", JSON, nullable=False, server_default="{}"))
    with op.batch_alter_table("users") as batch_op:
        batch_op.add_column(sa.Column("single_mails", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("tasks_by_mail", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("remind_at", sa.SmallInteger(), nullable=False, server_default="480"))
        batch_op.add_column(sa.Column("quiet_from", sa.SmallInteger(), nullable=True))
        batch_op.add_column(sa.Column("quiet_until", sa.SmallInteger(), nullable=True))
        batch_op.add_column(sa.Column("follows_since", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("mail_paused_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("mail_paused_why", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("deliveries") as batch_op:
        batch_op.drop_constraint(op.f("ck_deliveries_channel_known"), type_="check")
        batch_op.create_check_constraint(op.f("ck_deliveries_channel_known"), "channel IN ('mail', 'chat')")
        batch_op.add_column(sa.Column("message_id", sa.String(length=255), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("maybe_twice", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.drop_index("ix_deliveries_status_next_try_at")
    sqlite = op.get_bind().dialect.name == "sqlite"
    kept = "json_extract(payload, '$.message_id')" if sqlite else "payload->>'message_id'"
    op.execute(f"UPDATE deliveries SET message_id = coalesce({kept}, '')")
    with op.batch_alter_table("deliveries") as batch_op:
        batch_op.alter_column("message_id", server_default=None)
        batch_op.create_index("ix_deliveries_due", ["channel", "status", "next_try_at", "id"], unique=False)
        batch_op.create_index("ix_deliveries_status", ["status"], unique=False)
        batch_op.create_index("ix_deliveries_message_id", ["message_id"], unique=False)
        batch_op.create_index(
            "ix_deliveries_maybe_twice", ["maybe_twice"], unique=False,
            sqlite_where=sa.text("maybe_twice"), postgresql_where=sa.text("maybe_twice"),
        )  # fmt: skip
    _ledger()
    _honours_too()


def _watched() -> None:
    """When agreements end and shipments reached their last stage; coarser than a month nothing is reminded of."""
    activities = sa.table(
        "activities", sa.column("id", sa.Uuid()), sa.column("kind"), sa.column("details", JSON),
        sa.column("watched_on", sa.Date()),
    )  # fmt: skip
    chosen = sa.select(activities.c.id, activities.c.details).where(
        activities.c.kind.in_(("milestone", "aid_shipment"))
    )
    for identity, details in op.get_bind().execute(chosen).all():
        told = max([stage["on"] for stage in details.get("stages", ())], default=None) or details.get("ends")
        known = re.match(r"\d{4}-(0[1-9]|1[0-2])(-\d{2})?", told or "")
        if known:
            day = dt.date.fromisoformat(known[0] if known[2] else f"{known[0]}-01")
            op.execute(activities.update().where(activities.c.id == identity).values(watched_on=day))


def _honours_too() -> None:
    """The consumer `occasions` reads the log from its start once more: it takes in honours now."""
    op.execute(
        "UPDATE bookmarks SET position = 0, tries = 0, not_before = NULL, error = NULL WHERE consumer = 'occasions'"
    )


def _ledger() -> None:
    """What was planned and sent by the release before stands under the rules that ship now, so nothing leaves twice."""
    with op.batch_alter_table("reminders") as batch_op:
        batch_op.add_column(sa.Column("rule", sa.String(length=60), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("subject", sa.String(length=200), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("lead", sa.String(length=20), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("person", sa.String(length=260), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("read_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE reminders SET subject = occasion, person = 'user:' || user_id,"
        # What was due before there was an inbox waits for nobody in it.
        " read_at = CASE status WHEN 'planned' THEN NULL ELSE due_at END,"
        " rule = CASE occasion WHEN 'outlook' THEN 'outlook' ELSE 'anniversary' END,"
        " lead = CASE lead_days WHEN 365 THEN '-12m' WHEN 180 THEN '-6m' WHEN 90 THEN '-3m' WHEN 0 THEN '0d'"
        " ELSE '-' || lead_days || 'd' END"
    )
    with op.batch_alter_table("reminders") as batch_op:
        batch_op.alter_column("user_id", existing_type=sa.Integer(), nullable=True)
        for column in ("rule", "subject", "lead", "person"):
            batch_op.alter_column(column, server_default=None)
        batch_op.drop_index("ix_reminders_year_due_at")
        batch_op.drop_constraint(op.f("uq_reminders_delivery_id"), type_="unique")
        batch_op.drop_constraint("uq_reminders_once", type_="unique")
        batch_op.drop_constraint(op.f("ck_reminders_lead_not_negative"), type_="check")
        batch_op.create_unique_constraint("uq_reminders_once", ["rule", "subject", "year", "lead", "person", "channel"])
        batch_op.create_index("ix_reminders_delivery_id", ["delivery_id"], unique=False)
        batch_op.create_index("ix_reminders_due_at", ["due_at"], unique=False)
        batch_op.create_index("ix_reminders_person_status_due_at", ["person", "status", "due_at"], unique=False)
        batch_op.create_index("ix_reminders_subject_year", ["subject", "year"], unique=False)
        batch_op.drop_column("lead_days")
        batch_op.drop_column("occasion")
