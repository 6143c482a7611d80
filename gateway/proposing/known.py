"""What a referral says already: so that a value is proposed once, and the same child keeps one number throughout."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gateway.claims import Stated, opened
from gateway.proposing.gate import Found, plain
from storage.claim import Claim, Entity
from storage.sealing import Seal

UNLIKE_OTHERS = frozenset({"phone", "email", "postcode", "address", "name", "nhs_number"})
"""Fields whose value belongs to one person or place: who it belongs to is not asked twice."""

NAMED_BY = {
    Entity.CHILD: ("name", "given_name"), Entity.ADULT: ("name",), Entity.PLACE: ("address",),
}  # fmt: skip


class Known:
    """The claims of one referral that stand, whatever a person said of them."""

    def __init__(self, seal: Seal, rows: Sequence[Claim]) -> None:
        self._seal = seal
        self._rows = [(row, opened(seal, row)) for row in rows]

    def add(self, row: Claim) -> None:
        """One more."""
        self._rows.append((row, opened(self._seal, row)))

    def same(self, stated: Stated) -> Claim | None:
        """The claim that says this already."""
        wanted = _values(stated.value, stated.value_norm)
        for row, said in self._rows:
            if row.field != stated.field or not wanted & _values(said.value, said.value_norm):
                continue
            if row.field in UNLIKE_OTHERS or (row.entity, row.entity_no) == (stated.entity, stated.entity_no):
                return row
        return None

    def numbers_for(self, found: Sequence[Found]) -> Mapping[tuple[Entity, int], int]:
        """The number in this referral of each child, adult and place of one text: one known by name keeps its own."""
        numbers: dict[tuple[Entity, int], int] = {}
        for one in found:
            entity, no = one.proposed.entity, one.proposed.entity_no
            if (entity, no) in numbers or entity not in NAMED_BY or (no == 0 and entity is not Entity.PLACE):
                continue
            names = [
                other.proposed.value for other in found
                if (other.proposed.entity, other.proposed.entity_no) == (entity, no)
                and other.proposed.field in NAMED_BY[entity]
            ]  # fmt: skip
            if entity is Entity.PLACE and not names:
                continue
            known = next((number for name in names if (number := self._number_of(entity, name)) is not None), None)
            numbers[entity, no] = known if known is not None else self._next(entity, set(numbers.items()))
        return numbers

    def _number_of(self, entity: Entity, name: str) -> int | None:
        theirs = plain(name).split()
        for row, said in self._rows:
            if row.entity == entity and row.field in NAMED_BY[entity] and _is_named(theirs, plain(said.value).split()):
                return row.entity_no
        return None

    def _next(self, entity: Entity, given: set[tuple[tuple[Entity, int], int]]) -> int:
        """One that nobody has; the first place has none."""
        named = NAMED_BY[entity]
        mine = [row for row, _ in self._rows if row.entity == entity]
        used = {row.entity_no for row in mine if row.field in named or row.entity_no}
        used |= {number for (other, _), number in given if other is entity}
        if entity is Entity.PLACE:
            return max(used) + 1 + (max(used) == 0) if used else 0
        return max(used, default=0) + 1


def _values(value: str, norm: str) -> set[str]:
    return {plain(each) for each in (value, norm) if each}


def _is_named(one: list[str], other: list[str]) -> bool:
    """Whether two names may be one: the same, or the first name alone of the longer one."""
    short, long = sorted((one, other), key=len)
    return short == long or (len(short) == 1 and long[:1] == short)
