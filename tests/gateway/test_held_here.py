"""What lies in the spool is seen from outside: by check, verify, metrics and backup; losses come before a person."""

import asyncio
from pathlib import Path

import httpx
from sqlmodel import select

from channels.contract import Purpose, RawMessage
from gateway import backing_up, held_here
from gateway.app import build_app
from gateway.core import Core, build_core, open_core
from gateway.settings import Settings
from gateway.verifying import faults
from gateway.wiring import wire_channels
from storage.message import Message
from storage.referral import Referral
from storage.spool_records import records_in
from storage.spool_segments import segments_in
from tests.builders import a_message, read_all
from tests.fakes import MovableClock


def another_process(core: Core) -> Core:
    return build_core(core.settings, clock=core.clock, seal=core.seal, database=core.database, blobs=core.blobs)


async def hold(core: Core, *messages: RawMessage) -> list[str]:
    """Accepted while the database is away, and left as a kill leaves it."""
    core.intake.draining.wait_for_database(_still_away)
    told = [(await core.intake.accept(one)).reference for one in messages]
    await core.intake.draining.close()
    core.intake.holding.close()
    return told


def _still_away() -> None:
    raise ConnectionError


async def drain(core: Core) -> None:
    await core.intake.draining.begin()
    async with asyncio.timeout(20):
        while core.intake.holding.is_in_force:
            await asyncio.sleep(0.02)
    await core.intake.draining._providing.look_after()


def rows(core: Core) -> list[Message]:
    with core.database.reading() as session:
        return sorted(session.exec(select(Message)).all(), key=lambda row: row.ledger_no or 0)


def damage(core: Core, sequence: int, offset_from_end: int = 1) -> None:
    """One byte of one record on the disk."""
    (folder,) = (path for path in (core.settings.data_dir / "spool").iterdir() if path.name != "set-aside")
    (segment,) = segments_in(folder)
    content = bytearray(segment.read_bytes())
    (found,) = (one for one in records_in(bytes(content)) if getattr(one, "sequence", 0) == sequence)
    content[found.end - offset_from_end] ^= 0xFF
    segment.write_bytes(content)


async def test_what_is_held_on_this_host_is_a_promise_not_kept_yet(core: Core, clock: MovableClock) -> None:
    since = clock()
    told = await hold(another_process(core), a_message(), a_message())
    (broken,) = held_here.broken(core, clock())
    assert (broken.rule, broken.reference, broken.since) == ("spooled", told[0], since)
    assert broken.what == "2 received on this host, held in its spool and not in the database yet"
    await drain(core)
    assert held_here.broken(core, clock()) == []


async def test_the_api_and_verify_know_the_spool(core: Core) -> None:
    await hold(another_process(core), a_message(), a_message())
    assert [fault for fault in faults(core) if fault] == []
    damage(core, 2)
    assert any("damaged" in fault for fault in faults(core))
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(build_app(core, wire_channels(core))), base_url="http://frontdoor.example"
    ) as web:
        found = await web.get("/api/v1/check", headers={"Authorization": "Bearer administrator-for-tests"})
    assert "spooled" in {one["rule"] for one in found.json()}


async def test_a_damaged_record_comes_before_a_person_with_the_reference_that_was_told(core: Core) -> None:
    told = await hold(another_process(core), *(a_message() for _ in range(3)))
    damage(core, 2)
    await drain(core)
    assert [row.reference for row in rows(core)][:2] == [told[0], told[2]]
    await read_all(core)
    with core.database.reading() as session:
        note = session.exec(select(Referral).where(Referral.channel == "note")).one()
        message = session.exec(select(Message).where(Message.channel == "note")).one()
    assert told[1] in message.text
    assert "cannot be opened" in note.summary
    assert [one.reference for one in held_here.broken(core, core.clock())] == [told[1]]
    await drain(another_process(core))
    assert len(rows(core)) == 3


async def test_a_held_message_that_no_database_would_take_is_set_aside_and_the_rest_goes_on(core: Core) -> None:
    bad = a_message(media_type=None)
    told = await hold(another_process(core), a_message(), bad, a_message())
    await drain(core)
    assert [row.reference for row in rows(core)][:2] == [told[0], told[2]]
    assert [one.reference for one in held_here.broken(core, core.clock())] == [told[1]]


async def test_two_processes_hold_at_once_and_a_repeat_at_the_other_is_a_repeat(core: Core) -> None:
    one, two = another_process(core), another_process(core)
    for each in (one, two):
        each.intake.draining.wait_for_database(_still_away)
    first = await one.intake.accept(a_message(source_key="SM1", conversation="call:1"))
    again = await two.intake.accept(a_message(source_key="SM1", conversation="call:1"))
    more = await two.intake.accept(a_message(conversation="call:1", purpose=Purpose.REPORT))
    other = await two.intake.accept(a_message())
    assert (again.reference, again.repeated, more.reference) == (first.reference, True, first.reference)
    await two.intake.draining.close()
    two.intake.holding.close()
    await one.intake.draining.close()
    one.intake.draining.wait_for_database(lambda: None)
    await drain(one)
    assert {row.reference for row in rows(core)} == {first.reference, other.reference}
    assert len(rows(core)) == 3


async def test_the_reserve_of_a_process_that_ended_is_used_by_the_next(core: Core) -> None:
    one, two = another_process(core), another_process(core)
    await one.intake.draining._providing.look_after()
    one.intake.draining.wait_for_database(_still_away)
    told = (await one.intake.accept(a_message())).reference
    left = set(one.intake.holding.reserve.left())
    await one.intake.draining.close()
    one.intake.holding.close()
    two.intake.draining.wait_for_database(_still_away)
    await two.intake.draining.begin()
    assert set(two.intake.holding.reserve.left()) == left
    assert told not in left
    await two.intake.draining.close()
    two.intake.holding.close()


async def test_the_metrics_tell_what_is_held(core: Core) -> None:
    core.intake.draining.wait_for_database(_still_away)
    await core.intake.accept(a_message())
    transport = httpx.ASGITransport(build_app(core, wire_channels(core)))
    async with httpx.AsyncClient(transport=transport, base_url="http://frontdoor.example") as web:
        told = (await web.get("/metrics")).text
    await core.intake.draining.close()
    for name in ("messages 1.0", "oldest_seconds 0.0", "set_aside 0.0", "broken_off 0.0"):
        assert f"frontdoor_spool_{name}" in told
    assert "frontdoor_reserved_references 0.0" in told
    assert "frontdoor_open_referrals" not in told


async def test_a_backup_holds_what_the_spool_held_and_a_restore_drains_it(tmp_path: Path) -> None:
    core = open_core(Settings(data_dir=tmp_path / "data"))
    first = await core.intake.accept(a_message())
    told = await hold(core, a_message(b"held"), a_message(b"x" * 100_000))
    backing_up.back_up(core, tmp_path / "copy", quiet=True)
    core.close()
    settings = Settings(data_dir=tmp_path / "elsewhere")
    backing_up.restore(settings, tmp_path / "copy", quiet=True)
    (tmp_path / "elsewhere" / "key").write_bytes((tmp_path / "data" / "key").read_bytes())
    restored = open_core(settings)
    await drain(restored)
    assert [row.reference for row in rows(restored)] == [first.reference, *told]
    assert [fault for fault in faults(restored) if fault] == []
    restored.close()
