"""The first tables, and the database's own refusal to change what was received or recorded."""

import sqlalchemy as sa
from alembic import op

import storage.columns

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attachment",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("referral_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("handle", sa.String(), nullable=True),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("sha256", sa.String(), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("text_state", sa.String(), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=True),
        sa.Column("engine", sa.String(), nullable=False),
        sa.Column("segments", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("transcribed_at", storage.columns.UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attachment_handle"), ["handle"], unique=False)
        batch_op.create_index(batch_op.f("ix_attachment_message_id"), ["message_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_attachment_referral_id"), ["referral_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_attachment_sha256"), ["sha256"], unique=False)

    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", storage.columns.UtcDateTime(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("referral_id", sa.Integer(), nullable=True),
        sa.Column("is_private", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_referral_id"), ["referral_id"], unique=False)

    op.create_table(
        "content",
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("envelope", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("message_id"),
    )
    op.create_table(
        "identity",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("address_class", sa.String(), nullable=False),
        sa.Column("address_hash", sa.String(), nullable=False),
        sa.Column("sealed_address", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_name", sa.LargeBinary(), nullable=True),
        sa.Column("texts_stopped_at", storage.columns.UtcDateTime(), nullable=True),
        sa.Column("open_words_at", storage.columns.UtcDateTime(), nullable=True),
        sa.Column("created_at", storage.columns.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("address_hash"),
    )
    op.create_table(
        "ledger_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ledger_no", sa.Integer(), nullable=False),
        sa.Column("chain_hash", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "message",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("ledger_no", sa.Integer(), nullable=True),
        sa.Column("prev_hash", sa.String(), nullable=False),
        sa.Column("chain_hash", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("source_key", sa.String(), nullable=False),
        sa.Column("conversation", sa.String(), nullable=True),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("received_at", storage.columns.UtcDateTime(), nullable=False),
        sa.Column("captured_at", storage.columns.UtcDateTime(), nullable=False),
        sa.Column("referral_id", sa.Integer(), nullable=True),
        sa.Column("read_at", storage.columns.UtcDateTime(), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("unreadable", sa.String(), nullable=False),
        sa.Column("identity_id", sa.String(), nullable=True),
        sa.Column("thread_id", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("channel", "source_key"),
        sa.UniqueConstraint("ledger_no"),
    )
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_message_conversation"), ["conversation"], unique=False)
        batch_op.create_index(batch_op.f("ix_message_reference"), ["reference"], unique=False)
        batch_op.create_index(batch_op.f("ix_message_referral_id"), ["referral_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_message_thread_id"), ["thread_id"], unique=False)
        batch_op.create_index(
            "message_unread",
            ["ledger_no"],
            unique=False,
            sqlite_where=sa.text("read_at IS NULL AND ledger_no IS NOT NULL"),
            postgresql_where=sa.text("read_at IS NULL AND ledger_no IS NOT NULL"),
        )

    op.create_table(
        "notice",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("referral_id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("identity_id", sa.String(), nullable=True),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("html", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("due_at", storage.columns.UtcDateTime(), nullable=False),
        sa.Column("created_at", storage.columns.UtcDateTime(), nullable=False),
        sa.Column("sending_at", storage.columns.UtcDateTime(), nullable=True),
        sa.Column("sent_at", storage.columns.UtcDateTime(), nullable=True),
        sa.Column("delivered_at", storage.columns.UtcDateTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.String(), nullable=True),
        sa.Column("substitute_for", sa.String(), nullable=True),
        sa.Column("reply_handle", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notice_provider_id"), ["provider_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_notice_referral_id"), ["referral_id"], unique=False)
        batch_op.create_index(
            "notice_owed",
            ["due_at"],
            unique=False,
            sqlite_where=sa.text("state = 'owed'"),
            postgresql_where=sa.text("state = 'owed'"),
        )

    op.create_table(
        "referral",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("ledger_no", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("severity", sa.String(), nullable=False),
        sa.Column("severity_floor", sa.String(), nullable=False),
        sa.Column("contact_source_code", sa.String(), nullable=False),
        sa.Column("treated_as", sa.String(), nullable=False),
        sa.Column("received_at", storage.columns.UtcDateTime(), nullable=False),
        sa.Column("captured_at", storage.columns.UtcDateTime(), nullable=False),
        sa.Column("look_by", storage.columns.UtcDateTime(), nullable=False),
        sa.Column("looked_at", storage.columns.UtcDateTime(), nullable=True),
        sa.Column("looked_by", sa.String(), nullable=True),
        sa.Column("due_at", storage.columns.UtcDateTime(), nullable=False),
        sa.Column("next_action", sa.String(), nullable=False),
        sa.Column("queue", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=True),
        sa.Column("child_known", sa.Boolean(), nullable=False),
        sa.Column("summary", sa.String(), nullable=False),
        sa.Column("identity_id", sa.String(), nullable=True),
        sa.Column("decision_code", sa.String(), nullable=True),
        sa.Column("decision_reason", sa.String(), nullable=False),
        sa.Column("decision_level", sa.Integer(), nullable=True),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("agreed_by", sa.String(), nullable=True),
        sa.Column("decided_at", storage.columns.UtcDateTime(), nullable=True),
        sa.Column("closed_at", storage.columns.UtcDateTime(), nullable=True),
        sa.Column("close_reason", sa.String(), nullable=False),
        sa.Column("linked_to", sa.String(), nullable=True),
        sa.Column("last_message_at", storage.columns.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("ledger_no"),
        sa.UniqueConstraint("reference"),
    )
    with op.batch_alter_table("referral", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_referral_identity_id"), ["identity_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_referral_owner"), ["owner"], unique=False)
        batch_op.create_index(
            "referral_queue",
            ["due_at", "id"],
            unique=False,
            sqlite_where=sa.text("state <> 'closed'"),
            postgresql_where=sa.text("state <> 'closed'"),
        )

    op.create_table(
        "sign_in",
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("staff_id", sa.String(), nullable=False),
        sa.Column("expires_at", storage.columns.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("token_hash"),
    )
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_staff_id"), ["staff_id"], unique=False)

    op.create_table(
        "staff",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("created_at", storage.columns.UtcDateTime(), nullable=False),
        sa.Column("disabled_at", storage.columns.UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
    )
    op.create_table(
        "token",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("created_at", storage.columns.UtcDateTime(), nullable=False),
        sa.Column("revoked_at", storage.columns.UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
        sa.UniqueConstraint("token_hash"),
    )
    op.create_table(
        "work",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("queue", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("dedupe", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("visible_at", storage.columns.UtcDateTime(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("max_attempts", sa.Integer(), nullable=False),
        sa.Column("token", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(), nullable=True),
        sa.Column("last_error", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("dedupe"),
    )
    with op.batch_alter_table("work", schema=None) as batch_op:
        batch_op.create_index(
            "work_due",
            ["queue", "visible_at"],
            unique=False,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )
    op.execute("INSERT INTO ledger_head (id, ledger_no, chain_hash) VALUES (1, 0, '" + "0" * 64 + "')")
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


FIXED = (
    "id, ledger_no, prev_hash, chain_hash, channel, source_key, conversation, reference, purpose, media_type, "
    "sha256, size, received_at, captured_at"
)
SQLITE = [
    f"CREATE TRIGGER message_is_fixed BEFORE UPDATE OF {FIXED} ON message "
    "BEGIN SELECT RAISE(ABORT, 'a received message never changes'); END",
    "CREATE TRIGGER message_stays BEFORE DELETE ON message "
    "BEGIN SELECT RAISE(ABORT, 'a received message is never deleted'); END",
    "CREATE TRIGGER content_is_fixed BEFORE UPDATE ON content "
    "BEGIN SELECT RAISE(ABORT, 'what was received never changes'); END",
    "CREATE TRIGGER audit_is_fixed BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'history is append only'); END",
    "CREATE TRIGGER audit_stays BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'history is append only'); END",
]
POSTGRESQL = [
    "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
    "$$BEGIN RAISE EXCEPTION 'what was received or recorded never changes'; END$$",
    f"CREATE TRIGGER message_is_fixed BEFORE UPDATE OF {FIXED} ON message "
    "FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    "CREATE TRIGGER message_stays BEFORE DELETE ON message FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    "CREATE TRIGGER content_is_fixed BEFORE UPDATE ON content FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    "CREATE TRIGGER audit_is_fixed BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION refuse_change()",
]
