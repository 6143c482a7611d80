"""How it stands now: how much is open, what is late and who was told, and every promise that is not kept."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request, Response

from gateway import working_days
from gateway.broken_lately import broken_lately
from gateway.core import Core
from gateway.ladder import DAYS_AT_THE_DOOR
from gateway.staff.oversight.overseer import overseer
from gateway.staff.pages import Pages
from gateway.staff.signed_in import SignedIn, Worker
from gateway.staff.standing import standings
from storage import ageing, referral
from storage.queue_order import COUNTED_TO

OLDEST = 10
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


def now_router(core: Core, pages: Pages, signed_in: SignedIn) -> APIRouter:
    """``/oversight``."""
    router = APIRouter(route_class=pages.route_class())

    @router.get("/oversight")
    def oversight(request: Request, worker: Worker = Depends(signed_in.worker)) -> Response:
        """Counts, what is late and who was told, what is open longest, and every promise that is not kept."""
        overseer(worker)
        now = core.clock()
        with core.database.reading() as session:
            counts = ageing.open_by(session, most=COUNTED_TO)
            overdue = referral.open_up_to(session, COUNTED_TO, due_before=now)
            oldest = ageing.oldest_open(session, limit=OLDEST)
            late = ageing.late(session, limit=LATE_SHOWN)
            stand = standings(session, [*late, *oldest], now)
            too_long = working_days.working_days_before(now, DAYS_AT_THE_DOOR)
            at_the_door = ageing.open_since(session, too_long, most=COUNTED_TO)
            broken = broken_lately(session, now, shown=BROKEN_SHOWN, most=COUNTED_TO)
        return pages.draw(
            request, "oversight", worker, now=now, counts=counts, open=counts["state"].total(), overdue=overdue,
            oldest=oldest, late=late, stand=stand, at_the_door=at_the_door, counted_to=COUNTED_TO, broken=broken,
            rules=RULES,
        )  # fmt: skip

    return router
