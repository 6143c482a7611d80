"""What is stated of each child, adult and place, as the page of a referral groups it, and one of them settled."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from gateway.claim_view import ClaimView, claim_views, hidden
from gateway.core import Core
from gateway.deciding import Actor
from gateway.part_view import PartView
from gateway.settling import A_PERSON, settle
from gateway.staff import finding
from gateway.staff.showing import shown_after
from gateway.view import ReferralView
from storage import claim
from storage.claim import ClaimStatus, Entity
from storage.referral import Referral

RESTS_ON = "rests_on_"
TITLES = {
    Entity.CHILD: "Child", Entity.ADULT: "Adult", Entity.PLACE: "Where", Entity.CONCERN: "The concern",
    Entity.REFERRER: "Who told us",
}  # fmt: skip
STATES = {
    ClaimStatus.PROPOSED: "Stated, not checked", ClaimStatus.CONFIRMED: "Confirmed", ClaimStatus.CORRECTED: "Put right",
    ClaimStatus.REJECTED: "Rejected",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Row:
    """One value as it is ``shown``, the file it was read from, and what is said of how far it is checked."""

    claim: ClaimView
    shown: str
    part: PartView | None
    state: str
    is_open: bool


@dataclass(frozen=True, kw_only=True)
class Group:
    """The values of one child, adult, place or concern; ``source`` names the file where there are several."""

    title: str
    source: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """Everything stated. ``unsettled`` values wait for a person; ``kept_apart`` are of who told us and not shown."""

    groups: tuple[Group, ...]
    unsettled: int
    kept_apart: int

    def confirmed(self) -> list[Row]:
        """What a decision may rest on."""
        return [row for group in self.groups for row in group.rows if row.claim.is_usable]


def sheet_of(claims: Sequence[ClaimView], parts: Sequence[PartView]) -> Sheet:
    """The claims in the order given, group by group."""
    by_id = {part.id: part for part in parts}
    shown = [each for each in claims if each.value is not None]
    has_several = len({each.part_id for each in claims}) > 1
    groups = []
    for _, several in groupby(shown, key=lambda each: (each.entity, each.part_id, each.entity_no)):
        rows = tuple(_row(each, by_id) for each in several)
        part = rows[0].part
        groups.append(Group(title=_title(rows[0].claim), source=part.name if part and has_several else "", rows=rows))
    return Sheet(groups=tuple(groups), unsettled=sum(_is_unsettled(each) for each in shown), kept_apart=hidden(claims))


def with_who_told_us(core: Core, rows: Iterable[claim.Claim]) -> list[ClaimView]:
    """The claims with those of who told us open; whoever shows them records it."""
    return claim_views(rows, core.seal, with_referrer=True)


def next_unsettled(seen: ReferralView, after: str, *, with_referrer: bool) -> str:
    """The id of the value to settle next, empty when none is left: the first one behind this, else the first."""
    ids = [each.id for each in seen.claims]
    place = ids.index(after) if after in ids else -1
    order = [*seen.claims[place + 1 :], *seen.claims[: place + 1]]
    shown = (each for each in order if with_referrer or each.entity != Entity.REFERRER)
    return next((each.id for each in shown if _is_unsettled(each)), "")


def with_what_it_rests_on(typed: Mapping[str, str]) -> dict[str, str]:
    """A decision's form with the values that were ticked under the one name that the step knows."""
    ticked = [name.removeprefix(RESTS_ON) for name in typed if name.startswith(RESTS_ON)]
    rest = {name: words for name, words in typed.items() if not name.startswith(RESTS_ON)}
    return rest | ({"rests_on": " ".join(ticked)} if ticked else {})


def settled(core: Core, actor: Actor, typed: str, claim_id: str, *, status: str, value: str = "") -> ReferralView:
    """One value settled, and the referral as it stands afterwards; raises as ``settle`` does."""
    with core.database.transaction() as session:
        row: Referral = finding.to_act_on(session, typed)
        settle(session, core, row, actor, claim_id, status=status, value=value)
        return shown_after(session, core, actor, row)


def _row(each: ClaimView, parts: dict[str, PartView]) -> Row:
    """What stands there is shown, unless a person has put another value in its place."""
    shown = each.value if each.extractor == A_PERSON else each.words or each.value
    is_open = each.status in (ClaimStatus.PROPOSED, ClaimStatus.CONFIRMED, ClaimStatus.REJECTED)
    state = STATES[ClaimStatus(each.status)]
    return Row(claim=each, shown=shown or "", part=parts.get(each.part_id or ""), state=state, is_open=is_open)


def _title(each: ClaimView) -> str:
    named = TITLES.get(Entity(each.entity), each.entity)
    return f"{named} {each.entity_no}" if each.entity_no else named


def _is_unsettled(each: ClaimView) -> bool:
    return each.status == ClaimStatus.PROPOSED
