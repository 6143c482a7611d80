"""What follows when a person confirms a proposed value, or says whose it really is."""

from __future__ import annotations

from datetime import date

import pytest

from gateway.claims import opened
from gateway.core import Core
from gateway.guards import Actor
from gateway.life_cycle import Incomplete
from gateway.settling import PutRight, settle
from storage import audit, claim, message
from storage.claim import Claim, ClaimStatus, Entity
from storage.message import ArrivedBasis, Message
from storage.referral import Referral
from tests.builders import a_referral
from tests.gateway.proposing.test_keeping import a_part
from tests.gateway.test_arrival import a_letter

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SAM = Actor(name="sam", role="social_worker")
STAMPED = (
    "RECEIVED\n20 NOV 2026\n\n12 November 2026\n\nDear Sir\n\nThe boy is called Albie Crane. His nan's number is "
    "01632 960847.\n"
)


async def a_stamped_letter(core: Core) -> Referral:
    """A letter that was scanned on Monday and has the stamp of the Friday before."""
    row = await a_letter(core)
    a_part(core, row, STAMPED)
    return row


def the(core: Core, row: Referral, field: str) -> Claim:
    with core.database.reading() as session:
        found = claim.of_referrals(session, [row.id or 0])
    return next(each for each in found if each.field == field)


def settled(core: Core, row: Referral, about: str, status: str = "confirmed", **right: str | int) -> Claim:
    with core.database.transaction() as session:
        held = session.get_one(Referral, row.id)
        wanted = PutRight(**right)  # type: ignore[arg-type]
        return settle(session, core, held, SAM, the(core, row, about).id, status=status, right=wanted)


def seen(core: Core, row: Referral) -> tuple[Referral, Message]:
    with core.database.reading() as session:
        (letter,) = message.of_referrals(session, [row.id or 0])
        return session.get_one(Referral, row.id), letter


async def test_the_stamp_on_a_letter_starts_the_clock_once_a_person_confirms_it(core: Core) -> None:
    row = await a_stamped_letter(core)
    assert seen(core, row)[1].arrived_on is None and the(core, row, "written_on").value_norm == ""
    settled(core, row, "arrived_on")
    after, letter = seen(core, row)
    assert (letter.arrived_on, letter.arrived_basis, letter.arrived_by) == (
        date(2026, 11, 20), ArrivedBasis.DATE_STAMP, "sam",
    )  # fmt: skip
    assert after.look_by < row.look_by


async def test_a_stamp_read_wrongly_is_put_right_and_a_day_that_cannot_be_is_refused(core: Core) -> None:
    row = await a_stamped_letter(core)
    with pytest.raises(Incomplete):
        settled(core, row, "arrived_on", "corrected", value="20 December 2026")
    settled(core, row, "arrived_on", "corrected", value="19 November 2026")
    assert seen(core, row)[1].arrived_on == date(2026, 11, 19)


async def test_a_stamp_on_what_is_no_letter_moves_no_clock(core: Core) -> None:
    row = await a_referral(core, "A note of a letter")
    a_part(core, row, STAMPED)
    settled(core, row, "arrived_on")
    assert seen(core, row)[1].arrived_on is None


async def test_a_child_is_known_once_a_name_is_confirmed_and_not_before(core: Core) -> None:
    row = await a_stamped_letter(core)
    settled(core, row, "name", "rejected")
    assert not seen(core, row)[0].child_known
    settled(core, row, "name")
    assert seen(core, row)[0].child_known


async def test_a_value_is_given_to_whom_it_really_is(core: Core) -> None:
    row = await a_stamped_letter(core)
    stands = settled(core, row, "phone", "corrected", entity="referrer")
    assert (stands.entity, stands.entity_no, stands.field, stands.status) == ("referrer", 0, "phone", "confirmed")
    said = opened(core.seal, stands)
    assert (said.value, said.value_norm, said.words) == ("01632 960847", "+441632960847", "01632 960847")
    assert stands.sealed_value and stands.identifies_referrer and stands.supersedes
    with core.database.reading() as session:
        lines = [each.what for each in audit.of_referrals(session, [row.id or 0])]
        before = session.get_one(Claim, stands.supersedes)
    assert before.status == ClaimStatus.CORRECTED and "01632" not in " ".join(lines)
    assert any(each.startswith("Put right:") and "which is who told us" in each for each in lines)


async def test_a_name_given_to_another_child_keeps_its_words_and_value(core: Core) -> None:
    row = await a_stamped_letter(core)
    stands = settled(core, row, "name", "corrected", value="Albie Crane", entity="child", entity_no=2)
    assert (stands.entity, stands.entity_no, stands.value, stands.words) == (
        Entity.CHILD,
        2,
        "Albie Crane",
        "Albie Crane",
    )


WRONG: tuple[tuple[dict[str, str | int], str], ...] = (
    ({}, "value"),
    ({"entity": "nobody", "value": "x"}, "entity"),
    ({"entity": "child", "entity_no": 100}, "entity"),
    ({"field": "Not a field", "value": "x"}, "field"),
)


async def test_what_nobody_can_be_given_is_refused(core: Core) -> None:
    row = await a_stamped_letter(core)
    for right, field in WRONG:
        with pytest.raises(Incomplete) as refused:
            settled(core, row, "name", "corrected", **right)
        assert refused.value.field == field
