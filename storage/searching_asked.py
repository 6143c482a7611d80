"""Asks the searchable rows: which referrals hold all of some words, the newest first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from storage import direct
from storage.searching import CLOSED, OPEN, STRETCH, WITHIN
from storage.searching_words import ENDS

__all__ = ["CLOSED", "OPEN", "Between", "Term", "Wanted", "ids_of", "is_common"]
MANY = 500
NEWEST_STRETCHES = (1, 16)


@dataclass(frozen=True, kw_only=True)
class Term:
    """Words that stand together, written as the index has them; ``begins``: the last may be longer than that.

    ``stands_alone``: such a beginning may also be a whole word.
    """

    words: tuple[str, ...]
    begins: bool = False

    @property
    def stands_alone(self) -> bool:
        """Whether it is one word that may be longer, and not the end of a number or the beginning of a reference."""
        return self.begins and len(self.words) == 1 and self.words[0].isalpha() and not self.words[0].startswith(ENDS)


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Each of ``all_of`` must be there, in one of its forms; none of what ``but_not`` asks for in the same way."""

    all_of: tuple[tuple[Term, ...], ...]
    but_not: tuple[tuple[Term, ...], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Between:
    """Only ids above ``above`` and below ``below``."""

    above: int = 0
    below: int = 2**31 - 1


def ids_of(session: Session, table: str, wanted: Wanted, *, between: Between, limit: int) -> list[int]:
    """The ids of the newest referrals of ``OPEN`` or ``CLOSED`` that say it, the newest first."""
    is_contradicted = wanted.but_not and set(wanted.but_not) <= set(wanted.all_of)
    if not wanted.all_of or is_contradicted:
        return []
    if direct.is_sqlite(session.connection()):
        return _of_sqlite(session, table, wanted, between, limit)
    return _of_postgresql(session, table, wanted, between, limit)


def is_common(session: Session, term: Term) -> bool:
    """Whether so many open referrals say it that longer words that begin so would be a crowd among the closed ones."""
    return len(ids_of(session, OPEN, Wanted(all_of=((term,),)), between=Between(), limit=MANY)) == MANY


def _of_sqlite(session: Session, table: str, wanted: Wanted, between: Between, limit: int) -> list[int]:
    """FTS5 walks its lists from the newest row, and stops once there are enough."""
    asked = _every(wanted.all_of, _for_fts5, " AND ", " OR ")
    if wanted.but_not:
        asked = f"({asked}) NOT ({_every(wanted.but_not, _for_fts5, ' AND ', ' OR ')})"
    found = direct.ask(
        session,
        f"SELECT rowid FROM {table} WHERE {table} MATCH ? AND rowid > ? AND rowid < ? ORDER BY rowid DESC LIMIT ?",  # noqa: S608
        (asked, between.above, between.below, limit),
    )
    return [referral_id for (referral_id,) in found]


def _of_postgresql(session: Session, table: str, wanted: Wanted, between: Between, limit: int) -> list[int]:
    """The newest stretches first, and all of the rest only where those hold too few.

    The index gives rows in no order: without this a word that stands in a million of them would be fetched as often.
    """
    asked = _every(wanted.all_of, _for_tsquery, " & ", " | ")
    if wanted.but_not:
        asked = f"({asked}) & !({_every(wanted.but_not, _for_tsquery, ' & ', ' | ')})"
    direct.ask(session, "SET LOCAL enable_seqscan = off")
    last = _last(session, table, between)
    found: list[int] = []
    below = between.below
    for stretches in _stretches(table, wanted):
        first = max(0, last // STRETCH - stretches + 1)
        within = " | ".join(f"'{WITHIN}{each}'" for each in range(first, last // STRETCH + 1))
        here = Between(above=max(between.above, first * STRETCH - 1), below=below)
        found += _looked(session, table, f"({asked}) & ({within})", here, limit - len(found))
        below = first * STRETCH
        last = below - 1
        if len(found) >= limit or last <= between.above:
            return found
    return found + _looked(session, table, asked, Between(above=between.above, below=below), limit - len(found))


def _stretches(table: str, wanted: Wanted) -> tuple[int, ...]:
    """How many are looked through before the rest. Each look gathers all that begins so, whatever else is asked."""
    begins = any(term.begins for group in wanted.all_of for term in group)
    if begins and len(wanted.all_of) > 1:
        return ()
    return NEWEST_STRETCHES[1:] if begins or table == OPEN else NEWEST_STRETCHES


def _last(session: Session, table: str, between: Between) -> int:
    statement = f"SELECT max(referral_id) FROM {table} WHERE referral_id < ?"  # noqa: S608
    ((last,),) = direct.ask(session, statement, (between.below,))
    return int(last or 0)


def _looked(session: Session, table: str, asked: str, between: Between, limit: int) -> list[int]:
    found = direct.ask(
        session,
        f"WITH said AS MATERIALIZED (SELECT referral_id FROM {table} WHERE words @@ CAST(? AS tsquery))"  # noqa: S608
        " SELECT referral_id FROM said WHERE referral_id > ? AND referral_id < ? ORDER BY referral_id DESC LIMIT ?",
        (asked, between.above, between.below, limit),
    )
    return [referral_id for (referral_id,) in found]


def _every(groups: Sequence[Sequence[Term]], form: Callable[[Term], str], both: str, either: str) -> str:
    return both.join(f"({either.join(form(term) for term in group)})" for group in groups)


def _for_fts5(term: Term) -> str:
    """Words are of letters and digits alone, so that nothing in them means anything to the database."""
    phrase = " ".join(filter(str.isalnum, term.words))
    return f'"{phrase}"{" *" if term.begins else ""}'


def _for_tsquery(term: Term) -> str:
    words = [f"'{word}'" for word in term.words if word.isalnum()]
    if term.begins:
        words[-1] += ":*"
    return f"({' <-> '.join(words)})"
