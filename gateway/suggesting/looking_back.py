"""Looks once at what was there before anything was suggested or found alike: open ones first, some each minute."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from sqlmodel import Session

from channels.contract import FoldKind
from gateway import leases, segments, working_days
from gateway.claims import opened
from gateway.likeness.keeping import renew
from gateway.proposing.contract import Kind, Said
from gateway.proposing.keeping import KINDS, MAIL
from gateway.reading.as_read import folds_of
from gateway.suggesting.gate import Found
from gateway.suggesting.keeping import Suggesting, Where
from storage import attachment, claim, message, referral, suggestion, transcript
from storage.claim import Claim, Entity
from storage.database import Database
from storage.message import Message
from storage.sealing import Seal

log = logging.getLogger(__name__)
AT_ONCE = 50
SECONDS = 5.0
REST_SECONDS = 0.02


class LookingBack:
    """A sweep of the watch: one transaction for each referral, so that a kill loses nothing and nobody waits for it.

    What nobody has opened yet is put before a person as a new report would be. Of what somebody has looked at or closed
    the suggestions and the floor are kept, and nobody is given a task or is alarmed. It is all the same however often.
    """

    def __init__(self, *, database: Database, seal: Seal, suggesting: Suggesting, seconds: float = SECONDS) -> None:
        self._database, self._seal, self._suggesting, self._seconds = database, seal, suggesting, seconds

    async def look(self) -> int:
        """How many were looked at; what is left is next minute's, and so is what could not be looked at now."""
        ends, looked = time.monotonic() + self._seconds, 0
        left: set[int] = set()
        while due := [each for each in await self._due(AT_ONCE + len(left)) if each not in left]:
            for referral_id in due:
                if await self._look_at(referral_id):
                    looked += 1
                else:
                    left.add(referral_id)
                if time.monotonic() > ends:
                    return looked
                await asyncio.sleep(REST_SECONDS)
        return looked

    async def _due(self, limit: int) -> list[int]:
        return await self._database.read(lambda s: suggestion.still_due(s, limit=limit))

    async def _look_at(self, referral_id: int) -> bool:
        try:
            return await self._database.write(lambda s: self.look_at(s, referral_id))
        except Exception as error:
            log.error("what was there before could not be looked at: %s", type(error).__name__)
            await self._database.write(lambda s: suggestion.failed(s, referral_id))
            return False

    def look_at(self, session: Session, referral_id: int) -> bool:
        """Its keys and all that its words suggest; whether it was still due."""
        row = referral.by_id(session, referral_id, lock=True)
        if not suggestion.done(session, referral_id) or row is None:
            return False
        renew(session, self._seal, referral_id)
        suggesting = self._suggesting if row.state in leases.NOT_OPENED else self._suggesting.quietly()
        received = {each.id: each for each in message.of_referrals(session, [referral_id])}
        for each in received.values():
            _suggest_of_message(session, suggesting, each, referral_id)
        self._suggest_of_parts(session, suggesting, received, referral_id)
        return True

    def _suggest_of_parts(
        self, session: Session, suggesting: Suggesting, received: dict[str, Message], referral_id: int
    ) -> None:
        parts = [each for each in attachment.of_referrals(session, [referral_id]) if each.message_id in received]
        answers = _answers(claim.of_referrals(session, [referral_id]))
        last = {each.attachment_id: each for each in transcript.of_parts(session, [part.id for part in parts])}
        for part in parts:
            where = Where(referral_id=referral_id, message_id=part.message_id, attachment_id=part.id)
            on = _day_of(received[part.message_id])
            if part.id in answers:
                placed = list(self._of_answers(suggesting, answers[part.id], on))
                suggesting.keep_placed(session, where, placed)
            elif part.id in last:
                version = last[part.id]
                stretches = segments.read(version.segments)
                is_heard = version.seconds is not None or any(each.start is not None for each in stretches)
                of_paper = any(each.page is not None for each in stretches)
                kind = Kind.SPEECH if is_heard else Kind.LETTER if of_paper else Kind.DOCUMENT
                found = suggesting.found_in(Said(text=version.text, kind=kind, on=on))
                suggesting.keep(session, where, version.text, found, stretches)

    def _of_answers(
        self, suggesting: Suggesting, answers: Sequence[Claim], on: date
    ) -> Iterator[tuple[Found, dict[str, object]]]:
        for each in answers:
            for found in suggesting.found_in_words(opened(self._seal, each).words, on):
                yield found, json.loads(each.place)


def _suggest_of_message(session: Session, suggesting: Suggesting, each: Message, referral_id: int) -> None:
    folds = folds_of(each)
    said = Said(
        text=each.text, kind=KINDS.get(each.channel, Kind.DOCUMENT), on=_day_of(each),
        apart=tuple((fold.start, fold.end) for fold in folds if fold.kind is FoldKind.QUOTED),
        signed=tuple((fold.start, fold.end) for fold in folds if fold.kind is FoldKind.SIGNATURE),
    )  # fmt: skip
    where = Where(referral_id=referral_id, message_id=each.id)
    suggesting.keep(session, where, each.text, suggesting.found_in(said))
    if each.channel == MAIL and each.subject:
        titled = replace(said, text=each.subject, apart=(), signed=())
        found = suggesting.found_in(titled)
        suggesting.keep(session, replace(where, within="subject"), each.subject, found)


def _answers(claims: Sequence[Claim]) -> dict[str, list[Claim]]:
    """Of each form the answers that tell nothing of who told us."""
    found: dict[str, list[Claim]] = {}
    for each in claims:
        if each.attachment_id and each.entity != Entity.REFERRER and "field" in json.loads(each.place):
            found.setdefault(each.attachment_id, []).append(each)
    return found


def _day_of(received: Message) -> date:
    return working_days.in_london(received.received_at).date()
