"""Keeps a call taker's note as a message like any other, and says the words to read out to the caller."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from channels.contract import Receipt
from channels.note import note_message
from gateway.core import Core
from gateway.notice_fields import NoticeFields
from gateway.staff import finding
from storage.referral import Referral

READ_WITHIN, ASKED_EVERY = 2.0, 0.05


@dataclass(frozen=True, kw_only=True)
class Taken:
    """A note that is kept. ``reference`` is the referral it belongs to; the caller may know it already."""

    reference: str
    receipt: Receipt
    read_out: str


async def take(core: Core, payload: bytes, taken_by: str) -> Taken:
    """Keep it, then give the reading desk a moment, since a note may join an older referral. Raises ``NotKept``."""
    receipt = await core.intake.accept(note_message(payload, taken_by))
    row = await referral_soon(core, receipt.reference)
    reference = row.reference if row else receipt.reference
    told = NoticeFields(reference=reference, received=receipt.received_at, read_by=receipt.look_by)
    return Taken(reference=reference, receipt=receipt, read_out=core.words.render("receipt", "note", told).text)


async def referral_soon(core: Core, reference: str) -> Referral | None:
    """The referral behind it; None where the desk is slow, or it is held because the database cannot be reached."""
    for _ in range(0 if core.intake.holding.is_in_force else int(READ_WITHIN / ASKED_EVERY)):
        item = await core.database.read(lambda session: finding.find(session, reference))
        if isinstance(item, Referral):
            return item
        await asyncio.sleep(ASKED_EVERY)
    return None
