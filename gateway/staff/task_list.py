"""Every task people owe, the most urgent first, whatever its referral waits for."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Depends, Query, Request, Response
from sqlmodel import Session, col, select

from gateway.core import Core
from gateway.staff.pages import Pages
from gateway.staff.signed_in import SignedIn, Worker
from storage import notice
from storage.notice import Notice
from storage.referral import Referral

PAGE = 50


@dataclass(frozen=True, kw_only=True)
class Owed:
    """A task and the referral it is about."""

    task: Notice
    about: Referral


def tasks_owed(session: Session, *, page: int) -> list[Owed]:
    """Page ``page`` (from 1), and one more to show that there is another."""
    tasks = notice.tasks_first_due(session, limit=PAGE + 1, offset=(page - 1) * PAGE)
    query = select(Referral).where(col(Referral.id).in_([task.referral_id for task in tasks]))
    about = {row.id: row for row in session.exec(query)}
    return [Owed(task=task, about=about[task.referral_id]) for task in tasks if task.referral_id in about]


def tasks_router(core: Core, pages: Pages, signed_in: SignedIn) -> APIRouter:
    """``/tasks``."""
    router = APIRouter(route_class=pages.route_class())

    @router.get("/tasks")
    def tasks(
        request: Request, page: int = Query(1, ge=1, le=1_000_000), worker: Worker = Depends(signed_in.worker)
    ) -> Response:
        """One page of them."""
        with core.database.reading() as session:
            owed = tasks_owed(session, page=page)
        return pages.draw(
            request, "tasks", worker, owed=owed[:PAGE], page=page, has_more=len(owed) > PAGE, now=core.clock()
        )

    return router
