"""The desk with 1,000,000 referrals beside the same with 10,000: the queue, each filter of it, search of each kind."""

from __future__ import annotations

import random
from collections.abc import Mapping
from urllib.parse import urlencode

from benchmarks.desk_words import (
    NUMBERS,
    RARE,
    TEXTS,
    digits_of,
    drop_index,
    index_all,
    keep_texts,
    postcode,
    spread,
    vocabulary,
)
from benchmarks.figures import Figure
from benchmarks.many_referrals import POSTGRESQL, SQLITE, fill, reference_of, settle
from benchmarks.pages import LARGE, SMALL, Path, measured, page
from benchmarks.run import Run
from gateway.core import Core

PART = "desk_pages"
QUICK = (2_000, 50_000)
WORDS = vocabulary()


def _search(**asked: str) -> str:
    return f"/search?{urlencode(asked)}"


def _name(chance: random.Random, _: int) -> str:
    return _search(q=f"{WORDS.given[0]} {chance.choice(WORDS.family[:5])}")


def _number(chance: random.Random, _: int) -> str:
    return _search(q=f"07700 900 {chance.randrange(NUMBERS):03}")


def _reference(chance: random.Random, size: int) -> str:
    return f"/api/v1/search?q={reference_of(chance.randrange(1, size + 1))}"


def _part_of_reference(chance: random.Random, size: int) -> str:
    """Its first three symbols and a digit: a page of them even among the few."""
    return _search(q=reference_of(chance.randrange(1, size + 1))[:5])


PATHS: Mapping[str, Path] = {
    "queue": lambda *_: "/queue",
    "queue, its fifth page": lambda *_: "/queue?page=5",
    "queue, one channel": lambda *_: "/queue?channel=email",
    "queue, one rating": lambda *_: "/queue?severity=unrated",
    "queue, one state": lambda *_: "/queue?state=received",
    "queue, nobody's": lambda *_: "/queue?owner=nobody",
    "queue, perhaps spam": lambda *_: "/queue?shows=unwanted",
    "referral page": lambda chance, size: f"/referrals/{reference_of(chance.randrange(1, size + 1))}",
    "search, a reference": _reference,
    "search, part of a reference": _part_of_reference,
    "search, a name": _name,
    "search, common words that never meet": lambda *_: _search(q="canal crescent"),
    "search, a number": _number,
    "search, a postcode": lambda chance, _: _search(q=postcode(chance.randrange(TEXTS))),
    "search, a common word": lambda *_: _search(q="shouting"),
    "search, a common word, closed": lambda *_: _search(q="coat", only="closed"),
    "search, a rare word": lambda *_: _search(q=RARE),
    "search, a phrase": lambda *_: _search(q='"bruises on both arms"'),
    "search, a beginning": lambda chance, _: _search(q=chance.choice(WORDS.family[:200])[:4]),
    "API queue of 50": lambda *_: "/api/v1/queue?limit=50",
    "API 50 in order of receipt": lambda chance, size: f"/api/v1/referrals?limit=50&after={chance.randrange(size)}",
    "tasks": lambda *_: "/tasks",
}


def measure(run: Run) -> list[Figure]:
    """Both sizes in turn; a social worker looks, so that a number is searched among who told us, and recorded.

    What is asked for fills a page at either size, so that looking is compared and not how many lines are drawn.
    """
    sizes = QUICK if run.quick else (SMALL, LARGE)
    asked = {name: page(path) for name, path in PATHS.items()}
    return [figure for kind in run.kinds for figure in measured(run, kind, sizes, part=PART, asked=asked, make=filled)]


def filled(core: Core, referrals: int) -> None:
    """The desk as years of work leave it."""
    said = keep_texts(core).format(digits=digits_of(SQLITE if core.database.is_sqlite else POSTGRESQL))
    fill(core, referrals, said=said)
    spread(core)
    drop_index(core)
    index_all(core, referrals)
    settle(core)
