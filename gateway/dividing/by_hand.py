"""Saves the pages of a scan as a person sorted them: files first, then everything that follows in one transaction."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass

from sqlmodel import Session

from gateway.core import Core
from gateway.dividing.arrangement import Arrangement, NotWhole, Placed, from_text
from gateway.dividing.as_it_stands import Scan, scan_of
from gateway.dividing.following import Following, Rearranged
from gateway.dividing.letter_file import CannotMake, letter_files
from gateway.dividing.letter_parts import PDF, LetterFile, LetterParts
from gateway.dividing.rearranging import Changes, changes, identified
from gateway.guards import Actor
from gateway.life_cycle import ANY_STAFF, Incomplete, NotAllowed, WrongRole
from storage import attachment
from storage.message import with_content
from transcription.worker import can_read

Pages = tuple[Placed, ...]


class NoScan(Exception):
    """There is no scan with this id, or none whose pages are known one by one."""


class SortedMeanwhile(Exception):
    """Somebody has saved another arrangement since this one was begun; nothing of either is lost."""


@dataclass(frozen=True, kw_only=True)
class Saved:
    """How many letters are other than they were, and the references of those that are new."""

    changed: int
    begun: tuple[str, ...]


class ByHand:
    """One scan at a time. ``may_sort``: whoever acts at the front door; pages are seen on the way."""

    def __init__(self, core: Core) -> None:
        self._core = core
        parts = LetterParts(can_read=can_read, are_scanned=bool(core.settings.clamd))
        self._following = Following(core, parts)

    async def save(self, actor: Actor, scan_id: str, text: str, *, version: str) -> Saved:
        """The arrangement of ``arrangement.as_text``, begun on ``version`` of the scan.

        Raises ``NoScan``, ``WrongRole``, ``SortedMeanwhile``, ``NotAllowed`` while a letter of it is still being read,
        or ``Incomplete``; then nothing has changed.
        """
        must_be_allowed(actor)
        scan = await self._core.database.read(lambda s: known_scan(s, scan_id))
        _, told = self._planned(scan, text, version)
        if not told:
            return Saved(changed=0, begun=())
        try:
            files = await self._files(scan, told)
        except OSError:
            raise NotAllowed("the files of the letters cannot be kept now: save it again in a moment", ()) from None
        by = actor.name

        def write(session: Session) -> Saved:
            now = known_scan(session, scan_id, lock=True)
            arranged, still = self._planned(now, text, version)
            envelope = self._envelope(session, now)
            all_of_it = Rearranged(scan=now, wanted=arranged, changes=still, files=files, envelope=envelope, by=by)
            return Saved(changed=len(still.changed), begun=tuple(self._following.write(session, all_of_it)))

        return await self._core.database.write(write)

    def _planned(self, scan: Scan, text: str, version: str) -> tuple[Arrangement, Changes]:
        if scan.version != version:
            raise SortedMeanwhile
        try:
            wanted = identified(scan.arrangement, from_text(text, scan.arrangement))
        except NotWhole:
            raise Incomplete("arrangement", "A page is missing or there twice: load the page and sort again") from None
        told = changes(scan.arrangement, wanted)
        if told and any(each.read_at is None for each in scan.letters):
            raise NotAllowed("a letter of this scan is still being read: save it again in a moment", ())
        nowhere = {each.id for each in scan.letters if each.referral_id is None}
        if any(each.letter.message_id in nowhere and each.gained for each in told.changed):
            raise NotAllowed("pages cannot be moved to a letter that belongs to no referral", ())
        return wanted, told

    async def _files(self, scan: Scan, told: Changes) -> dict[Pages, LetterFile]:
        """The file of each letter that is other than it was, by its pages; sealed and kept before anything is said."""
        content = await asyncio.to_thread(self.content, scan)
        scanned_as = scan.sheets[0].sha256
        await asyncio.to_thread(self._core.blobs.put, content)
        letters = [each.letter.pages for each in told.changed if each.letter.pages and not each.is_same_file]
        letters += [each.pages for each in told.begun]
        made = {pages: as_it_came(scan, content) for pages in letters if is_all_of_it(scan, pages)}
        to_make = [pages for pages in letters if pages not in made]
        left = iter(to_make)

        async def keep(file: bytes) -> None:
            sha256 = await asyncio.to_thread(self._core.blobs.put, file)
            made[next(left)] = LetterFile(sha256=sha256, size=len(file), media_type=PDF, is_put_together=True)

        if to_make:
            try:
                await letter_files({scanned_as: content}, [scan.refs(pages) for pages in to_make], keep)
            except CannotMake:
                why = "the pages could not be put together: keep the letters as they are, and use the original"
                raise NotAllowed(why, ()) from None
        return made

    def content(self, scan: Scan) -> bytes:
        """The file as it came, whether it is the message or was packed in it."""
        if scan.message.sha256 != scan.sheets[0].sha256:
            return self._core.blobs.get(scan.sheets[0].sha256)
        with self._core.database.reading() as session:
            return self._core.contents.of_message(session, scan.message)

    def _envelope(self, session: Session, scan: Scan) -> dict[str, str]:
        """What the wire said; of a file that was packed in what came, with its own name."""
        message, content = with_content(session, scan.message.id)
        envelope = dict(json.loads(self._core.seal.open(content.envelope, f"envelope:{message.id}")))
        if message.sha256 == scan.sheets[0].sha256:
            return envelope
        parts = attachment.of_message(session, message.id)
        return {**envelope, "name": parts[0].name if parts else "scan", "step": ""}


def must_be_allowed(actor: Actor) -> None:
    """Whoever opens the post has the pages in their hands: call takers sort them too; raises ``WrongRole``."""
    if actor.role not in ANY_STAFF:
        raise WrongRole("scans are sorted by staff of the front door")


def known_scan(session: Session, scan_id: str, *, lock: bool = False) -> Scan:
    """Raises ``NoScan``."""
    scan = scan_of(session, scan_id, lock=lock)
    if scan is None or not scan.sheets:
        raise NoScan(scan_id)
    return scan


def is_all_of_it(scan: Scan, pages: Pages) -> bool:
    """Whether a letter is the file just as it came."""
    return pages == tuple(Placed(number=sheet.number) for sheet in scan.sheets)


def as_it_came(scan: Scan, content: bytes) -> LetterFile:
    """The file of a letter that is all of the scan."""
    first = scan.sheets[0]
    return LetterFile(sha256=first.sha256, size=len(content), media_type=first.media_type, is_put_together=False)
