"""How many automatic answers one address, one mail system and all together get: what answers back may be a machine.

Counted from what is kept, in the transaction that would owe the next answer (findings on mail, rules B3 to B5).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import BindParameter, ColumnElement, Integer, Select, bindparam, text
from sqlalchemy import select as sql_select
from sqlmodel import Session, col, func, select

from channels.contract import SendError
from gateway import reference
from gateway.addresses import LOOPS
from storage.columns import UtcDateTime
from storage.identity import Identity
from storage.message import Message
from storage.notice import Notice, NoticeKind, NoticeState

_QUOTED = re.compile(r"^\s*>.*$", re.MULTILINE)
_WORD = re.compile(r"\w+")
_DIGITS = re.compile(r"\d+")
_WORDS_COMPARED = 2000
AT_ONCE = timedelta(seconds=120)
LOOP_ENDS_AFTER = timedelta(hours=24)
RETURNED_FOR = timedelta(days=60)
RETURNED = "a notice came back for good"
COMES_BACK = frozenset({SendError.BAD_ADDRESS, SendError.BLOCKED})
GIVEN = (NoticeState.OWED, NoticeState.SENT, NoticeState.DELIVERED, NoticeState.FAILED)


@dataclass(frozen=True, kw_only=True)
class Limit:
    """At most so many automatic answers within a stretch of time."""

    most: int
    within: timedelta


TEN_MINUTES = timedelta(minutes=10)
OF_ONE_ADDRESS = (
    Limit(most=5, within=TEN_MINUTES),
    Limit(most=15, within=timedelta(hours=1)),
    Limit(most=30, within=timedelta(days=1)),
)


LONGEST = OF_ONE_ADDRESS[-1]


@dataclass(frozen=True, kw_only=True)
class Given:
    """One automatic answer: when it was owed, and to which message."""

    at: datetime
    message_id: str | None


@dataclass(frozen=True, kw_only=True)
class Limits:
    """The budgets of one gateway. ``alike``: to one mail system, for messages that say the same."""

    address: tuple[Limit, ...] = OF_ONE_ADDRESS
    alike: Limit = Limit(most=20, within=TEN_MINUTES)
    domain: Limit = Limit(most=60, within=TEN_MINUTES)
    everybody: Limit = Limit(most=3000, within=TEN_MINUTES)


def limits_of(*, per_domain: int, in_all: int) -> Limits:
    """The budgets an operator set, each for ten minutes; a third of a domain's may go to the same words."""
    return Limits(
        alike=Limit(most=max(1, per_domain // 3), within=TEN_MINUTES),
        domain=Limit(most=per_domain, within=TEN_MINUTES),
        everybody=Limit(most=in_all, within=TEN_MINUTES),
    )


@dataclass(frozen=True, kw_only=True)
class Spent:
    """A budget that is used up. ``is_loop``: one machine is behind it, so that one task is enough for all of it.

    Where many addresses are behind it each message has its own task: they may be many people after all.
    """

    why: str
    is_loop: bool


MANY_FROM_ONE = Spent(why="many messages from one address: perhaps a machine answers our answers", is_loop=True)
MANY_ALIKE = Spent(why="many messages with the same words from one mail system: perhaps a machine", is_loop=False)
MANY_FROM_A_DOMAIN = Spent(why="many messages at once from one mail system", is_loop=False)
MANY_AT_ONCE = Spent(why="more messages at once than are answered by machine", is_loop=False)
DEFAULT = Limits()


class Budgets:
    """Asked in the transaction that records a message, which holds the sender's identity row."""

    def __init__(self, limits: Limits = DEFAULT) -> None:
        self._limits = limits

    def spent(
        self, session: Session, who: Identity, given: Sequence[Given], *, words: str, now: datetime
    ) -> Spent | None:
        """The budget that leaves no automatic answer to this sender now, if one does; ``given`` are theirs so far."""
        if any(sum(each.at >= now - limit.within for each in given) >= limit.most for limit in self._limits.address):
            return MANY_FROM_ONE
        everybody, domain, alike = self._limits.everybody, self._limits.domain, self._limits.alike.most
        in_all = _count(session, _IN_ALL, everybody, now)
        if who.domain_hash and in_all >= min(alike, domain.most):
            from_there = _count(session, _OF_A_DOMAIN, domain, now, domain=who.domain_hash)
            if from_there >= alike and self._alike(session, who.domain_hash, words, now) >= alike:
                return MANY_ALIKE
            if from_there >= domain.most:
                return MANY_FROM_A_DOMAIN
        return MANY_AT_ONCE if in_all >= everybody.most else None

    def _alike(self, session: Session, domain_hash: str, words: str, now: datetime) -> int:
        """How many answers to this mail system were to the same words as these."""
        query = select(Message.text).join(Notice, col(Notice.message_id) == col(Message.id))
        query = query.join(Identity, col(Identity.id) == col(Notice.identity_id))
        query = query.where(*_automatic(now - self._limits.alike.within), Identity.domain_hash == domain_hash)
        same = normalised(words)
        return sum(normalised(each) == same for each in session.exec(query.limit(self._limits.domain.most)))


def given_to(session: Session, who: Identity, now: datetime) -> list[Given]:
    """The automatic answers of the last day to this address, the newest first, no more than any budget asks for."""
    rows = session.execute(_OF_ADDRESS, {"since": now - LONGEST.within, "who": who.id, "most": LONGEST.most})
    return [Given(at=at, message_id=message_id) for at, message_id in rows]


def heed_echo(
    session: Session, who: Identity, given: Sequence[Given], message: Message, *, thread_text: str, now: datetime
) -> bool:
    """Whether this message echoes our answer of a moment ago; if it does, its sender gets none for a day.

    An echo comes within two minutes of an automatic answer to that address and says the same again, or quotes the
    reference that answer gave.
    """
    lately = [each.message_id for each in given if each.at >= message.received_at - AT_ONCE]
    others = [one for one in lately if one is not None and one != message.id]
    if not others:
        return False
    answered = session.exec(select(Message.text, Message.reference).where(col(Message.id).in_(others))).all()
    quoted, same = set(reference.find_in(thread_text)), normalised(message.text)
    if not any(promised in quoted or normalised(said) == same for said, promised in answered):
        return False
    if who.blocked_until is None or who.blocked_until < now + LOOP_ENDS_AFTER:
        who.blocked_until, who.blocked_reason = now + LOOP_ENDS_AFTER, LOOPS
        session.add(who)
    return True


def bounced(session: Session, who: Identity, error: SendError | None, now: datetime) -> None:
    """A notice came back for good: nothing more is sent there by machine for 60 days, or until a person clears it."""
    if error in COMES_BACK:
        who.blocked_until, who.blocked_reason = now + RETURNED_FOR, RETURNED
        session.add(who)


def task_of_loop(session: Session, who: Identity, spent: Spent, now: datetime) -> Notice | None:
    """The open task that stands for all of this loop, so that it is counted up rather than written again."""
    query = select(Notice).where(
        Notice.identity_id == who.id,
        Notice.kind == NoticeKind.STAFF_TASK,
        Notice.state == NoticeState.OWED,
        col(Notice.reason).endswith(spent.why, autoescape=True),
        col(Notice.created_at) >= now - LOOP_ENDS_AFTER,
    )
    return session.exec(query.limit(1)).first()


def normalised(words: str) -> str:
    """Words as they compare: what is quoted, numbers, references, capitals and marks make no difference."""
    own = _QUOTED.sub("", words[:_WORDS_COMPARED])
    for told in reference.find_in(own):
        own = own.replace(told, "")
    return " ".join(_WORD.findall(_DIGITS.sub("0", own).casefold()))


def _automatic(since: datetime | BindParameter[datetime]) -> tuple[ColumnElement[bool], ...]:
    """The answers a machine gave or owes since then."""
    return (
        col(Notice.created_at) >= since,
        text("notice.kind = 'receipt' AND notice.channel IN ('sms', 'email')"),
        col(Notice.state).in_(GIVEN),
    )  # type: ignore[return-value]


def _count(session: Session, query: Select[int], limit: Limit, now: datetime, **of: str) -> int:
    """How many automatic answers of these there were, counted no further than the limit."""
    found = session.execute(query, {"since": now - limit.within, "most": limit.most, **of}).scalar_one()
    return int(found)


def _counted(*whose: ColumnElement[bool]) -> Select[int]:
    found = select(Notice.id).where(*_automatic(bindparam("since", type_=UtcDateTime)), *whose)
    return sql_select(func.count()).select_from(found.limit(bindparam("most", type_=Integer)).subquery())


_IN_ALL = _counted()
_OF_A_DOMAIN = _counted(
    col(Notice.identity_id).in_(select(Identity.id).where(Identity.domain_hash == bindparam("domain")))
)
_OF_ADDRESS = (
    sql_select(col(Notice.created_at), col(Notice.message_id))
    .where(*_automatic(bindparam("since", type_=UtcDateTime)), col(Notice.identity_id) == bindparam("who"))
    .order_by(col(Notice.created_at).desc())
    .limit(bindparam("most", type_=Integer))
)
"""Made once: putting a question together costs more than asking it."""
