"""A sender whose promise was missed is told once, with a new time, by a safe way; one who was asked is not."""

from datetime import datetime, timedelta

from sqlmodel import select

from gateway import ladder, working_days
from gateway.climbing import Climbing
from gateway.core import Core
from gateway.life_cycle import Action
from gateway.notices import next_notice_by
from storage import referral
from storage.identity import Identity
from storage.notice import NoticeKind, NoticeState
from storage.referral import State
from tests.builders import a_message, read_all
from tests.fakes import MovableClock
from tests.gateway.rungs import a_referral_with_mobile, act, change, notices, now_of, open_tasks, rungs


async def test_a_missed_promise_is_told_once_with_a_new_time(
    core: Core, climbing: Climbing, clock: MovableClock
) -> None:
    row = await a_referral_with_mobile(core)
    clock.at = row.look_by
    await climbing.look()
    await climbing.look()
    [late] = notices(core, row, NoticeKind.LATE)
    assert (late.channel, late.state) == ("sms", NoticeState.OWED)
    assert "we missed 10:15am Tue 24 Nov" in late.text and "by 2:15pm Tue 24 Nov" in late.text
    assert now_of(core, row).promised_at == row.look_by + timedelta(hours=4)
    clock.move(hours=4)
    await climbing.look()
    first, second = notices(core, row, NoticeKind.LATE)
    assert first.state == NoticeState.CANCELLED and "by 5pm Wed 25 Nov" in second.text


async def test_who_wants_no_texts_is_told_by_a_person_and_the_task_is_owed_once(
    core: Core, climbing: Climbing, clock: MovableClock
) -> None:
    row = await a_referral_with_mobile(core)
    with core.database.transaction() as session:
        session.get_one(Identity, row.identity_id).texts_stopped_at = clock()
    for _ in range(2):
        clock.at = now_of(core, row).promised_at or clock()
        await climbing.look()
    by_hand = [task for task in open_tasks(core, row) if "tell the sender by hand" in (task.reason or "")]
    assert len(by_hand) == 1 and by_hand[0].times == 2
    assert notices(core, row, NoticeKind.LATE) == []


async def test_a_promise_that_was_kept_makes_no_late_notice(
    core: Core, climbing: Climbing, clock: MovableClock
) -> None:
    row = await a_referral_with_mobile(core)
    with core.database.transaction() as session:
        stored = referral.by_id(session, row.id or 0, lock=True)
        assert stored
        ladder.keep_promise(stored)
    clock.move(days=30)
    await climbing.look()
    assert notices(core, row, NoticeKind.LATE) == []


async def test_what_waits_for_an_answer_comes_back_by_itself_and_the_sender_is_not_told_we_are_late(
    core: Core, climbing: Climbing, clock: MovableClock
) -> None:
    row = await a_referral_with_mobile(core)
    act(core, row, Action.OPEN)
    act(core, row, Action.ASK, question="Which street?", answer_by="2026-11-26T17:00", who_acts="the duty worker")
    clock.at = datetime.fromisoformat("2026-11-26T16:59:00+00:00")
    await climbing.look()
    assert now_of(core, row).state == State.AWAITING_INFORMATION
    assert [name for name, _ in rungs(core, row)] == []
    clock.move(minutes=1)
    await climbing.look()
    back = now_of(core, row)
    assert (back.state, back.ladder, back.late_count) == (State.IN_TRIAGE, 0, 0)
    assert back.next_action.startswith("No answer came: decide with what is known")
    assert back.due_at > clock() and back.promised_at is not None and back.promised_at > back.due_at
    assert notices(core, row, NoticeKind.LATE) == []
    clock.move(days=3)
    await climbing.look()
    assert [name for name, _ in rungs(core, row)][:3] == ["half", "three_quarters", "missed"]


SMS = b"MessageSid=SM%032d&AccountSid=AC1&From=%%2B447700900123&To=%%2B441632960000&Body=The+baby+cries&NumMedia=0" % 1


async def test_who_was_first_answered_after_an_outage_is_not_told_that_a_time_they_never_heard_of_was_missed(
    core: Core, climbing: Climbing, clock: MovableClock
) -> None:
    raw = a_message(SMS, source_key="SM1", media_type="application/x-www-form-urlencoded")
    receipt = await core.intake.accept(raw)
    clock.move(days=7)
    await read_all(core)
    await climbing.look()
    with core.database.reading() as session:
        row = referral.by_reference(session, receipt.reference)
    assert row is not None and row.promised_at == working_days.look_by(clock())
    [told] = notices(core, row, NoticeKind.RECEIPT)
    assert "by 10:15am Tue 1 Dec" in told.text and notices(core, row, NoticeKind.LATE) == []
    assert ("missed", "team_manager") in rungs(core, row)


async def test_what_was_opened_before_promises_were_kept_here_is_late_once_the_second_of_them_is_missed(
    core: Core, climbing: Climbing, clock: MovableClock
) -> None:
    row = await a_referral_with_mobile(core)
    act(core, row, Action.OPEN)
    change(core, row, promised_at=row.look_by, rung_at=row.received_at, still_open_at=None)
    clock.at = row.look_by
    await climbing.look()
    promised = now_of(core, row).promised_at
    assert promised == next_notice_by(row.look_by) and notices(core, row, NoticeKind.LATE) == []
    clock.at = promised
    await climbing.look()
    assert len(notices(core, row, NoticeKind.LATE)) == 1


async def test_a_machine_that_was_promised_nothing_is_never_told_that_we_are_late(
    core: Core, climbing: Climbing, clock: MovableClock
) -> None:
    mail = (
        b"From: out@example.org\r\nSubject: Away\r\nAuto-Submitted: auto-replied\r\nMessage-ID: <1@x>\r\n\r\nI am away."
    )
    await core.intake.accept(a_message(channel="email", body=mail, media_type="message/rfc822"))
    await read_all(core)
    with core.database.reading() as session:
        [row] = session.exec(select(referral.Referral)).all()
    assert row.promised_at is None and row.rung_at is not None
    act(core, row, Action.OPEN)
    clock.move(days=10)
    await climbing.look()
    assert "missed" in [name for name, _ in rungs(core, row)]
    assert now_of(core, row).promised_at is None and notices(core, row, NoticeKind.LATE) == []
