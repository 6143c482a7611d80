"""What is stated of each child, adult and place, as the page of a referral groups it, and one of them settled."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from gateway.claim_view import ClaimView, claim_views, group_of, hidden
from gateway.core import Core
from gateway.deciding import Actor
from gateway.part_view import PartView
from gateway.settling import A_PERSON, PutRight, settle
from gateway.staff import finding
from gateway.staff.sentences import Sentence, sentence_of
from gateway.staff.showing import shown_after
from gateway.view import MessageView, ReferralView
from storage import claim
from storage.claim import ClaimStatus, Entity
from storage.referral import Referral

RESTS_ON = "rests_on_"
MOST_AT_ONCE = 12  # values found in words: with more to settle, each child, adult and place is folded
FAINT = 0.6
"""Less sure than this, a value is shown folded until somebody has settled it."""

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
    """One value as it is ``shown``, the file it was read from, and what is said of how far it is checked.

    ``sentence`` has its words marked in what stands around them, for a value that was found in free words.
    """

    claim: ClaimView
    shown: str
    part: PartView | None
    state: str
    is_open: bool
    sentence: Sentence | None = None

    @property
    def is_marked(self) -> bool:
        """Whether the value is what is marked in its sentence, and need not be said again."""
        return self.sentence is not None and self.sentence.words == self.shown

    @property
    def is_faint(self) -> bool:
        """Whether it is unlikely enough to be shown folded."""
        return _is_unsettled(self.claim) and self.claim.confidence < FAINT


@dataclass(frozen=True, kw_only=True)
class Group:
    """The values of one child, adult, place or concern, those to settle first; ``faint`` ones are folded.

    ``source`` names the file where there are several forms; ``is_folded``: there are so many that it is shown closed.
    """

    title: str
    source: str
    rows: tuple[Row, ...]
    faint: tuple[Row, ...] = ()
    is_folded: bool = False

    @property
    def to_settle(self) -> int:
        """How many of its values wait for a person."""
        return sum(_is_unsettled(row.claim) for row in (*self.rows, *self.faint))

    @property
    def named(self) -> str:
        """Who it is, where that is one of the values and nobody rejected it."""
        names = (row for row in self.rows if row.claim.field == "name" and row.claim.status != ClaimStatus.REJECTED)
        return next((row.shown for row in names), "")


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """Everything stated. ``unsettled`` values wait for a person; ``kept_apart`` are of who told us and not shown.

    ``whose`` are those a value can be given to when it is put right, as the form sends them and as they are called.
    """

    groups: tuple[Group, ...]
    unsettled: int
    kept_apart: int
    whose: tuple[tuple[str, str], ...] = ()

    def confirmed(self) -> list[Row]:
        """What a decision may rest on."""
        return [row for group in self.groups for row in group.rows if row.claim.is_usable]


def sheet_of(claims: Sequence[ClaimView], parts: Sequence[PartView], messages: Sequence[MessageView] = ()) -> Sheet:
    """The claims in the order given, group by group."""
    files, said = {part.id: part for part in parts}, {each.id: each for each in messages}
    shown = [each for each in claims if each.value is not None]
    has_several = len({each.part_id for each in claims if each.place.field}) > 1
    is_long = sum(_is_unsettled(each) and not each.place.field for each in shown) > MOST_AT_ONCE
    groups = []
    for _, several in groupby(shown, key=lambda each: group_of(each, has_several=has_several)):
        rows = [_row(each, files, said) for each in several]
        kept = tuple(sorted((row for row in rows if not row.is_faint), key=lambda row: not _is_unsettled(row.claim)))
        part = rows[0].part if rows[0].claim.place.field and has_several else None
        groups.append(
            Group(
                title=_title(rows[0].claim), source=part.name if part else "", rows=kept,
                faint=tuple(row for row in rows if row.is_faint),
                is_folded=is_long and rows[0].claim.place.field is None,
            )
        )  # fmt: skip
    return Sheet(
        groups=tuple(groups), unsettled=sum(_is_unsettled(each) for each in shown), kept_apart=hidden(claims),
        whose=_whose(claims),
    )  # fmt: skip


def with_who_told_us(core: Core, rows: Iterable[claim.Claim]) -> list[ClaimView]:
    """The claims with those of who told us open; whoever shows them records it."""
    return claim_views(rows, core.seal, with_referrer=True)


def next_unsettled(seen: ReferralView, after: str, *, with_referrer: bool) -> str:
    """The id of the value to settle next, empty when none is left: the first one behind this, else the first.

    Those that are shown folded come last.
    """
    ids = [each.id for each in seen.claims]
    place = ids.index(after) if after in ids else -1
    order = [*seen.claims[place + 1 :], *seen.claims[: place + 1]]
    shown = (each for each in order if with_referrer or each.entity != Entity.REFERRER)
    left = sorted((each for each in shown if _is_unsettled(each)), key=lambda each: each.confidence < FAINT)
    return left[0].id if left else ""


def with_what_it_rests_on(typed: Mapping[str, str]) -> dict[str, str]:
    """A decision's form with the values that were ticked under the one name that the step knows."""
    ticked = [name.removeprefix(RESTS_ON) for name in typed if name.startswith(RESTS_ON)]
    rest = {name: words for name, words in typed.items() if not name.startswith(RESTS_ON)}
    return rest | ({"rests_on": " ".join(ticked)} if ticked else {})


