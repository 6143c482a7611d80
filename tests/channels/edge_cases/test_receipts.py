"""News of our texts: repeated, reversed, late, early, replayed or of nobody's text, it never makes things worse."""

from __future__ import annotations

import pytest

from gateway.demo.twilio_sim import STUCK, Fate, failing
from storage.notice import NoticeState
from tests.channels.edge_cases.line import Line


async def test_news_in_the_wrong_order_and_twice_leaves_the_notice_delivered(line: Line) -> None:
    line.sim.faults.reverse_callbacks, line.sim.faults.duplicate_callbacks = True, 2
    await line.text()
    posted = [hook.params["MessageStatus"] for hook in line.sim.sent if hook.kind == "message"]
    assert posted == ["delivered"] * 3 + ["sent"] * 3
    assert (line.receipt().state, line.tasks()) == (NoticeState.DELIVERED, [])
    assert len(line.messages()) == 3  # the text, and each piece of news once


async def test_news_posted_again_under_a_new_token_is_kept_once(line: Line) -> None:
    line.sim.fates.append(STUCK)
    await line.text()
    sid = line.receipt().provider_id or ""
    before = len(line.messages())
    assert [await line.tell(sid, "undelivered", ErrorCode="30003") for _ in range(3)] == [204, 204, 204]
    tokens = {hook.headers["I-Twilio-Idempotency-Token"] for hook in line.sim.sent[-3:]}
    assert (len(tokens), len(line.messages())) == (3, before + 1)


async def test_a_late_failure_does_not_undo_a_delivery(line: Line) -> None:
    await line.text()
    await line.sim.becomes(line.receipt().provider_id or "", Fate(states=("sent", "undelivered"), code=30008))
    await line.later(hours=1)
    assert (line.receipt().state, line.tasks()) == (NoticeState.DELIVERED, [])


async def test_a_delivery_told_after_a_failure_counts(line: Line) -> None:
    line.sim.fates.append(failing("undelivered", 30008))
    await line.text()
    told = line.sim.messages[next(iter(line.sim.messages))]
    await line.sim.becomes(told.sid, Fate(states=("delivered",)))
    await line.work()
    (first,) = [one for one in line.notices() if one.provider_id == told.sid]
    assert first.state == NoticeState.DELIVERED


async def test_news_that_comes_before_the_answer_to_our_post_is_matched(line: Line) -> None:
    line.sim.faults.rest.append("timeout")
    line.sim.faults.rest_hang = 0.4
    await line.sim.sms("/twilio/sms", "The baby cries")
    await line.desks.named("reading").drain()
    await line.desks.named("notifying").drain()
    assert [hook.status for hook in line.sim.sent if hook.kind == "message"] == [204, 204]
    await line.later(seconds=2)
    await line.later(seconds=10)
    assert (line.receipt().state, len(line.sim.messages)) == (NoticeState.DELIVERED, 1)


async def test_news_of_a_text_that_is_not_ours_is_kept_and_troubles_nobody(line: Line) -> None:
    await line.text()
    referrals, notices = len(line.referrals()), len(line.notices())
    assert await line.tell("SM" + "f" * 32, "undelivered", ErrorCode="30003") == 204
    for _ in range(6):
        await line.later(minutes=10)
    assert (len(line.referrals()), len(line.notices())) == (referrals, notices)
    assert line.messages()[-1].unreadable == "a report on a notice that is not ours"


async def test_a_genuine_old_webhook_played_again_changes_nothing(line: Line) -> None:
    await line.text()
    await line.later(days=30)
    messages, notices = line.messages(), [(one.id, one.state, one.attempts) for one in line.notices()]
    for hook in list(line.sim.sent):
        reply = await line.sim.replay(hook)
        assert reply is not None
        assert reply.is_success
    await line.work()
    assert [one.id for one in line.messages()] == [one.id for one in messages]
    assert [(one.id, one.state, one.attempts) for one in line.notices()] == notices
    assert len(line.sim.messages) == 1


async def test_the_address_for_news_asks_to_be_tried_again(line: Line) -> None:
    await line.text()
    (sent,) = line.sim.messages.values()
    address, _, rules = sent.status_callback.partition("#")
    assert address.startswith(line.core.settings.public_url + "/twilio/message-status")
    assert {"rp=ct,rt,5xx", "rc=2"} <= set(rules.split("&"))


@pytest.mark.parametrize("code", [30005, 30006, 30007])
async def test_a_text_that_was_not_delivered_becomes_a_persons_task(line: Line, code: int) -> None:
    line.sim.fates.append(failing("undelivered", code))
    await line.text()
    assert line.receipt().state == NoticeState.FAILED
    assert str(code) in (line.receipt().reason or "")
    assert len(line.tasks()) == 1
