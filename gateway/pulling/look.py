"""One look into an open mailbox: each mail that is not here yet is kept, and only then marked there and noted."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from channels.contract import NotKept
from channels.mailbox import CannotFetch, CannotReach, Found, GoneMeanwhile, Mailbox, Open, Page
from gateway.clock import Clock
from gateway.intake import Intake
from gateway.pulling.places import Places
from gateway.pulling.trouble import Trouble, cannot_be_fetched
from storage import mailbox as mailboxes
from storage import pulled
from storage.database import Database

log = logging.getLogger(__name__)


@dataclass(kw_only=True)
class Looked:
    """What came of it: mails we did not have, mails from before us, mails that could not be fetched.

    ``mark`` is where the next look begins.
    """

    new: int = 0
    old: int = 0
    left: int = 0
    mark: str = ""


class Looking:
    """Of one process. A process killed between keeping and noting leaves a mail that is fetched twice and kept once."""

    def __init__(self, *, database: Database, intake: Intake, clock: Clock) -> None:
        self._database, self._intake, self._clock, self._trouble = database, intake, clock, Trouble()
        self._left: dict[str, dict[str, Found]] = {}
        self._cannot_put_away: set[str] = set()

    async def look(self, box: Mailbox, there: Open, *, mark: str = "", since: datetime | None = None) -> Looked:
        """All that lies there, or with a ``mark`` what came after it and what could not be fetched the last time.

        Raises ``CannotReach`` and ``NotKept``. The mark is written down only once nothing is left behind it.
        """
        row = await self._database.write(lambda s: mailboxes.known(s, box.name, self._clock()))
        places, looked = Places(row=row, series=there.series, since=since), Looked(mark=mark)
        is_whole, left = not mark, self._left.setdefault(places.taken, {})
        if is_whole:
            left.clear()  # they are listed again
        for found in tuple(left.values()):
            await self._take(found, box, there, places, looked)
        async for page in there.look(mark, lambda ids: self._database.read(lambda s: places.unknown(s, ids))):
            await self._through(page, box, there, places, looked)
            looked.mark = page.mark or looked.mark
        looked.left = len(left)
        await self._database.write(lambda s: self._note(s, places, looked, is_whole=is_whole))
        self._tell(box, places, looked)
        return looked

    def _note(self, session: Session, places: Places, looked: Looked, *, is_whole: bool) -> None:
        name, mark = places.row.name, None if looked.left else looked.mark
        mailboxes.answered(session, name, self._clock())
        mailboxes.looked(session, name, series=places.series if is_whole else None, mark=mark)

    async def _through(self, page: Page, box: Mailbox, there: Open, places: Places, looked: Looked) -> None:
        old = await self._database.read(lambda s: places.old_among(s, page.found)) if page.found else []
        if old:
            await self._database.write(lambda s: places.note_old(s, old, self._clock()))
            looked.old += len(old)
        ids = {each.id for each in old}
        new = [each for each in page.found if each.id not in ids]
        for found in sorted(new, key=lambda each: self._trouble.times(places.taken, each)):
            await self._take(found, box, there, places, looked)
        if page.gone:
            await self._database.write(lambda s: pulled.forget(s, places.before, page.gone))

    async def _take(self, found: Found, box: Mailbox, there: Open, places: Places, looked: Looked) -> None:
        left = self._left[places.taken]
        left[found.id] = found
        if self._trouble.rests(places.taken, found, self._clock()):
            return
        try:
            raw = await there.fetch(found)
        except GoneMeanwhile:
            log.warning("a mail was taken out of %s before it could be fetched", box.label)
            del left[found.id]
            return
        except NotKept:
            raise
        except Exception as error:  # whatever it is about this mail, the others are not to wait for it
            await self._could_not(found, error, box, places)
            if isinstance(error, CannotReach):
                raise
            return
        receipt = await self._intake.accept(raw)
        self._trouble.over(places.taken, found)
        looked.new += not receipt.repeated
        await self._put_away(found, box, there)
        await self._database.write(lambda s: pulled.note(s, places.taken, [found.id], self._clock()))
        del left[found.id]

    async def _could_not(self, found: Found, error: Exception, box: Mailbox, places: Places) -> None:
        log.warning("a mail in %s could not be fetched: %s", box.label, type(error).__name__)
        if self._trouble.failed(places.taken, found, self._clock()):
            log.error("a mail in %s is told to a person", box.label)
            await self._intake.accept(cannot_be_fetched(box, places.taken, found))

    async def _put_away(self, found: Found, box: Mailbox, there: Open) -> None:
        """It is kept here: where it cannot be marked or moved there, it stays as it is."""
        try:
            await there.put_away(found)
        except CannotFetch as error:
            if box.name not in self._cannot_put_away:
                log.error("mails in %s cannot be marked or moved: %s", box.label, error)
            self._cannot_put_away.add(box.name)

    def _tell(self, box: Mailbox, places: Places, looked: Looked) -> None:
        if places.is_first or places.since:
            level = logging.WARNING if looked.new or looked.old else logging.INFO
            log.log(level, "%s: %d mails taken, %d older ones left as they are", box.label, looked.new, looked.old)
        elif looked.new:
            log.info("%s: %d mails taken", box.label, looked.new)
