"""Step 3, transcribe: the words of a part are read or heard by an engine and kept as a version of it."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Protocol

from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from gateway import segments, versions
from gateway.clock import Clock
from gateway.proposing.keeping import Values
from gateway.reading.parts import clean
from gateway.standard_form.keeping import Forms
from gateway.unopened import tell_locked
from gateway.unread import why_unread
from storage import audit, transcript, work
from storage.attachment import Attachment, TextState
from storage.blobs import BlobMissing, Blobs
from storage.database import Database
from storage.work import Claim
from transcription.begun import Begun, kept_begun
from transcription.contract import CannotRead, NoEngine, Transcript, Unreadable
from transcription.said import transcript_of

log = logging.getLogger(__name__)
NO_ENGINE_WAIT = timedelta(minutes=5)
KEPT_EVERY_SECONDS = 5.0
LEASE = timedelta(seconds=60)


class Listener(Protocol):
    """What reads and hears: the worker, or a twin of it."""

    async def hear_on(
        self, data: bytes, media_type: str, name: str, *, begun: str, told: Callable[[Begun], Awaitable[None]]
    ) -> Transcript | Begun:
        """A transcript, or how far a recording was heard before others have their turn."""
        ...


class Transcribing:
    """Step ``transcribe`` of the transcribing queue; no transaction is open while an engine works.

    A long recording is heard in slices: after each it goes behind whatever is due by then, and what was heard of it is
    kept, so that neither a short voicemail nor a crash costs more than a slice.
    """

    def __init__(self, *, database: Database, blobs: Blobs, clock: Clock, worker: Listener, forms: Forms) -> None:
        self._database, self._blobs, self._clock, self._worker = database, blobs, clock, worker
        self._forms = forms

    async def step(self, held: Claim) -> None:
        """One part, or a slice of it; without an engine it waits, plays, and can be typed."""
        part, begun = await self._database.read(
            lambda s: (s.get_one(Attachment, held.subject), transcript.heard_so_far(s, held.subject))
        )
        try:
            content = await asyncio.to_thread(self._blobs.get, part.sha256 or "")
            read = await self._worker.hear_on(
                content, part.media_type, part.name, begun=begun, told=_Keeping(self._database, self._clock, held).told
            )
        except NoEngine:
            at = self._clock() + NO_ENGINE_WAIT
            await self._database.write(
                lambda s: work.again(s, held, at=at, now=self._clock(), error="no engine", counts=False)
            )
        except (CannotRead, BlobMissing) as error:
            reason = error.reason if isinstance(error, CannotRead) else None
            await self._database.write(lambda s: self._failed(s, held, reason))
        else:
            values = await asyncio.to_thread(self._forms.prepare, read) if isinstance(read, Transcript) else None
            await self._database.write(lambda s: self._heard(s, held, read, values))

    def _heard(self, session: Session, held: Claim, read: Transcript | Begun, values: Values | None) -> None:
        if isinstance(read, Begun):
            now = self._clock()
            work.again(session, held, at=now, now=now, counts=False)
            keep(session, held.subject, read, self._clock)
            return
        work.done(session, held)
        self._end(session, held.subject)
        self._forms.add_read(session, held.subject, read, at=self._clock(), values=values)

    def _failed(self, session: Session, held: Claim, reason: Unreadable | None) -> None:
        work.done(session, held)
        if reason is None:
            self._mark_failed(session, held.subject, "its file is missing")
            return
        part = session.get_one(Attachment, held.subject)
        if reason is Unreadable.ENCRYPTED:
            tell_locked(session, part, self._clock())
        words = why_unread(reason, part.media_type, part.name)
        self._mark_failed(session, held.subject, reason.value.replace("_", " "), words)

    def _mark_failed(self, session: Session, part_id: str, reason: str, words: str = "") -> None:
        part = self._end(session, part_id)
        if part.text_state != TextState.DONE:
            part.text_state, part.note = TextState.FAILED, words or f"Could not be read by machine: {reason}."
            session.add(part)
        what = f"A part could not be read by machine ({reason}): see or hear the original"
        audit.record(session, at=self._clock(), who="frontdoor", what=what, referral_id=part.referral_id)

    def _end(self, session: Session, part_id: str) -> Attachment:
        """Nobody hears it any more."""
        transcript.forget_heard(session, part_id)
        part = session.get_one(Attachment, part_id)
        part.progress = None
        session.add(part)
        return part

    def give_up(self, session: Session, held: Claim, error: str) -> None:
        """The engine failed each time: a person hears or sees the original. What was heard until then is kept."""
        begun = kept_begun(transcript.heard_so_far(session, held.subject))
        if begun and (partly := _as_far_as_heard(begun)):
            self._end(session, held.subject)
            versions.add_read(session, held.subject, partly, at=self._clock())
            return
        self._mark_failed(session, held.subject, f"the engine failed each time ({error})")


class _Keeping:
    """Keeps how far a recording is and the words so far, every few seconds while it is heard."""

    def __init__(self, database: Database, clock: Clock, held: Claim) -> None:
        self._database, self._clock, self._held = database, clock, held
        self._next = 0.0

    async def told(self, begun: Begun) -> None:
        """A claim that is lost ends the hearing; a database that is away does not."""
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + KEPT_EVERY_SECONDS
        try:
            await self._database.write(lambda s: self._keep(s, begun))
        except SQLAlchemyError as error:
            log.error("how far a recording is could not be kept: %s", type(error).__name__)

    def _keep(self, session: Session, begun: Begun) -> None:
        work.beat(session, self._held, now=self._clock(), lease=LEASE)
        keep(session, self._held.subject, begun, self._clock)


def keep(session: Session, part_id: str, begun: Begun, clock: Clock) -> None:
    """How far it is, and its words so far unless it has a version already."""
    transcript.keep_heard(session, part_id, begun.as_json(), clock())
    part = session.get_one(Attachment, part_id)
    part.progress = round(begun.progress, 3)
    if part.text_state != TextState.DONE:
        so_far = transcript_of(begun)
        part.text, part.segments, part.note = clean(so_far.text), segments.written(so_far.segments), "Being heard."
    session.add(part)


def _as_far_as_heard(begun: Begun) -> Transcript | None:
    read = transcript_of(begun)
    missing = f"Only the first {begun.progress:.0%} could be heard by machine: hear the rest of the original."
    return replace(read, note=f"{missing} {read.note}".strip()) if read.text else None
