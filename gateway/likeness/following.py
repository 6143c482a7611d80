"""What follows at the end of a transaction that changed what a referral says: its keys, and what adds up by them."""

from __future__ import annotations

import logging

from sqlmodel import Session

from gateway.likeness.accumulating import Accumulating
from gateway.likeness.keeping import renew
from storage import direct, referral, searching
from storage.sealing import Seal

log = logging.getLogger(__name__)
_MAY_BE_LOW = (
    "SELECT 1 FROM referral WHERE id = ?"
    " AND (severity IN ('blue', 'green') OR decision_code IS NOT NULL OR state = 'closed')"
)


class Following:
    """Each referral once for a transaction, whatever was done to it. What cannot be written keeps nothing else back."""

    def __init__(self, *, seal: Seal, accumulating: Accumulating) -> None:
        self._seal, self._accumulating = seal, accumulating

    def follow(self, session: Session, changed: frozenset[int]) -> None:
        """For these referrals; the watch tries again what fails."""
        session.flush()
        for referral_id in sorted(changed):
            try:
                with session.begin_nested():
                    self._follow(session, referral_id)
            except Exception as error:
                log.error("what a referral is like could not be written: %s", type(error).__name__)
                searching.left_for_the_watch(session, referral_id)

    def _follow(self, session: Session, referral_id: int) -> None:
        renew(session, self._seal, referral_id)
        if direct.ask(session, _MAY_BE_LOW, (referral_id,)):
            row = referral.by_id(session, referral_id)
            if row is not None:
                self._accumulating.heed(session, row)
