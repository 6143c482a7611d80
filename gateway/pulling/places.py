"""Under which names it is noted what was taken from a mailbox, and what was there before us."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from channels.mailbox import Found
from storage import pulled
from storage.mailbox import Mailbox

REACHES_BACK = timedelta(days=2)


@dataclass(frozen=True, kw_only=True)
class Places:
    """Of one look at a mailbox whose ids are of ``series``. ``row`` is what was known of it before the look.

    ``since``, where an operator asks, takes also what was there before us, from that time on.
    """

    row: Mailbox
    series: str
    since: datetime | None = None

    @property
    def taken(self) -> str:
        """Where the ids stand of mails that are kept."""
        return f"{self.row.name};{self.series}"

    @property
    def before(self) -> str:
        """Where the ids stand of mails that had been there before we first looked and were left alone."""
        return f"{self.taken};before"

    @property
    def likeness(self) -> str:
        """The same mails by what stays when the server gives ids anew."""
        return f"{self.row.name};before"

    @property
    def is_first(self) -> bool:
        """Whether nobody has looked through this mailbox to its end yet."""
        return not self.row.series

    @property
    def is_renumbered(self) -> bool:
        """Whether the server gave all ids anew since."""
        return not self.is_first and self.row.series != self.series

    def unknown(self, session: Session, ids: Sequence[str]) -> list[str]:
        """Those of the ids that have to be looked at."""
        left = pulled.not_yet(session, self.taken, ids)
        return left if self.since else pulled.not_yet(session, self.before, left)

    def old_among(self, session: Session, found: Sequence[Found]) -> list[Found]:
        """Those that had been there before us: the council dealt with them in its old way."""
        noted_not = set(pulled.not_yet(session, self.before, [each.id for each in found]))
        looks = [each.looks_like for each in found if each.looks_like] if self.is_renumbered else []
        alike = set(looks) - set(pulled.not_yet(session, self.likeness, looks))
        return [each for each in found if self._is_old(each, is_noted=each.id not in noted_not, alike=alike)]

    def note_old(self, session: Session, found: Iterable[Found], at: datetime) -> None:
        """They are not looked at again."""
        old = list(found)
        pulled.note(session, self.before, (each.id for each in old), at)
        pulled.note(session, self.likeness, (each.looks_like for each in old if each.looks_like), at)

    def _is_old(self, found: Found, *, is_noted: bool, alike: set[str]) -> bool:
        at = found.received_at
        if self.since and at and at >= self.since:
            return False
        if is_noted:
            return True
        if self.is_first:
            return at is not None and at < self.row.begun_at - REACHES_BACK
        return found.looks_like in alike
