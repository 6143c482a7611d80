"""Those who answer for the door hear of their rungs by mail and text, in words that tell nothing of the concern."""

from dataclasses import replace

import pytest
from sqlmodel import col, select

from channels.contract import Outgoing, SendFailed
from gateway.core import Core
from gateway.settings import Settings, WrongSetting, load
from gateway.wiring import Channels, wire_climbing, wire_desks
from storage.notice import Notice
from tests.builders import a_referral
from tests.fakes import MovableClock
from tests.gateway.rungs import open_tasks


async def test_the_address_of_a_role_is_told_of_its_rungs_without_a_word_of_the_concern(
    core: Core, clock: MovableClock
) -> None:
    to = "team_manager=team@northshire.example, team_manager=07700 900456, director=chief@northshire.example"
    climbing = wire_climbing(replace(core, settings=core.settings.model_copy(update={"alert_to": to})))
    row = await a_referral(core, text="Shouting at night", child="Alex")
    clock.move(days=1)
    await climbing.look()
    with core.database.reading() as session:
        alerts = session.exec(
            select(Notice).where(col(Notice.channel).in_(["email", "sms"])).order_by(col(Notice.channel))
        ).all()
    assert [(one.kind, one.channel, one.state, one.for_role) for one in alerts] == [
        ("staff_task", "email", "owed", "team_manager"), ("staff_task", "sms", "owed", "team_manager"),
    ]  # fmt: skip
    for one in alerts:
        assert row.reference in one.text and "not done in time" in one.text
        assert "Shouting" not in one.text and "Alex" not in one.text
    assert f"/referrals/{row.reference}" in alerts[0].text
    assert len(open_tasks(core, row)) == 3


class Relay:
    """Takes what it is given, or refuses it for good."""

    name = "email"

    def __init__(self, refusal: SendFailed | None = None) -> None:
        self.refusal, self.sent = refusal, list[Outgoing]()

    async def send(self, told: Outgoing) -> str:
        if self.refusal:
            raise self.refusal
        self.sent.append(told)
        return f"relay-{len(self.sent)}"


@pytest.mark.parametrize("refusal", [None, SendFailed(permanent=True, reason="no such mailbox")])
async def test_an_alert_goes_out_by_the_desk_of_all_notices_and_is_seen_to_fail(
    core: Core, clock: MovableClock, refusal: SendFailed | None
) -> None:
    to = core.settings.model_copy(update={"alert_to": "team_manager=team@northshire.example"})
    row, relay = await a_referral(core), Relay(refusal)
    clock.move(days=1)
    await wire_climbing(replace(core, settings=to)).look()
    channels = Channels(receivers={}, senders={"email": relay}, twilio=None)
    await wire_desks(core, channels, ["notifying"]).named("notifying").drain()
    by_hand = [str(task.reason) for task in open_tasks(core, row) if "by hand: the alert" in str(task.reason)]
    if refusal is None:
        assert [(told.address.value, row.reference in told.subject) for told in relay.sent] == [
            ("team@northshire.example", True)
        ]
        assert by_hand == []
    else:
        assert by_hand == ["tell the team manager by hand: the alert by email failed (no such mailbox)"]


@pytest.mark.parametrize(
    "wrong", ["chief=a@example.org", "director", "director=01632 960001", "director=a@b <x>", "=a@example.org"]
)
def test_an_alert_that_could_reach_nobody_keeps_the_gateway_from_starting(wrong: str) -> None:
    with pytest.raises(WrongSetting, match="FRONTDOOR_ALERT_TO"):
        load(alert_to=wrong)
    assert Settings(alert_to="owner=front.door@northshire.example").alert_to


async def test_an_alert_whose_wording_is_gone_is_told_to_the_colleague_by_hand_and_not_to_the_sender(
    core: Core, clock: MovableClock
) -> None:
    to = core.settings.model_copy(update={"alert_to": "team_manager=team@northshire.example"})
    del core.owing._words.wordings["staff_task.email.txt"]
    row = await a_referral(core)
    clock.move(days=1)
    await wire_climbing(replace(core, settings=to)).look()
    by_hand = [task.reason for task in open_tasks(core, row) if "wording" in (task.reason or "")]
    assert by_hand == ["the wording staff_task.email.txt cannot be used: tell the colleague by hand (staff task)"]
