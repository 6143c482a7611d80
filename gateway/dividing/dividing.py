"""Divides a scan into letters before it is read: has it looked at, keeps a file of each, writes down what it is."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlmodel import Session

from channels.contract import RawMessage
from channels.media_type import media_type_of
from gateway import arrival
from gateway.arrival import Arrived
from gateway.clock import Clock
from gateway.dividing.letter_file import MEDIA_TYPE, CannotMake, PageRef, letter_files
from gateway.dividing.letters import CAME_BACK, LETTER_FILE, LETTER_SIZE, NewLetter, enter_letters, envelope_of
from gateway.dividing.looking import seen_of
from gateway.dividing.plan import Plan, PlannedLetter, Split, plan
from gateway.dividing.unpacking import Unpacking, scanned_file
from gateway.entering import Entering
from storage import direct, sheet
from storage.blobs import Blobs
from storage.message import ArrivedBasis, Message
from storage.sealing import Seal
from storage.sheet import Sheet
from transcription.sheets.contract import SeenPage

POST = "letter"
LARGEST = 200 * 1024 * 1024
"""Bytes: a larger scan is not opened, for neither memory nor patience is without end. A person looks at it."""


@dataclass(frozen=True, kw_only=True)
class Divided:
    """A scan once it is divided, not yet written down. ``raw`` is its first letter, as its channel is to read it;
    ``envelope`` is that of the scan.
    """

    raw: RawMessage
    envelope: Mapping[str, str]
    plan: Plan
    seen: tuple[SeenPage, ...]
    media_type: str
    letters: tuple[NewLetter, ...]


class Dividing:
    """What it divides is written down in the transaction in which the first letter is."""

    def __init__(self, *, blobs: Blobs, seal: Seal, clock: Clock, unpacking: Unpacking) -> None:
        self._blobs, self._clock, self._entering, self._unpacking = blobs, clock, Entering(seal), unpacking

    async def divide(self, message: Message, raw: RawMessage) -> Divided | None:
        """The letters of a scan whose files are kept now; None for what is no scan, or cannot be looked at.

        Doing it twice keeps the same files. Raises OSError where they cannot be kept now.
        """
        if message.channel != POST or message.scan_id is not None or not raw.body:
            return None
        raw = await self._unpacking.first_of(raw)
        media_type = await asyncio.to_thread(media_type_of, raw.body, name=raw.envelope.get("name", ""))
        seen = await seen_of(raw.body, media_type)
        if not seen.pages:
            return None
        came_back = raw.envelope.get(CAME_BACK) == "yes"
        planned = plan(seen.pages, _split(raw), came_back=came_back)
        try:
            letters = await self._kept(message, raw, planned, media_type)
        except CannotMake:
            planned = plan(seen.pages, Split.NO, came_back=came_back)
            letters = _as_it_came(message, raw, planned, media_type)
        first = await asyncio.to_thread(self._first, message, raw, planned, letters[0])
        return Divided(
            raw=first, envelope=raw.envelope, plan=planned, seen=seen.pages, media_type=media_type, letters=letters
        )  # fmt: skip

    async def _kept(
        self, message: Message, raw: RawMessage, planned: Plan, media_type: str
    ) -> tuple[NewLetter, ...]:  # fmt: skip
        if planned.is_the_file:
            return _as_it_came(message, raw, planned, media_type)
        await asyncio.to_thread(self._blobs.put, raw.body)  # a short one lies in its row alone
        scanned = scanned_file(message, raw)
        letters = [_letter(message, each, scanned, media_type) for each in planned.letters]
        files: list[tuple[str, int]] = []

        async def keep(file: bytes) -> None:
            files.append((await asyncio.to_thread(self._blobs.put, file), len(file)))

        await letter_files({scanned: raw.body}, [letter.pages for letter in letters], keep)
        return tuple(
            replace(letter, file_sha256=sha256, size=size)
            for letter, (sha256, size) in zip(letters, files, strict=True)
        )

    def _first(self, message: Message, raw: RawMessage, planned: Plan, letter: NewLetter) -> RawMessage:
        known = envelope_of(message, raw.envelope, letter)
        if planned.is_the_file:
            del known[LETTER_FILE], known[LETTER_SIZE]
            return replace(raw, envelope={**known, "name": raw.envelope.get("name", "")})
        return opened(replace(raw, envelope=known), self._blobs)

    def write(self, session: Session, message: Message, divided: Divided) -> None:
        """Its further letters, each to be read, and every page of it."""
        ids = enter_letters(
            session, self._entering, message, divided.envelope, divided.letters[1:], at=self._clock()
        )  # fmt: skip
        message.scan_id = message.id
        direct.update(session, "message", message.id, scan_id=message.id)
        first = divided.letters[0]
        if first.arrived_on is not None:
            arrival.write(session, message, Arrived(on=first.arrived_on, basis=ArrivedBasis.SEPARATOR))
        places = {
            page.number: (id_, place)
            for id_, letter in zip([message.id, *ids], divided.letters, strict=True)
            for place, page in enumerate(letter.pages, start=1)
        }
        sheet.add_all(session, [_sheet(message, divided, number, places) for number in range(len(divided.seen))])


def opened(raw: RawMessage, blobs: Blobs) -> RawMessage:
    """A letter of a scan with the file of its own pages. Blocks."""
    return replace(raw, body=blobs.get(raw.envelope[LETTER_FILE]), media_type=MEDIA_TYPE)


def is_further_letter(message: Message) -> bool:
    """Whether it came in a file that another message brought."""
    return message.scan_id not in (None, message.id)


def _split(raw: RawMessage) -> Split:
    said = raw.envelope.get("split", "")
    return Split(said) if said in set(Split) else Split.CODES_AND_BLANKS


def _as_it_came(message: Message, raw: RawMessage, planned: Plan, media_type: str) -> tuple[NewLetter, ...]:
    scanned = scanned_file(message, raw)
    letter = _letter(message, planned.letters[0], scanned, media_type)
    return (replace(letter, file_sha256=scanned, size=len(raw.body)),)


def _letter(message: Message, planned: PlannedLetter, scanned: str, media_type: str) -> NewLetter:
    """A day after the scan is no day of arrival, nor one that no letter lies for."""
    known = planned.arrived_on is not None and arrival.is_believed(message, planned.arrived_on)
    return NewLetter(
        pages=tuple(PageRef(sha256=scanned, media_type=media_type, number=number) for number in planned.pages),
        file_sha256="", size=0, arrived_on=planned.arrived_on if known else None,
        basis=ArrivedBasis.SEPARATOR if known else "", came_back=planned.came_back, code=planned.code,
    )  # fmt: skip


def _sheet(message: Message, divided: Divided, at: int, places: dict[int, tuple[str, int]]) -> Sheet:
    seen, page = divided.seen[at], divided.plan.pages[at]
    message_id, place = places.get(seen.number, (None, 0))
    return Sheet(
        scan_id=message.id, number=seen.number, message_id=message_id, place=place, kind=page.kind, code=page.text,
        sha256=scanned_file(message, divided.raw), media_type=divided.media_type, width=seen.width, height=seen.height,
    )  # fmt: skip
