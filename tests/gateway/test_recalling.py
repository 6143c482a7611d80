"""What the provider failed to deliver is fetched from its lists, once."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from channels.contract import RawMessage
from gateway.clock import now
from gateway.core import Core, open_core
from gateway.demo.twilio_sim import Silent, Speak, TwilioSim, tone
from gateway.recalling import Recall
from gateway.settings import Settings
from gateway.wiring import wire_channels, wire_recall
from storage import mark
from tests.house import NUMBER, a_house, free_port

NOBODY = f"http://127.0.0.1:{free_port()}"


async def test_texts_and_calls_of_a_time_when_nothing_of_ours_answered_are_fetched(
    tmp_path: Path, database_url: str
) -> None:
    async with a_house(tmp_path, database_url) as house:
        gateway, house.sim.gateway = house.sim.gateway, NOBODY
        await house.sim.sms("/twilio/sms", "The baby cries", frm="+447700900131", media=[("image/png", b"\x89PNG")])
        house.sim.gateway = gateway
        await house.sim.call("/twilio/voice", [Speak(tone(3)), Silent(30)], frm="+447700900132")
        channels = wire_channels(house.core)
        recall = wire_recall(house.core, channels)
        await recall.recall()
        referrals = await house.settled(lambda rs: len(rs) == 2 and all(r["parts"] for r in rs))
        text = next(r for r in referrals if r["channel"] == "sms")
        assert text["text"] == "The baby cries"
        assert text["sender"]["address"] == "+447700900131"
        again = await recall.recall()
        assert set(again.values()) == {0}
        assert len(await house.api("referrals")) == 2
        await channels.close()


async def test_a_recording_whose_every_webhook_was_lost_is_fetched_with_its_caller(
    tmp_path: Path, database_url: str
) -> None:
    async with a_house(tmp_path, database_url) as house:
        house.sim.status_callback = ""
        await house.sim.call("/twilio/voice", [Speak(tone(3)), Silent(30)], frm="+447700900133")
        other = tmp_path / "elsewhere"
        other.mkdir()
        async with a_house(other, f"sqlite:///{other / 'f.db'}", twilio_api_url=house.sim.url) as fresh:
            (found,) = await fresh.settled(lambda rs: len(rs) == 1 and any(p["sha256"] for p in rs[0]["parts"]))
            assert found["sender"]["address"] == "+447700900133"
            assert any(n["kind"] == "staff_task" for n in found["notices"])


async def test_a_provider_that_cannot_be_asked_leaves_the_mark_where_it_was(tmp_path: Path, database_url: str) -> None:
    async with TwilioSim(NOBODY, token="test-token") as sim:
        settings = Settings(
            data_dir=tmp_path, database_url=database_url, twilio_api_url=sim.url, twilio_account_sid=sim.account,
            twilio_auth_token="test-token", twilio_number=NUMBER,
        )  # fmt: skip
        core = open_core(settings)
        channels = wire_channels(core)
        assert set((await wire_recall(core, channels).recall()).values()) == {0}
        first = marked(core)
    outcome = await wire_recall(core, channels).recall()
    assert set(outcome.values()) == {None}
    assert marked(core) == first
    await channels.close()
    core.close()


class Listed:
    """A channel whose provider has nothing for us; ``asked`` is from when on it was asked each time."""

    name = "listed"

    def __init__(self) -> None:
        self.asked: list[datetime] = []

    async def recall(self, since: datetime) -> AsyncIterator[RawMessage]:
        self.asked.append(since)
        for raw in list[RawMessage]():
            yield raw


@pytest.mark.parametrize("missed_for", [timedelta(minutes=30), timedelta(days=3)])
async def test_a_recall_begins_an_hour_before_the_last_one(
    tmp_path: Path, database_url: str, missed_for: timedelta
) -> None:
    core = open_core(Settings(data_dir=tmp_path, database_url=database_url))
    listed = Listed()
    last = datetime.now(UTC) - missed_for
    await core.database.write(lambda s: mark.move(s, "listed", last))
    recall = Recall(database=core.database, intake=core.intake, receivers={"listed": listed}, clock=now)  # type: ignore[dict-item]
    await recall.recall()
    await recall.recall(last)
    assert listed.asked[0] == last - timedelta(hours=1)
    assert listed.asked[1] == last
    core.close()


async def test_a_mark_set_by_a_clock_that_was_ahead_is_not_believed(tmp_path: Path, database_url: str) -> None:
    core = open_core(Settings(data_dir=tmp_path, database_url=database_url))
    listed = Listed()
    ahead = datetime.now(UTC) + timedelta(hours=3)
    await core.database.write(lambda s: mark.move(s, "listed", ahead))
    await Recall(database=core.database, intake=core.intake, receivers={"listed": listed}, clock=now).recall()  # type: ignore[dict-item]
    assert listed.asked[0] < datetime.now(UTC) - timedelta(days=1)
    core.close()


def marked(core: Core) -> datetime | None:
    with core.database.reading() as session:
        return mark.of_channel(session, "sms")


async def test_a_call_whose_every_webhook_was_lost_is_a_referral_all_the_same(
    tmp_path: Path, database_url: str
) -> None:
    async with a_house(tmp_path, database_url) as house:
        house.sim.status_callback = ""
        gateway, house.sim.gateway = house.sim.gateway, NOBODY
        await house.sim.call("/twilio/voice", [Silent(4)], frm="+447700900134")
        house.sim.gateway = gateway
        channels = wire_channels(house.core)
        await wire_recall(house.core, channels).recall()
        (found,) = await house.settled(lambda rs: len(rs) == 1 and bool(rs[0]["notices"]))
        assert (found["channel"], found["sender"]["address"]) == ("phone", "+447700900134")
        assert (found["reached"], found["call_seconds"]) == ("menu", 0)
        await channels.close()
