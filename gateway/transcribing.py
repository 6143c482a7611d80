"""Step 3, transcribe: the words of a part are read or heard by an engine and kept beside it."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta

from sqlmodel import Session

from gateway.clock import Clock
from gateway.reading.parts import clean
from storage import audit, work
from storage.attachment import Attachment, TextState
from storage.blobs import BlobMissing, Blobs
from storage.database import Database
from storage.referral import Referral
from storage.work import Claim
from transcription.contract import CannotRead, NoEngine, Transcript
from transcription.worker import TranscriptionWorker

NO_ENGINE_WAIT = timedelta(minutes=5)
SUMMARY = 160


class Transcribing:
    """Step ``transcribe`` of the transcribing queue; no transaction is open while an engine works."""

    def __init__(self, *, database: Database, blobs: Blobs, clock: Clock, worker: TranscriptionWorker) -> None:
        self._database, self._blobs, self._clock, self._worker = database, blobs, clock, worker

    async def step(self, held: Claim) -> None:
        """One part; without an engine it waits, plays, and can be typed."""
        part = await self._database.read(lambda s: s.get_one(Attachment, held.subject))
        try:
            content = await asyncio.to_thread(self._blobs.get, part.sha256 or "")
            transcript = await self._worker.transcribe(content, part.media_type, part.name)
        except NoEngine:
            at = self._clock() + NO_ENGINE_WAIT
            await self._database.write(
                lambda s: work.again(s, held, at=at, now=self._clock(), error="no engine", counts=False)
            )
        except (CannotRead, BlobMissing) as error:
            reason = error.reason if isinstance(error, CannotRead) else "its file is missing"
            await self._database.write(lambda s: self._failed(s, held, str(reason)))
        else:
            await self._database.write(lambda s: self._done(s, held, transcript))

    def _done(self, session: Session, held: Claim, transcript: Transcript) -> None:
        work.done(session, held)
        part = session.get_one(Attachment, held.subject)
        part.text, part.text_state = clean(transcript.text), TextState.DONE
        part.confidence, part.engine, part.note = transcript.confidence, transcript.engine, transcript.note
        part.segments = json.dumps(
            [[s.text, s.start, s.end, s.page, s.confidence, s.unclear] for s in transcript.segments]
        ).replace("\\u0000", "")
        part.transcribed_at = self._clock()
        session.add(part)
        row = session.get_one(Referral, part.referral_id)
        if not row.summary:
            row.summary = " ".join(part.text.split())[:SUMMARY]
            session.add(row)
        self._note(session, part, f"The words of a part were read by machine ({transcript.engine})")

    def _failed(self, session: Session, held: Claim, reason: str) -> None:
        work.done(session, held)
        self._mark_failed(session, held.subject, reason)

    def _mark_failed(self, session: Session, part_id: str, reason: str) -> None:
        part = session.get_one(Attachment, part_id)
        part.text_state, part.note = TextState.FAILED, f"Could not be read by machine: {reason}."
        session.add(part)
        self._note(session, part, f"A part could not be read by machine ({reason}): see or hear the original")

    def _note(self, session: Session, part: Attachment, what: str) -> None:
        audit.record(session, at=self._clock(), who="frontdoor", what=what, referral_id=part.referral_id)

    def give_up(self, session: Session, held: Claim, error: str) -> None:
        """The engine failed each time: a person hears or sees the original."""
        self._mark_failed(session, held.subject, f"the engine failed each time ({error})")
