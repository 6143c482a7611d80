"""How somebody wants to read a referral's page: which end first, all of a long one, every line of one recording."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from fastapi import Request, Response

COOKIE = "frontdoor_order"
KEPT_FOR = timedelta(days=365)
NEWEST, OLDEST = "newest", "oldest"


@dataclass(frozen=True, kw_only=True)
class ReadAs:
    """``whole_of`` is the id of the part of which every line is shown."""

    newest_first: bool = False
    shows_all: bool = False
    whole_of: str = ""


def read_as(request: Request) -> ReadAs:
    """As the address says; the order otherwise as this browser was last asked for it."""
    asked = request.query_params
    order = asked.get("order") or request.cookies.get(COOKIE, "")
    return ReadAs(
        newest_first=order == NEWEST, shows_all=asked.get("shows") == "all", whole_of=asked.get("words", "")
    )  # fmt: skip


def keep_order(request: Request, response: Response) -> None:
    """The order that was asked for is kept for the next referral; nothing about anybody is in it."""
    order = request.query_params.get("order", "")
    if order in (NEWEST, OLDEST):
        seconds = int(KEPT_FOR.total_seconds())
        response.set_cookie(COOKIE, order, max_age=seconds, httponly=True, samesite="lax", path="/referrals")
