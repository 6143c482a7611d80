"""What a call taker types is held against what is known, but for who told us: no number finds what its owner told."""

from __future__ import annotations

from datetime import date

import pytest

from gateway.core import Core
from gateway.deciding import Actor
from gateway.likeness.cluster import Like
from gateway.likeness.typed import Typed, likely
from tests.builders import a_referral

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
CASEY, READER = Actor(name="Casey", role="call_taker"), Actor(name="a program", role="readonly")


def found(core: Core, typed: Typed, actor: Actor = CASEY) -> tuple[Like, ...]:
    with core.database.reading() as session:
        return likely(session, core.seal, actor, typed)


async def test_the_house_the_number_and_the_name_find_what_is_known(core: Core) -> None:
    row = await a_referral(
        core, "Albie Crane (DOB 3/5/2020) is hungry. They live at 9 Elm Row, NT1 2AB.", callback="07700 900101"
    )
    for typed, says in (
        (Typed(address="9 Elm Row", postcode="nt1 2ab"), "Same house"),
        (Typed(name="Albie Crane", born=date(2020, 5, 3)), "Same family name and date of birth"),
        (Typed(name="Albie", address="4 Elm Row"), "Same street and first name"),
    ):
        assert [(like.row.reference, like.reasons[0].says) for like in found(core, typed)] == [(row.reference, says)]


async def test_a_number_finds_what_was_said_of_it_and_never_what_came_from_it(core: Core) -> None:
    await a_referral(core, "The boy is always hungry.", callback="07700 900101")
    await a_referral(core, "A girl cries for hours.", email="ash@example.org")
    said = await a_referral(core, "A worry. Dad's number is 07700 900101.")
    assert [like.row.reference for like in found(core, Typed(phone="07700 900101"))] == [said.reference]
    assert found(core, Typed(email="ash@example.org")) == ()


async def test_nothing_typed_finds_nothing_and_who_is_no_staff_is_told_nothing(core: Core) -> None:
    await a_referral(core, "They live at 9 Elm Row, NT1 2AB.")
    assert found(core, Typed()) == () == found(core, Typed(name="Albie"))
    assert found(core, Typed(address="9 Elm Row", postcode="NT1 2AB"), READER) == ()


async def test_of_many_that_share_a_house_the_newest_few_are_found(core: Core) -> None:
    rows = [await a_referral(core, f"They live at 9 Elm Row, NT1 2AB. It is call {number}.") for number in range(7)]
    likes = found(core, Typed(address="9 Elm Row", postcode="NT1 2AB"))
    assert [like.row.reference for like in likes] == [row.reference for row in reversed(rows[2:])]
