"""What the desk brings to calls: notes that are kept while they are written, and who is away."""

import sqlalchemy as sa
from alembic import op

import storage.columns

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

time = storage.columns.UtcDateTime


def upgrade() -> None:
    op.create_table(
        "draft",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("reference", sa.String(), nullable=False, unique=True),
        *(sa.Column(name, sa.String(), nullable=False, index=True) for name in ("state", "taken_by")),
        *(sa.Column(name, time(), nullable=False) for name in ("began_at", "saved_at")),
        sa.Column("saved_by", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("page", sa.String(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("call", sa.String(), nullable=True),
        sa.Column("is_sent", sa.Boolean(), nullable=False),
        *(sa.Column(name, time(), nullable=True) for name in ("manager_asked_at", "manager_told_at", "handed_at")),
        sa.Column("handed_by", sa.String(), nullable=False),
        sa.Column("is_parked", sa.Boolean(), nullable=False),
        sa.Column("wrapped_at", time(), nullable=True),
    )
    op.add_column("staff", sa.Column("away_until", time(), nullable=True))
    op.add_column("staff", sa.Column("deputy", sa.String(), nullable=False, server_default=""))
