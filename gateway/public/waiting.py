"""How many reports have been open for too long: what a council that drifts would rather not publish each month."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from fastapi import APIRouter, Request, Response
from fastapi.templating import Jinja2Templates
from sqlmodel import Session

from gateway import saying, working_days
from gateway.clock import Clock
from gateway.ladder import DAYS_AT_THE_DOOR
from gateway.pages import draw
from storage import ageing

COUNTED_AGAIN_AFTER = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class Count:
    """How many were open for more than 20 working days on the first of this month, and how many are now."""

    counted_at: datetime
    month: datetime
    then: int
    now: int


def count(session: Session, now: datetime) -> Count:
    """From the referrals themselves, so that nobody can leave one out."""
    first = working_days.at_clock(working_days.in_london(now).date().replace(day=1), time(0))
    return Count(counted_at=now, month=first, then=_open_too_long(session, first), now=_open_too_long(session, now))


def _open_too_long(session: Session, at: datetime) -> int:
    before = working_days.working_days_before(at, DAYS_AT_THE_DOOR)
    return ageing.open_since(session, before) + ageing.closed_after(session, at, received_before=before)


class CountedLately:
    """The count, made at most once a minute, however many ask."""

    def __init__(self, count: Callable[[], Count], clock: Clock) -> None:
        self._count, self._clock = count, clock
        self._last: Count | None = None

    def __call__(self) -> Count:
        """As it is, or was within the minute."""
        last = self._last
        if last is None or not timedelta(0) <= self._clock() - last.counted_at < COUNTED_AGAIN_AFTER:
            last = self._last = self._count()
        return last


class Waiting:
    """``/waiting``."""

    def __init__(self, templates: Jinja2Templates, *, count: Callable[[], Count], clock: Clock) -> None:
        self._templates, self._count = templates, CountedLately(count, clock)

    def router(self) -> APIRouter:
        """The one address."""
        router = APIRouter(include_in_schema=False)
        router.add_api_route("/waiting", self.show, methods=["GET", "HEAD"])
        return router

    def show(self, request: Request) -> Response:
        """Both counts, and when they were made."""
        last = self._count()
        month, moment = saying.day_and_month(last.month), saying.moment(last.counted_at)
        return draw(self._templates, request, "public/waiting.html", seen=last, month=month, moment=moment)
