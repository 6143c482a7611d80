"""The clock and its ladder, limits of delivery, safe ways to reach a sender, and references set aside."""

import sqlalchemy as sa
from alembic import op

import storage.columns

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TIME = storage.columns.UtcDateTime
OPEN = sa.text("state <> 'closed'")
ANSWERS = sa.text("kind = 'receipt' AND channel IN ('sms', 'email')")
PROMISED = """
UPDATE referral SET promised_at = look_by
WHERE state IN ('received', 'in_triage') AND decided_at IS NULL AND NOT EXISTS (
    SELECT 1 FROM notice
    WHERE notice.referral_id = referral.id AND notice.kind = 'receipt' AND notice.reason LIKE 'automatic message%'
)
"""
LIMITED = sa.text("limit_at IS NOT NULL")
INSTEAD = sa.text("substitute_for IS NOT NULL")
WORDS = ("told_as", "severity_highest", "asked_who_acts", "handed_to", "handed_receipt")
FIRST = {"told_as": "public", "severity_highest": "unrated"}


def upgrade() -> None:
    _referrals()
    _notices()
    _messages()
    _addresses()
    op.add_column("work", sa.Column("set_at", TIME(), nullable=True))
    op.create_table(
        "escalation",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("referral_id", sa.Integer(), nullable=False, index=True),
        sa.Column("rung", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("told", sa.String(), nullable=False),
        sa.Column("at", TIME(), nullable=False),
        sa.Column("due_at", TIME(), nullable=False),
        sa.Column("notice_id", sa.String(), nullable=True),
    )
    op.create_table(
        "reserved",
        sa.Column("reference", sa.String(), primary_key=True),
        sa.Column("host", sa.String(), nullable=False, index=True),
        sa.Column("at", TIME(), nullable=False),
        sa.Column("stands_for", sa.String(), nullable=True),
    )


def _referrals() -> None:
    for name in ("clock_from", "rung_at", "still_open_at", "promised_at"):
        op.add_column("referral", sa.Column(name, TIME(), nullable=True))
    for name in ("ladder", "late_count"):
        op.add_column("referral", sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    for name in ("child_told_us", "may_be_malicious"):
        op.add_column("referral", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))
    for name in WORDS:
        op.add_column("referral", sa.Column(name, sa.String(), nullable=False, server_default=FIRST.get(name, "")))
    op.execute("UPDATE referral SET clock_from = received_at, severity_highest = severity")
    op.execute("UPDATE referral SET rung_at = received_at WHERE state <> 'closed'")
    op.execute(sa.text(PROMISED))
    op.drop_index("referral_queue", "referral")
    op.create_index(
        "referral_queue", "referral", [sa.text("ladder DESC"), "due_at", "id"], sqlite_where=OPEN, postgresql_where=OPEN
    )
    op.create_index("referral_rung", "referral", ["rung_at"], sqlite_where=OPEN, postgresql_where=OPEN)


def _notices() -> None:
    op.add_column("notice", sa.Column("limit_at", TIME(), nullable=True))
    op.add_column("notice", sa.Column("for_role", sa.String(), nullable=True))
    op.add_column("notice", sa.Column("times", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("notice", sa.Column("filled_in", sa.LargeBinary(), nullable=True))
    op.create_index("notice_instead_of", "notice", ["substitute_for"], sqlite_where=INSTEAD, postgresql_where=INSTEAD)
    op.create_index("notice_limit", "notice", ["limit_at"], sqlite_where=LIMITED, postgresql_where=LIMITED)
    op.create_index("notice_to", "notice", ["identity_id", "created_at"])
    op.create_index("notice_answers", "notice", ["created_at"], sqlite_where=ANSWERS, postgresql_where=ANSWERS)


def _messages() -> None:
    op.add_column("message", sa.Column("words_hash", sa.String(), nullable=False, server_default=""))


def _addresses() -> None:
    op.add_column("identity", sa.Column("ok_for", sa.String(), nullable=False, server_default="{}"))
    for name in ("ok_words", "asked_by", "blocked_reason", "domain_hash"):
        op.add_column("identity", sa.Column(name, sa.String(), nullable=True))
    for name in ("asked_at", "expires_at", "blocked_until"):
        op.add_column("identity", sa.Column(name, TIME(), nullable=True))
    op.add_column("identity", sa.Column("sealed_safety", sa.LargeBinary(), nullable=True))
    op.create_index("ix_identity_domain_hash", "identity", ["domain_hash"])
    op.create_table(
        "contact_way",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("referral_id", sa.Integer(), nullable=False, index=True),
        sa.Column("of_identity_id", sa.String(), nullable=True),
        sa.Column("identity_id", sa.String(), nullable=False),
        sa.Column("said_by", sa.String(), nullable=False),
        sa.Column("created_at", TIME(), nullable=False),
        sa.UniqueConstraint("referral_id", "identity_id"),
    )
    op.create_table(
        "household",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("referral_id", sa.Integer(), nullable=False, index=True),
        sa.Column("address_class", sa.String(), nullable=False),
        sa.Column("address_hash", sa.String(), nullable=False),
        sa.Column("sealed_address", sa.LargeBinary(), nullable=False),
        sa.Column("said_by", sa.String(), nullable=False),
        sa.Column("created_at", TIME(), nullable=False),
        sa.UniqueConstraint("referral_id", "address_hash"),
    )
