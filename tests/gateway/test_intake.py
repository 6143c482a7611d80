"""Accept: kept once, numbered without gaps, chained, and only then answered."""

import asyncio
import hashlib

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import col, select

from channels.contract import NotKept, Purpose
from gateway.core import Core
from gateway.verifying import faults
from storage.message import Content, Message
from storage.work import Work
from tests.builders import a_message


def rows(core: Core) -> list[Message]:
    with core.database.reading() as session:
        return list(session.exec(select(Message).order_by(col(Message.ledger_no))))


async def test_a_message_is_kept_with_its_exact_bytes(core: Core) -> None:
    body = b"\x00\xff exactly \r\n this"
    receipt = await core.intake.accept(a_message(body))
    row = rows(core)[0]
    assert row.reference == receipt.reference
    assert row.sha256 == hashlib.sha256(body).hexdigest()
    with core.database.reading() as session:
        assert core.contents.of_message(session, row) == body


async def test_a_large_message_is_kept_in_a_sealed_file(core: Core) -> None:
    body = b"x" * 200_000
    await core.intake.accept(a_message(body))
    with core.database.reading() as session:
        row = session.exec(select(Message)).one()
        assert session.get_one(Content, row.id).body is None
        assert core.contents.of_message(session, row) == body
    assert list(core.blobs.names()) == [row.sha256]


async def test_what_is_kept_is_not_readable_on_the_disk_without_the_key(core: Core) -> None:
    await core.intake.accept(a_message(b"a sentence nobody else may read", envelope={"from": "07700 900123"}))
    with core.database.reading() as session:
        content = session.exec(select(Content)).one()
    assert b"sentence" not in (content.body or b"")
    assert b"900123" not in content.envelope


async def test_five_identical_posts_at_once_are_one_message(core: Core) -> None:
    raw = a_message(source_key="SM1")
    receipts = await asyncio.gather(*(core.intake.accept(raw) for _ in range(5)))
    assert len({r.reference for r in receipts}) == 1
    assert sum(not r.repeated for r in receipts) == 1
    assert len(rows(core)) == 1


async def test_a_second_process_cannot_keep_the_same_event_twice(core: Core) -> None:
    await core.intake.accept(a_message(source_key="SM1"))
    row = rows(core)[0]
    with pytest.raises(DBAPIError), core.database.transaction() as session:
        session.add(Message(**{**row.model_dump(), "id": "other", "ledger_no": 2}))


async def test_ledger_numbers_have_no_gaps_and_the_chain_holds(core: Core) -> None:
    await asyncio.gather(*(core.intake.accept(a_message(str(n).encode())) for n in range(50)))
    assert [row.ledger_no for row in rows(core)] == list(range(1, 51))
    assert not [fault for fault in faults(core) if fault]


async def test_reports_of_something_known_get_no_ledger_number(core: Core) -> None:
    call = await core.intake.accept(a_message(conversation="call:1"))
    report = a_message(conversation="call:1", purpose=Purpose.REPORT)
    assert (await core.intake.accept(report)).reference == call.reference
    assert [row.ledger_no for row in rows(core) if row.purpose == Purpose.REPORT] == [None]


async def test_a_report_of_an_unknown_call_is_a_contact_by_itself(core: Core) -> None:
    await core.intake.accept(a_message(conversation="call:2", purpose=Purpose.REPORT))
    assert [row.ledger_no for row in rows(core)] == [1]


async def test_the_work_of_reading_is_owed_in_the_same_commit(core: Core) -> None:
    await core.intake.accept(a_message())
    with core.database.reading() as session:
        assert session.exec(select(Work)).one().subject == rows(core)[0].id


async def test_a_database_that_cannot_commit_means_not_received(core: Core) -> None:
    with core.database.transaction() as session:
        session.execute(text("DROP TABLE content"))
    with pytest.raises(NotKept):
        await core.intake.accept(a_message())
    assert rows(core) == []


async def test_one_message_that_cannot_be_kept_does_not_take_the_others_with_it(core: Core) -> None:
    good, bad = a_message(), a_message(media_type=None)
    outcomes = await asyncio.gather(*(core.intake.accept(m) for m in (good, bad, good)), return_exceptions=True)
    assert [isinstance(o, NotKept) for o in outcomes] == [False, True, False]


async def test_an_accept_survives_the_hanging_up_of_its_caller(core: Core) -> None:
    task = asyncio.create_task(core.intake.accept(a_message()))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await core.intake.accept(a_message())
    assert len(rows(core)) == 2


@pytest.mark.parametrize(
    "statement", ["UPDATE message SET sha256 = 'x'", "DELETE FROM message", "UPDATE content SET body = NULL"]
)
async def test_the_database_refuses_to_change_what_was_received(core: Core, statement: str) -> None:
    await core.intake.accept(a_message())
    with pytest.raises(DBAPIError), core.database.transaction() as session:
        session.execute(text(statement))


async def test_whatever_goes_wrong_nobody_is_left_waiting_for_an_answer(core: Core) -> None:
    core.database.close()
    with pytest.raises(NotKept):
        await asyncio.wait_for(core.intake.accept(a_message()), 5)
