"""Each report of a period with each child a person has confirmed in it: what every statutory list is made from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlmodel import Session

from gateway import working_days
from gateway.desk_words import NOT_A_REPORT
from storage import claim, exported
from storage.claim import Claim, ClaimStatus, Entity
from storage.referral import Referral

ONE_DAY = timedelta(days=1)
DECIDED_NOT_TO_ACT = "nfa"
CHILD_IN_NEED = frozenset({"s17", "s47"})


@dataclass(frozen=True, kw_only=True)
class Child:
    """One child, as far as a person has confirmed it; ``number`` counts the children of one report from 1."""

    number: int
    born: date | None = None
    sex: str = ""
    ethnicity: str = ""


@dataclass(frozen=True, kw_only=True)
class Case:
    """One report about one child, or about nobody whose name, birth or sex was confirmed (``child`` is None)."""

    reference: str
    received_on: date
    source: str
    need: str
    decision: str
    child: Child | None

    @property
    def child_id(self) -> str:
        """Ours: a child of two reports has two, for who is the same child is for the case system to say."""
        return f"{self.reference}-{self.child.number}" if self.child else self.reference

    @property
    def is_referral(self) -> bool:
        """Decided as children's social care decides: to act on it as a child in need, or not to act."""
        return self.decision == DECIDED_NOT_TO_ACT or self.decision in CHILD_IN_NEED


def cases(session: Session, first: date, last: date) -> Iterator[Case]:
    """Everything received on these days and those between, on a London calendar, in strict order of receipt."""
    begin, end = (working_days.at_clock(day, time(0)) for day in (first, last + ONE_DAY))
    for rows in exported.of_period(session, begin, end, but=NOT_A_REPORT):
        children = _children(claim.of_referrals(session, [row.id or 0 for row in rows]))
        for row in rows:
            for child in children.get(row.id or 0) or (None,):
                yield _case(row, child)


def _case(row: Referral, child: Child | None) -> Case:
    return Case(
        reference=row.reference, received_on=_day(row.received_at), source=row.contact_source_code,
        need=row.primary_need_code, decision=row.decision_code or "", child=child,
    )  # fmt: skip


def _children(claims: Sequence[Claim]) -> dict[int, list[Child]]:
    """Of each referral, only of what a person confirmed and what cannot tell who told us."""
    told: dict[int, dict[int, dict[str, Claim]]] = {}
    for each in claims:
        is_sure = each.status == ClaimStatus.CONFIRMED and not each.identifies_referrer
        if is_sure and each.entity == Entity.CHILD:
            told.setdefault(each.referral_id, {}).setdefault(max(1, each.entity_no), {})[each.field] = each
    return {about: [_child(number, said) for number, said in sorted(those.items())] for about, those in told.items()}


def _child(number: int, said: dict[str, Claim]) -> Child:
    def of(field: str) -> str:
        return (said[field].value_norm or said[field].value).strip() if field in said else ""

    return Child(number=number, born=_born(of("dob")), sex=of("sex").lower(), ethnicity=of("ethnicity").upper())


def _born(value: str) -> date | None:
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _day(at: datetime) -> date:
    return working_days.in_london(at).date()
