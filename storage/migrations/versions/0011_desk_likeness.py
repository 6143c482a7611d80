"""What the desk brings: what referrals have in common, what a machine suggests, and low reports that add up."""

import sqlalchemy as sa
from alembic import op

import storage.columns

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

time = storage.columns.UtcDateTime


def upgrade() -> None:
    op.create_table(
        "likeness",
        sa.Column("key", sa.String(), primary_key=True),
        sa.Column("referral_id", sa.Integer(), primary_key=True, index=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("of_sender", sa.Boolean(), nullable=False),
        sa.Column("is_checked", sa.Boolean(), nullable=False),
    )
    op.create_table(
        "apart",
        sa.Column("low_id", sa.Integer(), primary_key=True),
        sa.Column("high_id", sa.Integer(), primary_key=True, index=True),
        sa.Column("said_by", sa.String(), nullable=False),
        sa.Column("said_at", time(), nullable=False),
        sa.Column("taken_back_by", sa.String(), nullable=False),
        sa.Column("taken_back_at", time(), nullable=True),
    )
    op.create_table(
        "accumulated",
        sa.Column("referral_id", sa.Integer(), primary_key=True),
        sa.Column("notice_id", sa.String(), nullable=False, index=True),
        sa.Column("at", time(), nullable=False),
    )
    _suggestions()


def _suggestions() -> None:
    op.create_table(
        "suggestion",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("referral_id", sa.Integer(), nullable=False, index=True),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("attachment_id", sa.String(), nullable=True, index=True),
        *(
            sa.Column(name, sa.String(), nullable=False)
            for name in ("about", "value", "rule", "says", "words", "place", "extractor", "state")
        ),
        sa.Column("made_at", time(), nullable=False),
        sa.Column("settled_by", sa.String(), nullable=False),
        sa.Column("settled_at", time(), nullable=True),
    )
