"""The statements of the intake's one commit, in the database's own words: they run for every message that arrives."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from storage.direct import ask, is_sqlite, marks, moment

_HEAD = "SELECT ledger_no, chain_hash FROM ledger_head"
_MOVE = "UPDATE ledger_head SET ledger_no = ?, chain_hash = ?"
_SEEN = "SELECT channel, source_key, conversation, reference, received_at, ledger_no FROM message WHERE "
_SET_ASIDE = "SELECT '', '', NULL, reference, at, NULL FROM reserved WHERE "


@dataclass(frozen=True, kw_only=True)
class Known:
    """What is kept already of what just came: events by channel and key, the references of talks, those in use.

    A reference that was set aside counts as in use. ``opened`` are the talks of which something has a ledger number.
    """

    events: Mapping[tuple[str, str], tuple[str, datetime]]
    talks: Mapping[str, str]
    opened: frozenset[str]
    taken: frozenset[str]


def locked_head(session: Session) -> tuple[int, str]:
    """The last ledger number and its hash; nobody else keeps a message until this transaction ends."""
    locked = _HEAD if is_sqlite(session.connection()) else f"{_HEAD} FOR UPDATE"
    ((number, last),) = ask(session, locked)
    return number, last


def look_up(
    session: Session, *, keys: Sequence[tuple[str, str]], talks: Sequence[str], drawn: Collection[str]
) -> Known:
    """What the database knows of these events (channel and key), conversations and newly drawn references."""
    by_channel: dict[str, list[str]] = {}
    for channel, key in keys:
        by_channel.setdefault(channel, []).append(key)
    asked = [("channel = ? AND source_key", [channel], found) for channel, found in by_channel.items()]
    asked += [("reference", [], list(drawn)), ("conversation", [], list(talks))]
    parts = [f"{_SEEN}{what} IN ({marks(len(of))})" for what, _, of in asked if of]
    values = [value for _, first, of in asked if of for value in (*first, *of)]
    if drawn:
        parts.append(f"{_SET_ASIDE}reference IN ({marks(len(drawn))})")
        values += drawn
    rows = ask(session, " UNION ALL ".join(parts), values) if parts else ()
    wanted = set(talks)
    return Known(
        events={(channel, key): (told, moment(at)) for channel, key, _, told, at, _ in rows},
        talks={talk: told for _, _, talk, told, _, _ in rows if talk in wanted},
        opened=frozenset(talk for _, _, talk, _, _, number in rows if talk in wanted and number is not None),
        taken=frozenset(told for _, _, _, told, _, _ in rows),
    )


def move_head(session: Session, number: int, last: str) -> None:
    """The last number given and its hash."""
    ask(session, _MOVE, [number, last])
