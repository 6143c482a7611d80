"""News that never comes: what became of a text is asked for, and what nobody knows is given to a person in time."""

from __future__ import annotations

from gateway.demo.twilio_sim import STUCK, UNHEARD, WAITING, Fate, failing
from storage.notice import NoticeState
from tests.channels.edge_cases.line import Line


def asked(line: Line, end: str) -> list[str]:
    """The requests whose path ends so, by their method."""
    return [one.method for one in line.sim.asked if one.path.endswith(end)]


async def test_a_lost_answer_is_settled_by_the_news_of_it_without_asking(line: Line) -> None:
    line.sim.faults.rest.append("drop")
    await line.text()
    assert (line.receipt().state, len(line.sim.messages)) == (NoticeState.DELIVERED, 1)
    await line.later(hours=3)
    assert asked(line, "/Messages.json") == ["POST"]
    assert line.tasks() == []


async def test_a_lost_answer_whose_news_is_lost_too_is_looked_up_and_followed(line: Line) -> None:
    line.sim.faults.rest.append("drop")
    line.sim.fates.append(UNHEARD)
    await line.text()
    assert line.receipt().state == NoticeState.OWED
    await line.later(minutes=1)
    assert (line.receipt().state, asked(line, "/Messages.json")) == (NoticeState.SENT, ["POST", "GET"])
    await line.later(minutes=6)
    assert (line.receipt().state, len(line.sim.messages)) == (NoticeState.DELIVERED, 1)


async def test_with_all_news_blocked_a_delivery_is_known_all_the_same(line: Line) -> None:
    line.sim.faults.lose_callbacks = True
    await line.text()
    assert line.receipt().state == NoticeState.SENT
    await line.later(minutes=6)
    assert (line.receipt().state, line.tasks()) == (NoticeState.DELIVERED, [])


async def test_with_all_news_blocked_a_failure_reaches_a_person(line: Line) -> None:
    line.sim.faults.lose_callbacks = True
    line.sim.fates.append(failing("undelivered", 30006))
    await line.text()
    await line.later(minutes=6)
    assert (line.receipt().state, len(line.tasks())) == (NoticeState.FAILED, 1)


async def test_a_provider_that_cannot_be_asked_is_asked_again(line: Line) -> None:
    line.sim.fates.append(UNHEARD)
    line.sim.faults.read_errors = 1
    await line.text()
    await line.later(minutes=6)
    assert line.receipt().state == NoticeState.SENT
    await line.later(minutes=30)
    assert line.receipt().state == NoticeState.DELIVERED


async def test_a_text_that_is_never_delivered_is_a_persons_within_four_hours(line: Line) -> None:
    line.sim.fates.extend([STUCK, WAITING])
    await line.text(frm="+447700900123")
    await line.text(frm="+447700900124")
    await line.wait(minutes=220)
    assert [one.state for one in line.notices()] == [NoticeState.SENT] * 2
    await line.wait(minutes=40)
    assert [one.state for one in line.notices() if one.channel == "sms"] == [NoticeState.FAILED] * 2
    assert len(line.tasks()) == 2
    assert len(line.sim.messages) == 2


async def test_a_text_the_network_carries_long_after_we_gave_it_up_is_told_after_all(line: Line) -> None:
    line.sim.fates.append(STUCK)
    await line.text()
    await line.wait(minutes=260)
    assert line.receipt().state == NoticeState.FAILED
    await line.sim.becomes(line.receipt().provider_id or "", Fate(states=("delivered",)))
    await line.work()
    assert line.receipt().state == NoticeState.DELIVERED
    assert [one.state for one in line.notices() if one.kind == "staff_task"] == [NoticeState.CANCELLED]


async def test_a_text_that_expires_in_the_providers_queue_is_a_persons(line: Line) -> None:
    line.sim.fates.append(WAITING)
    await line.text()
    await line.wait(minutes=120)
    assert (line.receipt().state, line.tasks()) == (NoticeState.SENT, [])
    await line.sim.becomes(line.receipt().provider_id or "", failing("failed", 30036))
    await line.work()
    assert (line.receipt().state, len(line.tasks()), len(line.sim.messages)) == (NoticeState.FAILED, 1, 1)


async def test_while_the_provider_cannot_be_asked_nothing_is_sent_again(line: Line) -> None:
    line.sim.faults.rest.append("drop")
    line.sim.fates.append(UNHEARD)
    line.sim.faults.list_errors = 1
    await line.text()
    await line.later(minutes=1)
    assert (line.receipt().state, len(line.sim.messages)) == (NoticeState.OWED, 1)
    await line.later(minutes=10)
    await line.later(minutes=10)
    assert (line.receipt().state, len(line.sim.messages)) == (NoticeState.DELIVERED, 1)
