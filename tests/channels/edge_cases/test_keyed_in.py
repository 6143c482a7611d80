"""What becomes of a call that keys in a reference, through the real doors: nothing new is opened, nothing is lost."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from gateway.demo.twilio_sim import HangUp, Press, Speak, tone
from gateway.demo.twilio_sim.call import Call
from gateway.keyed_reference import keys_of
from storage import audit
from storage.referral import Referral, State
from tests.channels.edge_cases.line import WORDS, Line, a_line

DUTY = "+441632960111"
NOBODY_HAS = "567472949"
HAVE_IT = "We have it. We will read it."
NOTHING = "We can say nothing about that here."
STRANGER = "+447700900199"
KEY_IN, ADD = Press("3"), Press("1")


@pytest.fixture
async def line(tmp_path: Path, database_url: str) -> AsyncIterator[Line]:
    """One with a duty worker who does not come to the phone."""
    async with a_line(tmp_path, database_url, duty_number=DUTY) as opened:
        opened.sim.dial_outcome = ("no-answer", 0.0)
        yield opened


async def reported(line: Line) -> Referral:
    """A text that has been read by the machine."""
    await line.text()
    return line.referrals()[-1]


async def ring(line: Line, *actions: Press | Speak | HangUp, frm: str | None = STRANGER) -> Call:
    call = await line.sim.call("/twilio/voice", list(actions), frm=frm)
    await line.sim.settle()
    await line.later(seconds=30)
    return call


def said(call: Call) -> str:
    return " ".join(" ".join(words.split()) for words in call.heard)


def history(line: Line, row: Referral) -> list[str]:
    with line.core.database.reading() as session:
        return [each.what for each in audit.of_referrals(session, [row.id or 0])]


async def test_who_keys_it_in_hears_how_it_stands_and_opens_nothing(line: Line) -> None:
    row = await reported(line)
    call = await ring(line, KEY_IN, Press(keys_of(row.reference)), HangUp())
    assert HAVE_IT in said(call)
    assert WORDS not in said(call)
    assert [each.id for each in line.referrals()] == [row.id]
    assert history(line, row)[-1] == "More came by phone: the caller keyed in its reference"
    assert line.tasks() == []


async def test_what_they_add_is_in_that_report_and_their_reference_leads_there(line: Line) -> None:
    row = await reported(line)
    call = await ring(line, KEY_IN, Press(keys_of(row.reference) + "#"), ADD, Speak(tone(3)))
    assert "Please tell us what you want to add." in said(call)
    assert "We have your message" in said(call)
    assert call.ended_by == "hangup"
    assert [each.id for each in line.referrals()] == [row.id]
    assert "More came by voicemail: the caller keyed in its reference" in history(line, row)


async def test_who_waits_for_a_person_after_asking_leaves_a_message_in_that_report(line: Line) -> None:
    row = await reported(line)
    call = await ring(line, KEY_IN, Press(keys_of(row.reference)), Press("", wait=60), Speak(tone(3)))
    assert "We have your message" in said(call)
    assert [each.id for each in line.referrals()] == [row.id]
    assert line.tasks() == []


async def test_who_waits_in_vain_and_hangs_up_is_somebody_to_be_rung_back(line: Line) -> None:
    row = await reported(line)
    await ring(line, KEY_IN, Press(keys_of(row.reference)), Press("", wait=60), HangUp())
    assert [each.id for each in line.referrals()] == [row.id]
    [task] = line.tasks()
    assert task.startswith("acknowledge by hand: ")


async def test_three_wrong_ones_end_the_asking_and_the_caller_still_reaches_the_recorder(line: Line) -> None:
    row = await reported(line)
    wrong = [KEY_IN, Press(NOBODY_HAS), Press("2"), Press("345234633"), Press("2"), Press("999")]
    call = await ring(line, *wrong, Press("2"), Press(keys_of(row.reference)), Speak(tone(3)))
    assert said(call).count(NOTHING) == 3
    assert HAVE_IT not in said(call)
    assert "We have your message" in said(call)
    assert len(line.referrals()) == 2


async def test_no_address_the_provider_is_given_holds_the_reference_or_its_keys(line: Line) -> None:
    row = await reported(line)
    await ring(line, KEY_IN, Press(keys_of(row.reference)), ADD, Speak(tone(3)))
    asked = " ".join(hook.url for hook in line.sim.sent)
    assert "/twilio/voice/reference" in asked
    assert any(hook.params.get("Digits") == keys_of(row.reference) for hook in line.sim.sent)
    for word in (keys_of(row.reference), row.reference, row.reference.replace("-", "")):
        assert word not in asked


async def test_an_answer_that_is_lost_on_its_way_uses_up_no_try(line: Line) -> None:
    row = await reported(line)
    line.sim.faults.lose_responses = 3
    call = await ring(line, KEY_IN, Press(keys_of(row.reference)), HangUp())
    assert HAVE_IT in said(call)


async def test_a_closed_report_that_is_asked_about_stays_closed(line: Line) -> None:
    row = await reported(line)
    with line.core.database.transaction() as session:
        found = session.get_one(Referral, row.id)
        found.state, found.closed_at, found.rung_at = State.CLOSED, line.clock(), None
    call = await ring(line, KEY_IN, Press(keys_of(row.reference)), HangUp())
    assert "We have finished with it." in said(call)
    assert [each.state for each in line.referrals()] == [State.CLOSED]
