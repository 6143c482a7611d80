"""By what two referrals may be about the same: keyed hashes of numbers, places, names and files; and what people said.

No key can be read back: it is compared, nothing else. What two share is a proposal; nothing is merged by it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, Session, SQLModel, col, or_, select

from storage import direct, sharing
from storage.columns import UtcDateTime
from storage.sharing import Has

LINKED = "linked"
"""The kind of a key that a person made by linking two referrals; it stays whatever becomes of the words."""


class Likeness(SQLModel, table=True):
    """One thing by which a referral may be found to be like another.

    ``of_sender``: only who told us is known by it; ``is_checked``: it is as it came, or a person confirmed it.
    """

    __table_args__ = (Index("likeness_of_referral", "referral_id", "key", "kind", "of_sender", "is_checked"),)

    key: str = Field(primary_key=True)
    referral_id: int = Field(primary_key=True)
    kind: str
    of_sender: bool
    is_checked: bool


class Apart(SQLModel, table=True):
    """That a person said of two referrals that they are not about the same; ``taken_back_at``: not any more."""

    low_id: int = Field(primary_key=True)
    high_id: int = Field(primary_key=True, index=True)
    said_by: str
    said_at: datetime = Field(sa_type=UtcDateTime)
    taken_back_by: str = ""
    taken_back_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


@dataclass(frozen=True, kw_only=True)
class Key:
    """One key as it is kept."""

    key: str
    kind: str
    of_sender: bool
    is_checked: bool


@dataclass(frozen=True, kw_only=True)
class Shared:
    """A key that two referrals have: ``of_sender`` for either, ``is_checked`` for both."""

    referral_id: int
    other_id: int
    kind: str
    of_sender: tuple[bool, bool]
    is_checked: bool


_REMOVE = "DELETE FROM likeness WHERE referral_id = ? AND key IN ({})"
_HAVE = "SELECT referral_id, kind, of_sender, is_checked FROM likeness WHERE key = ? ORDER BY referral_id DESC LIMIT ?"
LOCKED_AS = 0x6664616B


def keys_of(session: Session, referral_id: int) -> dict[str, Key]:
    """The keys of one referral."""
    return {
        each.key: Key(key=each.key, kind=each.kind, of_sender=each.of_sender, is_checked=each.is_checked)
        for each in sharing.keys_of_each(session, [referral_id])
    }


def replace_keys(session: Session, referral_id: int, wanted: Mapping[str, Key]) -> bool:
    """The keys of a referral are these and what people linked; whether it has one that it had not."""
    known = {name: key for name, key in keys_of(session, referral_id).items() if key.kind != LINKED}
    gone = [name for name in known if wanted.get(name) != known[name]]
    added = [key for name, key in wanted.items() if known.get(name) != key]
    if gone:
        direct.change(session, _REMOVE.format(direct.marks(len(gone))), (referral_id, *gone))
    if added:
        _write(session, referral_id, added)
    return any(key.key not in known for key in added)


def link(session: Session, one: int, other: int) -> bool:
    """A person linked two referrals, or the same file came with both: either is found from the other.

    Whether they were not linked yet.
    """
    low, high = sorted((one, other))
    made = Key(key=f"{LINKED}:{low}:{high}", kind=LINKED, of_sender=False, is_checked=True)
    lacking = [each for each in (low, high) if made.key not in keys_of(session, each)]
    for referral_id in lacking:
        _write(session, referral_id, [made])
    return bool(lacking)


def _write(session: Session, referral_id: int, keys: Sequence[Key]) -> None:
    direct.insert(
        session, "likeness",
        [
            {
                "key": key.key, "referral_id": referral_id, "kind": key.kind, "of_sender": key.of_sender,
                "is_checked": key.is_checked,
            }
            for key in keys
        ],
    )  # fmt: skip


def shared(
    session: Session, referral_ids: Collection[int], *, says_nothing_beyond: Mapping[str, int], most: int,
    with_senders: bool,
) -> list[Shared]:  # fmt: skip
    """What some referrals share with any others, the newest others first, ``most`` in all.

    Without ``with_senders`` nothing that rests on who told us of either is looked at: it takes nobody's place.
    A key that more have than ``says_nothing_beyond`` allows its kind says nothing: a school's number, a police mailbox.
    It costs a few rows for each key, however many have it.
    """
    session.flush()
    pairs, kinds = _pairs(session, referral_ids, says_nothing_beyond, with_senders=with_senders)
    found = [
        Shared(
            referral_id=one.referral_id, other_id=other.referral_id, kind=kinds[one.key],
            of_sender=(one.of_sender, other.of_sender), is_checked=one.is_checked and other.is_checked,
        )
        for one, other in pairs
    ]  # fmt: skip
    return sorted(found, key=lambda each: (-each.other_id, each.referral_id))[:most]


def earlier(
    session: Session, referral_ids: Collection[int], *, says_nothing_beyond: Mapping[str, int]
) -> dict[int, int]:
    """How many came before each of some referrals that share a key of one of these kinds with it, where any do.

    Not counted is what rests on who told us of either, and what a person said is not the same.
    """
    session.flush()
    pairs, _ = _pairs(session, referral_ids, says_nothing_beyond, with_senders=False)
    before = {(one.referral_id, other.referral_id) for one, other in pairs if other.referral_id < one.referral_id}
    apart = apart_from(session, referral_ids) if before else {}
    return dict(Counter(one for one, other in before if (other, one) not in apart))


def _pairs(
    session: Session, referral_ids: Collection[int], says_nothing_beyond: Mapping[str, int], *, with_senders: bool
) -> tuple[list[tuple[Has, Has]], dict[str, str]]:
    """Each of some referrals with each other one that has a telling key of it; the keys to their kinds."""
    had = sharing.keys_of_each(session, referral_ids)
    kinds = sharing.telling(session, had, says_nothing_beyond)
    others: dict[str, list[Has]] = {}
    for each in sharing.having(session, kinds, most=max(says_nothing_beyond.values(), default=0)):
        if with_senders or not each.of_sender:
            others.setdefault(each.key, []).append(each)
    pairs = [
        (one, other)
        for one in had
        if with_senders or not one.of_sender
        for other in others.get(one.key, ())
        if other.referral_id != one.referral_id
    ]
    return pairs, kinds


def having(session: Session, keys: Mapping[str, str], *, says_nothing_beyond: Mapping[str, int]) -> list[Shared]:
    """The referrals that have any of these keys (to their kinds), for words that are no referral yet (id 0).

    What is known only by who told us of them is left out.
    """
    found = []
    for key, kind in keys.items():
        limit = says_nothing_beyond.get(kind, 0)
        rows = direct.ask(session, _HAVE, (key, limit + 1))
        if len(rows) <= limit:
            found += [
                Shared(
                    referral_id=0, other_id=other, kind=of_kind, of_sender=(False, False), is_checked=bool(is_checked)
                )
                for other, of_kind, of_sender, is_checked in rows
                if not of_sender
            ]
    return found


def apart_from(session: Session, referral_ids: Collection[int]) -> dict[tuple[int, int], Apart]:
    """What people said is not the same of these referrals and others, as it stands: low id and high id."""
    ids = list(referral_ids)
    query = select(Apart).where(or_(col(Apart.low_id).in_(ids), col(Apart.high_id).in_(ids)))
    rows = session.exec(query.where(col(Apart.taken_back_at).is_(None)))
    return {(row.low_id, row.high_id): row for row in rows}


def say_apart(session: Session, one: int, other: int, *, who: str, at: datetime) -> None:
    """They are not about the same."""
    low, high = sorted((one, other))
    row = session.get(Apart, (low, high)) or Apart(low_id=low, high_id=high, said_by=who, said_at=at)
    row.said_by, row.said_at, row.taken_back_by, row.taken_back_at = who, at, "", None
    session.add(row)
    session.flush()


def take_back_apart(session: Session, one: int, other: int, *, who: str, at: datetime) -> bool:
    """They may be about the same after all; whether anybody had said otherwise."""
    row = session.get(Apart, tuple(sorted((one, other))))
    if row is None or row.taken_back_at is not None:
        return False
    row.taken_back_by, row.taken_back_at = who, at
    session.add(row)
    session.flush()
    return True


def hold(session: Session) -> None:
    """Whoever else counts what is alike waits until this transaction ends, and then sees what it wrote."""
    if not direct.is_sqlite(session.connection()):
        direct.ask(session, "SELECT pg_advisory_xact_lock(?)", (LOCKED_AS,))
