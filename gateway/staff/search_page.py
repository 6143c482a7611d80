"""The page that finds anything that was ever said, however it is typed, and the way straight to one reference."""

from __future__ import annotations

import re
from datetime import date
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from gateway.core import Core
from gateway.searching import Asked, Only, search
from gateway.searching.typed import LONGEST, cleaned, meant
from gateway.staff import finding
from gateway.staff.pages import Pages
from gateway.staff.plain_words import CHANNELS
from gateway.staff.signed_in import SignedIn, Worker

SOUGHT = ("phone", "voicemail", "sms", "email", "letter", "web_form", "note")
NO_SUCH_DAY = "That is no day: it was left out. Choose one from the calendar, or type it as 2026-11-23."


def search_pages(core: Core, pages: Pages, signed_in: SignedIn) -> APIRouter:
    """``/search``; ``/find`` leads on to it, or straight to a whole reference."""
    router = APIRouter(route_class=pages.route_class())

    @router.get("/search")
    def sought(request: Request, worker: Worker = Depends(signed_in.worker)) -> Response:
        """One page of results. A whole reference that is known, and nothing else, leads straight to it."""
        typed = request.query_params
        words, since, until = (typed.get(name, "") for name in ("q", "since", "until"))
        if straight := _straight_to(core, words):
            return straight
        asked = Asked(
            typed=words, only=_only(typed.get("only", "")), channel=_channel(typed.get("channel", "")),
            since=_day(since), until=_day(until), after=typed.get("after", ""),
        )  # fmt: skip
        found = search(core, worker.actor, asked)
        is_wrong = (since and not asked.since) or (until and not asked.until)
        return pages.draw(
            request, "search", worker, found=found, asked=asked, typed=cleaned(words), now=core.clock(),
            notes=(*found.notes, *([NO_SUCH_DAY] if is_wrong else [])), longest=LONGEST,
            sought=[(name, CHANNELS[name]) for name in SOUGHT],
            onward=_address(asked, found.after) if found.after else "",
            first=_address(asked, "") if asked.after else "",
        )  # fmt: skip

    @router.get("/find")
    def find(reference: str = "", _: Worker = Depends(signed_in.worker)) -> Response:
        """On to the referral with this reference, or to what is found by these words."""
        if not reference.strip():
            return RedirectResponse("/queue", 303)
        wanted = finding.as_written(reference)
        if re.fullmatch(r"[A-Z]{3}-[0-9]{4}-[A-Z]{2}", wanted):
            return RedirectResponse(f"/referrals/{wanted}", 303)
        return RedirectResponse(f"/search?{urlencode({'q': cleaned(reference)})}", 303)

    return router


def _straight_to(core: Core, typed: str) -> Response | None:
    what = meant(typed)
    if not what.is_only_reference or what.reference is None:
        return None
    with core.database.reading() as session:
        found = finding.find(session, what.reference)
    if found is None:
        return None
    return RedirectResponse(f"/referrals/{found.reference}", 303, headers={"Cache-Control": "no-store"})


def _only(typed: str) -> Only:
    return Only(typed) if typed in set(Only) else Only.ALL


def _channel(typed: str) -> str:
    return typed if typed in SOUGHT else ""


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed.strip())
    except ValueError:
        return None


def _address(asked: Asked, after: str) -> str:
    """The address of another page of the same."""
    said = {
        "q": cleaned(asked.typed), "only": "" if asked.only is Only.ALL else asked.only, "channel": asked.channel,
        "since": asked.since.isoformat() if asked.since else "",
        "until": asked.until.isoformat() if asked.until else "", "after": after,
    }  # fmt: skip
    return f"/search?{urlencode({name: value for name, value in said.items() if value})}"
