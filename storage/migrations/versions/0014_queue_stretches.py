"""Each choice of the queue has its own stretch of an index, and a walk through the whole queue reads one index only."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

OPEN = sa.text("state <> 'closed'")
CHOSEN_BY = ["channel", "severity", "state", "kind", "owner"]


def upgrade() -> None:
    for name in ("referral_queue", "referral_severity", "referral_state", "referral_owner", "ix_referral_owner"):
        op.drop_index(name, "referral")
    _create("referral_queue", [sa.text("ladder DESC"), "due_at", "id", *CHOSEN_BY, "child_known"])
    for column in CHOSEN_BY:
        _create(f"referral_{column}", [column, "ladder", "due_at", "id"])


def _create(name: str, columns: list[str | sa.TextClause]) -> None:
    op.create_index(name, "referral", columns, sqlite_where=OPEN, postgresql_where=OPEN)