def settled(core: Core, actor: Actor, typed: str, claim_id: str, *, status: str, right: PutRight) -> ReferralView:
    """One value settled, and the referral as it stands afterwards; raises as ``settle`` does."""
    with core.database.transaction() as session:
        row: Referral = finding.to_act_on(session, typed)
        settle(session, core, row, actor, claim_id, status=status, right=right)
        return shown_after(session, core, actor, row)


def _row(each: ClaimView, parts: Mapping[str, PartView], messages: Mapping[str, MessageView]) -> Row:
    """What stands there is shown, unless a person has put another value in its place."""
    is_of_form = each.place.field is not None
    shown = (each.words or each.value) if is_of_form and each.extractor != A_PERSON else each.value
    is_open = each.status in (ClaimStatus.PROPOSED, ClaimStatus.CONFIRMED, ClaimStatus.REJECTED)
    part = parts.get(each.part_id or "")
    text = part.text if part else _text_of(messages.get(each.message_id), each.place.within)
    return Row(
        claim=each, shown=shown or "", part=part, state=STATES[ClaimStatus(each.status)], is_open=is_open,
        sentence=None if is_of_form else sentence_of(text, each.words or "", each.place.first),
    )  # fmt: skip


def _text_of(message: MessageView | None, within: str | None) -> str:
    if message is None:
        return ""
    return message.subject if within else message.text


def _whose(claims: Sequence[ClaimView]) -> tuple[tuple[str, str], ...]:
    """Everybody there is, and one child and adult more."""
    found = []
    for entity in (Entity.CHILD, Entity.ADULT):
        numbers = {each.entity_no for each in claims if each.entity == entity and each.entity_no}
        more = max(numbers, default=0) + 1
        known = [(f"{entity}:{number}", f"{TITLES[entity]} {number}") for number in sorted(numbers)]
        found += [*known, (f"{entity}:{more}", f"Another {entity}" if numbers else TITLES[entity])]
    rest = [(f"{entity}:0", TITLES[entity]) for entity in (Entity.PLACE, Entity.CONCERN, Entity.REFERRER)]
    return (*found, *rest)


def _title(each: ClaimView) -> str:
    named = TITLES.get(Entity(each.entity), each.entity)
    return f"{named} {each.entity_no}" if each.entity_no else named


def _is_unsettled(each: ClaimView) -> bool:
    return each.status == ClaimStatus.PROPOSED
