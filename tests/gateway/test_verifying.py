"""Verify names whatever is wrong, whatever was taken away, and while the gateway goes on working."""

import pytest
from sqlmodel import select, text

from gateway.core import Core
from gateway.verifying import PAGE, faults, how_much
from storage.attachment import Attachment
from storage.message import Message
from tests.builders import a_message, a_referral


def found(core: Core) -> list[str]:
    return [fault for fault in faults(core) if fault]


async def test_a_message_whose_bytes_were_deleted_is_named(core: Core) -> None:
    for _ in range(3):
        await core.intake.accept(a_message())
    with core.database.transaction() as session:
        second = session.exec(select(Message).where(Message.ledger_no == 2)).one()
        session.execute(text("DELETE FROM content WHERE message_id = :id"), {"id": second.id})
    assert found(core) == ["ledger number 2: its bytes are missing"]


async def test_a_part_whose_message_is_gone_is_named(core: Core) -> None:
    row = await a_referral(core)
    with core.database.transaction() as session:
        session.add(
            Attachment(
                message_id="gone", referral_id=row.id or 0, position=1, channel="email", name="x", media_type="x",
                sha256="0" * 64,
            )
        )  # fmt: skip
    assert [fault.split(": ")[1] for fault in found(core)] == ["its file is missing"]


@pytest.mark.parametrize("count", [PAGE, PAGE + 1])
async def test_every_part_is_looked_at_however_many_there_are(core: Core, count: int) -> None:
    row = await a_referral(core)
    with core.database.transaction() as session:
        session.add_all(
            Attachment(
                message_id="gone", referral_id=row.id or 0, position=n, channel="email", name="x", media_type="x",
                sha256="0" * 64,
            )
            for n in range(count)
        )  # fmt: skip
    assert len(found(core)) == count
    assert len(list(faults(core))) == how_much(core)


async def test_mail_that_comes_meanwhile_is_no_fault(core: Core) -> None:
    for _ in range(3):
        await core.intake.accept(a_message())
    looking = faults(core)
    seen = [next(looking)]
    await core.intake.accept(a_message())
    assert [fault for fault in [*seen, *looking] if fault] == []
