"""What mail brings: where quoted words begin, who vouched for the sender, what was in a file, what was pulled."""

import sqlalchemy as sa
from alembic import op

import storage.columns

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _messages()
    _parts()
    _pulled()
    _claims()


def _messages() -> None:
    op.add_column("message", sa.Column("subject", sa.String(), nullable=False, server_default=""))
    op.add_column("message", sa.Column("folds", sa.String(), nullable=False, server_default="[]"))
    op.add_column("message", sa.Column("sealed_proof", sa.LargeBinary(), nullable=True))
    op.add_column("message", sa.Column("spam", sa.String(), nullable=False, server_default=""))
    marked = sa.text("spam <> ''")
    op.create_index("message_spam", "message", ["referral_id"], sqlite_where=marked, postgresql_where=marked)
    op.add_column("message", sa.Column("sender_mark", sa.String(), nullable=False, server_default=""))
    op.add_column("message", sa.Column("has_page", sa.Boolean(), nullable=False, server_default=sa.false()))


def _parts() -> None:
    op.add_column("attachment", sa.Column("within", sa.String(), nullable=False, server_default=""))
    op.add_column("attachment", sa.Column("content_id", sa.String(), nullable=False, server_default=""))
    op.add_column("attachment", sa.Column("active", sa.String(), nullable=False, server_default=""))
    op.add_column("attachment", sa.Column("virus_state", sa.String(), nullable=False, server_default=""))
    op.add_column("attachment", sa.Column("virus_name", sa.String(), nullable=False, server_default=""))
    op.add_column("attachment", sa.Column("virus_checked_at", storage.columns.UtcDateTime(), nullable=True))


def _pulled() -> None:
    """What was taken from mailboxes of others, so that it is not taken again."""
    op.create_table(
        "pulled",
        sa.Column("mailbox", sa.String(), primary_key=True),
        sa.Column("item", sa.String(), primary_key=True),
        sa.Column("pulled_at", storage.columns.UtcDateTime(), nullable=False),
    )
    op.create_table(
        "mailbox",
        sa.Column("name", sa.String(), primary_key=True),
        sa.Column("begun_at", storage.columns.UtcDateTime(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("series", "mark", "holder", "why")),
        *(
            sa.Column(name, storage.columns.UtcDateTime(), nullable=True)
            for name in ("held_until", "answered_at", "away_since")
        ),
    )


def _claims() -> None:
    """Values somebody stated, each with the place and the words they rest on."""
    time = storage.columns.UtcDateTime
    op.create_table(
        "claim",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("referral_id", sa.Integer(), nullable=False, index=True),
        sa.Column("message_id", sa.String(), nullable=False, index=True),
        sa.Column("attachment_id", sa.String(), nullable=True, index=True),
        sa.Column("entity", sa.String(), nullable=False),
        sa.Column("entity_no", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("field", "value", "value_norm", "words", "place")),
        sa.Column("sealed_value", sa.LargeBinary(), nullable=True),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("said_by", "basis", "extractor")),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("identifies_referrer", sa.Boolean(), nullable=False),
        sa.Column("made_at", time(), nullable=False),
        sa.Column("settled_by", sa.String(), nullable=False, server_default=""),
        sa.Column("settled_at", time(), nullable=True),
        sa.Column("supersedes", sa.String(), nullable=True),
    )
