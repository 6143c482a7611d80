"""Whether all of a referral may be unwanted mail stands with it: a queue is chosen and counted by it at once."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

OPEN = sa.text("state <> 'closed'")
SPAM = sa.text("state <> 'closed' AND perhaps_spam")
CHOSEN_BY = ["channel", "severity", "state", "kind", "owner", "child_known", "perhaps_spam"]
KEEP = """
UPDATE referral SET perhaps_spam = true WHERE id IN (
 SELECT referral_id FROM message WHERE spam <> '' AND ledger_no IS NOT NULL AND referral_id IS NOT NULL
) AND NOT EXISTS (SELECT 1 FROM message WHERE referral_id = referral.id AND ledger_no IS NOT NULL AND spam = '')
"""
TOGETHER = "CREATE STATISTICS referral_together (mcv) ON state, channel, kind, severity FROM referral"
"""What is open is not like what is closed: without this PostgreSQL looks for the rare in the wrong place."""


def upgrade() -> None:
    op.add_column("referral", sa.Column("perhaps_spam", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute(KEEP)
    op.drop_index("message_spam", "message")
    op.drop_index("referral_queue", "referral")
    columns: list[str | sa.TextClause] = [sa.text("ladder DESC"), "due_at", "id", *CHOSEN_BY]
    op.create_index("referral_queue", "referral", columns, sqlite_where=OPEN, postgresql_where=OPEN)
    columns = ["ladder", "due_at", "id"]
    op.create_index("referral_spam", "referral", columns, sqlite_where=SPAM, postgresql_where=SPAM)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(TOGETHER)
