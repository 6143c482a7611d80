"""The language somebody asked for, and how far a long recording has been heard."""

import sqlalchemy as sa
from alembic import op

import storage.columns

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _languages()
    _enquiries()


def _languages() -> None:
    op.add_column("referral", sa.Column("language", sa.String(), nullable=False, server_default=""))
    op.add_column("attachment", sa.Column("language", sa.String(), nullable=False, server_default=""))
    op.add_column("attachment", sa.Column("progress", sa.Float(), nullable=True))


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
    )
