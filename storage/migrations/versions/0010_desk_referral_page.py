"""What the page of a referral brings: the shape of each recording's sound."""

import sqlalchemy as sa
from alembic import op

import storage.columns

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sound_shape",
        sa.Column("attachment_id", sa.String(), primary_key=True),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("sha256", "levels")),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("made_at", storage.columns.UtcDateTime(), nullable=False),
    )
