"""Whatever order a provider's reports come in, however often: a notice's state only ever gets truer."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from channels.contract import DeliveryReport, DeliveryState, SendError
from gateway.core import Core
from gateway.delivery import RANK, ranked
from storage import notice, referral
from storage.identity import Identity
from storage.notice import Notice, NoticeKind, NoticeState
from storage.referral import State
from tests.builders import a_referral
from tests.fakes import MovableClock
from tests.gateway.a_provider import AProvider, a_text, desk, notices, report, states

NEWS = st.sampled_from(DeliveryState)
COPY = st.sampled_from(["sms-1", "sms-2"])


@given(st.sampled_from(NoticeState), st.lists(NEWS))
def test_no_news_in_any_order_ever_lowers_a_state(before: NoticeState, news: list[DeliveryState]) -> None:
    seen = [before]
    for told in news:
        seen.append(ranked(seen[-1], told))
    assert all(RANK[earlier] <= RANK[later] for earlier, later in pairwise(seen))


@given(
    st.sampled_from(NoticeState), st.lists(NEWS).flatmap(lambda news: st.tuples(st.just(news), st.permutations(news)))
)
def test_the_order_of_the_news_makes_no_difference_in_the_end(
    before: NoticeState, both: tuple[list[DeliveryState], list[DeliveryState]]
) -> None:
    ends = []
    for news in both:
        state = before
        for told in news:
            state = ranked(state, told)
        ends.append(state)
    assert ends[0] == ends[1]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(news=st.lists(st.tuples(NEWS, COPY, st.booleans()), max_size=6), sent_after=st.integers(0, 6))
async def test_reports_in_any_order_around_our_own_sending_leave_one_notice_told_or_one_person(
    core: Core, news: list[tuple[DeliveryState, str, bool]], sent_after: int
) -> None:
    row = await a_referral(core)
    with core.database.transaction() as session:
        owed = Notice(
            referral_id=row.id or 0, kind=NoticeKind.CLOSED, channel="sms", due_at=core.clock(),
            created_at=core.clock(),
        )  # fmt: skip
        session.add(owed)
        session.flush()
        notice_id = owed.id
    ranks = []
    for number, (state, copy, names_it) in enumerate([*news, (DeliveryState.SENT, "sms-1", True)]):
        with core.database.transaction() as session:
            if number == sent_after:
                found = session.get_one(Notice, notice_id)
                found.provider_id = found.provider_id or f"{notice_id}:sms-1"
                core.delivery.sent(found, core.clock())
                session.add(found)
            told = DeliveryReport(
                provider_id=f"{notice_id}:{copy}", state=state, notice_id=notice_id if names_it else None
            )
            core.delivery.reported(session, told)
        with core.database.reading() as session:
            ranks.append(RANK[NoticeState(session.get_one(Notice, notice_id).state)])
    assert ranks == sorted(ranks)
    with core.database.reading() as session:
        told_now = session.get_one(Notice, notice_id)
        tasks = session.exec(select(Notice).where(Notice.substitute_for == notice_id)).all()
    assert len(tasks) <= 1
    open_tasks = [task for task in tasks if task.state == NoticeState.OWED]
    assert len(open_tasks) == (told_now.state == NoticeState.FAILED)


async def test_a_late_sent_and_a_late_failure_never_undo_delivered(core: Core) -> None:
    reference, phones = await a_text(core), AProvider()
    await desk(core, phones).drain()
    for state in (DeliveryState.DELIVERED, DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.DELIVERED):
        report(core, phones.becomes(state))
    assert states(core, reference) == [("receipt", "sms", "delivered")]


async def test_a_report_for_an_id_nobody_knows_is_for_nobody(core: Core) -> None:
    await a_text(core)
    assert report(core, DeliveryReport(provider_id="other", state=DeliveryState.DELIVERED, notice_id="other")) is None


async def test_a_report_that_names_the_notice_settles_a_lost_answer_at_once(core: Core, clock: MovableClock) -> None:
    reference, phones = await a_text(core), AProvider(answers_are_lost=1)
    await desk(core, phones).drain()
    (owed,) = notices(core, reference)
    assert (owed.state, owed.provider_id) == ("owed", None)
    report(core, phones.becomes(DeliveryState.DELIVERED), notice_id=owed.id)
    clock.move(minutes=1)
    await desk(core, phones).drain()
    (told,) = notices(core, reference)
    assert (told.state, told.provider_id, len(phones.sent), phones.asked) == ("delivered", "sms-1", 1, 0)


async def test_where_it_was_sent_twice_the_failure_of_one_copy_is_not_the_others(core: Core) -> None:
    reference, phones = await a_text(core), AProvider()
    await desk(core, phones).drain()
    (sent,) = notices(core, reference)
    report(core, DeliveryReport(provider_id="copy", state=DeliveryState.FAILED, notice_id=sent.id))
    assert states(core, reference) == [("receipt", "sms", "sent")]
    report(core, DeliveryReport(provider_id="copy", state=DeliveryState.DELIVERED, notice_id=sent.id))
    assert states(core, reference) == [("receipt", "sms", "delivered")]


async def test_a_failure_told_twice_is_one_task(core: Core) -> None:
    reference, phones = await a_text(core), AProvider()
    await desk(core, phones).drain()
    for _ in range(3):
        report(core, phones.becomes(DeliveryState.FAILED, "no such number"))
    assert states(core, reference) == [("receipt", "sms", "failed"), ("staff_task", "staff", "owed")]


async def test_who_told_the_provider_to_stop_is_not_texted_again(core: Core) -> None:
    reference, phones = await a_text(core), AProvider()
    await desk(core, phones).drain()
    report(core, phones.becomes(DeliveryState.FAILED, "opted out"), error=SendError.OPTED_OUT)
    with core.database.reading() as session:
        assert session.exec(select(Identity.texts_stopped_at)).one() == core.clock()
    assert states(core, reference)[-1] == ("staff_task", "staff", "owed")


@pytest.mark.parametrize(("kind", "state"), [("looked_at", "reopened"), ("closed", "closed")])
async def test_a_decision_nobody_could_be_told_of_brings_a_closed_referral_back(
    core: Core, kind: str, state: str
) -> None:
    reference = await a_text(core)
    with core.database.transaction() as session:
        row = referral.by_reference(session, reference)
        assert row is not None
        row.state, row.closed_at = State.CLOSED, core.clock()
        owed = Notice(
            referral_id=row.id or 0, kind=kind, channel="sms", due_at=core.clock(), created_at=core.clock(),
            identity_id=row.identity_id, state=NoticeState.SENT, provider_id="sms-n2",
        )  # fmt: skip
        session.add_all([row, owed])
    report(core, DeliveryReport(provider_id="sms-n2", state=DeliveryState.FAILED, reason="no such number"))
    with core.database.reading() as session:
        found = referral.by_reference(session, reference)
        assert found is not None
        assert (found.state, found.next_action != "", found.closed_at is None) == (
            state, True, state == "reopened"
        )  # fmt: skip
        assert len(notice.open_tasks(session, [found.id or 0])) == 1


async def test_an_alert_to_a_colleague_that_failed_is_that_colleagues_to_hear_by_hand(core: Core) -> None:
    row = await a_referral(core)
    with core.database.transaction() as session:
        alert = Notice(
            referral_id=row.id or 0, kind=NoticeKind.STAFF_TASK, channel="email", due_at=core.clock(),
            created_at=core.clock(), state=NoticeState.SENT, provider_id="m1", for_role="duty_manager",
        )  # fmt: skip
        session.add(alert)
    report(core, DeliveryReport(provider_id="m1", state=DeliveryState.FAILED, reason="returned 5.1.1"))
    with core.database.reading() as session:
        task = session.exec(select(Notice).where(Notice.substitute_for == alert.id)).one()
    assert (task.channel, task.state, task.for_role) == ("staff", "owed", "duty_manager")
    assert "tell the duty manager by hand" in (task.reason or "")


async def test_a_letter_at_the_printers_has_no_limit_of_hours(core: Core) -> None:
    reference, phones = await a_text(core), AProvider()
    await desk(core, phones).drain()
    report(core, phones.becomes(DeliveryState.SENT), is_final=True)
    (sent,) = notices(core, reference)
    assert (sent.state, sent.limit_at) == ("sent", None)
