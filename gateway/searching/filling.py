"""Writes the searchable rows that are missing: of what was kept before there was a search, and of what failed."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress

from sqlmodel import Session, col, select

from gateway.claims import hash_of, opened
from storage import searching
from storage.claim import Claim
from storage.database import Database
from storage.sealing import Seal, SealBroken

AT_ONCE = 50
SECONDS = 5.0
REST_SECONDS = 0.02


class Filling:
    """A sweep of the watch: for some seconds each minute, a few at once, so that nobody waits for it."""

    def __init__(self, *, database: Database, seal: Seal, seconds: float = SECONDS) -> None:
        self._database, self._seal, self._seconds = database, seal, seconds

    async def look(self) -> int:
        """How many rows were written; what is left is next minute's, the newest first."""
        ends, written = time.monotonic() + self._seconds, 0
        while True:
            due = await self._database.read(lambda s: searching.still_due(s, limit=AT_ONCE))
            if due:
                await self._database.write(lambda s, some=tuple(due): self._write(s, some))  # type: ignore[misc]
            written += len(due)
            if len(due) < AT_ONCE or time.monotonic() > ends:
                return written
            await asyncio.sleep(REST_SECONDS)

    def _write(self, session: Session, referral_ids: tuple[int, ...]) -> None:
        sealed = (col(Claim.sealed_value).is_not(None), col(Claim.value_hash).is_(None))
        for row in session.exec(select(Claim).where(col(Claim.referral_id).in_(referral_ids), *sealed)):
            with suppress(SealBroken):  # frontdoor verify tells of it
                row.value_hash = hash_of(self._seal, opened(self._seal, row).value)
            session.add(row)
        for referral_id in referral_ids:
            searching.index(session, referral_id)
