"""Load and times of a period: what came, how much of it is decided, and how long each step took, as page and as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from enum import IntEnum

from fastapi import APIRouter, Depends, Request, Response

from gateway.census_codes import CONTACT_SOURCES
from gateway.core import Core
from gateway.figures import chart
from gateway.figures.chart import Pair, Pile
from gateway.figures.counting import MOST, By, Figures, Group, Sender, Speed, counted
from gateway.staff.oversight.overseer import a_file, overseer
from gateway.staff.pages import Pages
from gateway.staff.plain_words import CHANNELS, RATINGS
from gateway.staff.signed_in import SignedIn, Worker

STEPS = ("receipt", "look", "decision", "outcome")
SENDERS = {
    Sender.PUBLIC: "Public (1A to 1D)",
    Sender.PROFESSIONAL: "Professional (2A to 7)",
    Sender.NEITHER: "Other or unknown (8 to 10)",
}
NAMES: dict[By, Mapping[str, str]] = {
    By.CHANNEL: CHANNELS,
    By.SOURCE: {code: f"{code} {words}" for code, words in CONTACT_SOURCES.items()},
    By.SEVERITY: RATINGS,
    By.SENDER: {str(sender): words for sender, words in SENDERS.items()},
}
LONGEST_LABEL = 26


class Days(IntEnum):
    """The periods there are."""

    WEEK = 7
    FOUR_WEEKS = 28
    QUARTER = 91
    YEAR = 365


def load_router(core: Core, pages: Pages, signed_in: SignedIn) -> APIRouter:
    """``/oversight/load`` and the same as CSV."""
    router = APIRouter(route_class=pages.route_class())

    def figures(days: Days, by: By) -> Figures:
        with core.database.reading() as session:
            return counted(session, days=days, by=by, now=core.clock())

    @router.get("/oversight/load")
    def load(
        request: Request,
        days: Days = Days.FOUR_WEEKS,
        by: By = By.CHANNEL,
        worker: Worker = Depends(signed_in.worker),
    ) -> Response:
        """The charts, each with its table beside it."""
        overseer(worker)
        seen = figures(days, by)
        return pages.draw(
            request, "oversight_load", worker, seen=seen, days=int(days), by=str(by), names=NAMES[by], most=MOST,
            arrivals=_arrivals(seen), looks=_looks(seen, by), steps=STEPS,
        )  # fmt: skip

    @router.get("/oversight/load.csv")
    def load_as_csv(
        days: Days = Days.FOUR_WEEKS, by: By = By.CHANNEL, worker: Worker = Depends(signed_in.worker)
    ) -> Response:
        """The times, a line each; hours with two places, shares as a number from 0 to 1."""
        overseer(worker)
        seen = figures(days, by)
        return a_file(as_csv(seen), name=f"times-by-{by}-{int(days)}-days.csv", media_type="text/csv; charset=utf-8")

    @router.get("/oversight/arrivals.csv")
    def arrivals_as_csv(days: Days = Days.FOUR_WEEKS, worker: Worker = Depends(signed_in.worker)) -> Response:
        """What came, day by day or week by week."""
        overseer(worker)
        stretches = figures(days, By.CHANNEL).stretches
        lines = [(each.begins.isoformat(), each.came, each.decided, each.open) for each in stretches]
        told = _csv(("from", "came", "decided", "open"), lines)
        return a_file(told, name=f"arrivals-{int(days)}-days.csv", media_type="text/csv; charset=utf-8")

    return router


def as_csv(seen: Figures) -> str:
    """One line a group, then one of all."""
    headings = ["group", "reports"]
    headings += [f"{step}_{what}" for step in STEPS for what in ("done", "median_hours", "p90_hours", "in_time")]
    return _csv(headings, [_line(group) for group in (*seen.groups, seen.whole)])


def _line(group: Group) -> list[object]:
    speeds: list[Speed] = [getattr(group, step) for step in STEPS]
    return [group.name or "all", group.count, *(value for speed in speeds for value in _values(speed))]


def _values(speed: Speed) -> tuple[object, ...]:
    return speed.done, _number(speed.median), _number(speed.p90), _number(speed.in_time)


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def _csv(headings: Sequence[str], lines: Sequence[Sequence[object]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(headings)
    writer.writerows(lines)
    return out.getvalue()


def _arrivals(seen: Figures) -> str:
    bars = [
        Pile(label=f"{each.begins.day} {each.begins:%b}", lower=each.came - each.open, upper=each.open)
        for each in seen.stretches
    ]
    most = max(seen.stretches, key=lambda each: each.came)
    says = (
        f"{seen.whole.count} reports in all; the most, {most.came}, from {most.begins.day} {most.begins:%B}. "
        "The table under it has every number."
    )
    return chart.piles("arrivals", "Reports that came, finished and still open", says, bars)


def _looks(seen: Figures, by: By) -> str:
    bars = [
        Pair(label=_short(NAMES[by].get(group.name, group.name)), first=group.look.median, second=group.look.p90)
        for group in seen.groups
    ]
    says = "Of each group the median and the time within which nine in ten were looked at. The table has the numbers."
    return chart.pairs("looks", "Hours from receipt to the first look", says, bars, unit="h")


def _short(words: str) -> str:
    return words if len(words) <= LONGEST_LABEL else f"{words[: LONGEST_LABEL - 1]}…"
