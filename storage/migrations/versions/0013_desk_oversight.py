"""What the desk brings: oversight."""

import re

import sqlalchemy as sa
from alembic import op

import storage.columns

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

RATED = re.compile(r"Rated \w+ \(was (\w+)\)")
DECIDED = re.compile(r"Decided: (\w+),")
AT_ONCE = 1000


def upgrade() -> None:
    _referrals()
    _past()
    _rereading()
    _tell_the_past_from_history(op.get_bind())


def _referrals() -> None:
    op.add_column("referral", sa.Column("primary_need_code", sa.String(), nullable=False, server_default="N0"))
    _partial("referral_desk", ["ledger_no"], "treated_as = 'desk'")
    _partial("referral_ageing", ["ledger_no"], "state <> 'closed'")
    _partial("referral_open_since", ["received_at"], "state <> 'closed'")
    _partial("referral_closed", ["closed_at", "received_at"], "state = 'closed'")


def _partial(name: str, columns: list[str], where: str) -> None:
    op.create_index(name, "referral", columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def _past() -> None:
    time = storage.columns.UtcDateTime
    op.create_table(
        "was",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("referral_id", sa.Integer(), nullable=False, index=True),
        sa.Column("at", time(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=True),
    )
    op.create_table(
        "ledger_mark",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("at", time(), nullable=False, index=True),
        sa.Column("ledger_no", sa.Integer(), nullable=False),
        sa.Column("chain_hash", sa.String(), nullable=False),
    )


def _rereading() -> None:
    time = storage.columns.UtcDateTime
    op.create_table(
        "reread_week",
        sa.Column("week", sa.Date(), primary_key=True),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("pool", sa.String(), nullable=False),
        sa.Column("drawn_at", time(), nullable=False),
    )
    op.create_table(
        "reread",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("week", sa.Date(), nullable=False, index=True),
        sa.Column("referral_id", sa.Integer(), nullable=False, index=True),
        sa.Column("ledger_no", sa.Integer(), nullable=False),
        sa.Column("decision_code", sa.String(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("decided_by", "agreed_by")),
        sa.Column("due_at", time(), nullable=False),
        sa.Column("read_at", time(), nullable=True),
        sa.Column("read_by", sa.String(), nullable=False),
        sa.Column("agrees", sa.Boolean(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("escalated_at", time(), nullable=True),
        sa.UniqueConstraint("week", "referral_id"),
    )


def _tell_the_past_from_history(bind: sa.Connection) -> None:
    """Ratings and decisions that were changed before changes were kept are told by the lines of history."""
    lines = bind.execute(
        sa.text(
            "SELECT referral_id, at, what FROM audit WHERE referral_id IS NOT NULL "
            "AND (what LIKE 'Rated %' OR what LIKE 'Decided: %') ORDER BY id"
        )
    )
    decided: dict[int, tuple[str, object]] = {}
    found: list[dict[str, object]] = []
    for referral_id, at, what in lines:
        if rated := RATED.match(what):
            found.append({"referral_id": referral_id, "at": at, "field": "severity", "value": rated[1]})
        elif code := DECIDED.match(what):
            before, when = decided.get(referral_id, (None, None))
            told = str(when).replace(" ", "T") + ("+00:00" if isinstance(when, str) else "") if when else None
            found.append({"referral_id": referral_id, "at": at, "field": "decision_code", "value": before})
            found.append({"referral_id": referral_id, "at": at, "field": "decided_at", "value": told})
            decided[referral_id] = code[1], at
    insert = sa.text("INSERT INTO was (referral_id, at, field, value) VALUES (:referral_id, :at, :field, :value)")
    for first in range(0, len(found), AT_ONCE):
        bind.execute(insert, found[first : first + AT_ONCE])
