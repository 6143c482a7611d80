"""The cluster of a referral as programs see it, and what a person says of two referrals in it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pydantic import BaseModel
from sqlmodel import Session

from gateway.core import Core
from gateway.deciding import Actor
from gateway.life_cycle import SOCIAL_WORK, Incomplete, WrongRole
from gateway.likeness.cluster import Cluster, Like
from storage import audit, likeness
from storage.referral import Referral

APART, TOGETHER = "not_the_same", "may_be_the_same"


class ReasonView(BaseModel):
    """One thing that is the same; ``is_checked``: a person has confirmed every value it rests on."""

    says: str
    is_strong: bool
    is_checked: bool


class LikeView(BaseModel):
    """Another referral that may be about the same. ``weight``: strong, weak, or apart where a person said it is not.

    ``through``: the reference of the one by which it was found; empty where it shares something itself.
    """

    reference: str
    ledger_no: int
    received_at: datetime
    state: str
    severity: str
    decision: str | None
    weight: str
    reasons: list[ReasonView]
    through: str
    said_apart_by: str


class ClusterView(BaseModel):
    """How many reports there are that may be about the same, this one included, and which they are.

    ``senders`` and ``unknown_senders`` are null: how many people told us is not told to programs.
    """

    reference: str
    number: int
    reports: int
    senders: int | None
    unknown_senders: int | None
    months: int
    likes: list[LikeView]


def cluster_view(reference: str, cluster: Cluster) -> ClusterView:
    """The same without what a page alone needs."""
    return ClusterView(
        reference=reference, number=cluster.number, reports=cluster.reports, senders=cluster.senders,
        unknown_senders=cluster.unknown, months=cluster.months, likes=like_views(cluster.likes),
    )  # fmt: skip


def like_views(likes: Sequence[Like]) -> list[LikeView]:
    """Others that may be about the same, in the order given."""
    return [_like(each) for each in likes]


def say(session: Session, core: Core, row: Referral, other: Referral, actor: Actor, *, status: str) -> None:
    """Not the same, or perhaps the same after all; both histories tell who said so. Nothing else changes.

    Raises ``WrongRole`` or ``Incomplete``.
    """
    if actor.role not in SOCIAL_WORK:
        raise WrongRole(f"it is for {', '.join(sorted(SOCIAL_WORK))}")
    if row.id == other.id or status not in (APART, TOGETHER):
        raise Incomplete("status", f"Choose {APART} or {TOGETHER}, of another referral")
    one, two, at = row.id or 0, other.id or 0, core.clock()
    if status == APART:
        likeness.say_apart(session, one, two, who=actor.name, at=at)
    elif not likeness.take_back_apart(session, one, two, who=actor.name, at=at):
        return
    said = "Not about the same as {}" if status == APART else "May be about the same as {} after all"
    for each, about in ((row, other), (other, row)):
        audit.record(session, at=at, who=actor.name, what=said.format(about.reference), referral_id=each.id)


def _like(each: Like) -> LikeView:
    return LikeView(
        reference=each.row.reference, ledger_no=each.row.ledger_no, received_at=each.row.received_at,
        state=each.row.state, severity=each.row.severity, decision=each.row.decision_code, weight=each.weight,
        reasons=[
            ReasonView(says=reason.says, is_strong=reason.is_strong, is_checked=reason.is_checked)
            for reason in each.reasons
        ],
        through=each.through, said_apart_by=each.apart.said_by if each.apart else "",
    )  # fmt: skip
