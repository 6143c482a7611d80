"""The queue: everything open, the least time left first, with the tasks people owe on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

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
from storage import message, notice, referral
from storage.message import Message
from storage.notice import Notice

PAGE = 50
COUNTED_TO = 5000
PERHAPS_SPAM = "Perhaps spam"
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


class Shows(StrEnum):
    """What a page of the queue shows; what is overdue is on every one."""

    ALL = "all"
    WANTED = "wanted"
    UNWANTED = "unwanted"


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """One page of the queue and what there is in all, counted to ``COUNTED_TO``."""

    rows: list[Row]
    page: int
    shows: Shows
    has_more: bool
    open: int
    overdue: int
    tasks_overdue: int


def stretch(session: Session, *, page: int, now: datetime, shows: Shows = Shows.ALL) -> Stretch:
    """Page ``page`` (from 1) of the queue."""
    unwanted = None if shows is Shows.ALL else shows is Shows.UNWANTED
    items = finding.in_working_order(session, limit=PAGE + 1, offset=(page - 1) * PAGE, unwanted=unwanted, now=now)
    rows, _ = finding.read_and_unread(items)
    marks = _mail_marks(session, [row.id or 0 for row in rows])
    tasks: dict[int, list[Notice]] = {}
    for task in notice.open_tasks(session, [row.id or 0 for row in rows]):
        tasks.setdefault(task.referral_id, []).append(task)
    stand = standings(session, rows, now)
    return Stretch(
        rows=[_row(item, tasks, stand, marks, now) for item in items[:PAGE]],
        page=page,
        shows=shows,
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
        request: Request,
        page: int = Query(1, ge=1, le=1_000_000),
        shows: Shows = Shows.ALL,
        worker: Worker = Depends(signed_in.worker),
    ) -> Response:
        """One page of it; the page asks for itself again every few seconds."""
        now = core.clock()
        with core.database.reading() as session:
            seen = stretch(session, page=page, now=now, shows=shows)
        return pages.draw(request, "queue", worker, seen=seen, now=now, counted_to=COUNTED_TO)

    @router.get("/find")
    def find(reference: str = "", _: Worker = Depends(signed_in.worker)) -> Response:
        """On to the referral with this reference."""
        wanted = "".join(c for c in finding.as_written(reference) if c.isalnum() or c == "-")
        return RedirectResponse(f"/referrals/{wanted}" if wanted else "/queue", 303)

    return router


def _mail_marks(session: Session, ids: list[int]) -> dict[int, tuple[str, ...]]:
    """What should be known of a mail's sender before anybody relies on it."""
    marks, unwanted = message.sender_marks(session, ids), message.unwanted_among(session, ids)
    return {each: (*marks.get(each, ()), *((PERHAPS_SPAM,) if each in unwanted else ())) for each in ids}


def _row(
    item: Item, tasks: dict[int, list[Notice]], stand: dict[int, Standing], marks: dict[int, tuple[str, ...]],
    now: datetime,
) -> Row:  # fmt: skip
    seen = waiting_view(item) if isinstance(item, Message) else item
    kind = "concern" if isinstance(item, Message) else item.kind
    return Row(
        reference=seen.reference, ledger_no=seen.ledger_no, channel=seen.channel, kind=kind, state=seen.state,
        severity=seen.severity, received_at=seen.received_at, due_at=seen.due_at, what=seen.summary,
        child_known=seen.child_known, owner=seen.owner,
        next_action=STUCK if isinstance(item, Message) and item.captured_at < now - STUCK_AFTER else seen.next_action,
        standing="" if isinstance(item, Message) else stand[item.id or 0].says,
        tasks=() if isinstance(item, Message) else tuple(tasks.get(item.id or 0, ())),
        marks=(*call_facts.marks(seen), *(() if isinstance(item, Message) else marks[item.id or 0])),
    )  # fmt: skip
