"""Which referrals have some keys in common: at the cost of a few rows for each key, however many have it.

Every question names the index it needs by its order, so that it is as quick where no statistics were gathered yet.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlmodel import Session

from storage import direct

T = TypeVar("T")
_OF_SQLITE = (
    "SELECT b.referral_id, b.key, b.kind, b.of_sender, b.is_checked FROM (VALUES {}) AS asked"
    " CROSS JOIN likeness b WHERE b.referral_id = asked.column1"
)
_OF = (
    "SELECT b.referral_id, b.key, b.kind, b.of_sender, b.is_checked FROM (VALUES {}) AS asked"
    " CROSS JOIN LATERAL (SELECT * FROM likeness one WHERE one.referral_id = asked.column1"
    " ORDER BY one.key LIMIT 1000) AS b"
)
_COUNTED = (
    "SELECT asked.column1, (SELECT count(*) FROM (SELECT 1 FROM likeness b WHERE b.key = asked.column1"
    " ORDER BY b.referral_id DESC LIMIT {}) AS few) FROM (VALUES {}) AS asked"
)
_HAVING_SQLITE = (
    "SELECT b.key, b.referral_id, b.of_sender, b.is_checked FROM (VALUES {}) AS asked"
    " CROSS JOIN likeness b WHERE b.key = asked.column1"
)
_HAVING = (
    "SELECT b.key, b.referral_id, b.of_sender, b.is_checked FROM (VALUES {}) AS asked"
    " CROSS JOIN LATERAL (SELECT * FROM likeness one WHERE one.key = asked.column1"
    " ORDER BY one.referral_id DESC LIMIT {}) AS b"
)


@dataclass(frozen=True, kw_only=True)
class Has:
    """That a referral has a key; ``kind`` is empty where it was not asked for."""

    referral_id: int
    key: str
    kind: str = ""
    of_sender: bool
    is_checked: bool


def keys_of_each(session: Session, referral_ids: Collection[int]) -> list[Has]:
    """The keys of some referrals; of each a thousand at most: it has 80, and what people linked."""
    found = []
    for ids in _few_at_once(sorted(referral_ids)):
        asked = (_OF_SQLITE if direct.is_sqlite(session.connection()) else _OF).format(_numbers(len(ids)))
        found += [
            Has(referral_id=one, key=key, kind=kind, of_sender=bool(of_sender), is_checked=bool(is_checked))
            for one, key, kind, of_sender, is_checked in direct.ask(session, asked, ids)
        ]
    return found


def telling(session: Session, had: Collection[Has], says_nothing_beyond: Mapping[str, int]) -> dict[str, str]:
    """Of these keys those that others have too, and not too many others, to their kinds."""
    by_limit: dict[int, dict[str, str]] = {}
    for each in had:
        by_limit.setdefault(says_nothing_beyond.get(each.kind, 0), {})[each.key] = each.kind
    found: dict[str, str] = {}
    for limit, kinds in by_limit.items():
        for keys in _few_at_once(sorted(kinds)) if limit else ():
            asked = _COUNTED.format(limit + 1, _words(len(keys)))
            found |= {key: kinds[key] for key, count in direct.ask(session, asked, keys) if 1 < count <= limit}
    return found


def having(session: Session, keys: Collection[str], *, most: int) -> list[Has]:
    """Whoever has these keys, none of which more than ``most`` have."""
    found = []
    for some in _few_at_once(sorted(keys)):
        is_sqlite = direct.is_sqlite(session.connection())
        asked = _HAVING_SQLITE.format(_words(len(some))) if is_sqlite else _HAVING.format(_words(len(some)), most)
        found += [
            Has(referral_id=one, key=key, of_sender=bool(of_sender), is_checked=bool(is_checked))
            for key, one, of_sender, is_checked in direct.ask(session, asked, some)
        ]
    return found


def _few_at_once(values: Sequence[T]) -> list[Sequence[T]]:
    return [values[begin : begin + direct.AT_ONCE] for begin in range(0, len(values), direct.AT_ONCE)]


def _numbers(count: int) -> str:
    return direct.marks(count, "(CAST(? AS integer))")


def _words(count: int) -> str:
    return direct.marks(count, "(CAST(? AS varchar))")
