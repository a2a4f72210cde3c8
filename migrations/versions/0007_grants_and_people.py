"""What people may do as grants, per twin and organisation; who was invited, who came; who logged an activity."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_GRANTS = """
INSERT INTO grants (user_id, role)
SELECT user_roles.user_id, roles.name FROM user_roles JOIN roles ON roles.id = user_roles.role_id
WHERE roles.name IN ('reader', 'editor', 'administrator')
"""
_SERVED = """
UPDATE activities SET recorded_by = events.actor FROM events
WHERE events.type = 'activity.recorded' AND events.actor LIKE 'user:%'
  AND events.subject = 'activity:' || activities.id::text
"""
# SQLite keeps an id as its 32 digits; the log has it with its hyphens.
_EMBEDDED = """
UPDATE activities SET recorded_by = coalesce((
    SELECT events.actor FROM events
    WHERE events.subject = 'activity:' || substr(activities.id, 1, 8) || '-' || substr(activities.id, 9, 4) || '-'
        || substr(activities.id, 13, 4) || '-' || substr(activities.id, 17, 4) || '-' || substr(activities.id, 21)
      AND events.type = 'activity.recorded' AND events.actor LIKE 'user:%'
    ORDER BY events.position LIMIT 1
), '')
"""


def upgrade() -> None:
    op.create_table(
        "grants",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("organisation", sa.String(length=200), nullable=True),
        sa.Column("twin", sa.String(length=80), nullable=True),
        sa.CheckConstraint(
            "role IN ('reader', 'contributor', 'editor', 'administrator')", name=op.f("ck_grants_role_known")
        ),
        sa.CheckConstraint(
            "role <> 'administrator' OR (twin IS NULL AND organisation IS NULL)", name=op.f("ck_grants_administers_all")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_grants_user_id_users"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["twin"], ["twins.slug"], name=op.f("fk_grants_twin_twins"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grants")),
    )
    op.create_index("ix_grants_user_id", "grants", ["user_id"])
    op.execute(_GRANTS)
    for name in ("invited_at", "joined_at", "erased_at"):
        op.add_column("users", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.add_column("activities", sa.Column("recorded_by", sa.String(length=120), server_default="", nullable=False))
    op.execute(_EMBEDDED if op.get_bind().dialect.name == "sqlite" else _SERVED)
