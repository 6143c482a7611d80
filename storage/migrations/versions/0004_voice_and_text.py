"""The language somebody asked for, and how far a long recording has been heard."""

import sqlalchemy as sa
from alembic import op

import storage.columns

SAYS = sa.text("words_hash <> ''")
revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _questions()
    _languages()
    _enquiries()
    _captures()


def _languages() -> None:
    op.add_column("referral", sa.Column("language", sa.String(), nullable=False, server_default=""))
    op.add_column("attachment", sa.Column("language", sa.String(), nullable=False, server_default=""))
    op.add_column("attachment", sa.Column("progress", sa.Float(), nullable=True))


def _questions() -> None:
    """Indexes for what is asked with every message."""
    op.create_index("message_says", "message", ["words_hash", "read_at"], sqlite_where=SAYS, postgresql_where=SAYS)


def _enquiries() -> None:
    op.create_table(
        "enquiry",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("at", storage.columns.UtcDateTime(), nullable=False, index=True),
        sa.Column("conversation", sa.String(), nullable=False, index=True),
        sa.Column("caller_hash", sa.String(), nullable=False),
        sa.Column("sealed_keys", sa.LargeBinary(), nullable=False),
        sa.Column("reference", sa.String(), nullable=True),
        sa.Column("is_alarm", sa.Boolean(), nullable=False),
        sa.Column("is_heeded", sa.Boolean(), nullable=False),
    )


def _captures() -> None:
    time = storage.columns.UtcDateTime
    op.create_table(
        "capture",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("stream", sa.String(), nullable=False, index=True),
        sa.Column("conversation", sa.String(), nullable=False, index=True),
        sa.Column("host", sa.String(), nullable=False),
        sa.Column("caller", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False, index=True),
        sa.Column("began_at", time(), nullable=False),
        sa.Column("heard_at", time(), nullable=False),
        sa.Column("ended_at", time(), nullable=True),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("gaps", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("words_until", sa.Float(), nullable=False),
        sa.Column("words_note", sa.String(), nullable=False),
    )
    op.add_column("attachment", sa.Column("heard_live", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("attachment", sa.Column("voice_seconds", sa.Float(), nullable=True))
    op.add_column("attachment", sa.Column("second_to", sa.String(), nullable=True))
