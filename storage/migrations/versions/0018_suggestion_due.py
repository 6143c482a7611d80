"""What was there before anything was suggested or found alike is looked at too, a few each minute, open ones first."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "suggestion_due",
        sa.Column("referral_id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("was_open", sa.Boolean(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
    )
    op.execute(
        "INSERT INTO suggestion_due (referral_id, was_open, tries) SELECT id, state <> 'closed', 0 FROM referral"
    )
    op.create_index("suggestion_due_next", "suggestion_due", ["was_open", "referral_id"])
