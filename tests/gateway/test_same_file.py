"""The same scan twice is kept twice, and nobody works its letters twice without knowing."""

from __future__ import annotations

import pytest
from sqlmodel import col, select

from gateway.core import Core
from storage import audit
from storage.message import Message
from storage.referral import Referral
from tests.builders import a_message, read_all
from tests.gateway.dividing.scans import letters_with_separators


async def hand_in(core: Core, body: bytes, *, key: str, media_type: str) -> None:
    raw = a_message(body, channel="letter", source_key=key, media_type=media_type, envelope={"name": "post"})
    await core.intake.accept(raw)
    await read_all(core)


def referrals(core: Core) -> list[Referral]:
    with core.database.reading() as session:
        query = select(Referral).join(Message, col(Message.referral_id) == col(Referral.id))
        return list(session.exec(query.order_by(col(Message.ledger_no))))


def said_of_it(core: Core, row: Referral) -> list[str]:
    with core.database.reading() as session:
        lines = audit.of_referrals(session, [row.id or 0])
    return [line.what for line in lines if line.what.startswith("The same file")]


async def test_the_letters_of_a_scan_that_came_before_are_linked_each_with_the_one_in_its_place(core: Core) -> None:
    for key in ("folder:1", "handed:2"):
        await hand_in(core, letters_with_separators([1, 1]), key=key, media_type="application/pdf")
    first, second, first_again, second_again = referrals(core)
    for before, again in ((first, first_again), (second, second_again)):
        assert (before.linked_to, again.linked_to) == (again.reference, before.reference)
        assert said_of_it(core, before) == [f"The same file came again as {again.reference}: see there"]
        assert said_of_it(core, again) == [f"The same file came before as {before.reference}: see there"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_another_file_and_the_letters_of_one_scan_are_not_linked(core: Core) -> None:
    await hand_in(core, letters_with_separators([1, 1]), key="folder:1", media_type="application/pdf")
    await hand_in(core, b"Please look in on Ellis", key="folder:2", media_type="text/plain")
    found = referrals(core)
    assert len(found) == 3
    assert [(row.linked_to, said_of_it(core, row)) for row in found] == [(None, [])] * 3
