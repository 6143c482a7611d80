"""How many automatic answers one address, one mail system and all together get: what answers back may be a machine.

Counted from what is kept, in the transaction that would owe the next answer (findings on mail, rules B3 and B4).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from channels.contract import Inbound
from gateway import reference
from gateway.addresses import LOOPS
from gateway.notices import ANSWERS_ITSELF
from storage import direct
from storage.identity import Identity
from storage.notice import Notice, NoticeKind, NoticeState
from storage.sealing import Seal

_QUOTED = re.compile(r"^\s*>.*$", re.MULTILINE)
_WORD = re.compile(r"\w+")
_WORDS_COMPARED = 2000
NO_PAPERS = frozenset({"application/json", "text/plain", "text/html", "text/calendar"})
AT_ONCE = timedelta(seconds=120)
LOOP_ENDS_AFTER = timedelta(hours=24)


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
    """One automatic answer: when it was owed, and the fingerprint of the message it answered. Or a message itself."""

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
MOST_OF_ONE = 5  # within an hour
MANY_OF_ONE = Spent(why="many automatic answers about one report: perhaps machines answer them", is_loop=False)
MANY_FROM_A_DOMAIN = Spent(why="many messages at once from one mail system", is_loop=False)
MANY_AT_ONCE = Spent(why="more messages at once than are answered by machine", is_loop=False)
USED_UP = {
    "none": None, "alike": MANY_ALIKE, "domain": MANY_FROM_A_DOMAIN, "everybody": MANY_AT_ONCE,
}  # fmt: skip
DEFAULT = Limits()
READ_BEFORE = timedelta(minutes=1)  # a message is marked as read a moment before its answer is owed
_AUTOMATIC = "n.created_at >= ? AND n.kind = 'receipt' AND n.channel IN ('sms', 'email')"
_GIVEN = f"{_AUTOMATIC} AND n.state <> 'cancelled'"


def _at_least(found: str) -> str:
    """Whether there are as many as the limit; counted no further. Both places after its own values are the limit."""
    return f"(SELECT count(*) FROM ({found} LIMIT ?) AS found) >= ?"  # noqa: S608


_ANY = _at_least(f"SELECT 1 FROM notice AS n WHERE {_AUTOMATIC}")  # noqa: S608
_IN_ALL = _at_least(f"SELECT 1 FROM notice AS n WHERE {_GIVEN}")  # noqa: S608
_OF_A_DOMAIN = _at_least(
    f"SELECT 1 FROM notice AS n WHERE {_GIVEN} "  # noqa: S608
    "AND EXISTS (SELECT 1 FROM identity AS i WHERE i.id = n.identity_id AND i.domain_hash = ?)"
)
_ALIKE = _at_least(
    f"SELECT 1 FROM message AS m CROSS JOIN notice AS n CROSS JOIN identity AS i WHERE {_GIVEN} "  # noqa: S608
    "AND m.read_at >= ? AND m.words_hash = ? AND m.words_hash <> '' "
    "AND n.referral_id = m.referral_id AND n.message_id = m.id AND i.id = n.identity_id AND i.domain_hash = ?"
)
_TO_DOMAIN = (
    f"SELECT 1 FROM notice AS n WHERE {_GIVEN} "  # noqa: S608
    "AND EXISTS (SELECT 1 FROM identity AS i WHERE i.id = n.identity_id AND i.domain_hash = ?) LIMIT 1"
)
_OF_ADDRESS = (
    "SELECT n.created_at, m.words_hash FROM notice AS n LEFT JOIN message AS m ON m.id = n.message_id "  # noqa: S608
    f"WHERE {_GIVEN} AND n.identity_id = ? ORDER BY n.created_at DESC LIMIT ?"
)
"""SQLite keeps to the order of a CROSS JOIN: from the few messages that say the same to what answered them."""


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
        found = direct.ask(session, *self._asked(who.domain_hash or "", words_hash, now))
        return USED_UP[found[0][0]]

    def _asked(self, domain: str, words_hash: str, now: datetime) -> tuple[str, list[object]]:
        """One question with its values; what costs more is asked only where something cheaper says it may matter."""
        limits, parts, values = self._limits, list[str](), list[object]()

        def when(budget: str, *conditions: tuple[str, Limit, tuple[object, ...]]) -> None:
            parts.append(f"WHEN {' AND '.join(what for what, _, _ in conditions)} THEN '{budget}'")
            for _, limit, of in conditions:
                values.extend((now - limit.within, *of, limit.most, limit.most))

        few = min((limits.alike, limits.domain, limits.everybody), key=lambda limit: limit.most)
        when("none", (f"NOT {_ANY}", few, ()))
        if domain and words_hash:
            when("alike", (_ALIKE, limits.alike, (now - limits.alike.within - READ_BEFORE, words_hash, domain)))
        if domain:
            when("domain", (_ANY, limits.domain, ()), (_OF_A_DOMAIN, limits.domain, (domain,)))
        when("everybody", (_ANY, limits.everybody, ()), (_IN_ALL, limits.everybody, ()))
        return f"SELECT CASE {' '.join(parts)} ELSE 'none' END", values


def given_to(session: Session, who: Identity, now: datetime) -> list[Given]:
    """The automatic answers of the last day to this address, the newest first, no more than any budget asks for."""
    rows = direct.ask(session, _OF_ADDRESS, (now - LONGEST.within, who.id, LONGEST.most))
    return [Given(at=direct.moment(at), words_hash=words_hash or "") for at, words_hash in rows]


def wrote_to_domain(session: Session, who: Identity, *, since: datetime) -> bool:
    """Whether an automatic answer went to any address of this one's mail system since then."""
    return bool(who.domain_hash) and bool(direct.ask(session, _TO_DOMAIN, (since, who.domain_hash)))


def heed_echo(session: Session, who: Identity, given: Sequence[Given], said: Given, *, now: datetime) -> bool:
    """Whether this message says again, within two minutes, what an automatic answer of ours to this address answered.

    Then its sender gets no acknowledgement for a day. Who adds something a minute after our answer says something else.
    """
    lately = {each.words_hash for each in given if each.at >= said.at - AT_ONCE}
    if not said.words_hash or said.words_hash not in lately:
        return False
    end_loop(session, who, now)
    return True


def end_loop(session: Session, who: Identity, now: datetime) -> None:
    """No machine answers this address for a day."""
    if who.blocked_until is None or who.blocked_until < now + LOOP_ENDS_AFTER:
        who.blocked_until, who.blocked_reason = now + LOOP_ENDS_AFTER, LOOPS
        session.add(who)


def fingerprint(seal: Seal, inbound: Inbound) -> str:
    """A keyed hash of what a message says, the same for the same words; empty where it says nothing or brings papers.

    "Please see attached" is another report each time. A machine that says the same again only with another reference
    of ours is known by it.
    """
    said = normalised(inbound.text)
    if not said or any(each.media_type not in NO_PAPERS for each in inbound.enclosures):
        return ""
    return seal.blind(f"words:{normalised(inbound.subject)}:{said}")


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
