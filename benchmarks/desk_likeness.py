"""What years of reports have in common, invented: the keys of all, and reports whose keys are not written yet."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from sqlmodel import Session

from benchmarks.many_referrals import ONE_OPEN_IN
from gateway.clock import now
from gateway.core import Core
from gateway.likeness.keys import plain
from gateway.likeness.kinds import Same
from storage import direct
from storage.claim import Claim, Entity
from storage.sealing import Seal

FRESH = 240
"""So many open reports have their values and no key yet: what the next step on them, a rating, writes."""
HUBS = 200
STREET_NAMES = 2_000
COLUMNS = ("key", "referral_id", "kind", "of_sender", "is_checked")
Line = tuple[str, int, str, bool, bool]


@dataclass(frozen=True, kw_only=True)
class Told:
    """What is told of the child in one report; the numbers are of no telephone and no person."""

    nhs_number: str
    address: str
    family: str
    born: str


def told_in(number: int, size: int) -> Told:
    """Three reports name the same pupil number, five the same house, two the same name and day of birth."""
    house, pair = number % max(1, size // 5), number % max(1, size // 2)
    return Told(
        nhs_number=f"{number % max(1, size // 3):010}",
        address=f"{house % 199 + 1} Mill Lane, NZ{house // 199 % 90 + 1} {house // 17910 % 10}{_two(house // 179100)}",
        family=f"Invented{pair // 3650}", born=f"{2010 + pair % 10}-{pair % 12 + 1:02}-{pair // 12 % 28 + 1:02}",
    )  # fmt: skip


def fresh_ones(size: int) -> list[int]:
    """Their numbers, from all years."""
    among = size // ONE_OPEN_IN
    count = min(FRESH, among)
    return [ONE_OPEN_IN * (1 + place * among // count) for place in range(count)]


def keep_likeness(core: Core, size: int) -> None:
    """The keys of all but the fresh ones, which have claims: no statistics are gathered, as of a young database."""
    fresh = frozenset(fresh_ones(size))
    for kind in (Same.NUMBER, Same.HOME, Same.BORN, Same.PHONE, Same.STREET_NAME):
        lines = sorted(_lines(core.seal, kind, size, fresh))
        with core.database.transaction() as session:
            _write(session, lines)
    with core.database.transaction() as session:
        session.add_all(claim for number in sorted(fresh) for claim in _claims(number, told_in(number, size)))
        opened = f"UPDATE referral SET state = 'in_triage' WHERE id IN ({direct.marks(len(fresh))})"
        direct.change(session, opened, sorted(fresh))


def _lines(seal: Seal, kind: Same, size: int, fresh: frozenset[int]) -> Iterator[Line]:
    """A telephone of many (a school's) and a common street and first name say nothing, and are there all the same."""
    chance, named = random.Random(11), dict[str, str]()
    every = {Same.NUMBER: 2, Same.HOME: 3, Same.BORN: 4}.get(kind, 1)
    for number in range(1, size + 1):
        skewed = int(STREET_NAMES * chance.random() ** 2.5)
        if number % every or number in fresh:
            continue
        value = _value(kind, number, size, skewed)
        if value not in named:
            named[value] = seal.blind(f"like:{kind}:{value}")[:40]
        yield named[value], number, str(kind), False, kind is not Same.STREET_NAME


def _value(kind: Same, number: int, size: int, skewed: int) -> str:
    told = told_in(number, size)
    house, _, code = told.address.partition(" Mill Lane, ")
    return {
        Same.NUMBER: f"nhs_number:{told.nhs_number}", Same.HOME: f"{code.replace(' ', '').casefold()}:{house}",
        Same.BORN: f"{plain(told.family)}:{told.born}", Same.PHONE: f"hub {number % HUBS}",
    }.get(kind, f"street {skewed}")  # fmt: skip


def _claims(number: int, told: Told) -> list[Claim]:
    said = (
        (Entity.CHILD, "nhs_number", told.nhs_number), (Entity.PLACE, "address", told.address),
        (Entity.CHILD, "family_name", told.family), (Entity.CHILD, "dob", told.born),
    )  # fmt: skip
    return [
        Claim(
            referral_id=number, message_id=f"a{number:031x}", entity=entity, entity_no=1, field=field, value=value,
            value_norm=value, words="", extractor="benchmark", identifies_referrer=False, made_at=now(),
        )
        for entity, field, value in said
    ]  # fmt: skip


def _write(session: Session, lines: list[Line]) -> None:
    """By the quickest way each driver has."""
    cursor = session.connection().connection.cursor()
    if direct.is_sqlite(session.connection()):
        cursor.executemany(f"INSERT INTO likeness ({', '.join(COLUMNS)}) VALUES (?, ?, ?, ?, ?)", lines)
    else:
        with cursor.copy(f"COPY likeness ({', '.join(COLUMNS)}) FROM STDIN") as copy:
            for line in lines:
                copy.write_row(line)
    cursor.close()


def _two(number: int) -> str:
    return f"{'ABDEFGHJ'[number % 8]}{'LNPQRSTU'[number // 8 % 8]}"
