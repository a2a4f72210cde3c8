"""How far a person has taken the first tour, and whether the house has a page for everybody."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Whoever has an account already has found the way: all steps count as taken.
    op.add_column("users", sa.Column("tour", sa.SmallInteger(), server_default="31", nullable=False))
    op.add_column("organisation", sa.Column("public_page", sa.Boolean(), server_default=sa.false(), nullable=False))
