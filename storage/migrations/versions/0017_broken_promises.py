"""Each promise finds what breaks it in an index of its own; likeness is asked by referral and key in their order."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

OF_REFERRALS = {
    "referral_ageing": (["ledger_no", "channel", "severity", "state"], "state <> 'closed'"),
    "referral_not_looked_at": (["look_by"], "state <> 'closed' AND looked_at IS NULL"),
    "referral_looked_at": (
        ["due_at"], "state <> 'closed' AND state <> 'awaiting_information' AND looked_at IS NOT NULL"
    ),
    "referral_awaiting": (["due_at"], "state = 'awaiting_information'"),
    "referral_promised": (
        ["promised_at"], "state <> 'closed' AND state <> 'awaiting_information' AND promised_at IS NOT NULL"
    ),
    "referral_unclocked": (
        ["captured_at"],
        "state <> 'closed' AND (next_action = '' OR queue = '' OR rung_at IS NULL OR clock_from IS NULL)",
    ),
}  # fmt: skip
OF_NOTICES = {
    "notice_to_send": (["due_at"], "state = 'owed' AND channel <> 'staff'"),
    "notice_task": (["due_at"], "state = 'owed' AND channel = 'staff'"),
}


def upgrade() -> None:
    op.drop_index("referral_ageing", "referral")
    for table, indexes in (("referral", OF_REFERRALS), ("notice", OF_NOTICES)):
        for name, (columns, those) in indexes.items():
            op.create_index(name, table, columns, sqlite_where=sa.text(those), postgresql_where=sa.text(those))
    op.drop_index("ix_likeness_referral_id", "likeness")
    op.create_index("likeness_of_referral", "likeness", ["referral_id", "key"])
