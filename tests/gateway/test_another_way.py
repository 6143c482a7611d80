"""A chain of ways that failed ends with a person, whatever the ways were and however they failed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from channels.contract import SendError, SendFailed
from gateway.core import Core
from gateway.owing import About
from storage import notice, referral
from storage.identity import Identity
from storage.notice import NoticeKind
from tests.fakes import MovableClock
from tests.gateway.a_provider import AProvider, ARelay, a_text, desk, notices, states
from tests.gateway.test_late_delivery import may_be_mailed

ANSWER_BY = datetime(2026, 11, 26, 17, 0, tzinfo=UTC)


def asks(core: Core, reference: str, question: str) -> None:
    """Staff ask the sender something."""
    with core.database.transaction() as session:
        row = referral.by_reference(session, reference)
        assert row is not None
        who = session.get(Identity, row.identity_id)
        owed, to = core.reaching.to_sender(session, row, NoticeKind.NEED_MORE, who)
        extra = {"question": question, "answer_by": ANSWER_BY}
        core.owing.write(session, row, owed, About(identity=to, extra=extra))


async def test_what_staff_asked_is_asked_in_the_next_medium_too(core: Core, clock: MovableClock) -> None:
    reference, phones, relay = await a_text(core), AProvider(), ARelay()
    may_be_mailed(core, reference)
    await desk(core, phones, relay).drain()
    asks(core, reference, "Which door is it?")
    phones.refusals = [SendFailed(error=SendError.BAD_ADDRESS, reason="no such number")]
    await desk(core, phones, relay).drain()
    (mail,) = relay.sent
    assert mail.kind == "need_more"
    assert "Which door is it?" in mail.text
    assert "Thursday 26 November" in mail.text


@pytest.mark.parametrize("error", [SendError.BAD_ADDRESS, SendError.OPTED_OUT, SendError.BLOCKED, SendError.NOT_TAKEN])
async def test_what_is_for_good_is_told_another_way_at_once(core: Core, error: SendError) -> None:
    reference, phones, relay = await a_text(core), AProvider(), ARelay()
    may_be_mailed(core, reference)
    phones.refusals = [SendFailed(error=error, reason="no")]
    await desk(core, phones, relay).drain()
    assert states(core, reference) == [("receipt", "sms", "failed"), ("receipt", "email", "sent")]
    by_text, by_mail = notices(core, reference)
    assert by_mail.due_at <= max(by_text.due_at, core.clock()) + (by_text.due_at - by_text.created_at)


async def test_ways_that_all_fail_end_in_one_task_and_never_begin_again(core: Core, clock: MovableClock) -> None:
    reference, phones, relay = await a_text(core), AProvider(), ARelay()
    for number in range(3):
        may_be_mailed(core, reference, f"jo{number}@example.org")
    phones.refusals = [SendFailed(error=SendError.BLOCKED, reason="no")]
    relay.refusals = [SendFailed(error=SendError.BLOCKED, reason="no") for _ in range(9)]
    for _ in range(5):
        await desk(core, phones, relay).drain()
        clock.move(hours=5)
    found = notices(core, reference)
    assert [one.kind for one in found] == ["receipt"] * 4 + ["staff_task"]
    assert len({one.identity_id for one in found[:4]}) == 4
    with core.database.reading() as session:
        assert len(notice.open_tasks(session, [found[0].referral_id])) == 1
