"""Sending: a lost answer is not a second text, a refusal is a person's task, and nobody is texted who must not be."""

from __future__ import annotations

from dataclasses import replace

import pytest

from channels.numbers import WITHHELD_NUMBERS
from channels.sms import Sms
from channels.twilio_account import TwilioClient
from gateway.demo.twilio_sim import HangUp, Speak, refusing, tone
from gateway.wiring import wire_desks
from storage.notice import NoticeState
from tests.channels.edge_cases.line import BY_HAND, Line

LANDLINE = "+441632960123"


def posts(line: Line) -> int:
    """How often the gateway asked for a text to be sent."""
    return len([one for one in line.sim.asked if (one.method, one.path[-14:]) == ("POST", "/Messages.json")])


@pytest.mark.parametrize("fault", ["drop", "504"])
async def test_a_lost_answer_makes_one_text(line: Line, fault: str) -> None:
    line.sim.faults.rest.append(fault)
    await line.text()
    await line.later(minutes=1)
    await line.later(minutes=6)
    assert (line.receipt().state, len(line.sim.messages)) == (NoticeState.DELIVERED, 1)
    assert posts(line) == (1 if fault == "drop" else 2)  # behind a 504 nothing had been taken


async def test_an_answer_that_takes_too_long_makes_one_text(line: Line) -> None:
    assert line.channels.twilio is not None
    impatient = TwilioClient(line.channels.twilio.account, timeout=0.5)
    senders = {**line.channels.senders, "sms": Sms(client=impatient)}
    line.desks = wire_desks(line.core, replace(line.channels, senders=senders), BY_HAND)
    line.sim.faults.rest.append("timeout")
    line.sim.faults.rest_hang = 1.0
    await line.text()
    await line.later(minutes=1)
    await line.later(minutes=6)
    assert (line.receipt().state, len(line.sim.messages), posts(line)) == (NoticeState.DELIVERED, 1, 1)
    await impatient.aclose()


@pytest.mark.parametrize("fault", ["429", "500", "503"])
async def test_a_busy_provider_is_posted_to_once_and_again_only_when_it_is_due(line: Line, fault: str) -> None:
    line.sim.faults.rest.extend([fault, fault])
    await line.text()
    assert (posts(line), line.receipt().state) == (1, NoticeState.OWED)
    for _ in range(2):
        await line.later(minutes=2)
    assert (line.receipt().state, len(line.sim.messages)) == (NoticeState.DELIVERED, 1)


async def test_a_provider_that_names_a_time_is_left_alone_until_then(line: Line) -> None:
    line.sim.faults.rest.append("429")
    line.sim.faults.retry_after = 600
    await line.text()
    await line.text(frm="+447700900124")
    await line.later(minutes=9)
    assert posts(line) == 1
    await line.later(minutes=3)  # one tries whether it is over
    await line.later(minutes=1)
    assert {one.state for one in line.notices()} == {NoticeState.DELIVERED}
    assert (len(line.sim.messages), posts(line)) == (2, 3)


async def test_who_writes_stop_is_kept_not_closed_and_not_texted(line: Line) -> None:
    await line.text()
    await line.text("STOP")
    assert [one.channel for one in line.messages() if one.purpose == "message"] == ["sms", "sms"]
    assert {one.state for one in line.referrals()} == {"received"}
    await line.text("He hit her again")
    assert (len(line.sim.messages), posts(line)) == (1, 1)
    assert {one.state for one in line.referrals()} == {"received"}


async def test_a_recipient_the_provider_knows_to_have_opted_out_is_a_persons_task(line: Line) -> None:
    line.sim.opted_out.add("+447700900123")
    await line.text()
    assert "opted out" in (line.receipt().reason or "")
    assert (line.receipt().state, len(line.tasks()), line.sim.messages) == (NoticeState.FAILED, 1, {})
    await line.later(hours=12)
    assert posts(line) == 1


@pytest.mark.parametrize("code", [21614, 21635])
async def test_a_number_the_provider_calls_a_landline_is_not_tried_again(line: Line, code: int) -> None:
    line.sim.fates.append(refusing(code))
    await line.text()
    await line.later(hours=12)
    assert (line.receipt().state, posts(line), len(line.tasks())) == (NoticeState.FAILED, 1, 1)


@pytest.mark.parametrize("number", [*sorted(WITHHELD_NUMBERS), LANDLINE, "60777", "NHSclinic"])
async def test_no_text_goes_to_a_withheld_number_a_landline_or_a_name(line: Line, number: str) -> None:
    await line.sim.sms("/twilio/sms", "He hit her", frm=number)
    await line.sim.call("/twilio/voice", [Speak(tone(3)), HangUp()], frm=number)
    await line.sim.settle()
    await line.work()
    await line.later(seconds=2)
    await line.later(hours=3)
    assert len(line.referrals()) == 2
    assert (line.sim.messages, posts(line)) == ({}, 0)


async def test_two_withheld_callers_are_not_one_person(line: Line) -> None:
    for number in sorted(WITHHELD_NUMBERS):
        await line.sim.call("/twilio/voice", [HangUp(at=4)], frm=number)
    await line.sim.settle()
    await line.work()
    await line.later(seconds=2)
    assert len(line.referrals()) == len(WITHHELD_NUMBERS)
    assert {one.identity_id for one in line.referrals()} == {None}


async def test_an_acknowledgement_says_nothing_of_the_concern(line: Line) -> None:
    await line.text("My dad hits me and I am scared")
    (sent,) = line.sim.messages.values()
    assert not {"dad", "hits", "scared", "child"} & {word.strip(".,").lower() for word in sent.body.split()}
