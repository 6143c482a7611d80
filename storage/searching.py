"""One searchable row for each referral, written at the end of the transaction that changed its words."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlmodel import Field, Session, SQLModel

from storage import direct
from storage.searching_words import BY, written

log = logging.getLogger(__name__)
OPEN, CLOSED = "search_open", "search_closed"
DUE = "searching_due"
FAILED = "searching_failed"
LONGEST_TEXT = 100_000
MOST_BYTES = 500_000
MOST_PLACES = 16_000
PLACES_OF_ONE = 200
STRETCH = 2_048
WITHIN = "xin"
APART = "·"
LOCKED_AS = 0x66736472
GIVEN_UP_AT = 3
PARTS = """
SELECT 0 AS place, 0 AS n, reference AS a, state AS b, channel AS c FROM referral WHERE id = ?
UNION ALL SELECT 1, COALESCE(ledger_no, 0), subject, SUBSTR(text, 1, ?), reference FROM message WHERE referral_id = ?
UNION ALL SELECT 2, position, '', SUBSTR(text, 1, ?), '' FROM attachment
 WHERE referral_id = ? AND second_to IS NULL AND text <> ''
UNION ALL SELECT 3, 0, '', SUBSTR(t.translation, 1, ?), '' FROM transcript t JOIN attachment p ON p.id = t.attachment_id
 WHERE p.referral_id = ? AND t.translation <> ''
UNION ALL SELECT 4, 0, value, value_norm, '' FROM claim
 WHERE referral_id = ? AND NOT identifies_referrer AND status NOT IN ('rejected', 'superseded')
UNION ALL SELECT 5, id, '', what, '' FROM audit WHERE referral_id = ? AND NOT is_private AND who <> 'frontdoor'
ORDER BY place, n
"""


class SearchDue(SQLModel, table=True):
    """A referral that has no searchable row yet, or one that could not be written; ``tries`` counts the failures."""

    __tablename__ = "search_due"

    referral_id: int = Field(primary_key=True)
    tries: int = 0


@dataclass(frozen=True, kw_only=True)
class Row:
    """What a referral is found by. Nothing in it was kept sealed, and no name of a file."""

    is_open: bool
    words: tuple[str, ...]
    also: tuple[str, ...]


def index(session: Session, referral_id: int) -> None:
    """Its words have changed: its row is written anew once, at the end of this transaction.

    Whoever changes what is said of a referral calls it, as often as they like; what staff do is noticed by itself.
    """
    session.info.setdefault(DUE, set()).add(referral_id)


def changed(session: Session) -> frozenset[int]:
    """The referrals that this transaction has made due so far."""
    return frozenset(session.info.get(DUE, ()))


def left_for_the_watch(session: Session, referral_id: int) -> None:
    """What follows from its words could not be written: the watch tries it again, and in the end leaves it."""
    failed_before = session.info.get(FAILED, {}).get(referral_id, 0)
    direct.ask(
        session,
        "INSERT INTO search_due (referral_id, tries) VALUES (?, ?)"
        " ON CONFLICT (referral_id) DO UPDATE SET tries = search_due.tries + 1",
        (referral_id, failed_before + 1),
    )


def write_due(session: Session) -> None:
    """Write the rows that this transaction has made due; one that cannot be written keeps nothing else from being kept.

    It is left for the watch to try again.
    """
    due = sorted(session.info.pop(DUE, ()))
    if not due:
        return
    session.flush()
    for referral_id in due:
        try:
            with session.begin_nested():
                write(session, referral_id)
        except Exception as error:
            log.error("a searchable row could not be written: %s", type(error).__name__)
            left_for_the_watch(session, referral_id)


def write(session: Session, referral_id: int) -> None:
    """Read what is said of a referral and write its row; whoever else does so waits, so that the last has it all."""
    if not direct.is_sqlite(session.connection()):
        direct.ask(session, "SELECT pg_advisory_xact_lock(?, ?)", (LOCKED_AS, referral_id))
    row = row_of(session, referral_id)
    for (tries,) in direct.ask(session, "DELETE FROM search_due WHERE referral_id = ? RETURNING tries", (referral_id,)):
        session.info.setdefault(FAILED, {})[referral_id] = tries
    if row is not None:
        put(session, referral_id, row)


def put(session: Session, referral_id: int, row: Row) -> None:
    """In the place of the row there is; what was closed or opened again changes its table."""
    table, other = (OPEN, CLOSED) if row.is_open else (CLOSED, OPEN)
    if direct.is_sqlite(session.connection()):
        for each in (table, other):
            direct.ask(session, f"DELETE FROM {each} WHERE rowid = ?", (referral_id,))  # noqa: S608
        values = (referral_id, " ".join(word or APART for word in row.words), " ".join(row.also))
        direct.ask(session, f"INSERT INTO {table} (rowid, words, also) VALUES (?, ?, ?)", values)  # noqa: S608
        return
    direct.ask(session, f"DELETE FROM {other} WHERE referral_id = ?", (referral_id,))  # noqa: S608
    direct.ask(
        session,
        f"INSERT INTO {table} (referral_id, words) VALUES (?, CAST(? AS tsvector))"  # noqa: S608
        " ON CONFLICT (referral_id) DO UPDATE SET words = excluded.words",
        (referral_id, as_vector(row, referral_id)),
    )


def row_of(session: Session, referral_id: int) -> Row | None:
    """What is said of a referral now; None where there is none."""
    one = referral_id
    found = direct.ask(session, PARTS, (one, LONGEST_TEXT, one, LONGEST_TEXT, one, LONGEST_TEXT, one, one, one))
    if not found or found[0][0] != 0:
        return None
    _, _, _, state, channel = found[0]
    words: list[str] = []
    also: dict[str, None] = {f"{BY}{channel.replace('_', '')}": None}
    size = 0
    for text in _texts(found):
        said = written(text)
        size += sum(map(len, said.words)) + sum(map(len, said.also))
        if size > MOST_BYTES // 4:
            break
        words += [*said.words, ""] if said.words else []
        also |= dict.fromkeys(sorted(said.also))
    return Row(is_open=state != "closed", words=tuple(words), also=tuple(also))


def _texts(found: Sequence[tuple[int, int, str, str, str]]) -> Iterator[str]:
    """Each reference first, so that no length of words ever crowds one out."""
    yield " ".join(dict.fromkeys([found[0][2], *(each[4] for each in found if each[0] == 1)]))
    for place, _, first, second, _ in found[1:]:
        if first:
            yield first
        if second and not (place == 4 and second == first):
            yield second


def as_vector(row: Row, referral_id: int) -> str:
    """The same as PostgreSQL's tsvector is written; an empty word parts texts, so that no phrase reaches over it."""
    places: dict[str, list[int]] = {}
    for number, word in enumerate(row.words, start=1):
        if word and len(places.setdefault(word, [])) < PLACES_OF_ONE and number < MOST_PLACES:
            places[word].append(number)
    for word in (*row.also, f"{WITHIN}{referral_id // STRETCH}"):
        places.setdefault(word, [])
    return " ".join(f"'{word}'{':' if at else ''}{','.join(map(str, at))}" for word, at in places.items())


def still_due(session: Session, *, limit: int) -> list[int]:
    """Referrals without a row, the newest first; what failed again and again is left out."""
    found = direct.ask(
        session,
        "SELECT referral_id FROM search_due WHERE tries < ? ORDER BY referral_id DESC LIMIT ?",
        (GIVEN_UP_AT, limit),
    )
    return [referral_id for (referral_id,) in found]
