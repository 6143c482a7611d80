"""Beside a referral: what may be about the same, and what a machine suggests of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from gateway.core import Core
from gateway.deciding import Actor, NotFound
from gateway.likeness import view as likes
from gateway.likeness.cluster import Cluster, cluster_of
from gateway.likeness.marks import ordinal
from gateway.staff import finding
from gateway.suggesting import settling
from gateway.suggesting.view import SuggestionView, gravest_open, suggestion_views
from storage import suggestion
from storage.referral import Referral

AT_ONCE = 3


@dataclass(frozen=True, kw_only=True)
class Alike:
    """What the page of a referral shows of both; ``perhaps``: how serious it may be by words nobody has set aside."""

    cluster: Cluster
    suggestions: Sequence[SuggestionView]
    perhaps: str

    @property
    def first(self) -> Sequence[SuggestionView]:
        """What nobody has settled, as many as are read at a glance."""
        return [each for each in self.suggestions if each.is_open][:AT_ONCE]

    @property
    def rest(self) -> Sequence[SuggestionView]:
        """All others."""
        known = {each.id for each in self.first}
        return [each for each in self.suggestions if each.id not in known]


def alike_of(session: Session, row: Referral, *, shows_who: bool) -> Alike:
    """``shows_who``: the reader asked who told us, which is on record, and is told of the same sender too."""
    views = suggestion_views(suggestion.of_referrals(session, [row.id or 0]))
    return Alike(
        cluster=cluster_of(session, row, may_identify=shows_who), suggestions=views, perhaps=gravest_open(views)
    )


def settle_suggestion(core: Core, actor: Actor, reference: str, suggestion_id: str, *, status: str) -> str:
    """Agreed with or set aside; the reference it stands under. Raises as ``settling.settle`` does."""
    with core.database.transaction() as session:
        row = finding.to_act_on(session, reference)
        settling.settle(session, core, row, actor, suggestion_id, status=status)
        return row.reference


def say_of(core: Core, actor: Actor, reference: str, other: str, *, status: str) -> str:
    """The same or not the same as another; the reference it stands under. Raises as ``likes.say`` does."""
    with core.database.transaction() as session:
        row = finding.to_act_on(session, reference)
        second = finding.find(session, other)
        if not isinstance(second, Referral):
            raise NotFound(other)
        likes.say(session, core, row, second, actor, status=status)
        return row.reference


IN_TEMPLATES = {"ordinal": ordinal}
