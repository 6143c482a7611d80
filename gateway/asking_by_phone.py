"""Answers a caller who keys in a reference: one of four words, or words that are the same whatever is the matter."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from channels.calls.asking import TRIES_IN_A_CALL, Answer, Standing
from channels.contract import Address, AddressClass
from gateway import promised
from gateway.addresses import found_by
from gateway.keyed_reference import NO_KEY, meant_by_keys
from gateway.promised import Meant
from gateway.public.progress import PROGRESS, Progress
from gateway.reference import EXAMPLE
from storage import audit, enquiry, identity
from storage.database import Database
from storage.enquiry import Asked, Enquiry
from storage.referral import State
from storage.sealing import Seal

WITHIN = timedelta(hours=1)
WRONG_BY_A_CALLER = 10
WRONG_IN_ALL = 100
FORGOTTEN_AFTER = timedelta(days=30)
PATIENCE_SECONDS = 1.5
UNKNOWN = frozenset({AddressClass.NONE, AddressClass.WITHHELD})
SAID = {
    Progress.RECEIVED: Standing.HAVE_IT,
    Progress.READ: Standing.READ,
    Progress.QUESTION: Standing.QUESTION,
    Progress.FINISHED: Standing.FINISHED,
}
HEARD = {
    Standing.HAVE_IT: "we have it",
    Standing.READ: "it has been read",
    Standing.QUESTION: "we have a question",
    Standing.FINISHED: "we have finished",
    Standing.NOT_SAID: "nothing of it, for there were too many tries",
}
NOTHING_FOUND = "Somebody asked by telephone with keys that mean no reference of ours, or more than one"
log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Keyed:
    """One asking as it came: the keys, the call and who rings, as a keyed hash; empty where no number was shown."""

    keys: str
    call: str
    own: str
    at: datetime


class AskingByPhone:
    """Every asking is the same questions and the same rows, whether there is such a reference or not.

    Wrong keys are counted in the database, so that all processes together allow no more than one would: for a call,
    for a number, and in all. Beyond the last, nobody is told anything until it is quiet again, and a person is told.
    """

    def __init__(self, *, database: Database, seal: Seal, patience_seconds: float = PATIENCE_SECONDS) -> None:
        self._database, self._seal, self._patience = database, seal, patience_seconds
        self._asking: set[asyncio.Task[Answer]] = set()

    async def standing(self, keys: str, *, call: str, caller: Address, at: datetime) -> Answer:
        """How what was given this reference stands; nothing is said when the database is away or too slow."""
        keyed = Keyed(keys=keys, call=call, own="" if caller.kind in UNKNOWN else found_by(caller), at=at)
        asking = asyncio.create_task(self._database.write(lambda session: self._ask(session, keyed)))
        self._asking.add(asking)
        asking.add_done_callback(self._done)
        done, _ = await asyncio.wait({asking}, timeout=self._patience)
        if not done or asking.exception() is not None:
            return Answer(standing=Standing.NOT_SAID, may_try_again=False)
        return asking.result()

    def _ask(self, session: Session, keyed: Keyed) -> Answer:
        keys_hash = self._seal.blind(f"keys:{keyed.call}:{NO_KEY.sub('', keyed.keys)}")
        caller_hash = self._seal.blind(f"enquiry:{keyed.own}") if keyed.own else ""
        enquiry.forget_before(session, keyed.at - FORGOTTEN_AFTER)
        asked = enquiry.asked(
            session, conversation=keyed.call, caller_hash=caller_hash, keys_hash=keys_hash, since=keyed.at - WITHIN
        )
        found = promised.every_meant(session, meant_by_keys(keyed.keys) or (EXAMPLE,))
        own = identity.key_of(session, self._seal, found_by=keyed.own)
        one = _the_one(found, own)
        standing = _standing(one) if one and _may_be_told(asked) else Standing.NOT_SAID
        again = enquiry.same(session, conversation=keyed.call, keys_hash=keys_hash)
        if again is None:
            is_alarm = one is None and _is_alarming(asked)
            again = Enquiry(
                at=keyed.at, conversation=keyed.call, caller_hash=caller_hash, keys_hash=keys_hash, sealed_keys=b"",
                reference=one.reference if one else None, is_alarm=is_alarm,
            )  # fmt: skip
            again.sealed_keys = self._seal.close(keyed.keys.encode(), f"keys:{again.id}")
            _record(session, one, standing, keyed.at)
        again.at, again.is_heeded = keyed.at, False
        session.add(again)
        return Answer(standing=standing, may_try_again=asked.by_call + 1 < TRIES_IN_A_CALL)

    def _done(self, asking: asyncio.Task[Answer]) -> None:
        self._asking.discard(asking)
        if not asking.cancelled() and (error := asking.exception()) is not None:
            log.error("what a caller asked could not be looked up: %s", type(error).__name__)


def _the_one(found: Sequence[Meant], own: str | None) -> Meant | None:
    """What the keys mean: the only one there is or, of several, the only one that came from this very number."""
    if len(found) == 1:
        return found[0]
    theirs = [each for each in found if own and each.referral and each.referral.identity_id == own]
    return theirs[0] if len(theirs) == 1 else None


def _may_be_told(asked: Asked) -> bool:
    return (
        asked.by_call < TRIES_IN_A_CALL
        and asked.wrong_by_caller < WRONG_BY_A_CALLER
        and asked.wrong_in_all < WRONG_IN_ALL
    )


def _is_alarming(asked: Asked) -> bool:
    return asked.wrong_in_all + 1 >= WRONG_IN_ALL and not asked.alarms


def _standing(one: Meant) -> Standing:
    return SAID[PROGRESS[State(one.referral.state)] if one.referral else Progress.RECEIVED]


def _record(session: Session, one: Meant | None, standing: Standing, at: datetime) -> None:
    """One line in any case: in the history of what was asked about, or where only those who oversee look."""
    what = f"Somebody asked by telephone how it stands and heard: {HEARD[standing]}" if one else NOTHING_FOUND
    about = one.referral.id if one and one.referral else None
    audit.record(session, at=at, who="frontdoor", what=what, referral_id=about, is_private=about is None)
