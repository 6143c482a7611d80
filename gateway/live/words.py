"""Has the words of calls heard while they are on, a finished stretch at a time, when nobody else needs the engine."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from channels.streams.events import BYTES_A_SECOND
from channels.streams.whole import as_wav, whole
from gateway.clock import Clock
from gateway.reading.parts import clean
from storage import capture, work
from storage.capture import Capture, CaptureState
from storage.database import Database
from storage.sealing import Seal, SealBroken
from storage.stream_sound import pieces_of
from transcription.contract import CannotRead, EngineFailed, NoEngine, Segment
from transcription.worker import TranscriptionWorker

LOOK_SECONDS = 2.0
AGAIN_SECONDS = 5.0
LEAST_SECONDS = 6.0
MOST_SECONDS = 26.0
"""As much as the engine hears in one go."""
STILL_SPEAKING = 1.5
"""A stretch of speech that ends this close to the end of what was heard may go on."""
NO_MODEL = "There is no speech model here, so the words cannot be shown while they speak."
MOST_WORDS = 100_000  # characters
log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Heard:
    """The words of a stretch that is finished, and the second at which the next one begins."""

    words: str
    until: float


class LiveWords:
    """``folder`` is where this host's streams lie; calls of other hosts are heard by those."""

    def __init__(
        self, *, database: Database, seal: Seal, folder: Path, clock: Clock, worker: TranscriptionWorker
    ) -> None:
        self._database, self._seal, self._folder = database, seal, folder
        self._clock, self._worker = clock, worker

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            try:
                await self.look()
            except SQLAlchemyError as error:
                log.warning("the words of calls cannot be heard: %s", type(error).__name__)
                await asyncio.sleep(AGAIN_SECONDS)

    async def look(self) -> None:
        """One stretch of each call that is on, the least heard first; others' recordings go before."""
        for row in await self._database.read(self._running):
            if self._worker.is_busy or await self._database.read(self._others_wait):
                return
            await self._hear(row)

    def _running(self, session: Session) -> Sequence[Capture]:
        return sorted(capture.running(session, self._clock()), key=lambda row: row.words_until)

    def _others_wait(self, session: Session) -> bool:
        due = work.oldest_due(session, "transcribing", self._clock())
        return due is not None and due <= self._clock()

    async def _hear(self, row: Capture) -> None:
        try:
            stretch = await asyncio.to_thread(self._stretch, row)
        except (FileNotFoundError, SealBroken, OSError):
            return
        if len(stretch) < LEAST_SECONDS * BYTES_A_SECOND:
            return
        length = len(stretch) / BYTES_A_SECOND
        try:
            transcript = await self._worker.transcribe(as_wav(stretch), "audio/wav")
        except NoEngine:
            if row.words_note != NO_MODEL:
                await self._note(row.id, Heard(words="", until=row.words_until), NO_MODEL)
            return
        except (CannotRead, EngineFailed) as error:
            log.warning("a stretch of a call could not be heard: %s", type(error).__name__)
            heard = Heard(words="", until=row.words_until + length)
        else:
            heard = finished(transcript.segments, row.words_until, length)
        await self._note(row.id, heard, "")

    def _stretch(self, row: Capture) -> bytes:
        """What has been said since the last stretch, so much at most as is heard in one go."""
        _, *pieces = pieces_of(self._folder, self._seal, row.id)
        begin = int(row.words_until * BYTES_A_SECOND)
        sound = whole((piece.at, piece.sound) for piece in pieces).sound
        return sound[begin : begin + int(MOST_SECONDS * BYTES_A_SECOND)]

    async def _note(self, name: str, heard: Heard, note: str) -> None:
        def put(session: Session) -> None:
            row = session.get(Capture, name)
            if row is not None and row.state == CaptureState.LIVE:
                row.words = f"{row.words}\n{clean(heard.words)}".strip()[-MOST_WORDS:]
                row.words_until, row.words_note = heard.until, note
                session.add(row)

        await self._database.write(put)


def finished(segments: Sequence[Segment], begin: float, length: float) -> Heard:
    """Of a stretch that begins at ``begin``, the words that were spoken to their end; silence needs no second hearing.

    In one as long as can be heard at once, everything is finished.
    """
    is_full = length >= MOST_SECONDS - 0.1
    spoken = [s for s in segments if s.text.strip()]
    whole_ones = [s for s in spoken if (s.end or 0.0) <= length - STILL_SPEAKING]
    if is_full and not whole_ones:
        whole_ones = spoken
    open_ones = spoken[len(whole_ones) :]
    if open_ones:
        until = max(0.0, (open_ones[0].start or 0.0) - 0.2)
    else:
        until = length if is_full else max(0.0, length - STILL_SPEAKING)
    return Heard(words="\n".join(map(_shown, whole_ones)), until=round(begin + until, 2))


def _shown(segment: Segment) -> str:
    return f"[unclear: {segment.text.strip()}]" if segment.unclear else segment.text.strip()
