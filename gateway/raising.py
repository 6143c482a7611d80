"""Each minute: a broken promise that no other sweep could mend becomes a task in the queue, once."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, exists, literal, select
from sqlmodel import Session, col

from gateway import checking, notices
from gateway.checking import Rule
from gateway.clock import Clock
from gateway.desk import where
from gateway.owing import About, Owing
from storage import audit, referral
from storage.audit import Audit
from storage.away import is_away
from storage.database import Database
from storage.referral import Referral, Severity

RAISED: Sequence[Rule] = (
    checking.answer_overdue, checking.not_escalated, checking.sender_not_told, checking.no_next_action,
    checking.limit_passed, checking.letter_not_posted,
)  # fmt: skip
"""Looked for after the sweeps that keep these promises: what is found then, they could not do."""
SAID = "Raised as a task: "
AT_ONCE = 100
log = logging.getLogger(__name__)


class Raising:
    """Each in a transaction that holds the referral and looks again: two hosts at once raise it once."""

    def __init__(self, *, database: Database, owing: Owing, clock: Clock) -> None:
        self._database, self._owing, self._clock = database, owing, clock

    async def look(self) -> int:
        """How many tasks were made of what is broken at this moment."""
        now, raised = self._clock(), 0
        for rule in RAISED:
            raised += await self._look_for(rule, now)
        return raised

    async def _look_for(self, rule: Rule, now: datetime) -> int:
        raised = 0
        while found := await self._database.read(lambda s: s.execute(_unraised(rule, now).limit(AT_ONCE)).all()):
            before = raised
            for reference, what in found:
                raised += await self._raised(rule, now, reference, what)
            if raised == before:
                break
        return raised

    async def _raised(self, rule: Rule, now: datetime, reference: str, what: str) -> bool:
        try:
            return await self._database.write(lambda s: self._raise(s, rule, now, reference, what))
        except Exception as error:
            if is_away(error):
                raise
            log.error("a broken promise cannot be raised: %s\n%s", type(error).__name__, where(error))
            return False

    def _raise(self, session: Session, rule: Rule, now: datetime, reference: str, what: str) -> bool:
        row = referral.by_reference(session, reference, lock=True)
        if row is None or (reference, what) not in session.execute(_unraised(rule, now, reference)).all():
            return False
        self._owing.write(session, row, notices.task(what, now, is_red=row.severity == Severity.RED), About())
        audit.record(session, at=now, who="frontdoor", what=SAID + what, referral_id=row.id)
        return True


def _unraised(rule: Rule, now: datetime, of: str | None = None) -> Select[Any]:
    """The reference and what is to be said of it, unless that was said since it is so."""
    broken = rule(now).subquery()
    reference, since, what = broken.c
    about = select(col(Referral.id)).where(col(Referral.reference) == reference).correlate(broken).scalar_subquery()
    said = exists().where(
        col(Audit.referral_id) == about, col(Audit.what) == literal(SAID).concat(what), col(Audit.at) >= since
    )
    query = select(reference, what).where(~said)
    return query if of is None else query.where(reference == of)
