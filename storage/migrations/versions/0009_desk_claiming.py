"""What the desk brings: who is at a referral now and until when, and decisions that wait for a second person."""

import sqlalchemy as sa
from alembic import op

import storage.columns

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

time = storage.columns.UtcDateTime
HELD = sa.text("held_until IS NOT NULL")
PENDING = sa.text("state = 'asked'")
CLAIMED_BEFORE = (
    "UPDATE referral SET held_by = owner, held_since = captured_at, held_seen_at = captured_at, "
    "held_until = captured_at WHERE state <> 'closed' AND state = 'received' AND owner IS NOT NULL"
)
"""What was claimed and never opened goes back to the queue at the watch's next look, as it would have by now."""


def upgrade() -> None:
    op.add_column("referral", sa.Column("held_by", sa.String(), nullable=True))
    for name in ("held_since", "held_seen_at", "held_until"):
        op.add_column("referral", sa.Column(name, time(), nullable=True))
    op.execute(CLAIMED_BEFORE)
    op.create_index("referral_held", "referral", ["held_until"], sqlite_where=HELD, postgresql_where=HELD)
    op.create_table(
        "agreement",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("referral_id", sa.Integer(), nullable=False, index=True),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("action", "state", "asked_by", "asked_role")),
        sa.Column("asked_at", time(), nullable=False),
        sa.Column("due_at", time(), nullable=False),
        sa.Column("needs_manager", sa.Boolean(), nullable=False),
        sa.Column("stood", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("notice_id", sa.String(), nullable=False, index=True),
        sa.Column("settled_by", sa.String(), nullable=False),
        sa.Column("settled_at", time(), nullable=True),
        sa.Column("said", sa.String(), nullable=False),
    )
    op.create_index("agreement_pending", "agreement", ["due_at"], sqlite_where=PENDING, postgresql_where=PENDING)
