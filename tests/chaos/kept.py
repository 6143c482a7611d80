"""What the database holds when the run is over, asked in plain SQL and without any of the gateway's own questions."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, create_engine, make_url, text
from sqlalchemy.pool import NullPool

MESSAGES = """
SELECT m.id, m.ledger_no, m.channel, m.source_key, m.conversation, m.reference, m.sha256, m.referral_id,
       r.reference AS referral, m.text, m.unreadable, m.read_at
FROM message m LEFT JOIN referral r ON r.id = m.referral_id ORDER BY m.ledger_no
"""
NOTICES = """
SELECT n.id, n.referral_id, r.reference AS referral, n.kind, n.channel, n.state, n.reason, n.provider_id
FROM notice n JOIN referral r ON r.id = n.referral_id ORDER BY n.created_at
"""
STANDING_IN = "SELECT reference, stands_for FROM reserved WHERE stands_for IS NOT NULL"
HOLDERS = "SELECT DISTINCT owner FROM work WHERE state = 'open' AND owner IS NOT NULL"
STATES = "SELECT id, state FROM notice"
UNREAD = "SELECT count(*) FROM message WHERE read_at IS NULL"
OWED = (
    "SELECT count(*) FROM notice WHERE kind <> 'staff_task' AND channel <> 'staff'"
    " AND (state = 'owed' OR (state = 'sent' AND limit_at IS NOT NULL))"
)
UNREAD_ROWS = """
SELECT m.id, m.ledger_no, m.channel, m.source_key, m.conversation, m.purpose, m.received_at, m.captured_at,
       m.unreadable, w.kind, w.state, w.visible_at, w.set_at, w.attempts, w.max_attempts, w.owner, w.last_error
FROM message m LEFT JOIN work w ON w.subject = m.id
WHERE m.read_at IS NULL OR m.conversation IN (SELECT conversation FROM message WHERE read_at IS NULL)
ORDER BY m.conversation, m.captured_at
"""
OWED_ROWS = """
SELECT n.id, n.kind, n.channel, n.state, n.reason, n.attempts, n.created_at, n.due_at, n.sending_at, n.sent_at,
       n.limit_at, w.kind AS step, w.state AS work, w.visible_at, w.set_at, w.attempts AS tries, w.max_attempts,
       w.owner, w.last_error
FROM notice n LEFT JOIN work w ON w.subject = n.id
WHERE n.kind <> 'staff_task' AND n.channel <> 'staff'
  AND (n.state = 'owed' OR n.state = 'sent' AND n.limit_at IS NOT NULL)
ORDER BY n.created_at
"""
KEYS = "SELECT sha256, source_key, conversation FROM message"


@dataclass(frozen=True, kw_only=True)
class KeptMessage:
    """One row of the ledger, or one report beside it; ``referral`` is the reference of the referral it ended in."""

    id: str
    ledger_no: int | None
    channel: str
    source_key: str
    conversation: str | None
    reference: str
    sha256: str
    referral_id: int | None
    referral: str | None
    text: str
    unreadable: str
    is_read: bool


@dataclass(frozen=True, kw_only=True)
class KeptNotice:
    """One notice or one task of a person."""

    id: str
    referral: str
    kind: str
    channel: str
    state: str
    reason: str
    provider_id: str


@dataclass(frozen=True, kw_only=True)
class Kept:
    """Everything a verdict needs of the database. ``stands_for``: told while it was away, for what had another name."""

    messages: Sequence[KeptMessage]
    notices: Sequence[KeptNotice]
    stands_for: Mapping[str, str] = field(default_factory=dict)


class Asking:
    """Opens a connection for each question and leaves none behind: the disk may be taken away between two of them."""

    def __init__(self, url: str) -> None:
        parsed = make_url(url)
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        if self.is_sqlite:
            parsed = parsed.set(database=f"file:{parsed.database}", query={"mode": "ro", "uri": "true"})
        else:
            parsed = parsed.set(drivername="postgresql+psycopg")
        self._engine = create_engine(parsed, poolclass=NullPool)
        one_moment = "SERIALIZABLE" if self.is_sqlite else "REPEATABLE READ"
        self._one_moment = self._engine.execution_options(isolation_level=one_moment)

    def everything(self) -> Kept:
        """All messages and notices, of one moment."""
        with self._one_moment.connect() as connection:
            standing_in = {row.reference: row.stands_for for row in connection.execute(text(STANDING_IN))}
            return Kept(messages=_messages(connection), notices=_notices(connection), stands_for=standing_in)

    def states(self) -> Mapping[str, str]:
        """The state of every notice by its id."""
        with self._engine.connect() as connection:
            return {row.id: row.state for row in connection.execute(text(STATES))}

    def holders(self) -> set[int]:
        """The processes that have a step in hand, dead ones among them, by the number in their claims' names."""
        with self._engine.connect() as connection:
            return {int(owner.split(":")[1]) for owner in connection.execute(text(HOLDERS)).scalars()}

    def left(self) -> tuple[int, int]:
        """How many messages are not read, and how many notices are owed by the machine or still followed."""
        with self._engine.connect() as connection:
            return connection.execute(text(UNREAD)).scalar_one(), connection.execute(text(OWED)).scalar_one()

    def loose_ends(self) -> list[str]:
        """Everything known of what is not read or not told, and of the rest of such a conversation, a line each."""
        with self._engine.connect() as connection:
            rows = [row for query in (UNREAD_ROWS, OWED_ROWS) for row in connection.execute(text(query))]
        return [json.dumps(dict(row._mapping), default=str) for row in rows]

    def keys(self) -> set[str]:
        """Every key by which the observer may know a message: digests, providers' ids, calls."""
        with self._engine.connect() as connection:
            rows = connection.execute(text(KEYS)).all()
        return {known for row in rows for known in keys_of(row.sha256, row.source_key, row.conversation)}


def keys_of(sha256: str, source_key: str, conversation: str | None) -> tuple[str, ...]:
    """By which the observer may know one message; a provider's id stands alone or behind the step it is of."""
    return sha256, source_key, source_key.rpartition(":")[2], (conversation or "").removeprefix("call:")


def _messages(connection: Connection) -> list[KeptMessage]:
    return [
        KeptMessage(
            id=row.id, ledger_no=row.ledger_no, channel=row.channel, source_key=row.source_key,
            conversation=row.conversation, reference=row.reference, sha256=row.sha256, referral_id=row.referral_id,
            referral=row.referral, text=row.text, unreadable=row.unreadable, is_read=row.read_at is not None,
        )
        for row in connection.execute(text(MESSAGES))
    ]  # fmt: skip


def _notices(connection: Connection) -> list[KeptNotice]:
    return [
        KeptNotice(
            id=row.id, referral=row.referral, kind=row.kind, channel=row.channel, state=row.state,
            reason=row.reason or "", provider_id=row.provider_id or "",
        )
        for row in connection.execute(text(NOTICES))
    ]  # fmt: skip
