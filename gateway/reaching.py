"""By which way a sender is told the next thing: their own channel if it is safe, the next safe one, else a person."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta

from sqlmodel import Session

from channels.contract import AddressClass
from gateway import notices
from gateway.addresses import address_of, home_key, safety_of
from gateway.clock import Clock
from gateway.notices import HELD, MEDIUM_OF, OkWords, Owed, Safety, why_not, words_for
from storage import identity, notice
from storage.identity import Identity
from storage.notice import Addressed, Notice, NoticeKind
from storage.referral import Referral
from storage.sealing import Seal

IN_ORDER = ("sms", "email", "letter")
MUST_BE_SAID = frozenset({"note", "web_form"})
NUMBERS = frozenset({AddressClass.MOBILE, AddressClass.LANDLINE})
NO_ADDRESS = "no address was given"
LONG_AGO = "it is too long ago that they said how to reach them safely"
NOT_ASKED = "they did not say that it is safe"
NONE_LEFT = "no safe way is left"
MANY_TEXTS = "as many texts as one number gets have gone there in a day"
TEXTS_PER_NUMBER = 10
A_DAY = timedelta(hours=24)


class Reaching:
    """Asked in the transaction that makes a notice due, when a way has failed, and at the moment of sending.

    ``texts_per_number``: so many texts go to one number in 24 hours, whoever wrote from it and whatever they are about.
    """

    def __init__(self, *, seal: Seal, clock: Clock, texts_per_number: int = TEXTS_PER_NUMBER) -> None:
        self._seal, self._clock, self._most_texts = seal, clock, texts_per_number

    def to_sender(
        self, session: Session, row: Referral, kind: NoticeKind, who: Identity | None, *, tried: Collection[str] = ()
    ) -> tuple[Owed, Identity | None]:
        """What is owed and to which address; ``tried`` are addresses that failed. A person's task if none is left.

        After the address they used come other addresses of the same sender that were said to be safe: by text, by
        email, by letter. Nobody else's address is ever used, whoever else wrote to this referral.
        """
        if who is None and row.channel == "letter" and not tried:
            return self._by_post(session, row, kind)
        why = self._why_not(session, row, who, tried)
        if who is not None and not why:
            return self._by_machine(kind, who), who
        wants_no_machine = safety_of(who, self._clock()).words is OkWords.NONE
        other = None if wants_no_machine else self._other(session, row, who, tried)
        if other is not None:
            return self._by_machine(kind, other), other
        return self._by_a_person(row, kind, who, why), who

    def may_send(self, session: Session, owed: Notice, to: Addressed | None = None) -> str:
        """Why a notice that was owed may not go out after all; empty if it may. Asked just before it is sent.

        Of more texts than one number gets the oldest go, whatever order they are sent in. ``to``: if it was just read.
        """
        to = to or notice.addressed(session, owed)
        if to.who is None:
            return ""
        is_text = owed.channel == "sms" and owed.kind != NoticeKind.STAFF_TASK
        if why := why_not(self.safety(session, to.referral, to.who), owed.channel):
            return why
        return self._many_texts(session, to.who, before=owed) if is_text else ""

    def safety(self, session: Session, row: Referral, who: Identity | None) -> Safety:
        """What is known about writing to this address about this referral, the household's hold included."""
        safety = safety_of(who, self._clock())
        home = identity.homes_of(session, row.id or 0) if who else set()
        if who is None or not home:
            return safety
        here = self._seal.blind(home_key(address_of(self._seal, who)))
        return replace(safety, held=here in home or who.address_hash in home)

    def _many_texts(self, session: Session, who: Identity, *, before: Notice | None = None) -> str:
        since = (before.created_at if before else self._clock()) - A_DAY
        return MANY_TEXTS if notice.texts_to(session, who.id, since=since, before=before) >= self._most_texts else ""

    def address_for(self, session: Session, row: Referral) -> Identity | None:
        """Where a letter goes whose writer gave no address: the one that was written down since as safe for post.

        Else one that was written down as not safe, to which nothing may go; None while nobody has asked.
        """
        found = self._other(session, row, None, (), first="letter")
        return found if found is not None and _medium(found) == "letter" else self._unsafe_by_post(session, row)

    def _unsafe_by_post(self, session: Session, row: Referral) -> Identity | None:
        theirs = [each for each in identity.ways_of(session, row.id or 0, None) if _medium(each) == "letter"]
        return next((each for each in theirs if why_not(self.safety(session, row, each), "letter")), None)

    def _by_post(self, session: Session, row: Referral, kind: NoticeKind) -> tuple[Owed, Identity | None]:
        """Who wrote a letter is answered by letter, addressed by hand while nobody has written down where they live."""
        other = self._other(session, row, None, (), first="letter")
        if other is not None:
            return self._by_machine(kind, other), other
        unsafe = self._unsafe_by_post(session, row)
        if unsafe is not None:
            why = why_not(self.safety(session, row, unsafe), "letter")
            return notices.by_hand(kind, why, self._clock()), None
        if notice.has_come_back_unaddressed(session, row.id or 0):
            return notices.by_hand(kind, notices.COMES_BACK, self._clock()), None
        return notices.by_machine(kind, "letter", self._clock()), None

    def _by_machine(self, kind: NoticeKind, who: Identity) -> Owed:
        now, channel = self._clock(), _medium(who)
        return notices.by_machine(kind, channel, now, words=words_for(channel, safety_of(who, now)))

    def _why_not(self, session: Session, row: Referral, who: Identity | None, tried: Collection[str]) -> str:
        """Why their own address may not be written to, in words that end a task's; empty if it may."""
        channel = _medium(who) if who else ""
        if who is None or not channel:
            return "a landline cannot be texted" if who and who.address_class == AddressClass.LANDLINE else NO_ADDRESS
        if who.id in tried:
            return NONE_LEFT
        safety = self.safety(session, row, who)
        if why := why_not(safety, channel):
            return why
        if channel == "sms" and (why := self._many_texts(session, who)):
            return why
        if safety.is_over:
            return LONG_AGO
        must_be_said = row.channel in MUST_BE_SAID and row.identity_id == who.id
        return NOT_ASKED if must_be_said and safety.said.get(channel) is not True else ""

    def _other(
        self, session: Session, row: Referral, who: Identity | None, tried: Collection[str], *, first: str = ""
    ) -> Identity | None:
        """The first other address of this sender that was said to be safe; of the medium ``first`` before others."""
        theirs = identity.ways_of(session, row.id or 0, who.id if who else None)
        usable = [each for each in theirs if each.id not in tried and self._was_said_safe(session, row, each)]
        return min(usable, key=lambda each: (_medium(each) != first, IN_ORDER.index(_medium(each))), default=None)

    def _was_said_safe(self, session: Session, row: Referral, way: Identity) -> bool:
        safety, channel = self.safety(session, row, way), _medium(way)
        is_safe = bool(channel) and safety.said.get(channel) is True and not why_not(safety, channel)
        return is_safe and not (channel == "sms" and self._many_texts(session, way))

    def _by_a_person(self, row: Referral, kind: NoticeKind, who: Identity | None, why: str) -> Owed:
        if why == NO_ADDRESS:
            channel = "voice" if who and who.address_class == AddressClass.WITHHELD else "web"
            return notices.no_address(kind, channel, self._clock(), has_page=row.channel == "web_form")
        may_call = who is not None and who.address_class in NUMBERS and why not in (HELD, NONE_LEFT)
        if may_call and safety_of(who, self._clock()).said.get("voice") is not False:
            return notices.call_them(kind, why, self._clock())
        return notices.by_hand(kind, why, self._clock())


def _medium(who: Identity) -> str:
    return MEDIUM_OF.get(AddressClass(who.address_class), "")
