"""Which referral a message belongs to: the call it is part of, the thread it answers, the reference it quotes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from channels.contract import Inbound
from gateway import reference
from gateway.notices import SAME_TALK
from storage import message as messages
from storage import notice, referral
from storage.identity import Identity
from storage.message import Message
from storage.referral import Referral


@dataclass(frozen=True, kw_only=True)
class Joined:
    """The referral a message continues and why; ``same_event``: it is part of the very call that opened it."""

    referral: Referral
    why: str
    same_event: bool = False


def find(
    session: Session, message: Message, inbound: Inbound, identity: Identity | None, *, thread_keys: Sequence[str]
) -> Joined | None:
    """The referral this message continues, locked, or None. Anybody may add by reference; nobody hears by it.

    ``thread_keys`` are the keyed hashes of the mails it answers.
    """
    for look in (_same_call, _same_thread, _quoted, _same_talk):
        if found := look(session, message, inbound, identity, thread_keys):
            locked = referral.by_id(session, found.referral.id or 0, lock=True)
            return Joined(referral=locked, why=found.why, same_event=found.same_event) if locked else None
    return None


def _same_call(
    session: Session, message: Message, _: Inbound, __: Identity | None, ___: Sequence[str]
) -> Joined | None:
    opening = messages.opening_of(session, message.conversation) if message.conversation else None
    return _by_id(session, opening.referral_id, "part of the same call", same_event=True) if opening else None


def _same_thread(
    session: Session, _: Message, inbound: Inbound, __: Identity | None, thread_keys: Sequence[str]
) -> Joined | None:
    if notice_answered := notice.by_provider_id(session, inbound.replies_to):
        return _by_id(session, notice_answered.referral_id, "a reply to our notice")
    earlier = messages.earlier_in_thread(session, thread_keys)
    return _by_id(session, earlier.referral_id, "the same conversation") if earlier else None


def _quoted(session: Session, _: Message, inbound: Inbound, __: Identity | None, ___: Sequence[str]) -> Joined | None:
    found = referral.by_references(session, reference.find_in(inbound.thread_text or inbound.text))
    return Joined(referral=found, why="quotes our reference") if found else None


def _same_talk(
    session: Session, message: Message, _: Inbound, identity: Identity | None, __: Sequence[str]
) -> Joined | None:
    """Texts carry no thread: one from a number we are in touch with continues the open referral of the last day."""
    if message.channel != "sms" or identity is None:
        return None
    since = message.received_at - SAME_TALK
    found = referral.latest_of_sender(session, identity.id, channel="sms", since=since)
    return Joined(referral=found, why="the same number within a day") if found else None


def _by_id(session: Session, referral_id: int | None, why: str, *, same_event: bool = False) -> Joined | None:
    found = referral.by_id(session, referral_id) if referral_id else None
    return Joined(referral=found, why=why, same_event=same_event) if found else None
