"""The language somebody asked for, and how far a long recording has been heard."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _languages()


def _languages() -> None:
    op.add_column("referral", sa.Column("language", sa.String(), nullable=False, server_default=""))
    op.add_column("attachment", sa.Column("language", sa.String(), nullable=False, server_default=""))
    op.add_column("attachment", sa.Column("progress", sa.Float(), nullable=True))
