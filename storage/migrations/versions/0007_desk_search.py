"""What the desk brings: search."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

HAS_SENDER = sa.text("identity_id IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "search_due",
        sa.Column("referral_id", sa.Integer(), primary_key=True),
        sa.Column("tries", sa.Integer(), nullable=False, server_default="0"),
    )
    op.execute("INSERT INTO search_due (referral_id) SELECT id FROM referral")
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for table in ("search_open", "search_closed"):
        op.execute(
            f"CREATE VIRTUAL TABLE {table} USING fts5(words, also, tokenize='ascii')"
            if is_sqlite
            else _on_postgresql(table)
        )
        if not is_sqlite:
            op.execute(f"CREATE INDEX {table}_words ON {table} USING gin (words) WITH (fastupdate = off)")
    op.add_column("claim", sa.Column("value_hash", sa.String(), nullable=True))
    op.create_index("ix_claim_value_hash", "claim", ["value_hash"])
    op.create_index("ix_contact_way_identity_id", "contact_way", ["identity_id"])
    op.create_index("ix_household_address_hash", "household", ["address_hash"])
    op.create_index(
        "message_of_sender", "message", ["identity_id"], sqlite_where=HAS_SENDER, postgresql_where=HAS_SENDER
    )


def _on_postgresql(table: str) -> str:
    """Each word is written into the vector by us, so that both databases find the same."""
    return f"CREATE TABLE {table} (referral_id integer PRIMARY KEY, words tsvector NOT NULL)"
