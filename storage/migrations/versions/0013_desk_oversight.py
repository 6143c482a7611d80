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
AT_ONCE = 10_000
LINES = sa.text(
    "SELECT referral_id, id, at, what FROM audit WHERE (referral_id, id) > (:about, :line) "
    "AND (what LIKE 'Rated %' OR what LIKE 'Decided: %') ORDER BY referral_id, id LIMIT :most"
)
KEEP = sa.text("INSERT INTO was (referral_id, at, field, value) VALUES (:referral_id, :at, :field, :value)")


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
    after: tuple[int, int] = (0, 0)
    decided: tuple[str | None, object] = (None, None)
    while lines := bind.execute(LINES, {"about": after[0], "line": after[1], "most": AT_ONCE}).all():
        found: list[dict[str, object]] = []
        for referral_id, line, at, what in lines:
            if referral_id != after[0]:
                decided = (None, None)
            after = (referral_id, line)
            if rated := RATED.match(what):
                found.append(_was(referral_id, at, "severity", rated[1]))
            elif code := DECIDED.match(what):
                found.append(_was(referral_id, at, "decision_code", decided[0]))
                found.append(_was(referral_id, at, "decided_at", _as_text(decided[1])))
                decided = (code[1], at)
        if found:
            bind.execute(KEEP, found)


def _was(referral_id: int, at: object, field: str, value: object) -> dict[str, object]:
    return {"referral_id": referral_id, "at": at, "field": field, "value": value}


def _as_text(at: object) -> str | None:
    """SQLite gives times as text in UTC, PostgreSQL as they are."""
    if at is None:
        return None
    return f"{at}+00:00".replace(" ", "T") if isinstance(at, str) else at.isoformat()  # type: ignore[attr-defined]
