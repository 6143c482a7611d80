"""While the database is away nobody is refused: held in order, told a reference that stays theirs, and drained."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlmodel import col, func, select

from channels.contract import Purpose, Receipt
from gateway import reference
from gateway.clock import now
from gateway.core import Core, build_core, open_core
from gateway.settings import Settings
from gateway.verifying import faults
from storage.blobs import open_blobs
from storage.database import Database
from storage.message import Message
from storage.reserve import Reserved
from storage.sealing import Seal
from tests.builders import a_message
from tests.outages import Outage, outage, own_cluster

__all__ = ["outage", "own_cluster"]

KEY = b"k" * 32


def settings_for(folder: Path, url: str) -> Settings:
    return Settings(data_dir=folder / "data", database_url=url, http="", smtp="")


def opened(folder: Path, url: str, *, may_wait: bool = False) -> Core:
    data = folder / "data"
    data.mkdir(exist_ok=True)
    if not (data / "key").exists():
        (data / "key").write_bytes(KEY)
    return open_core(settings_for(folder, url), may_wait=may_wait)


@pytest.fixture
async def away(tmp_path: Path, outage: Outage) -> AsyncIterator[Core]:
    """A gateway whose database can go away, with references set aside."""
    core = opened(tmp_path, outage.url)
    await core.intake.draining.begin()
    await core.intake.draining._providing.look_after()
    yield core
    outage.end()
    await core.intake.draining.close()
    core.close()


def rows(core: Core) -> list[Message]:
    with core.database.reading() as session:
        return list(session.exec(select(Message).order_by(col(Message.ledger_no))))


async def drained(core: Core, seconds: float = 40) -> None:
    begun = time.monotonic()
    while core.intake.holding.is_in_force:
        assert time.monotonic() - begun < seconds, "not drained"
        await asyncio.sleep(0.02)


async def test_what_comes_while_the_database_is_away_is_in_the_ledger_afterwards(away: Core, outage: Outage) -> None:
    before = [await away.intake.accept(a_message(b"before %d" % n)) for n in range(3)]
    outage.begin()
    begun = time.monotonic()
    held = [await away.intake.accept(a_message(b"meanwhile 0"))]
    assert time.monotonic() - begun < 12  # the telephony provider waits for 15 s
    begun = time.monotonic()
    held += [await away.intake.accept(a_message(b"meanwhile %d" % n)) for n in range(1, 20)]
    assert time.monotonic() - begun < 12
    assert away.intake.holding.spool.count == 20
    outage.end()
    await drained(away)
    after = [await away.intake.accept(a_message(b"after"))]
    kept = rows(away)
    assert [row.reference for row in kept] == [receipt.reference for receipt in (*before, *held, *after)]
    assert [row.ledger_no for row in kept] == list(range(1, 25))
    assert [fault for fault in faults(away) if fault] == []
    assert list((away.settings.data_dir / "spool").glob("*/*.records")) == []


async def test_under_load_nothing_is_missing_or_twice_when_it_comes_and_goes(away: Core, outage: Outage) -> None:
    told: list[tuple[str, Receipt]] = []

    async def sender(name: int) -> None:
        for number in range(40):
            key = f"{name}-{number}"
            told.append((key, await away.intake.accept(a_message(key.encode(), source_key=key))))
            await asyncio.sleep(0.02)

    async def faults_strike() -> None:
        for _ in range(2):
            await asyncio.sleep(0.3)
            await asyncio.to_thread(outage.begin)
            await asyncio.sleep(0.5)
            await asyncio.to_thread(outage.end)

    await asyncio.gather(*(sender(name) for name in range(5)), faults_strike())
    told.append(("the last", await away.intake.accept(a_message(b"the last", source_key="the last"))))
    await drained(away)
    kept = {row.source_key: row.reference for row in rows(away)}
    assert len(rows(away)) == 201
    assert kept == {key: receipt.reference for key, receipt in told}
    assert len({receipt.reference for _, receipt in told}) == 201
    assert [row.ledger_no for row in rows(away)] == list(range(1, 202))
    assert [fault for fault in faults(away) if fault] == []


async def test_much_that_an_ended_process_held_costs_nothing_of_what_is_held_behind_it(
    tmp_path: Path, outage: Outage
) -> None:
    first = opened(tmp_path, outage.url)
    await first.intake.draining._providing.look_after()
    outage.begin()
    first.intake.holding.spool._segment_bytes = 1000
    before = [await first.intake.accept(a_message(b"before %d" % n)) for n in range(6)]
    first.intake.holding.spool._folders.close()
    await first.intake.draining.close()
    second = opened_again(tmp_path, outage)
    await second.intake.draining.begin()
    behind = [await second.intake.accept(a_message(b"behind %d" % n)) for n in range(30)]
    outage.end()
    await drained(second)
    assert [row.reference for row in rows(second)] == [receipt.reference for receipt in (*before, *behind)]
    await second.intake.draining.close()
    first.close()
    second.close()


async def test_a_repeat_gets_the_reference_of_the_first_wherever_that_is(away: Core, outage: Outage) -> None:
    kept, held = a_message(source_key="kept"), a_message(source_key="held")
    first = await away.intake.accept(kept)
    outage.begin()
    second = await away.intake.accept(held)
    again = await asyncio.gather(away.intake.accept(kept), away.intake.accept(held), away.intake.accept(held))
    assert [receipt.reference for receipt in again] == [first.reference, second.reference, second.reference]
    assert all(receipt.repeated for receipt in again)
    outage.end()
    await drained(away)
    later = await away.intake.accept(held)
    assert (later.reference, later.repeated) == (second.reference, True)
    assert len(rows(away)) == 2


async def test_five_of_one_event_at_once_are_held_once(away: Core, outage: Outage) -> None:
    outage.begin()
    raw = a_message(source_key="SM1")
    receipts = await asyncio.gather(*(away.intake.accept(raw) for _ in range(5)))
    assert len({receipt.reference for receipt in receipts}) == 1
    assert away.intake.holding.spool.count == 1


async def test_a_call_that_began_before_keeps_its_reference(away: Core, outage: Outage) -> None:
    begun = await away.intake.accept(a_message(conversation="call:1"))
    outage.begin()
    goes_on = await away.intake.accept(a_message(conversation="call:1", purpose=Purpose.REPORT))
    other = await away.intake.accept(a_message(conversation="call:2"))
    other_goes_on = await away.intake.accept(a_message(conversation="call:2", purpose=Purpose.REPORT))
    assert goes_on.reference == begun.reference
    assert other_goes_on.reference == other.reference != begun.reference
    outage.end()
    await drained(away)
    assert sorted(row.ledger_no for row in rows(away) if row.ledger_no) == [1, 2]


async def test_references_told_meanwhile_were_set_aside_and_are_used_up_afterwards(away: Core, outage: Outage) -> None:
    with away.database.reading() as session:
        assert session.exec(select(func.count()).select_from(Reserved)).one() == 2000
    assert away.intake.holding.reserve.count == 2000
    outage.begin()
    told = await away.intake.accept(a_message())
    outage.end()
    await drained(away)
    with away.database.reading() as session:
        assert session.get(Reserved, told.reference) is None
        assert session.exec(select(func.count()).select_from(Reserved)).one() == 1999


async def test_a_reference_set_aside_is_drawn_by_nobody_else(core: Core, monkeypatch: pytest.MonkeyPatch) -> None:
    await core.intake.draining._providing.look_after()
    (taken, *_) = core.intake.holding.reserve.left()
    drawn = iter([taken, taken])
    real = reference.draw
    monkeypatch.setattr(reference, "draw", lambda: next(drawn, None) or real())
    assert (await core.intake.accept(a_message())).reference != taken


async def test_after_a_kill_what_was_held_is_known_at_the_next_start(tmp_path: Path, outage: Outage) -> None:
    """The first process is left as a kill leaves it: nothing is closed but what the system closes."""
    core = opened(tmp_path, outage.url)
    await core.intake.draining._providing.look_after()
    outage.begin()
    held = [await core.intake.accept(a_message(source_key=f"key-of-{n}")) for n in range(5)]
    core.intake.holding.spool._folders.close()
    await core.intake.draining.close()
    again = opened_again(tmp_path, outage)
    await again.intake.draining.begin()
    repeat = await again.intake.accept(a_message(source_key="key-of-3"))
    assert (repeat.reference, repeat.repeated) == (held[3].reference, True)
    more = await again.intake.accept(a_message(source_key="more"))
    assert more.reference not in {receipt.reference for receipt in held}
    outage.end()
    await drained(again)
    assert [row.reference for row in rows(again)] == [receipt.reference for receipt in (*held, more)]
    await again.intake.draining.close()
    core.close()
    again.close()


def opened_again(folder: Path, outage: Outage) -> Core:
    """As ``serve`` opens it; SQLite's lock would be waited for half a minute first, so there it is not asked."""
    if outage.url.startswith("postgresql"):
        return opened(folder, outage.url, may_wait=True)
    seal, settings = Seal(KEY), settings_for(folder, outage.url)
    core = build_core(
        settings, clock=now, seal=seal, database=Database(outage.url), blobs=open_blobs(settings.blobs, seal)
    )
    core.intake.draining.wait_for_database(lambda: None)
    return core
