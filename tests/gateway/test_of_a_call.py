"""The events of one call, in whatever order they come, make one referral that says what is known and what is owed."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlencode

import pytest
from sqlmodel import col, select

from channels.contract import Purpose, RawMessage
from gateway.core import Core
from gateway.wiring import wire_channels, wire_desks
from storage import notice
from storage.message import Message
from storage.notice import Notice, NoticeKind
from storage.referral import Referral
from storage.work import Work
from tests.builders import read_all
from tests.fakes import MovableClock

FORM = "application/x-www-form-urlencoded"
MOBILE, WITHHELD = "+447700900123", "+266696687"
CHANNELS = {"call-back": "phone", "chosen": "phone", "unanswered": "phone", "dialled": "phone", "call-status": "phone"}
PURPOSES = {
    "recorded": Purpose.MESSAGE, "quiet": Purpose.MESSAGE, "call-back": Purpose.MESSAGE,
    "chosen": Purpose.ASIDE, "unanswered": Purpose.ASIDE,
}  # fmt: skip


def an_event(step: str, so_far: str = "", *, sender: str = MOBILE, call: str = "CA1", **fields: str) -> RawMessage:
    known = {"CallSid": call, "From": sender, "To": "+441632960000"} | fields
    return RawMessage(
        channel=CHANNELS.get(step, "voicemail"), source_key=f"{step}:{call}:{so_far}",
        body=urlencode(known).encode(), media_type=FORM, envelope={"step": step, "so_far": so_far},
        conversation=f"call:{call}", purpose=PURPOSES.get(step, Purpose.REPORT),
    )  # fmt: skip


def the_end(seconds: int = 42, **given: str) -> RawMessage:
    return an_event("call-status", CallStatus="completed", CallDuration=str(seconds), **given)


async def read_until_quiet(core: Core) -> None:
    """News of a call waits a moment for what opened it."""
    assert isinstance(core.clock, MovableClock)
    await read_all(core)
    core.clock.move(seconds=1)
    await read_all(core)


async def read(core: Core, events: Sequence[RawMessage]) -> tuple[Referral, list[Notice]]:
    """The one referral that these events make, and its notices."""
    for event in events:
        await core.intake.accept(event)
    await read_until_quiet(core)
    with core.database.reading() as session:
        [row] = session.exec(select(Referral)).all()
        return row, notice.of_referrals(session, [row.id or 0])


def states(notices: list[Notice]) -> list[tuple[str, str, str]]:
    return sorted((each.kind, each.channel, each.state) for each in notices)


async def test_who_presses_a_key_and_hangs_up_leaves_what_they_chose(core: Core) -> None:
    row, owed = await read(core, [an_event("chosen", "choice=under-18"), the_end(seconds=7)])
    assert (row.channel, row.child_told_us, row.asked_for) == ("phone", True, "under-18")
    assert (row.reached, row.call_seconds) == ("chose", 7)
    assert states(owed) == [("receipt", "sms", "cancelled"), ("staff_task", "staff", "owed")]
    [task] = [each for each in owed if each.kind == NoticeKind.STAFF_TASK]
    assert task.reason == "acknowledge by hand: the call ended before they were told a reference"


async def test_who_stays_is_told_and_nothing_is_left_of_what_a_person_would_have_owed(core: Core) -> None:
    events = [
        an_event("chosen", "choice=worried"), an_event("unanswered", "choice=worried&rung=1"),
        an_event("recorded", "choice=worried&rung=1", RecordingDuration="9"),
        an_event("heard"), the_end(),
    ]  # fmt: skip
    row, told = await read(core, events)
    assert [each for each in states(told) if each[2] != "cancelled"] == [("receipt", "voice", "delivered")]
    assert not any((each.reason or "").startswith(("a person answers", "acknowledge by hand")) for each in told)
    assert (row.channel, row.reached) == ("voicemail", "message")


async def test_the_order_in_which_news_of_a_call_comes_changes_nothing(core: Core) -> None:
    events = [
        an_event("chosen", "choice=worried"),
        an_event("recorded", "choice=worried"),
        an_event("recording", RecordingStatus="completed", sender=""),
        the_end(),
    ]  # fmt: skip
    seen = set()
    for number, order in enumerate(itertools.islice(itertools.permutations(range(4)), 0, None, 3)):
        for index in order:
            known, call = events[index], f"CA{number}"
            body = known.body.replace(b"CA1", call.encode())
            key = f"{known.source_key}:{call}"
            await core.intake.accept(replace(known, source_key=key, body=body, conversation=f"call:{call}"))
            await read_until_quiet(core)
    with core.database.reading() as session:
        for row in session.exec(select(Referral)).all():
            owed = notice.of_referrals(session, [row.id or 0])
            live = tuple(state for state in states(owed) if state[2] != "cancelled")
            seen.add((row.channel, row.reached, row.call_seconds, row.asked_for, row.next_action, live))
    assert seen == {
        (
            "voicemail", "message", 42, "worried", "Read it and decide who acts",
            (("receipt", "voice", "sent"), ("staff_task", "staff", "owed")),
        )
    }  # fmt: skip


async def test_a_talk_with_a_person_is_written_up_by_them_and_owed_once(core: Core) -> None:
    events = [
        an_event("chosen", "choice=worried"),
        an_event("dialled", "choice=worried", DialCallStatus="completed", DialBridged="true", DialCallDuration="187"),
        the_end(seconds=200),
    ]
    row, owed = await read(core, events)
    tasks = [each.reason for each in owed if each.kind == NoticeKind.STAFF_TASK]
    assert tasks == ["acknowledge by hand: the caller spoke to the duty worker"]
    assert row.reached == "spoke"
    assert row.next_action == "Listen to the talk, or ask the duty worker who took the call, and decide who acts"


async def test_a_withheld_caller_who_left_nothing_can_be_answered_by_nobody_and_that_is_said_once(core: Core) -> None:
    events = [an_event("chosen", "choice=not-safe&closed=yes", sender=WITHHELD), the_end(sender=WITHHELD)]
    _, owed = await read(core, events)
    assert states(owed) == [("receipt", "voice", "cancelled")]
    assert owed[0].reason == "number withheld; the caller hung up"


async def test_another_language_stands_on_the_referral_and_in_what_is_done_next(core: Core) -> None:
    row, _ = await read(core, [an_event("chosen", "language=pl"), the_end()])
    assert row.language == "pl"
    assert row.next_action.startswith("Find an interpreter for Polish, never a family member or a child")


@pytest.mark.parametrize(
    ("sender", "said"),
    [
        (MOBILE, "Find out why they rang: nothing was left. Ring back only if that is safe"),
        (WITHHELD, "Listen to what was heard of the call: nothing was left and no number was shown. Decide who acts"),
    ],
)
async def test_a_call_without_a_word_says_what_is_to_be_done_about_it(core: Core, sender: str, said: str) -> None:
    row, _ = await read(core, [the_end(seconds=4, sender=sender)])
    assert (row.reached, row.next_action, row.queue) == ("menu", said, "front_door")
    assert row.due_at == row.look_by
    assert row.rung_at is not None


async def test_who_would_not_be_recorded_is_called_back(core: Core) -> None:
    row, told = await read(core, [an_event("chosen", "refused=yes"), an_event("call-back", "refused=yes")])
    assert (row.recording_refused, row.next_action) == (True, "Call them back: they do not want to be recorded")
    assert (row.channel, row.reached) == ("phone", "rang")
    assert states(told) == [("receipt", "voice", "sent")]


async def test_of_a_call_that_was_not_recorded_nothing_is_to_be_listened_to(core: Core) -> None:
    talk = an_event("dialled", "refused=yes", DialCallStatus="completed", DialBridged="true", DialCallDuration="187")
    row, _ = await read(core, [an_event("chosen", "refused=yes"), talk, the_end(seconds=200)])
    assert row.next_action == "Ask the duty worker who took the call: it was not recorded. Then decide who acts"


async def test_who_would_not_be_recorded_and_showed_no_number_left_nothing_to_listen_to(core: Core) -> None:
    row, _ = await read(core, [an_event("chosen", "refused=yes", sender=WITHHELD), the_end(sender=WITHHELD)])
    assert row.next_action == "They would not be recorded, left nothing and showed no number. Decide who acts"


async def test_a_message_for_a_worker_is_one_once_it_is_left(core: Core) -> None:
    row, _ = await read(core, [an_event("chosen", "choice=for-a-worker"), the_end()])
    assert row.kind == "concern"
    row, _ = await read(core, [an_event("recorded", "choice=for-a-worker")])
    assert (row.kind, row.asked_for) == ("message_for_worker", "for-a-worker")
    assert row.next_action == "Hear whom it is for and pass it on; the duty worker has it until then"


async def test_what_is_chosen_on_the_way_is_no_message_by_itself(core: Core) -> None:
    await core.intake.accept(an_event("chosen", "choice=worried"))
    await read_until_quiet(core)
    with core.database.reading() as session:
        assert session.exec(select(Referral)).all() == []
    _, _ = await read(core, [an_event("recorded", "choice=worried"), the_end()])
    with core.database.reading() as session:
        assert [each.ledger_no for each in session.exec(select(Message).order_by(col(Message.captured_at)))] == [
            None, 1, None,
        ]  # fmt: skip


@pytest.mark.parametrize("digits", ["", "hangup"])
async def test_a_reference_that_may_have_gone_unheard_is_a_persons_to_tell(core: Core, digits: str) -> None:
    _, owed = await read(core, [an_event("recorded", Digits=digits), the_end()])
    [task] = [each for each in owed if each.kind == NoticeKind.STAFF_TASK]
    assert (task.reason or "").endswith("before the reference was read out"), digits


async def test_two_messages_of_one_call_that_are_read_at_the_same_moment_are_one_referral(core: Core) -> None:
    for call in range(12):
        for step in ("recorded", "quiet", "call-back"):
            await core.intake.accept(an_event(step, call=f"CA{call}", sender=WITHHELD))
    desk = wire_desks(core, wire_channels(core), ["reading"]).named("reading")
    await asyncio.gather(*(desk.drain() for _ in range(4)))
    await read_until_quiet(core)
    with core.database.reading() as session:
        rows = session.exec(select(Referral)).all()
        assert len(rows) == 12
        failed = session.exec(select(Work.last_error).where(col(Work.last_error) != "")).all()
    assert [error for error in failed if error and "IntegrityError" in error] == []
