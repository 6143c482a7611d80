"""The reading desk: opens a kept message, has its channel parse it, and writes down what came of it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

from sqlmodel import Session

from channels.active_content import active_in
from channels.contract import (
    Address,
    AddressClass,
    Answerable,
    DeliveryReport,
    Enclosure,
    Fetcher,
    Gone,
    Inbound,
    NotReadyYet,
    Prover,
    Purpose,
    RawMessage,
    Receiver,
    Unreadable,
)
from channels.streams.voice import voice_seconds
from gateway.arrival import heed_envelope
from gateway.clock import Clock
from gateway.delivery import Delivery
from gateway.dividing.dividing import LARGEST, POST, Dividing, is_further_letter
from gateway.dividing.letter_file import MEDIA_TYPE
from gateway.dividing.letters import LETTER_FILE, LETTER_SIZE
from gateway.proposing.keeping import Proposing, Values
from gateway.reading.opening import Kept, Opening, StoreAway, stored
from gateway.reading.parts import Parts, Shelved, original
from gateway.reading.recording import NOT_OURS, OpeningUnread, Recording
from gateway.reading.turn import NotYet
from gateway.unopened import ASK
from storage import work
from storage.attachment import Attachment
from storage.blobs import Blobs
from storage.database import Database
from storage.message import Content, Message, with_content
from storage.sealing import Seal, SealBroken
from storage.work import Claim

REPORT_WAITS = (timedelta(seconds=1), timedelta(seconds=5), timedelta(seconds=30), timedelta(minutes=5))
OPENING_WAIT, LONGEST_OPENING_WAIT = timedelta(milliseconds=200), timedelta(minutes=1)
OPENING_PATIENCE = timedelta(days=7)  # a call is told of at its end, or by recall once the provider can be asked
SHORT_BYTES, SHORT_WORDS = 8 * 1024, 1000
MEGABYTE = 1024 * 1024
STORE_WAIT = timedelta(seconds=10)
TURN_WAIT = timedelta(seconds=1)
FETCH_WAITS = tuple(timedelta(seconds=s) for s in (1, 2, 5, 15, 60, 300, 900, 3600))


class Reading:
    """Steps ``read``, ``fetch`` and ``ask`` of the reading queue."""

    def __init__(
        self,
        *,
        database: Database,
        blobs: Blobs,
        seal: Seal,
        clock: Clock,
        receivers: Mapping[str, Receiver],
        recording: Recording,
        delivery: Delivery,
        parts: Parts,
        dividing: Dividing,
        proposing: Proposing,
    ) -> None:
        self._database, self._blobs, self._clock = database, blobs, clock
        self._receivers, self._recording, self._delivery, self._parts = receivers, recording, delivery, parts
        self._proposing = proposing
        self._dividing, self._opening = dividing, Opening(blobs=blobs, seal=seal, dividing=dividing)

    async def step(self, held: Claim) -> None:
        """One row of the queue."""
        try:
            await (self._fetch(held) if held.kind == "fetch" else self._read(held))
        except StoreAway:
            await self._wait(held, STORE_WAIT, "store away")
        except NotYet:
            await self._wait(held, TURN_WAIT, "long ones before it")

    async def _wait(self, held: Claim, how_long: timedelta, why: str) -> None:
        """It comes again then; this was no failure of it."""
        now = self._clock()
        await self._database.write(lambda s: work.again(s, held, at=now + how_long, now=now, error=why, counts=False))

    async def _read(self, held: Claim) -> None:
        message, content = await self._database.read(lambda s: with_content(s, held.subject))
        if message.channel == POST and message.size > LARGEST:
            await self._record_unopened(held, message, content)
            return
        async with self._opening.turn_of(message):
            kept = await self._opening.opened(message, content)
            await (self._ask(held, kept) if held.kind == ASK else self._read_opened(held, kept))

    async def _ask(self, held: Claim, kept: Kept) -> None:
        """Whether a person sent it is read once more: nothing of that is kept."""
        try:
            outcome = await self._parsed(kept.raw)
        except Unreadable as error:
            outcome = unreadable_as(kept.raw, error)
        if isinstance(outcome, Inbound):
            await self._database.write(lambda s: self._asked(s, held, outcome))
        else:
            await self._database.write(lambda s: work.done(s, held))

    def _asked(self, session: Session, held: Claim, inbound: Inbound) -> None:
        work.done(session, held)
        self._recording.ask_for_locked(session, session.get_one(Message, held.subject), inbound)

    async def _read_opened(self, held: Claim, opened: Kept) -> None:
        kept = await self._opening.divided(opened)
        try:
            outcome = await self._parsed(await self._proven(kept.raw))
        except Unreadable as error:
            await self._record(held, kept, unreadable_as(kept.raw, error), error.reason)
            return
        if isinstance(outcome, Inbound):
            await self._record(held, kept, outcome, "")
        else:
            await self._report(held, kept, outcome)

    async def _proven(self, raw: RawMessage) -> RawMessage:
        """With what can be found out about its sender, where its channel can ask."""
        receiver = self._receivers[raw.channel]
        return await receiver.prove(raw) if isinstance(receiver, Prover) else raw

    async def _parsed(self, raw: RawMessage) -> Inbound | DeliveryReport:
        """In a thread, so that nobody waits for a long one; the handing over would take longer than reading a text."""
        parse = self._receivers[raw.channel].parse
        return parse(raw) if len(raw.body) <= SHORT_BYTES else await asyncio.to_thread(parse, raw)

    async def _record_unopened(self, held: Claim, message: Message, content: Content) -> None:
        """Larger than what is read into memory: it stands in the queue with its bytes, for a person."""
        envelope = self._opening.envelope(message, content)
        name = envelope.get("name") or "original"
        why = f"too large: it has {message.size // MEGABYTE} MB, and {LARGEST // MEGABYTE} MB are read at most"
        inbound = Inbound(sender=Address(kind=AddressClass.POSTAL), by_hand="it is too large to be read by machine")
        shelved = [replace(part, name=name) for part in original(message)]

        def record(session: Session) -> None:
            work.done(session, held)
            heed_envelope(session, message, envelope)
            self._recording.record(session, message, inbound, shelved, why)

        await self._database.write(record)

    async def _shelved(self, kept: Kept, enclosures: Sequence[Enclosure]) -> list[Shelved]:
        """Kept durably; what was put together of pages of a scan is marked so."""
        shelved = await stored(self._parts.shelve, enclosures) if enclosures else []
        made = kept.raw.envelope.get(LETTER_FILE) if kept.divided or is_further_letter(kept.message) else None
        return [replace(part, is_put_together=True) if made and part.sha256 == made else part for part in shelved]

    async def _record(self, held: Claim, kept: Kept, inbound: Inbound, unreadable: str) -> None:
        shelved = await self._shelved(kept, inbound.enclosures)
        values = await self._values(kept, inbound)

        def record(session: Session) -> None:
            work.done(session, held)
            self._write_divided(session, kept)
            heed_envelope(session, kept.message, kept.raw.envelope)
            self._recording.record(session, kept.message, inbound, shelved, unreadable)
            self._proposing.keep_of_message(session, kept.message.id, values)

        try:
            await self._database.write(record)
        except OpeningUnread:
            await self._database.write(lambda s: self._wait_for_opening(s, held, kept.message, unreadable))

    async def _values(self, kept: Kept, inbound: Inbound) -> Values:
        """What its words say of people and places; in a thread where that takes longer than the handing over."""
        look = self._proposing.in_message
        is_short = len(inbound.text) <= SHORT_WORDS and not self._proposing.may_take_long
        return look(kept.raw.channel, inbound) if is_short else await asyncio.to_thread(look, kept.raw.channel, inbound)

    def _write_divided(self, session: Session, kept: Kept) -> None:
        if kept.divided:
            self._dividing.write(session, kept.message, kept.divided)

    def _wait_for_opening(self, session: Session, held: Claim, message: Message, unreadable: str) -> None:
        """News of a call waits for the message that opened it; news of nothing at all is set aside, its bytes kept."""
        if message.conversation is None or self._clock() - message.captured_at > OPENING_PATIENCE:
            work.done(session, held)
            self._recording.set_aside(session, message, unreadable or "news of something that is not known here")
            return
        age = self._clock() - message.captured_at  # by a clock that may have been hours behind
        at = self._clock() + min(max(OPENING_WAIT, age / 10), LONGEST_OPENING_WAIT)
        work.again(session, held, at=at, now=self._clock(), error="opening unread", counts=False)

    async def _report(self, held: Claim, kept: Kept, report: DeliveryReport) -> None:
        """News of a notice waits for it; what nobody sent a notice for and has a ledger number goes before a person.

        Of our own letters we know whether we sent them: only what a provider calls by its name may come too early.
        """
        shelved = await self._shelved(kept, report.enclosures)

        def settle(session: Session) -> bool:
            notice = self._delivery.reported(session, report)
            may_come = report.provider_id and held.attempts <= len(REPORT_WAITS) and not held.is_last_try
            if notice is None and may_come:
                wait = REPORT_WAITS[held.attempts - 1]
                work.again(session, held, at=self._clock() + wait, now=self._clock(), error="no notice has this id yet")
            elif notice is None and kept.raw.purpose is Purpose.MESSAGE:
                return False
            else:
                work.done(session, held)
                self._write_divided(session, kept)
                self._recording.record_report(session, kept.message, notice, shelved)
            return True

        if not await self._database.write(settle):
            await self._record(held, kept, unreadable_as(kept.raw, Unreadable(NOT_OURS)), NOT_OURS)

    async def _fetch(self, held: Claim) -> None:
        part = await self._database.read(lambda s: s.get_one(Attachment, held.subject))
        fetcher = self._receivers[part.channel]
        if not isinstance(fetcher, Fetcher) or part.handle is None:
            raise TypeError("this channel fetches nothing")
        try:
            got = await fetcher.fetch(part.handle)
        except NotReadyYet:
            at = self._clock() + FETCH_WAITS[min(held.attempts, len(FETCH_WAITS)) - 1]
            if held.is_last_try:
                raise
            await self._database.write(lambda s: work.again(s, held, at=at, now=self._clock(), error="not ready yet"))
            return
        except Gone:
            await self._database.write(lambda s: self.missing(s, held, "the provider does not have it"))
            return
        sha256 = await stored(self._blobs.put, got.content)
        voice = await asyncio.to_thread(voice_seconds, got.content)
        active = await asyncio.to_thread(active_in, got.content, name=part.name, media_type=got.media_type)

        def arrived(session: Session) -> None:
            work.done(session, held)
            self._parts.arrived(session, held.subject, got, sha256, voice=voice, active=active)

        await self._database.write(arrived)

    def missing(self, session: Session, held: Claim, why: str) -> None:
        """A part that will never come."""
        work.done(session, held)
        self._recording.miss_part(session, held.subject, why)

    def give_up(self, session: Session, held: Claim, error: str) -> None:
        """Three crashes: the message stands in the queue as unreadable, its bytes untouched."""
        if held.kind == "fetch":
            self._recording.miss_part(session, held.subject, "the provider did not give it")
            return
        message = session.get_one(Message, held.subject)
        if held.kind == ASK:
            self._recording.ask_for_locked(session, message, Inbound(sender=Address(kind=AddressClass.NONE)))
            return
        if message.read_at is not None:
            return
        inbound = Inbound(sender=Address(kind=AddressClass.NONE), by_hand="it could not be read by machine")
        why = f"reading failed each time ({error})"
        if message.ledger_no is None:
            self._recording.set_aside(session, message, why)
            return
        with suppress(SealBroken):  # it may be why reading failed
            heed_envelope(session, message, self._opening.envelope(message, session.get_one(Content, message.id)))
        self._recording.record(session, message, inbound, self._unread(session, message), why)

    def _unread(self, session: Session, message: Message) -> list[Shelved]:
        """The message itself; of a scan of several letters only the pages of this one."""
        if not is_further_letter(message):
            return original(message)
        said = self._opening.envelope(message, session.get_one(Content, message.id))
        letter = Shelved(
            name=said["name"], media_type=MEDIA_TYPE, sha256=said[LETTER_FILE], size=int(said[LETTER_SIZE]),
            is_put_together=True,
        )  # fmt: skip
        return [letter]


def unreadable_as(raw: RawMessage, error: Unreadable) -> Inbound:
    """What is known of a message nobody could parse: its bytes, and perhaps its sender, before a person."""
    name = raw.envelope.get("name") or "original"
    return Inbound(
        sender=error.sender or Address(kind=AddressClass.NONE),
        answerable=Answerable.MACHINE if error.by_machine else Answerable.PERHAPS,
        answerable_reason=f"unreadable: {error.reason}",
        enclosures=(Enclosure(name=name, media_type=raw.media_type, content=raw.body),),
    )
