"""What staff do at the desk, and what managers look at, with 1,000,000 referrals beside the same with 10,000.

Next for me, taking one, rating one low (its likeness and what adds up are written with it), what is alike on a
referral's page, and each page of oversight; then many workers at the same few referrals at the same moment.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping

import httpx

from benchmarks.desk_likeness import fresh_ones, keep_likeness
from benchmarks.desk_pages import filled
from benchmarks.figures import Figure, at_most
from benchmarks.many_referrals import ONE_OPEN_IN, reference_of
from benchmarks.pages import LARGE, SMALL, Asked, measured, page
from benchmarks.processes import told_by
from benchmarks.run import Run
from gateway.core import Core
from storage.staff import Role

PART = "desk_work"
QUICK = (10_000, 50_000)
RECEIVED_EACH = 5
"""Of the open ones one in so many was received and not opened."""
AWAY = "whoever was at it is away"
INTERLEAVINGS, QUICK_INTERLEAVINGS = 10_000, 300
MARK = re.compile(r'name="mark" value="([^"]+)"')
LOOKS: Mapping[str, str] = {
    "oversight": "/oversight", "oversight, oldest first": "/oversight/ageing",
    "oversight, tasks of roles": "/oversight/tasks", "oversight, read again": "/oversight/rereading",
    "oversight, feedback": "/oversight/feedback", "oversight, the form of the pack": "/oversight/sample",
    "what a second person agrees to": "/agreements", "what the public reads": "/waiting",
}  # fmt: skip
REPORTS: Mapping[str, str] = {
    "the pack of the last 100": "/oversight/sample?n=100",
    "load of four weeks": "/oversight/load", "load of a year by source": "/oversight/load?days=365&by=source",
}  # fmt: skip
"""Over many referrals, and bounded: of the load the latest 10,000, whatever the period."""


def measure(run: Run) -> list[Figure]:
    """Both sizes in turn, by a manager; collisions on each database."""
    sizes = QUICK if run.quick else (SMALL, LARGE)
    found = []
    for kind in run.kinds:
        found += measured(
            run, kind, sizes, part=PART, asked=_asked(), make=_fill, role=Role.MANAGER, reports=REPORTS,
        )  # fmt: skip
        found.append(_collisions(run, kind))
    return found


def _asked() -> Mapping[str, Asked]:
    looks = {name: _look(address) for name, address in {**LOOKS, **REPORTS}.items()}
    return {
        "rate one low": _rate_low(), "take one": _take, "next for me, given back": _next_for_me,
        "what is alike": page(lambda chance, size: f"/api/v1/referrals/{_any(chance, size)}/cluster"), **looks,
    }  # fmt: skip


def _look(address: str) -> Asked:
    return page(lambda *_: address)


def _next_for_me(client: httpx.Client, _: random.Random, __: int) -> httpx.Response:
    """And given back, so that there is a next one however few there are."""
    form = {"mark": _mark(client)}
    taken = client.post("/next", data=form).headers["location"].partition("?")[0]
    return client.post(f"{taken}/release", data=form)


def _take(client: httpx.Client, chance: random.Random, size: int) -> httpx.Response:
    """As a program takes it: no page is drawn."""
    reference = reference_of(ONE_OPEN_IN * (1 + RECEIVED_EACH * chance.randrange(size // ONE_OPEN_IN // RECEIVED_EACH)))
    return client.post(f"/api/v1/referrals/{reference}/claim", json={"reason": AWAY})


def _rate_low() -> Asked:
    """Each report that has values and no key yet, once: its keys are written, and its cluster is counted."""
    left: dict[int, list[int]] = {}

    def rate(client: httpx.Client, _: random.Random, size: int) -> httpx.Response:
        reference = reference_of(left.setdefault(size, fresh_ones(size)).pop())
        return client.post(f"/api/v1/referrals/{reference}/rate", json={"severity": "green", "reason": "as before"})

    return rate


def _mark(client: httpx.Client) -> str:
    """Of the account, against forged posts: the same for as long as it is signed in."""
    if "mark" not in client.headers:
        found = MARK.search(client.get("/feedback").text)
        client.headers["mark"] = found[1] if found else ""
    return client.headers["mark"]


def _any(chance: random.Random, size: int) -> str:
    return reference_of(chance.randrange(1, size + 1))


def _fill(core: Core, referrals: int) -> None:
    filled(core, referrals)
    keep_likeness(core, referrals)


def _collisions(run: Run, kind: str) -> Figure:
    """Four workers do one thing each at the same moment, that many times: two at one referral, or one untold."""
    count = QUICK_INTERLEAVINGS if run.quick else INTERLEAVINGS
    run.say(f"{PART}: {count:,} interleavings on {kind}")
    with run.database(kind) as url:
        told = told_by("tests.gateway.interleavings", "--count", count, "--database", url, "--json")
    what = f"collisions of workers in {told['interleavings']:,} interleavings, {kind}"
    return at_most(what, told["collisions"], "", 0, anchor=f"{told['told']:,} told that somebody else is at it")
