"""What a step will send, to the word: it is taken, what it wrote is read, and unless that was shown it is undone."""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from gateway.agreeing.standing import as_it_stands
from gateway.core import Core
from gateway.notice_fields import SUFFIXES
from storage import identity, notice
from storage.notice import STAFF, Notice, NoticeState
from storage.referral import Referral

NOT_TYPED = frozenset({"mark", "shown"})


@dataclass(frozen=True, kw_only=True)
class Written:
    """One notice as it would go out; ``ends_in`` are the last three digits of a number, or where a mailbox is."""

    kind: str
    channel: str
    subject: str
    text: str
    ends_in: str = ""


@dataclass(frozen=True, kw_only=True)
class Rehearsal:
    """What the sender hears of a step; ``tasks`` are what people have to do instead. ``mark`` is of all of it."""

    told: tuple[Written, ...]
    tasks: tuple[str, ...]
    mark: str

    def was(self, shown: str) -> bool:
        """Whether this is what was shown, or there was nothing to show."""
        return not self.told or hmac.compare_digest(shown, self.mark)


class NotShown(Exception):
    """A step would tell the sender what nobody was shown; it is undone, and ``rehearsal`` is what to show."""

    def __init__(self, rehearsal: Rehearsal) -> None:
        super().__init__("what would be sent has not been shown")
        self.rehearsal = rehearsal


def rehearse(
    core: Core, session: Session, row: Referral, take: Callable[[], object], typed: Mapping[str, str]
) -> Rehearsal:
    """Take the step, in this transaction, and say what it wrote; raises what the step raises.

    Whoever calls it commits only if that was shown. The mark does not change with the minute: a time in the words that
    is the time of the step itself is left out of it.
    """
    stood, before = as_it_stands(row), {one.id for one in notice.of_referrals(session, [row.id or 0])}
    take()
    session.flush()
    new = [one for one in notice.of_referrals(session, [row.id or 0]) if one.id not in before]
    return Rehearsal(
        told=tuple(_written(core, session, one) for one in new if is_told(one)),
        tasks=tuple(one.reason or "" for one in new if one.channel == STAFF),
        mark=_mark(core, stood, new, typed),
    )


def is_told(one: Notice) -> bool:
    """Whether the sender gets it, or sees it where they check their reference."""
    return one.channel != STAFF and one.state in (NoticeState.OWED, NoticeState.SENT)


def _written(core: Core, session: Session, one: Notice) -> Written:
    found = identity.by_ids(session, [one.identity_id] if one.identity_id else [])
    who = found.get(one.identity_id or "")
    address = identity.address_of(core.seal, who) if who else ""
    ends_in = address[-3:] if one.channel == "sms" else address.rpartition("@")[2] if one.channel == "email" else ""
    return Written(kind=one.kind, channel=one.channel, subject=one.subject, text=one.text, ends_in=ends_in)


def _mark(core: Core, stood: str, new: Sequence[Notice], typed: Mapping[str, str]) -> str:
    now = core.clock()
    said = sorted(
        [one.kind, one.channel, one.state, one.identity_id or "", _timeless(one.subject, now), _timeless(one.text, now)]
        for one in new
    )
    asked = sorted((name, value) for name, value in typed.items() if name not in NOT_TYPED and value)
    words = json.dumps([stood, said, asked]).encode()
    return hmac.digest(core.seal.key_for("what was shown"), words, "sha256").hex()


def _timeless(text: str, now: datetime) -> str:
    """Without the moment of the step."""
    for say in sorted((say(now) for say in SUFFIXES.values()), key=len, reverse=True):
        text = text.replace(say, "")
    return text
