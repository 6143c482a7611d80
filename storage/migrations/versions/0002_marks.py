"""Marks of what providers have been asked for, and an index for what came of late."""

import sqlalchemy as sa
from alembic import op

import storage.columns

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mark",
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("at", storage.columns.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("channel"),
    )
    op.create_index("ix_referral_captured_at", "referral", ["captured_at"])
