"""What the desk brings: the queue's own order, counts that need no walk through it, and views kept under a name."""

import sqlalchemy as sa
from alembic import op

import storage.columns

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

OPEN = sa.text("state <> 'closed'")


def upgrade() -> None:
    indexes = {"referral_due": ["due_at"], "referral_severity": ["severity", "due_at"],
               "referral_state": ["state", "due_at"], "referral_owner": ["owner", "due_at"]}  # fmt: skip
    for name, columns in indexes.items():
        op.create_index(name, "referral", columns, sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_table(
        "saved_view",
        sa.Column("id", sa.String(), primary_key=True),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("name", "filters")),
        sa.Column("kept_by", sa.String(), nullable=False, index=True),
        sa.Column("is_shared", sa.Boolean(), nullable=False),
        sa.Column("created_at", storage.columns.UtcDateTime(), nullable=False),
    )
    op.create_table(
        "first_view",
        sa.Column("staff", sa.String(), primary_key=True),
        sa.Column("view_id", sa.String(), nullable=False, index=True),
    )
