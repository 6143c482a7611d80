"""The language somebody asked for, and how far a long recording has been heard."""

import sqlalchemy as sa
from alembic import op

import storage.columns

SAYS = sa.text("words_hash <> ''")
SETTLED = sa.text("kind = 'receipt' AND state <> 'failed' OR kind = 'staff_task' AND for_role IS NULL")
revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _questions()
    _languages()
    _calls()
    _enquiries()
    _captures()
    _transcripts()


def _languages() -> None:
    op.add_column("referral", sa.Column("language", sa.String(), nullable=False, server_default=""))
    op.add_column("attachment", sa.Column("language", sa.String(), nullable=False, server_default=""))
    op.add_column("attachment", sa.Column("progress", sa.Float(), nullable=True))


def _questions() -> None:
    """Indexes for what is asked with every message."""
    op.create_index("message_says", "message", ["words_hash", "read_at"], sqlite_where=SAYS, postgresql_where=SAYS)
    op.create_index("notice_acknowledges", "notice", ["referral_id"], sqlite_where=SETTLED, postgresql_where=SETTLED)


def _calls() -> None:
    """What a caller chose by key, and how far the call got."""
    op.add_column("referral", sa.Column("recording_refused", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("referral", sa.Column("asked_for", sa.String(), nullable=False, server_default=""))
    op.add_column("referral", sa.Column("reached", sa.String(), nullable=False, server_default=""))
    op.add_column("referral", sa.Column("call_seconds", sa.Integer(), nullable=True))


def _enquiries() -> None:
    op.create_table(
        "enquiry",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("at", storage.columns.UtcDateTime(), nullable=False, index=True),
        sa.Column("conversation", sa.String(), nullable=False, index=True),
        sa.Column("caller_hash", sa.String(), nullable=False),
        sa.Column("keys_hash", sa.String(), nullable=False),
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


def _transcripts() -> None:
    time = storage.columns.UtcDateTime
    op.create_table(
        "transcript",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("attachment_id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("engine", "model", "language")),
        sa.Column("language_confidence", sa.Float(), nullable=True),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("text", "segments", "translation")),
        sa.Column("confidence", sa.Float(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=True),
        sa.Column("made_at", time(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("checked_by", sa.String(), nullable=False),
        sa.Column("checked_at", time(), nullable=True),
        sa.UniqueConstraint("attachment_id", "version"),
    )
    op.create_table(
        "heard_so_far",
        sa.Column("attachment_id", sa.String(), primary_key=True),
        sa.Column("begun", sa.String(), nullable=False),
        sa.Column("kept_at", time(), nullable=False),
    )
    op.execute(
        "INSERT INTO transcript (id, attachment_id, version, engine, model, language, text, segments, translation,"
        " confidence, note, made_at, made_by, checked_by)"
        " SELECT id, id, 1, engine, '', '', text, segments, '', confidence, note, transcribed_at, 'frontdoor', ''"
        " FROM attachment WHERE text_state = 'done' AND transcribed_at IS NOT NULL"
    )
