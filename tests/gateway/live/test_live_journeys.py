"""From a caller's mouth to the referral, by the stream and by the recording: through the real doors."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import InvalidStatus

from gateway.demo.twilio_sim import HangUp, Press, Silent, Speak
from gateway.demo.twilio_sim.sound import tone
from gateway.demo.twilio_sim.stream import MediaStream
from storage.capture import CaptureState
from tests.gateway.live.caller import rows
from tests.house import House, a_house
from tests.outages import LockedFile

only_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
LEAVES_A_MESSAGE = (Press("1"), Speak(tone(3.0)), HangUp())


@asynccontextmanager
async def a_line(folder: Path, database_url: str, **given: object) -> AsyncIterator[House]:
    """A gateway that hands in what it heard soon after the end of a call."""
    async with a_house(folder, database_url, **given) as house:
        house.core.capturing.leaving.settle_seconds = 0.5
        yield house


def parts(referral: Any) -> tuple[Any, Any]:
    """The stream of its call, and the recording."""
    [live] = [part for part in referral["parts"] if part["heard_live"]]
    [recorded] = [part for part in referral["parts"] if not part["heard_live"]]
    return live, recorded


def has_both(referrals: list[Any]) -> bool:
    return len(referrals) == 1 and len(referrals[0]["parts"]) == 2 and all(p["sha256"] for p in referrals[0]["parts"])


async def test_a_message_is_kept_twice_and_its_words_count_once(tmp_path: Path, database_url: str) -> None:
    async with a_line(tmp_path, database_url) as house:
        await house.sim.call("/twilio/voice", LEAVES_A_MESSAGE)
        await house.sim.settle()
        [referral] = await house.settled(
            lambda rs: has_both(rs) and all(p["text_state"] in ("done", "failed") for p in rs[0]["parts"])
        )
        live, recorded = parts(referral)
        assert live["second_to"] == recorded["id"] and recorded["second_to"] is None
        assert referral["text"] == recorded["text"].strip()


@only_sqlite
async def test_where_the_recording_is_cut_short_what_was_heard_comes_first(tmp_path: Path, database_url: str) -> None:
    async with a_line(tmp_path, database_url) as house:
        house.sim.faults.recording_delay = 0.3
        await house.sim.call("/twilio/voice", LEAVES_A_MESSAGE)
        for recording in house.sim.recordings.values():
            recording.pcm = recording.pcm[:8000]
        await house.sim.settle()
        [referral] = await house.settled(has_both)
        live, recorded = parts(referral)
        assert recorded["second_to"] == live["id"] and live["second_to"] is None


@only_sqlite
async def test_a_caller_of_whom_nothing_else_is_ever_heard_is_a_referral(tmp_path: Path, database_url: str) -> None:
    async with a_line(tmp_path, database_url) as house:
        house.sim.faults.lose_callbacks = True
        await house.sim.call("/twilio/voice", [HangUp(at=4)])
        [referral] = await house.settled(lambda rs: len(rs) == 1 and len(rs[0]["parts"]) == 1)
        assert referral["parts"][0]["heard_live"] and referral["sender"]["class"] == "mobile"
        assert any(notice["kind"] == "staff_task" for notice in referral["notices"])


@only_sqlite
async def test_of_a_caller_who_refuses_to_be_recorded_no_sound_is_kept(tmp_path: Path, database_url: str) -> None:
    async with a_line(tmp_path, database_url, duty_number="+441632960111") as house:
        house.core.capturing.leaving.settle_seconds = 2.0
        await house.sim.call("/twilio/voice", [Press("5"), Silent(20), HangUp()])
        await house.sim.settle()
        async with asyncio.timeout(20):
            while await house.core.database.read(lambda s: [row.state for row in rows(s)]) != [CaptureState.KEPT]:
                await asyncio.sleep(0.1)
        [referral] = await house.settled(lambda rs: len(rs) == 1 and bool(rs[0]["notices"]))
        assert referral["parts"] == []


@only_sqlite
async def test_callers_at_the_same_time_are_each_their_own_referral(tmp_path: Path, database_url: str) -> None:
    async with a_line(tmp_path, database_url) as house:
        script = [HangUp(at=3)]
        await asyncio.gather(*(house.sim.call("/twilio/voice", script, frm=f"+4477009001{n:02}") for n in range(6)))
        await house.sim.settle()
        referrals = await house.settled(lambda rs: len(rs) == 6 and all(r["parts"] for r in rs))
        assert all([part["heard_live"] for part in referral["parts"]] == [True] for referral in referrals)


@pytest.fixture
def locked(tmp_path: Path, sqlite_template: Path) -> Iterator[LockedFile]:
    """An SQLite database whose one write lock another process may hold."""
    path = tmp_path / "locked.db"
    path.write_bytes(sqlite_template.read_bytes())
    held = LockedFile(path)
    yield held
    held.end()


async def test_a_call_that_ends_while_the_database_is_away_is_there_when_it_is_back(
    tmp_path: Path, locked: LockedFile
) -> None:
    async with a_line(tmp_path, locked.url) as house:
        stream = await a_stream(house)
        await stream.frame(b"\x20\xa0" * 80)
        locked.begin()
        await stream.stop()
        async with asyncio.timeout(20):
            while house.core.intake.holding.spool.count == 0:
                await asyncio.sleep(0.05)
        locked.end()
        [referral] = await house.settled(lambda rs: len(rs) == 1 and bool(rs[0]["parts"]))
        assert referral["parts"][0]["size"] == 58 + 160


@only_sqlite
async def test_with_live_capture_switched_off_no_stream_is_asked_for_or_let_in(
    tmp_path: Path, database_url: str
) -> None:
    async with a_line(tmp_path, database_url, live_capture=False) as house:
        call = await house.sim.call("/twilio/voice", LEAVES_A_MESSAGE)
        await house.sim.settle()
        assert call.warnings == []
        [referral] = await house.settled(lambda rs: len(rs) == 1 and bool(rs[0]["parts"]))
        assert [part["heard_live"] for part in referral["parts"]] == [False]
        with pytest.raises(InvalidStatus):
            await a_stream(house)


async def a_stream(house: House) -> MediaStream:
    """A stream of a call that nothing else is known of."""
    url = str(house.web.base_url).replace("http", "ws").rstrip("/") + "/twilio/media"
    owner = (house.sim.account, "CA" + "7" * 32)
    return await MediaStream.open(url, house.sim.sign(url, {}), owner, {"from": "+447700900123"})
