"""A letter read beside its picture, and its lines put right where they stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from gateway import versions
from gateway.core import Core
from gateway.correcting import Corrections
from gateway.staff.pages import Pages
from gateway.staff.part_marks import may_do_harm
from gateway.staff.part_pages import box_asked_for, lines_of, part_read
from gateway.staff.signed_in import Posted, SignedIn, Worker, social_worker
from gateway.staff.word_forms import sees_the_original
from gateway.versions import NewerVersion
from transcription.contract import Segment

LINE, MOST_DIGITS = "line-", 9


@dataclass(frozen=True, kw_only=True)
class Lost:
    """A line somebody typed for words that were another person's by then."""

    was: str
    typed: str


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What was typed while somebody else saved: again in its line where that is still the same, else told."""

    lines: Mapping[int, str] = field(default_factory=dict)
    missed: str = ""
    told: tuple[Lost, ...] = ()


def part_page_router(core: Core, pages: Pages, signed_in: SignedIn) -> APIRouter:
    """``/parts/{id}/read/{page}`` and the form on it."""
    router = APIRouter(route_class=pages.route_class())

    @router.get("/parts/{part_id}/read")
    def first(part_id: str, worker: Worker = Depends(signed_in.worker)) -> Response:
        """To the first page of a part."""
        social_worker(worker)
        with core.database.reading() as session:
            number = part_read(session, part_id).page.number
        return _to(f"/parts/{part_id}/read/{number}")

    @router.get("/parts/{part_id}/read/{page}")
    def one(request: Request, part_id: str, page: int, worker: Worker = Depends(signed_in.worker)) -> Response:
        """The page; its picture puts the look on record."""
        return draw(request, part_id, page, social_worker(worker))

    @router.post("/parts/{part_id}/read/{page}")
    def put_right(request: Request, part_id: str, page: int, posted: Posted = Depends(signed_in.posted)) -> Response:
        """Lines put right are the next version; on top of another than the one shown, nothing is saved or lost."""
        who, given = sees_the_original(posted), _corrections(posted.typed, page)
        based_on = _number(posted.typed.get("version", "")) or 0
        try:
            with core.database.transaction() as session:
                part_read(session, part_id, page)
                made = versions.add_corrected(
                    session, part_id, given, who=who, at=core.clock(), based_on=based_on
                )  # fmt: skip
                if made:
                    core.proposing.keep_of_typed(session, made)
        except NewerVersion:
            return draw(request, part_id, page, posted.worker, kept=_kept(part_id, page, given, based_on))
        return _to(f"/parts/{part_id}/read/{page}?done={'corrected' if made else 'same'}")

    def draw(request: Request, part_id: str, page: int, worker: Worker, *, kept: Kept | None = None) -> Response:
        asked = request.query_params
        with core.database.reading() as session:
            seen = part_read(session, part_id, page, box_asked_for(asked.get("box", "")))
        if may_do_harm(seen.part.virus_state, seen.part.active):
            return _to(f"/parts/{part_id}")
        may_correct = worker.may_act and seen.is_shown
        is_correcting = may_correct and (kept is not None or asked.get("correct") == "yes")
        return pages.draw(
            request, "part_page", worker, seen=seen, kept=kept or Kept(), is_correcting=is_correcting,
            may_correct=may_correct, is_late=kept is not None, done=asked.get("done", ""),
            status_code=200 if kept is None else 409,
        )  # fmt: skip

    def _kept(part_id: str, page: int, given: Corrections, based_on: int) -> Kept:
        with core.database.reading() as session:
            before = lines_of(session, part_id, based_on)
            now = part_read(session, part_id, page).page.lines
        return _carried_over(given, before, {each.number: each.line for each in now}, page)

    return router


def _corrections(typed: Mapping[str, str], page: int) -> Corrections:
    named = {_number(name.removeprefix(LINE)): words for name, words in typed.items() if name.startswith(LINE)}
    lines = {number: words for number, words in named.items() if number is not None}
    return Corrections(lines=lines, missed={page: typed.get("missed", "")})


def _number(typed: str) -> int | None:
    """None where it is no number that we wrote into the form."""
    return int(typed) if typed.isdecimal() and len(typed) < MOST_DIGITS else None


def _carried_over(given: Corrections, before: tuple[Segment, ...], now: Mapping[int, Segment], page: int) -> Kept:
    """Each typed line under its old words, and in the form again where those words still stand."""
    lines: dict[int, str] = {}
    told: list[Lost] = []
    for number, typed in sorted(given.lines.items()):
        was = before[number].text if number < len(before) else ""
        if typed.strip() == was.strip():
            continue
        told.append(Lost(was=was, typed=typed))
        still = next((n for n, line in now.items() if line.text == was and n not in lines), None)
        if still is not None:
            lines[still] = typed
    return Kept(lines=lines, missed=given.missed.get(page, ""), told=tuple(told))


def _to(address: str) -> Response:
    return RedirectResponse(address, 303, headers={"Cache-Control": "no-store"})
