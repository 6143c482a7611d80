"""Which mailboxes cannot be reached: for operators at once, and in the queue after a quarter of an hour."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from sqlmodel import Session

from channels.mailbox import Mailbox
from gateway import working_days
from gateway.clock import Clock
from gateway.intake import Intake
from gateway.pulling.trouble import told
from storage import mailbox as mailboxes
from storage.database import Database

AFTER = timedelta(minutes=15)
UNSEEN = "nobody has looked into it"


def trouble_with(session: Session, boxes: Sequence[Mailbox], now: datetime) -> Iterator[str]:
    """A line for each mailbox that does not let us in, or that no process has looked into for a while."""
    rows = mailboxes.named(session, [box.name for box in boxes])
    for box in boxes:
        row = rows.get(box.name)
        if row is None:
            yield f"{box.label}: {UNSEEN} yet"
            continue
        last = row.answered_at or row.begun_at
        if row.away_since or last <= now - AFTER:
            yield f"{box.label}: {row.why or UNSEEN}, not reached since {last:%Y-%m-%d %H:%M} UTC"


class MailboxesAway:
    """A sweep of the watch. Each outage is told once: by the last time we were let in, whichever host finds it.

    A gateway that was stopped for a while is given as long to reach them again.
    """

    def __init__(self, *, database: Database, intake: Intake, mailboxes: Sequence[Mailbox], clock: Clock) -> None:
        self._database, self._intake, self._boxes, self._clock = database, intake, mailboxes, clock
        self._told: set[tuple[str, datetime]] = set()
        self._looks_since: datetime | None = None

    async def look(self) -> int:
        """How many are newly told of."""
        now = self._clock()
        self._looks_since = min(self._looks_since or now, now)
        if self._looks_since > now - AFTER:
            return 0
        rows = await self._database.read(lambda s: mailboxes.named(s, [box.name for box in self._boxes]))
        found = 0
        for box in self._boxes:
            if row := rows.get(box.name):
                found += await self._look_at(box, row.answered_at or row.begun_at, row.why or UNSEEN)
        return found

    async def _look_at(self, box: Mailbox, last: datetime, why: str) -> bool:
        if last > self._clock() - AFTER or (box.name, last) in self._told:
            return False
        receipt = await self._intake.accept(told(f"{box.name};{last.isoformat()}", _words(box, last, why)))
        self._told.add((box.name, last))
        return not receipt.repeated


def _words(box: Mailbox, last: datetime, why: str) -> str:
    since = f"{working_days.in_london(last):%H:%M on %d %B %Y}"
    return (
        f"The mailbox {box.address} has not been reached since {since}: {why}. What is written to it does not come "
        "into the queue. Tell whoever runs it, and look into it by hand until this is over; nothing in it is lost."
    )
