"""The queue: everything open, the least time left first, with the tasks people owe on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import RedirectResponse
from sqlmodel import Session

from gateway.checking import STUCK_AFTER
from gateway.core import Core
from gateway.staff import call_facts, finding
from gateway.staff.finding import Item
from gateway.staff.pages import Pages
from gateway.staff.signed_in import SignedIn, Worker
from gateway.staff.standing import Standing, standings
from gateway.view import waiting_view
from storage import notice, referral
from storage.message import Message
from storage.notice import Notice

PAGE = 50
COUNTED_TO = 5000
STUCK = "It is kept but could not be read yet: see that the reading desk runs"


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of the queue; nothing in it says who told us."""

    reference: str
    ledger_no: int
    channel: str
    kind: str
    state: str
    severity: str
    received_at: datetime
    due_at: datetime
    what: str
    child_known: bool
    owner: str | None
    next_action: str
    standing: str = ""
    tasks: tuple[Notice, ...] = ()
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """One page of the queue and what there is in all, counted to ``COUNTED_TO``."""

    rows: list[Row]
    page: int
    has_more: bool
    open: int
    overdue: int
    tasks_overdue: int


def stretch(session: Session, *, page: int, now: datetime) -> Stretch:
    """Page ``page`` (from 1) of the queue."""
    items = finding.in_working_order(session, limit=PAGE + 1, offset=(page - 1) * PAGE)
    rows, _ = finding.read_and_unread(items)
    tasks: dict[int, list[Notice]] = {}
    for task in notice.open_tasks(session, [row.id or 0 for row in rows]):
        tasks.setdefault(task.referral_id, []).append(task)
    stand = standings(session, rows, now)
    return Stretch(
        rows=[_row(item, tasks, stand, now) for item in items[:PAGE]],
        page=page,
        has_more=len(items) > PAGE,
        open=referral.open_up_to(session, COUNTED_TO),
        overdue=referral.open_up_to(session, COUNTED_TO, due_before=now),
        tasks_overdue=notice.tasks_up_to(session, COUNTED_TO, due_before=now),
    )


def queue_router(core: Core, pages: Pages, signed_in: SignedIn) -> APIRouter:
    """``/queue``, and ``/find`` for a reference that was typed."""
    router = APIRouter(route_class=pages.route_class())

    @router.get("/queue")
    def queue(
        request: Request, page: int = Query(1, ge=1, le=1_000_000), worker: Worker = Depends(signed_in.worker)
    ) -> Response:
        """One page of it; the page asks for itself again every few seconds."""
        now = core.clock()
        with core.database.reading() as session:
            seen = stretch(session, page=page, now=now)
        return pages.draw(request, "queue", worker, seen=seen, now=now, counted_to=COUNTED_TO)

    @router.get("/find")
    def find(reference: str = "", _: Worker = Depends(signed_in.worker)) -> Response:
        """On to the referral with this reference."""
        wanted = "".join(c for c in finding.as_written(reference) if c.isalnum() or c == "-")
        return RedirectResponse(f"/referrals/{wanted}" if wanted else "/queue", 303)

    return router


def _row(item: Item, tasks: dict[int, list[Notice]], stand: dict[int, Standing], now: datetime) -> Row:
    seen = waiting_view(item) if isinstance(item, Message) else item
    kind = "concern" if isinstance(item, Message) else item.kind
    return Row(
        reference=seen.reference, ledger_no=seen.ledger_no, channel=seen.channel, kind=kind, state=seen.state,
        severity=seen.severity, received_at=seen.received_at, due_at=seen.due_at, what=seen.summary,
        child_known=seen.child_known, owner=seen.owner,
        next_action=STUCK if isinstance(item, Message) and item.captured_at < now - STUCK_AFTER else seen.next_action,
        standing="" if isinstance(item, Message) else stand[item.id or 0].says,
        tasks=() if isinstance(item, Message) else tuple(tasks.get(item.id or 0, ())), marks=call_facts.marks(seen),
    )  # fmt: skip
