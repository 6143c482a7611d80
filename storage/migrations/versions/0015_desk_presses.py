"""What the desk brings: buttons that count once, and the calls somebody has still to wrap up found without a walk."""

import sqlalchemy as sa
from alembic import op

import storage.columns

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

OWED = "wrapped_at IS NULL AND handed_by <> ''"


def upgrade() -> None:
    op.create_table(
        "pressed",
        sa.Column("mark", sa.String(), primary_key=True),
        sa.Column("at", storage.columns.UtcDateTime(), nullable=False, index=True),
        sa.Column("reference", sa.String(), nullable=False),
    )
    op.create_index(
        "draft_to_wrap_up", "draft", ["handed_by", "is_parked", "handed_at"],
        sqlite_where=sa.text(OWED), postgresql_where=sa.text(OWED),
    )  # fmt: skip
