"""What post brings: the pages of a scan, the day a letter arrived, where words stand, print runs."""

import sqlalchemy as sa
from alembic import op

import storage.columns

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

time = storage.columns.UtcDateTime
TO_POST = sa.text(
    "channel = 'letter' AND state = 'sent' AND posted_at IS NULL AND replace(provider_id, '.pdf', '') <> provider_id"
)
EARLIER_LETTERS = (
    "UPDATE notice SET posted_at = sent_at, posted_by = 'not marked at that time' "  # noqa: S608
    f"WHERE {TO_POST.text}"
)


def upgrade() -> None:
    op.add_column("message", sa.Column("scan_id", sa.String(), nullable=True))
    op.create_index("ix_message_scan_id", "message", ["scan_id"])
    post = sa.text("channel = 'letter'")
    op.create_index("message_post", "message", ["ledger_no"], sqlite_where=post, postgresql_where=post)
    op.create_index("message_file", "message", ["sha256"], sqlite_where=post, postgresql_where=post)
    op.add_column("message", sa.Column("arrived_on", sa.Date(), nullable=True))
    op.add_column("message", sa.Column("arrived_basis", sa.String(), nullable=False, server_default=""))
    op.add_column("message", sa.Column("arrived_by", sa.String(), nullable=False, server_default=""))
    op.add_column("attachment", sa.Column("is_put_together", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("transcript", sa.Column("pages", sa.String(), nullable=False, server_default="[]"))
    op.add_column("identity", sa.Column("large_print", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("notice", sa.Column("run_id", sa.String(), nullable=True))
    op.create_index("ix_notice_run_id", "notice", ["run_id"])
    for name in ("run_place", "run_pages"):
        op.add_column("notice", sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    op.add_column("notice", sa.Column("posted_at", time(), nullable=True))
    op.add_column("notice", sa.Column("posted_by", sa.String(), nullable=False, server_default=""))
    op.create_index("notice_to_post", "notice", ["due_at"], sqlite_where=TO_POST, postgresql_where=TO_POST)
    op.execute(EARLIER_LETTERS)
    _sheets()
    _print_runs()


def _sheets() -> None:
    """The pages of scans."""
    op.create_table(
        "sheet",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("scan_id", sa.String(), nullable=False, index=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=True, index=True),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("turned", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("kind", "code", "sha256", "media_type")),
        *(sa.Column(name, sa.Float(), nullable=False) for name in ("width", "height")),
        sa.Column("moved_by", sa.String(), nullable=False),
        sa.Column("moved_at", time(), nullable=True),
        sa.UniqueConstraint("scan_id", "number"),
    )


def _print_runs() -> None:
    """Letters printed together."""
    op.create_table(
        "print_run",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("number", sa.Integer(), nullable=False, unique=True),
        sa.Column("letters", sa.Integer(), nullable=False),
        sa.Column("made_at", time(), nullable=False, index=True),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("posted_at", time(), nullable=True),
    )
