"""What somebody wants to see of the queue, as a condition on open referrals that either database understands."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from storage.direct import marks

NOBODY = ""


@dataclass(frozen=True, kw_only=True)
class Condition:
    """SQL that is true or false of a row of ``referral``, its values marked with ``?``.

    ``index`` is the one that holds just the rows of which it is true, or the whole queue and all that it asks for;
    empty where any database finds that by itself.
    """

    sql: str = ""
    values: tuple[object, ...] = ()
    index: str = ""

    def and_(self, sql: str, *values: object) -> Condition:
        """Both of them."""
        return replace(self, sql=f"{self.sql} AND {sql}" if self.sql else sql, values=(*self.values, *values))


@dataclass(frozen=True, kw_only=True)
class Choice:
    """Empty sets and None leave all in. ``owner``: a name, or ``NOBODY``; ``unwanted``: perhaps spam only, or none."""

    channels: frozenset[str] = frozenset()
    severities: frozenset[str] = frozenset()
    states: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    owner: str | None = None
    child_known: bool | None = None
    due_before: datetime | None = None
    unwanted: bool | None = None

    def condition(self) -> Condition:
        """What holds of every referral that is chosen, and of no other."""
        chosen = Condition(sql="state <> 'closed'")
        sets = (("channel", self.channels), ("severity", self.severities), ("state", self.states), ("kind", self.kinds))
        for column, wanted in sets:
            if wanted:
                chosen = chosen.and_(f"{column} IN ({marks(len(wanted))})", *sorted(wanted))
        if self.owner is not None:
            chosen = chosen.and_("owner IS NULL") if self.owner == NOBODY else chosen.and_("owner = ?", self.owner)
        if self.child_known is not None:
            chosen = chosen.and_("child_known = ?", self.child_known)
        if self.due_before is not None:
            chosen = chosen.and_("due_at < ?", self.due_before)
        if self.unwanted is not None:
            chosen = chosen.and_("perhaps_spam" if self.unwanted else "NOT perhaps_spam")
        return replace(chosen, index=self._index)

    @property
    def _index(self) -> str:
        """One thing by one value, or what is due by a time, is found by itself."""
        sets = [len(each) for each in (self.channels, self.severities, self.states, self.kinds) if each]
        ones = (self.owner, self.child_known, self.unwanted, self.due_before)
        asked = sum((*sets, *(1 for each in ones if each is not None)))
        if asked == 1 and self.unwanted:
            return "referral_spam"
        return "" if asked <= 1 and self.child_known is None and self.unwanted is None else "referral_queue"

    def takes_unread(self, *, channel: str, due_at: datetime) -> bool:
        """Whether a message that is kept and not read yet is chosen: unrated, nobody's, and nothing known of it."""
        return (
            (not self.channels or channel in self.channels)
            and (not self.severities or "unrated" in self.severities)
            and (not self.states or "received" in self.states)
            and (not self.kinds or "concern" in self.kinds)
            and self.owner in (None, NOBODY)
            and not self.child_known
            and (self.due_before is None or due_at < self.due_before)
            and not self.unwanted
        )
