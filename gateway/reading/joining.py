"""Which referral a message belongs to: the call it is part of, the thread it answers, the reference it quotes."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlmodel import Session

from channels.contract import Inbound, Purpose
from gateway.notices import SAME_TALK
from gateway.reading import asked
from gateway.reading.parts import clean
from gateway.reading.quoted import only_one, quoted_in
from storage import message as messages
from storage import notice, referral
from storage.identity import Identity
from storage.message import Message
from storage.referral import Referral


@dataclass(frozen=True, kw_only=True)
class Joined:
    """The referral a message continues and why.

    ``same_event``: it is part of the very call that opened it. ``is_repeat``: the same mail came by another way,
    or a caller only asked how it stands. ``is_guess``: it may as well be about another open one of the same sender.
    """

    referral: Referral
    why: str
    same_event: bool = False
    is_repeat: bool = False
    is_guess: bool = False


@dataclass(frozen=True, kw_only=True)
class Threads:
    """Keyed hashes of mail ids: of the mail itself, and of those it answers."""

    own: str | None = None
    answered: tuple[str, ...] = ()


def find(
    session: Session, message: Message, inbound: Inbound, identity: Identity | None, *, threads: Threads
) -> Joined | None:
    """The referral this message continues, locked, or None. Anybody may add by reference; nobody hears by it.

    A message that quotes several joins none of them by that.

    ``identity`` is None for who never wrote to us before, too: nothing that is theirs can be continued.
    """
    for look in (_same_call, _asked_about, _on_our_letter, _same_mail, _same_thread, _quoted, _same_talk, _same_number):
        if found := look(session, message, inbound, identity, threads):
            locked = referral.by_id(session, found.referral.id or 0, lock=True)
            return replace(found, referral=locked) if locked else None
    return None


def _same_call(session: Session, message: Message, inbound: Inbound, _: Identity | None, __: Threads) -> Joined | None:
    """Also where the call itself joined an older referral: what is left in it then is more for that one."""
    opening = messages.opening_of(session, message.conversation) if message.conversation else None
    found = _by_id(session, opening.referral_id, "part of the same call", same_event=True) if opening else None
    is_more = message.purpose == Purpose.MESSAGE or asked.wanted_a_person(inbound)
    if found and is_more and message.reference != found.referral.reference:
        return replace(found, why=asked.KEYED, same_event=False)
    return found


def _asked_about(
    session: Session, message: Message, inbound: Inbound, _: Identity | None, __: Threads
) -> Joined | None:
    """A caller who only asked, and was told, gives nobody anything to do."""
    found = asked.referral_asked_about(session, message)
    return (
        Joined(referral=found, why=asked.KEYED, is_repeat=asked.only_asked(session, message, inbound))
        if found
        else None
    )


def _on_our_letter(session: Session, _: Message, inbound: Inbound, __: Identity | None, ___: Threads) -> Joined | None:
    answered = notice.by_id(session, inbound.answers_notice) if inbound.answers_notice else None
    return _by_id(session, answered.referral_id, "our own letter with words on it, or come back") if answered else None


def _same_mail(
    session: Session, message: Message, inbound: Inbound, identity: Identity | None, threads: Threads
) -> Joined | None:
    """A mail that was delivered by two ways has one id and the same words: it is acknowledged once, for ever."""
    if threads.own is None or identity is None:
        return None
    earlier = messages.earlier_in_thread(session, [threads.own])
    if earlier is None or earlier.identity_id != identity.id or earlier.text != clean(inbound.text):
        return None
    found = _by_id(session, earlier.referral_id, "the same mail came again")
    return replace(found, is_repeat=True) if found else None


def _same_thread(
    session: Session, _: Message, inbound: Inbound, __: Identity | None, threads: Threads
) -> Joined | None:
    if notice_answered := notice.by_provider_id(session, inbound.replies_to):
        return _by_id(session, notice_answered.referral_id, "a reply to our notice")
    earlier = messages.earlier_in_thread(session, threads.answered)
    return _by_id(session, earlier.referral_id, "the same conversation") if earlier else None


def _quoted(session: Session, _: Message, inbound: Inbound, __: Identity | None, ___: Threads) -> Joined | None:
    found = only_one(session, quoted_in(inbound))
    return Joined(referral=found, why="quotes our reference") if found else None


def _same_talk(session: Session, message: Message, _: Inbound, identity: Identity | None, __: Threads) -> Joined | None:
    """Texts carry no thread: one answers what we last texted its number of, closed or not, within a day.

    Where we asked something it may be answered later. Else it goes on with what was texted from there in the last day.
    """
    if message.channel != "sms" or identity is None:
        return None
    since = message.received_at - SAME_TALK
    if told := notice.last_text_to(session, identity.id, since=since):
        return _answers(session, told.referral_id, identity)
    found = referral.latest_of_sender(session, identity.id, channel="sms", since=since)
    return Joined(referral=found, why="the same number within a day") if found else None


def _answers(session: Session, referral_id: int, identity: Identity) -> Joined | None:
    """Which of several it is about is a guess, and said to be one."""
    others = referral.others_open(session, identity.id, beside=referral_id)
    more = f"; {others} more of that number {'is' if others == 1 else 'are'} open, check which is meant"
    found = _by_id(session, referral_id, f"from the number we last texted about this{more if others else ''}")
    return replace(found, is_guess=bool(others)) if found else None


def _same_number(
    session: Session, _: Message, inbound: Inbound, identity: Identity | None, __: Threads
) -> Joined | None:
    """A request for no more texts, or for texts again, is about what we last texted of, finished or not."""
    if identity is None or not (inbound.stop_texts or inbound.start_texts):
        return None
    found = referral.newest_of_sender(session, identity.id)
    return Joined(referral=found, why="a request about texts") if found else None


def _by_id(session: Session, referral_id: int | None, why: str, *, same_event: bool = False) -> Joined | None:
    found = referral.by_id(session, referral_id) if referral_id else None
    return Joined(referral=found, why=why, same_event=same_event) if found else None
