"""What callers say is on the disk while they say it and in their call's referral when they end, whatever breaks."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import select

from channels.calls.events import KeysPressed
from channels.calls.keeping import to_keep
from channels.calls.steps import SoFar, StepName
from channels.contract import Address, AddressClass, Purpose
from gateway import checking
from gateway.core import Core, build_core
from gateway.live.capturing import MOST_STREAMS, MOST_UNWRITTEN, _within_bounds
from storage.audit import Audit
from storage.capture import CaptureState
from storage.message import Message
from storage.referral import Referral
from storage.sealing import Seal
from storage.stream_sound import SET_ASIDE, Piece, pieces_of
from tests.builders import a_message, read_all
from tests.fakes import MovableClock
from tests.gateway.live.caller import began, handed_in, listening, rows, sound_of, speak, spoken

only_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def referrals(core: Core) -> list[Referral]:
    with core.database.reading() as session:
        return list(session.exec(select(Referral).order_by(Referral.ledger_no)))  # type: ignore[arg-type]


async def test_a_call_that_left_only_a_stream_is_a_referral_with_every_sample(core: Core) -> None:
    async with listening(core):
        hearing = core.capturing.begin(began())
        assert hearing is not None
        sound = os.urandom(8000 * 3)
        speak(hearing, sound)
        hearing.end()
        [part] = await handed_in(core)
    assert sound_of(core, part) == sound
    [row] = referrals(core)
    assert (row.channel, part.referral_id, part.media_type) == ("phone", row.id, "audio/wav")
    assert part.voice_seconds == pytest.approx(3.0, abs=0.1)
    with core.database.reading() as session:
        [capture] = rows(session)
    assert (capture.state, capture.seconds, capture.gaps, capture.caller) == (CaptureState.KEPT, 3.0, 0, "mobile")


@only_sqlite
async def test_what_has_been_said_is_on_the_disk_within_half_a_second_and_nothing_of_it_in_the_clear(
    core: Core, seal: Seal
) -> None:
    async with listening(core):
        hearing = core.capturing.begin(began())
        assert hearing is not None
        speak(hearing, sound := os.urandom(8000))
        await asyncio.sleep(0.6)
        [name] = core.capturing.sounds.names()
        _, *pieces = pieces_of(core.capturing.sounds.root, seal, name)
        assert b"".join(piece.sound for piece in pieces) == sound
        async with asyncio.timeout(10):  # a slow disk says late that it has what it has
            while core.capturing.kept_seconds != 1.0:
                await asyncio.sleep(0.01)
        assert core.capturing.running == 1


async def test_the_stream_joins_its_call_and_never_makes_a_second_referral(core: Core) -> None:
    opening = a_message(channel="phone", conversation="call:CA7", media_type="application/x-www-form-urlencoded",
                        body=b"CallSid=CA7&From=%2B447700900123&CallStatus=completed", envelope={"step": "call-status"},
                        purpose=Purpose.REPORT)  # fmt: skip
    async with listening(core):
        both = [core.capturing.begin(began("CA7")) for _ in range(2)]
        for hearing in both:
            assert hearing is not None
            speak(hearing, spoken(1))
        await core.intake.accept(opening)
        await read_all(core)
        for hearing in both:
            assert hearing is not None
            hearing.end()
            hearing.end()
        parts = await handed_in(core)
    [row] = referrals(core)
    assert [part.referral_id for part in parts] == [row.id, row.id]


@only_sqlite
async def test_the_next_process_hands_in_what_a_dead_one_heard_once(core: Core, tmp_path: Path, seal: Seal) -> None:
    hearing = core.capturing.begin(began())
    assert hearing is not None
    speak(hearing, sound := os.urandom(8000))
    await core.capturing.write()
    speak(hearing, b"lost with the process", since=8000)
    core.capturing.sounds.close()  # as when a process ends: its locks go, its files stay
    for _ in range(2):
        later = build_core(core.settings, clock=core.clock, seal=seal, database=core.database, blobs=core.blobs)
        async with listening(later):
            [part] = await handed_in(later)
        assert sound_of(later, part) == sound
    assert len(referrals(core)) == 1
    assert list((tmp_path / "data" / "streams").glob("*/*.sound")) == []


@only_sqlite
async def test_a_gateway_that_is_stopped_hands_in_what_it_was_hearing(core: Core) -> None:
    async with listening(core):
        hearing = core.capturing.begin(began())
        assert hearing is not None
        speak(hearing, sound := spoken(1))
    [part] = await handed_in(core)
    assert sound_of(core, part) == sound


@only_sqlite
async def test_while_the_disk_takes_nothing_what_is_said_waits_in_memory(core: Core) -> None:
    async with listening(core):
        hearing = core.capturing.begin(began())
        assert hearing is not None
        speak(hearing, spoken(1))
        await core.capturing.write()
        [log] = (core.capturing.sounds.root).glob("*/*.log")
        log.rename(log.with_suffix(".gone"))
        log.mkdir()  # nothing can be written to a folder
        speak(hearing, spoken(1, 0x30), since=8000)
        await core.capturing.write()
        log.rmdir()
        speak(hearing, spoken(1, 0x40), since=16000)
        hearing.end()
        [part] = await handed_in(core)
    assert sound_of(core, part) == spoken(1) + spoken(1, 0x30) + spoken(1, 0x40)


def test_memory_is_bounded_and_what_a_stream_is_of_is_never_given_up() -> None:
    head = Piece(name="a", number=0, at=0, sound=b"head")
    large = [Piece(name="a", number=n, at=0, sound=bytes(MOST_UNWRITTEN // 3)) for n in range(1, 6)]
    kept = _within_bounds([head, *large])
    assert kept[0] == head and kept[1:] == large[-3:]


@only_sqlite
async def test_a_stream_without_any_sound_is_news_of_its_call_all_the_same(core: Core) -> None:
    async with listening(core):
        hearing = core.capturing.begin(began(**{"from": "withheld"}))
        assert hearing is not None
        hearing.end()
        assert await handed_in(core) == []
    [row] = referrals(core)
    assert row.channel == "phone"


@only_sqlite
async def test_the_same_stream_is_not_heard_twice_and_there_are_never_too_many(core: Core) -> None:
    async with listening(core):
        first = began()
        assert core.capturing.begin(first) is not None
        assert core.capturing.begin(first) is None
        core.capturing._live |= {str(n): core.capturing._live.copy().popitem()[1] for n in range(MOST_STREAMS)}
        assert core.capturing.begin(began()) is None
        core.capturing._live.clear()


@only_sqlite
async def test_sound_that_cannot_be_read_back_is_set_aside_and_does_not_stop_the_rest(core: Core) -> None:
    async with listening(core):
        for _ in range(2):
            hearing = core.capturing.begin(began())
            assert hearing is not None
            speak(hearing, spoken(1))
            hearing.end()
        await core.capturing.write()
        spoilt = next(iter(sorted(core.capturing.sounds.root.glob("*/*.sound"))))
        spoilt.write_bytes(b"nothing of ours")
        assert len(await handed_in(core)) == 1
        assert core.capturing.leaving.waiting == 0
        assert [path.name for path in (core.capturing.sounds.root / SET_ASIDE).iterdir()] == [spoilt.name]


@only_sqlite
async def test_gaps_are_silence_and_said(core: Core) -> None:
    async with listening(core):
        hearing = core.capturing.begin(began())
        assert hearing is not None
        speak(hearing, spoken(1))
        speak(hearing, spoken(1), since=24000)
        hearing.end()
        [part] = await handed_in(core)
        assert sound_of(core, part) == spoken(1) + b"\xff" * 16000 + spoken(1)
        with core.database.reading() as session:
            assert [(row.seconds, row.gaps) for row in rows(session)] == [(4.0, 1)]
            message = session.get_one(Message, part.message_id)
            said = [line.what for line in session.exec(select(Audit).where(Audit.referral_id == part.referral_id))]
        assert message.source_key.startswith("stream:MZ") and message.conversation == "call:CA1"
    assert "What the caller said was kept while they spoke: 4.0 s, with 1 gap of 2.0 s in all as silence" in said


async def test_a_process_that_ends_before_it_says_that_a_stream_is_kept_leaves_no_alarm(
    core: Core, clock: MovableClock
) -> None:
    async with listening(core):
        hearing = core.capturing.begin(began())
        assert hearing is not None
        speak(hearing, spoken(1))
        hearing.end()
        await handed_in(core)
        with core.database.transaction() as session:
            [row] = rows(session)
            row.state = CaptureState.ENDED  # as it stood before
            session.add(row)
        clock.move(hours=1)
        assert broken_rules(core) == {"sound_waiting"}
        await core.capturing.index.catch_up()
        assert broken_rules(core) == set()


def broken_rules(core: Core) -> set[str]:
    """Of streams."""
    with core.database.reading() as session:
        return {one.rule for one in checking.broken_promises(session, core.clock())} & {"sound_waiting"}


async def test_who_refused_to_be_recorded_is_not_kept_though_the_call_goes_on_and_nothing_of_it_was_read(
    core: Core, clock: MovableClock
) -> None:
    refused = SoFar(refused=True)
    chosen = to_keep(StepName.CHOSEN, KeysPressed(call="CA1", caller=Address(kind=AddressClass.NONE)), refused)
    assert chosen is not None
    said = a_message(channel="phone", source_key=chosen.key, conversation="call:CA1", purpose=Purpose.ASIDE,
                     media_type="application/x-www-form-urlencoded", body=b"CallSid=CA1&From=%2B447700900123",
                     envelope={"step": "chosen", "so_far": "refused=yes"})  # fmt: skip
    async with listening(core):
        hearing = core.capturing.begin(began())
        assert hearing is not None
        speak(hearing, spoken(1))
        await core.intake.accept(said)
        hearing.end()
        assert await handed_in(core) == []
    assert list(core.capturing.sounds.root.glob("*/*.sound")) == []
    clock.move(seconds=1)
    await read_all(core)  # what was chosen waits for the message that opens the referral
    [row] = referrals(core)
    assert (row.recording_refused, row.channel) == (True, "phone")


@only_sqlite
async def test_while_messages_wait_for_the_database_so_does_what_they_may_forbid(core: Core) -> None:
    async with listening(core):
        hearing = core.capturing.begin(began())
        assert hearing is not None
        speak(hearing, spoken(1))
        hearing.end()
        await core.capturing.write()
        core.intake.holding.begin()
        await core.capturing.leaving.leave(at_once=True)
        assert (core.capturing.leaving.waiting, core.intake.holding.spool.count) == (1, 0)
        core.intake.holding.end_if_empty()
        assert len(await handed_in(core)) == 1


@only_sqlite
async def test_while_nobody_can_say_whether_a_caller_refused_their_sound_stays_sealed_on_the_disk(core: Core) -> None:
    async with listening(core):
        core.capturing.leaving.settle_seconds = 60.0
        hearing = core.capturing.begin(began())
        assert hearing is not None
        speak(hearing, spoken(1))
        hearing.end()
        await core.capturing.write()
        with core.database.transaction() as session:
            session.execute(text("ALTER TABLE referral RENAME TO away"))
        await core.capturing.leaving.leave(at_once=True)
        assert core.capturing.leaving.waiting == 1
        with core.database.transaction() as session:
            session.execute(text("ALTER TABLE away RENAME TO referral"))
        assert len(await handed_in(core)) == 1
