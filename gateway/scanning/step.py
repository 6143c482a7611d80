"""The step of the scanning queue: one file is looked at, and again each day while its message is new."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Protocol

from sqlmodel import Session

from gateway.clock import Clock
from gateway.contents import Contents
from gateway.scanning.clamd import TOO_LARGE, ScannerAway, Verdict
from storage import audit, work
from storage.attachment import Attachment, VirusState
from storage.blobs import BlobMissing
from storage.database import Database
from storage.message import Message
from storage.work import Claim

QUEUE, KIND = "scanning", "virus"
AWAY_WAIT = timedelta(minutes=1)
AGAIN_AFTER = timedelta(days=1)
"""Signatures of what is going round come out days after it does."""
LOOKED_AT_FOR = timedelta(days=7)
HELD_BYTES = 512 * 1024 * 1024
LARGER = Verdict(state=VirusState.NOT_CHECKED, name=TOO_LARGE)
MISSING = Verdict(state=VirusState.NOT_CHECKED, name="its file is missing")
TOO_SLOW = Verdict(state=VirusState.NOT_CHECKED, name="the virus scanner did not finish in time")


class Scanner(Protocol):
    """What looks at a file: clamd, or a twin of it."""

    async def look(self, content: bytes) -> Verdict:
        """What it says of it; raises ``ScannerAway`` where it cannot be asked."""
        ...


class Scanning:
    """Marks a part with what the scanner said of it. A scanner that is away is waited for; the referral is not held up.

    It has a queue and slots of its own: a scanner that hangs must not keep the reading desk from the next message.
    """

    def __init__(self, *, database: Database, contents: Contents, clock: Clock, scanner: Scanner | None) -> None:
        self._database, self._contents, self._clock, self._scanner = database, contents, clock, scanner

    async def step(self, held: Claim) -> None:
        """One file; where there is no scanner any more, nothing is due."""
        if self._scanner is None:
            await self._database.write(lambda s: work.done(s, held))
            return
        try:
            content = await asyncio.to_thread(self._content, held.subject)
            if content is None:
                await self._database.write(lambda s: self._looked_at(s, held, LARGER))
                return
            verdict = await self._scanner.look(content)
        except BlobMissing:
            verdict = MISSING
        except ScannerAway:
            at = self._clock() + AWAY_WAIT
            await self._database.write(
                lambda s: work.again(s, held, at=at, now=self._clock(), error="scanner away", counts=False)
            )
            return
        await self._database.write(lambda s: self._looked_at(s, held, verdict))

    def give_up(self, session: Session, held: Claim, error: str) -> None:
        """It failed on this file each time: a person sees that it was not checked."""
        self._mark(session, session.get_one(Attachment, held.subject), TOO_SLOW)

    def _content(self, part_id: str) -> bytes | None:
        """None for more than is held in memory: no scanner takes so much."""
        with self._database.reading() as session:
            part = session.get_one(Attachment, part_id)
            return self._contents.of_part(session, part) if (part.size or 0) <= HELD_BYTES else None

    def _looked_at(self, session: Session, held: Claim, verdict: Verdict) -> None:
        part = session.get_one(Attachment, held.subject)
        if verdict.state is VirusState.FOUND or not self._is_new(session, part):
            work.done(session, held)
        else:
            now = self._clock()
            work.again(session, held, at=now + AGAIN_AFTER, now=now, counts=False)
        self._mark(session, part, verdict)

    def _is_new(self, session: Session, part: Attachment) -> bool:
        came: datetime = session.get_one(Message, part.message_id).captured_at
        return self._clock() + AGAIN_AFTER <= came + LOOKED_AT_FOR

    def _mark(self, session: Session, part: Attachment, verdict: Verdict) -> None:
        now, before = self._clock(), part.virus_state
        part.virus_state, part.virus_name, part.virus_checked_at = verdict.state, verdict.name, now
        session.add(part)
        if verdict.state is VirusState.FOUND and before != VirusState.FOUND:
            what = f"A virus scanner found {verdict.name} in part {part.position % 1000 + 1} of a message"
            audit.record(session, at=now, who="frontdoor", what=what, referral_id=part.referral_id)
