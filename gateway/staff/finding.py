"""Finds what a reference stands for, however it was typed; puts the queue together with what is still unread."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from gateway import promised, reference, working_days
from gateway.arrival import clock_start
from gateway.deciding import NotFound
from gateway.life_cycle import NotAllowed
from storage import message, referral
from storage.message import Message
from storage.referral import Referral

Item = Referral | Message
"""A referral, or a message that is kept but not read yet."""


def as_written(typed: str) -> str:
    """The one written form of a reference, or the words in capitals if it is none."""
    return reference.parse(typed) or typed.strip().upper()


def find(session: Session, typed: str) -> Item | None:
    """The referral; where a promised reference ended in an older referral, that one; or the message still unread."""
    wanted = promised.every(session, [as_written(typed)])
    if row := promised.referral_of(session, wanted[:1]):
        return row
    query = select(Message).where(col(Message.reference).in_(wanted), col(Message.ledger_no).is_not(None))
    return session.exec(query.order_by(col(Message.captured_at)).limit(1)).first()


def to_act_on(session: Session, typed: str) -> Referral:
    """The referral somebody wants to do something with; raises ``NotFound``, or ``NotAllowed`` while it is unread."""
    item = find(session, typed)
    if item is None:
        raise NotFound(typed)
    if not isinstance(item, Referral):
        raise NotAllowed("it has just arrived and is still being read", ())
    return item


def in_order_of_receipt(session: Session, *, after: int, limit: int) -> list[Item]:
    """Everything received, read or not, whose ledger number is above ``after``."""
    waiting = message.waiting_to_be_read(session, limit, after=after)
    rows = referral.in_order_of_receipt(session, after=after, limit=limit)
    known = {row.ledger_no for row in rows}
    merged: list[Item] = [*rows, *(one for one in waiting if one.ledger_no not in known)]
    return sorted(merged, key=lambda item: item.ledger_no or 0)[:limit]


def in_working_order(
    session: Session, *, limit: int, offset: int = 0, unwanted: bool | None = None, now: datetime | None = None
) -> list[Item]:
    """One stretch of the queue, the least time left first; what is not read yet stands in it with its own clock.

    Of the referrals as many before the stretch are fetched as there are unread messages that may stand before it.
    ``unwanted`` chooses what may be unwanted mail, or the rest; what is overdue ``now`` is there either way.
    """
    waiting = message.waiting_to_be_read(session, max(500, offset + limit))
    if unwanted and now is not None:
        waiting = [one for one in waiting if due_at(one) < now]
    start = max(0, offset - len(waiting))
    rows = referral.in_working_order(session, limit=offset + limit - start, offset=start, unwanted=unwanted, now=now)
    known = {row.ledger_no for row in rows}
    unread = [one for one in waiting if one.ledger_no not in known]
    merged: list[Item] = sorted([*rows, *unread], key=place)
    return merged[offset - start :][:limit] if rows or not start else []


def due_at(item: Item) -> datetime:
    """When its next action is due."""
    return item.due_at if isinstance(item, Referral) else working_days.look_by(clock_start(item))


def place(item: Item) -> tuple[int, datetime]:
    """What it is sorted by: what has climbed highest first, then the least time left."""
    return (-item.ladder if isinstance(item, Referral) else 0, due_at(item))


def read_and_unread(items: Sequence[Item]) -> tuple[list[Referral], list[Message]]:
    """The same items, by what they are."""
    return [i for i in items if isinstance(i, Referral)], [i for i in items if isinstance(i, Message)]
