"""The statements of the intake's one commit, on the tables themselves: they run for every message that arrives."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, insert, select, tuple_, union_all, update
from sqlmodel import Session, SQLModel

from storage.message import Content, LedgerHead, Message

MESSAGE, CONTENT, HEAD = (SQLModel.metadata.tables[str(t.__tablename__)] for t in (Message, Content, LedgerHead))

_HEAD = select(HEAD.c.ledger_no, HEAD.c.chain_hash).with_for_update()
_MOVE = update(HEAD).values(ledger_no=bindparam("number"), chain_hash=bindparam("chain"))
_KEEP, _CONTENT = insert(MESSAGE), insert(CONTENT)
_SEEN = select(*(MESSAGE.c[name] for name in ("channel", "source_key", "conversation", "reference", "received_at")))
_BY_KEY = _SEEN.where(tuple_(MESSAGE.c.channel, MESSAGE.c.source_key).in_(bindparam("keys", expanding=True)))
_BY_TALK = _SEEN.where(MESSAGE.c.conversation.in_(bindparam("talks", expanding=True)))
_BY_REFERENCE = _SEEN.where(MESSAGE.c.reference.in_(bindparam("drawn", expanding=True)))
_LOOK_UP = union_all(_BY_KEY, _BY_REFERENCE)
_LOOK_UP_TALKS = union_all(_BY_KEY, _BY_REFERENCE, _BY_TALK)


@dataclass(frozen=True, kw_only=True)
class Known:
    """What is kept already of what just came: events by channel and key, the references of talks, those in use."""

    events: Mapping[tuple[str, str], tuple[str, datetime]]
    talks: Mapping[str, str]
    taken: frozenset[str]


def locked_head(session: Session) -> tuple[int, str]:
    """The last ledger number and its hash; nobody else keeps a message until this transaction ends."""
    number, chain = session.connection().execute(_HEAD).one()
    return number, chain


def look_up(
    session: Session, *, keys: Sequence[tuple[str, str]], talks: Sequence[str], drawn: Collection[str]
) -> Known:
    """What the database knows of these events (channel and key), conversations and newly drawn references."""
    asked = {"keys": keys, "drawn": list(drawn)} | ({"talks": talks} if talks else {})
    rows = session.connection().execute(_LOOK_UP_TALKS if talks else _LOOK_UP, asked).all()
    wanted = set(talks)
    return Known(
        events={(channel, key): (told, at) for channel, key, _, told, at in rows},
        talks={talk: told for _, _, talk, told, _ in rows if talk in wanted},
        taken=frozenset(told for _, _, _, told, _ in rows),
    )


def keep(session: Session, messages: Sequence[Mapping[str, object]], contents: Sequence[Mapping[str, object]]) -> None:
    """The rows of messages and of their sealed bytes, every column given."""
    connection = session.connection()
    connection.execute(_KEEP, messages)
    connection.execute(_CONTENT, contents)


def move_head(session: Session, number: int, chain: str) -> None:
    """The last number given and its hash."""
    session.connection().execute(_MOVE, {"number": number, "chain": chain})
