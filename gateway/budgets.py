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

from channels.contract import Inbound, SendError
from gateway import reference
from gateway.addresses import LOOPS
from gateway.notices import ANSWERS_ITSELF
from storage.columns import UtcDateTime
from storage.identity import Identity
from storage.message import Message
from storage.notice import Notice, NoticeKind, NoticeState
from storage.sealing import Seal

_QUOTED = re.compile(r"^\s*>.*$", re.MULTILINE)
_WORD = re.compile(r"\w+")
_WORDS_COMPARED = 2000
NO_PAPERS = frozenset({"application/json", "text/plain", "text/html", "text/calendar"})
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
    Limit(most=30, within=TEN_MINUTES),
    Limit(most=120, within=timedelta(hours=1)),
    Limit(most=500, within=timedelta(days=1)),
)
LONGEST = OF_ONE_ADDRESS[-1]


@dataclass(frozen=True, kw_only=True)
class Given:
    """One automatic answer: when it was owed, and the fingerprint of the message it answered."""

    at: datetime
    words_hash: str


@dataclass(frozen=True, kw_only=True)
class Limits:
    """The budgets of one gateway. ``alike``: to one mail system, for messages that say the same."""

    address: tuple[Limit, ...] = OF_ONE_ADDRESS
    alike: Limit = Limit(most=20, within=TEN_MINUTES)
    domain: Limit = Limit(most=600, within=TEN_MINUTES)
    everybody: Limit = Limit(most=6000, within=TEN_MINUTES)


def limits_of(*, per_domain: int, in_all: int) -> Limits:
    """The budgets an operator set, each for ten minutes."""
    return Limits(
        alike=Limit(most=min(20, per_domain), within=TEN_MINUTES),
        domain=Limit(most=per_domain, within=TEN_MINUTES),
        everybody=Limit(most=in_all, within=TEN_MINUTES),
    )


@dataclass(frozen=True, kw_only=True)
class Spent:
    """A budget that is used up. ``is_loop``: one machine is behind it, so that one task is enough for all of it.

    Where each message may be another child each has its own task: a police mailbox writes often, and so do many people.
    """

    why: str
    is_loop: bool


ECHO = Spent(why=ANSWERS_ITSELF, is_loop=True)
MANY_FROM_ONE = Spent(why="many messages from one address: perhaps a machine answers our answers", is_loop=False)
MANY_ALIKE = Spent(why="many messages with the same words from one mail system: perhaps a machine", is_loop=False)
MANY_FROM_A_DOMAIN = Spent(why="many messages at once from one mail system", is_loop=False)
MANY_AT_ONCE = Spent(why="more messages at once than are answered by machine", is_loop=False)
DEFAULT = Limits()


class Budgets:
    """Asked in the transaction that records a message, which holds the sender's identity row."""

    def __init__(self, limits: Limits = DEFAULT) -> None:
        self._limits = limits

    def spent(
        self, session: Session, who: Identity, given: Sequence[Given], *, words_hash: str, now: datetime
    ) -> Spent | None:
        """The budget that leaves no automatic answer to this sender now, if one does; ``given`` are theirs so far."""
        if any(sum(each.at >= now - limit.within for each in given) >= limit.most for limit in self._limits.address):
            return MANY_FROM_ONE
        everybody, domain, alike = self._limits.everybody, self._limits.domain, self._limits.alike
        in_all = _count(session, _IN_ALL, everybody, now)
        if who.domain_hash and in_all >= min(alike.most, domain.most):
            from_there = _count(session, _OF_A_DOMAIN, domain, now, domain=who.domain_hash)
            asked = {"domain": who.domain_hash, "said": words_hash}
            if words_hash and from_there >= alike.most <= _count(session, _ALIKE, alike, now, **asked):
                return MANY_ALIKE
            if from_there >= domain.most:
                return MANY_FROM_A_DOMAIN
        return MANY_AT_ONCE if in_all >= everybody.most else None


def given_to(session: Session, who: Identity, now: datetime) -> list[Given]:
    """The automatic answers of the last day to this address, the newest first, no more than any budget asks for."""
    rows = session.execute(_OF_ADDRESS, {"since": now - LONGEST.within, "who": who.id, "most": LONGEST.most})
    return [Given(at=at, words_hash=words_hash or "") for at, words_hash in rows]


def heed_echo(session: Session, who: Identity, given: Sequence[Given], message: Message, *, now: datetime) -> bool:
    """Whether this message says again, within two minutes, what an automatic answer of ours to this address answered.

    Then its sender gets no acknowledgement for a day. Who adds something a minute after our answer says something else.
    """
    lately = {each.words_hash for each in given if each.at >= message.received_at - AT_ONCE}
    if not message.words_hash or message.words_hash not in lately:
        return False
    if who.blocked_until is None or who.blocked_until < now + LOOP_ENDS_AFTER:
        who.blocked_until, who.blocked_reason = now + LOOP_ENDS_AFTER, LOOPS
        session.add(who)
    return True


def fingerprint(seal: Seal, inbound: Inbound) -> str:
    """A keyed hash of what a message says, the same for the same words; empty where it says nothing or brings papers.

    "Please see attached" is another report each time. A machine that says the same again only with another reference
    of ours is known by it.
    """
    said = normalised(inbound.text)
    if not said or any(each.media_type not in NO_PAPERS for each in inbound.enclosures):
        return ""
    return seal.blind(f"words:{normalised(inbound.subject)}:{said}")


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
    """Words as they compare: what is quoted, references of ours, capitals and marks make no difference."""
    own = _QUOTED.sub("", words[:_WORDS_COMPARED])
    for told in reference.find_in(own):
        own = own.replace(told, "")
    return " ".join(_WORD.findall(own.casefold()))


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
_ALIKE = _counted(
    col(Notice.identity_id).in_(select(Identity.id).where(Identity.domain_hash == bindparam("domain"))),
    col(Notice.message_id).in_(
        select(Message.id).where(Message.words_hash == bindparam("said"), col(Message.id) == col(Notice.message_id))
    ),
)
_OF_ADDRESS = (
    sql_select(col(Notice.created_at), col(Message.words_hash))
    .join(Message, col(Message.id) == col(Notice.message_id), isouter=True)
    .where(*_automatic(bindparam("since", type_=UtcDateTime)), col(Notice.identity_id) == bindparam("who"))
    .order_by(col(Notice.created_at).desc())
    .limit(bindparam("most", type_=Integer))
)
"""Made once: putting a question together costs more than asking it."""
