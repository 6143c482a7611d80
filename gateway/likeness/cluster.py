"""The cluster of a referral: what else may be about the same, and why; who told us counts for those alone who asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum

from sqlmodel import Session

from gateway.likeness.kinds import BEYOND, MEANINGS, SAME_SENDER, UNCHECKED, Same
from storage import likeness, referral
from storage.likeness import Apart, Shared
from storage.referral import Referral

MOST, SHOWN = 200, 5
YEAR = timedelta(days=365)


class Weight(StrEnum):
    """How much the reasons say: ``apart`` where a person said that it is not the same."""

    STRONG = "strong"
    WEAK = "weak"
    APART = "apart"


@dataclass(frozen=True, kw_only=True)
class Reason:
    """One thing that is the same, in words; ``is_checked``: no part of it waits for a person to confirm it.

    ``tells_who``: it rests on who told us of one or both.
    """

    says: str
    is_strong: bool
    is_checked: bool
    tells_who: bool = False

    @property
    def in_words(self) -> str:
        """As it is shown."""
        return self.says if self.is_checked else f"{self.says} ({UNCHECKED})"


@dataclass(frozen=True, kw_only=True)
class Like:
    """Another referral that may be about the same; ``through``: the reference of the one it was found by."""

    row: Referral
    reasons: tuple[Reason, ...]
    weight: Weight
    through: str = ""
    apart: Apart | None = None


@dataclass(frozen=True, kw_only=True)
class Cluster:
    """All that may be about the same as one referral, the newest first, those with strong reasons before the rest.

    ``number``: the how many-eth report it is of those found by strong reasons, itself included; ``reports``: how many
    there are; ``months`` between the first and the last. ``senders``: how many different people told us, as far as they
    are known, and ``unknown``: reports of which nobody knows who; both None for those who are not told who told us, as
    two reports of one sender would tell them.
    """

    likes: tuple[Like, ...] = ()
    number: int = 1
    reports: int = 1
    senders: int | None = None
    unknown: int | None = None
    months: int = 0

    @property
    def strong(self) -> tuple[Like, ...]:
        """Those that count as reports of the same."""
        return tuple(each for each in self.likes if each.weight is Weight.STRONG)

    @property
    def tells_who(self) -> bool:
        """Whether whoever sees it learns something of who told us: to show it is then put on record."""
        reasons = (reason for like in self.likes for reason in like.reasons)
        return (self.senders is not None and self.reports > 1) or any(reason.tells_who for reason in reasons)

    @property
    def shown(self) -> tuple[Like, ...]:
        """As many as inform and do not bury."""
        return self.likes[:SHOWN]

    @property
    def more(self) -> tuple[Like, ...]:
        """The others."""
        return self.likes[SHOWN:]


@dataclass(kw_only=True)
class _Met:
    """What is found of one other referral."""

    reasons: dict[str, Reason] = field(default_factory=dict)
    through: int = 0

    def add(self, reason: Reason) -> None:
        before = self.reasons.get(reason.says)
        if before is not None:
            reason = Reason(
                says=reason.says, is_strong=reason.is_strong or before.is_strong,
                is_checked=reason.is_checked or before.is_checked, tells_who=reason.tells_who or before.tells_who,
            )  # fmt: skip
        self.reasons[reason.says] = reason

    @property
    def is_strong(self) -> bool:
        """One strong reason, or two weak ones."""
        return any(reason.is_strong for reason in self.reasons.values()) or len(self.reasons) > 1


def cluster_of(session: Session, row: Referral, *, may_identify: bool) -> Cluster:
    """Those that share a key with it, and those that share a strong one with these; most 200 in all.

    ``may_identify``: what rests on who told us is there too, and whoever shows that records it. Without it nothing of
    it is: no referral, reason, count, place in the order or way to a further one.
    """
    own = row.id or 0
    met = _met(_shared(session, [own], may_identify=may_identify))
    apart = likeness.apart_from(session, [own])
    near = [other for other, found in met.items() if found.is_strong and _pair(own, other) not in apart]
    _add_further(session, own, near, met, may_identify=may_identify)
    rows = {each.id or 0: each for each in referral.every_one(session, references=(), ids=list(met))}
    likes = [_like(rows, own, other, found, apart) for other, found in met.items() if other in rows]
    return _counted(row, likes, may_identify=may_identify)


def strong_cluster(session: Session, referral_id: int) -> list[int]:
    """The ids of those found by strong reasons that do not rest on who told us, itself included."""
    row = referral.by_id(session, referral_id)
    if row is None:
        return []
    return sorted({referral_id, *(like.row.id or 0 for like in cluster_of(session, row, may_identify=False).strong)})


def likes_of_typed(session: Session, keys: Mapping[str, str]) -> tuple[Like, ...]:
    """The few that are most like words that are no referral yet, but for who told us of it; ``keys`` to their kinds.

    It is asked with each save of a call's notes: no more rows are read than are shown.
    """
    met = _met(likeness.having(session, keys, says_nothing_beyond=BEYOND))
    few = sorted(met, key=lambda other: (not met[other].is_strong, -other))[:SHOWN]
    rows = {each.id or 0: each for each in referral.every_one(session, references=(), ids=few)}
    return tuple(_in_order([_like(rows, 0, other, met[other], {}) for other in few if other in rows]))


def _shared(session: Session, ids: Sequence[int], *, may_identify: bool) -> list[Shared]:
    return likeness.shared(session, ids, says_nothing_beyond=BEYOND, most=MOST, with_senders=may_identify)


def _met(shared: Iterable[Shared]) -> dict[int, _Met]:
    met: dict[int, _Met] = defaultdict(_Met)
    for each in shared:
        met[each.other_id].add(_reason(each))
    return met


def _reason(each: Shared) -> Reason:
    """One sender may tell us of several children: that alone is weak."""
    meaning = MEANINGS[Same(each.kind)]
    if all(each.of_sender):
        return Reason(says=SAME_SENDER, is_strong=False, is_checked=True, tells_who=True)
    return Reason(
        says=meaning.says, is_strong=meaning.is_strong, is_checked=each.is_checked, tells_who=any(each.of_sender)
    )


def _add_further(session: Session, own: int, near: Sequence[int], met: dict[int, _Met], *, may_identify: bool) -> None:
    """One step on: what is strongly like one that is strongly like this."""
    apart = likeness.apart_from(session, near)
    further = _shared(session, near, may_identify=may_identify)
    found: dict[int, _Met] = {}
    for each in further:
        is_known = each.other_id == own or each.other_id in met
        if is_known or _pair(each.referral_id, each.other_id) in apart:
            continue
        reason = _reason(each)
        if reason.is_strong:
            found.setdefault(each.other_id, _Met(through=each.referral_id)).add(reason)
    for other, one in found.items():
        if len(met) < MOST:
            met[other] = one


def _pair(one: int, other: int) -> tuple[int, int]:
    return min(one, other), max(one, other)


def _like(
    rows: Mapping[int, Referral], own: int, other: int, found: _Met, apart: Mapping[tuple[int, int], Apart]
) -> Like:
    said = apart.get(_pair(own, other))
    weight = Weight.APART if said else Weight.STRONG if found.is_strong else Weight.WEAK
    through = rows[found.through].reference if found.through in rows else ""
    order = sorted(found.reasons.values(), key=lambda reason: (not reason.is_strong, not reason.is_checked))
    return Like(row=rows[other], reasons=tuple(order), weight=weight, through=through, apart=said)


def _in_order(likes: Iterable[Like]) -> list[Like]:
    newest = sorted(likes, key=lambda like: like.row.ledger_no, reverse=True)
    return sorted(newest, key=lambda like: (list(Weight).index(like.weight), bool(like.through)))


def _counted(row: Referral, likes: Sequence[Like], *, may_identify: bool) -> Cluster:
    cluster = Cluster(likes=tuple(_in_order(likes)))
    rows = [row, *(like.row for like in cluster.strong)]
    at = [each.received_at for each in rows]
    return replace(
        cluster,
        number=sum(each.ledger_no <= row.ledger_no for each in rows),
        reports=len(rows),
        senders=len({each.identity_id for each in rows if each.identity_id}) if may_identify else None,
        unknown=sum(each.identity_id is None for each in rows) if may_identify else None,
        months=round((max(at) - min(at)) / (YEAR / 12)),
    )
