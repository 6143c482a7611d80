"""What those who answer for the door look at: how much is open, what is late, what has waited longest."""

from __future__ import annotations

from collections import Counter

from fastapi import APIRouter, Depends, Request, Response

from gateway import checking, working_days
from gateway.core import Core
from gateway.ladder import DAYS_AT_THE_DOOR
from gateway.life_cycle import WrongRole
from gateway.staff.pages import Pages
from gateway.staff.signed_in import SignedIn, Worker
from gateway.staff.standing import standings
from storage import ageing, referral

OLDEST = 25
COUNTED_TO = 5000
BROKEN_SHOWN = 50
LATE_SHOWN = 50
RULES = {
    "no_acknowledgement": "No acknowledgement, and nobody owes one",
    "not_looked_at": "Nobody looked by the promised time",
    "overdue": "The next action is past due",
    "answer_overdue": "The time for an answer has passed",
    "not_escalated": "Late, and nobody was told who must know",
    "sender_not_told": "A sender was not told that we are late",
    "no_next_action": "Open without a next action, a queue or a clock",
    "notice_late": "A notice was not sent in time",
    "limit_passed": "A notice is not known to have arrived",
    "letter_not_posted": "A letter was not marked as posted in time",
    "task_overdue": "A task of staff is past due",
    "unread": "Kept but not read yet",
    "stuck_work": "A desk does not keep up",
    "sound_waiting": "The sound of a call has not come from its host",
    "ledger_gap": "The ledger has a gap",
    "calendar_ends": "Bank holidays are known for less than a year",
}


def oversight_router(core: Core, pages: Pages, signed_in: SignedIn) -> APIRouter:
    """``/oversight``."""
    router = APIRouter(route_class=pages.route_class())

    @router.get("/oversight")
    def oversight(request: Request, worker: Worker = Depends(signed_in.worker)) -> Response:
        """Counts, what is late and who was told, what is open longest, and every promise that is not kept."""
        if not worker.may_oversee:
            raise WrongRole("oversight is for managers")
        now = core.clock()
        with core.database.reading() as session:
            counts = {name: ageing.open_by(session, name, most=COUNTED_TO) for name in ("channel", "severity", "state")}
            overdue = referral.overdue_count(session, now)
            oldest = ageing.oldest_open(session, limit=OLDEST)
            late = ageing.late(session, limit=LATE_SHOWN)
            stand = standings(session, [*late, *oldest], now)
            at_the_door = ageing.open_since(session, working_days.working_days_before(now, DAYS_AT_THE_DOOR))
            broken = checking.broken_promises(session, now, most=BROKEN_SHOWN)
            by_rule = Counter(checking.counts(session, now))
        return pages.draw(
            request, "oversight", worker, now=now, counts=counts, open=sum(counts["state"].values()), overdue=overdue,
            oldest=oldest, late=late, stand=stand, at_the_door=at_the_door,
            broken=broken[:BROKEN_SHOWN], more=max(0, by_rule.total() - BROKEN_SHOWN),
            by_rule=by_rule.most_common(), rules=RULES,
        )  # fmt: skip

    return router
