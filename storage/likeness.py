"""By what two referrals may be about the same: keyed hashes of numbers, places, names and files; and what people said.

No key can be read back: it is compared, nothing else. What two share is a proposal; nothing is merged by it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Field, Session, SQLModel, col, or_, select

from storage import direct
from storage.columns import UtcDateTime

LINKED = "linked"
"""The kind of a key that a person made by linking two referrals; it stays whatever becomes of the words."""


class Likeness(SQLModel, table=True):
    """One thing by which a referral may be found to be like another.

    ``of_sender``: only who told us is known by it; ``is_checked``: it is as it came, or a person confirmed it.
    """

    key: str = Field(primary_key=True)
    referral_id: int = Field(primary_key=True, index=True)
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


_OF = "SELECT key, kind, of_sender, is_checked FROM likeness WHERE referral_id = ?"
_REMOVE = "DELETE FROM likeness WHERE referral_id = ? AND key IN ({})"
_COUNTED = (
    "SELECT a.key, a.kind, (SELECT count(*) FROM (SELECT 1 FROM likeness b WHERE b.key = a.key LIMIT ?) few) "
    "FROM likeness a WHERE a.referral_id IN ({}) GROUP BY a.key, a.kind"
)
_SHARED = (
    "SELECT a.referral_id, b.referral_id, a.kind, a.of_sender, b.of_sender, a.is_checked, b.is_checked "
    "FROM likeness a JOIN likeness b ON b.key = a.key AND b.referral_id <> a.referral_id "
    "WHERE a.referral_id IN ({}) AND a.key IN ({}) {}ORDER BY b.referral_id DESC LIMIT ?"
)
_EARLIER = (
    "SELECT a.referral_id, count(DISTINCT b.referral_id) "
    "FROM likeness a JOIN likeness b ON b.key = a.key AND b.referral_id < a.referral_id "
    "WHERE a.referral_id IN ({}) AND a.key IN ({}) AND NOT a.of_sender AND NOT b.of_sender "
    "AND NOT EXISTS (SELECT 1 FROM apart WHERE low_id = b.referral_id AND high_id = a.referral_id "
    "AND taken_back_at IS NULL) GROUP BY a.referral_id"
)
_OF_NO_SENDER = "AND NOT a.of_sender AND NOT b.of_sender "
_HAVE = "SELECT referral_id, kind, of_sender, is_checked FROM likeness WHERE key = ? ORDER BY referral_id DESC LIMIT ?"
LOCKED_AS = 0x6664616B


def keys_of(session: Session, referral_id: int) -> dict[str, Key]:
    """The keys of one referral."""
    rows = direct.ask(session, _OF, (referral_id,))
    return {
        key: Key(key=key, kind=kind, of_sender=bool(of_sender), is_checked=bool(is_checked))
        for key, kind, of_sender, is_checked in rows
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


def link(session: Session, one: int, other: int) -> None:
    """A person linked two referrals, or the same file came with both: either is found from the other."""
    low, high = sorted((one, other))
    made = Key(key=f"{LINKED}:{low}:{high}", kind=LINKED, of_sender=False, is_checked=True)
    for referral_id in (low, high):
        if made.key not in keys_of(session, referral_id):
            _write(session, referral_id, [made])


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
    ids = list(referral_ids)
    if not ids:
        return []
    telling = _telling(session, ids, says_nothing_beyond)
    if not telling:
        return []
    asked = _SHARED.format(direct.marks(len(ids)), direct.marks(len(telling)), "" if with_senders else _OF_NO_SENDER)
    rows = direct.ask(session, asked, (*ids, *telling, most))
    return [
        Shared(
            referral_id=one, other_id=other, kind=kind, of_sender=(bool(of_one), bool(of_other)),
            is_checked=bool(one_checked) and bool(other_checked),
        )
        for one, other, kind, of_one, of_other, one_checked, other_checked in rows
    ]  # fmt: skip


def earlier(
    session: Session, referral_ids: Collection[int], *, says_nothing_beyond: Mapping[str, int]
) -> dict[int, int]:
    """How many came before each of some referrals that share a key of one of these kinds with it, where any do.

    Not counted is what rests on who told us of either, and what a person said is not the same.
    """
    session.flush()
    ids = list(referral_ids)
    telling = _telling(session, ids, says_nothing_beyond) if ids else []
    if not telling:
        return {}
    asked = _EARLIER.format(direct.marks(len(ids)), direct.marks(len(telling)))
    return {one: int(count) for one, count in direct.ask(session, asked, (*ids, *telling))}


def _telling(session: Session, ids: Sequence[int], says_nothing_beyond: Mapping[str, int]) -> list[str]:
    """The keys of these referrals that others have too, and not too many others."""
    limit = max(says_nothing_beyond.values(), default=0) + 1
    counted = direct.ask(session, _COUNTED.format(direct.marks(len(ids))), (limit, *ids))
    return [key for key, kind, count in counted if 1 < count <= says_nothing_beyond.get(kind, 0)]


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
