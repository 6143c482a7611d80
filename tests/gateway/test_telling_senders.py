"""What senders are told of each step: as much as their kind may hear, and by when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from gateway import notices, working_days
from gateway.core import Core
from gateway.decisions import DECISIONS
from gateway.guards import Actor
from gateway.life_cycle import Action, NotAllowed
from gateway.owing import About
from gateway.words import Wording
from storage import identity, notice
from storage.notice import Notice
from storage.referral import Referral, ToldAs
from tests.builders import a_referral
from tests.fakes import MovableClock

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
MANAGER = Actor(name="jo", role="manager")
REASONS = "The school sees them each day and is not worried."
FURTHER = "We are taking this further."
NOT_NOW = "We are not taking this further now."


async def by_mail(core: Core, text: str = "Shouting at night") -> Referral:
    """A referral whose sender wrote a mail."""
    row = await a_referral(core, text)
    with core.database.transaction() as session:
        who = identity.remember(
            session, core.seal, found_by="email:a@example.org", address_class="email", value="a@example.org",
            name="", at=core.clock(),
        )  # fmt: skip
        held = session.get_one(Referral, row.id)
        held.identity_id, held.channel = who.id, "email"
        return held


async def by_text(core: Core) -> Referral:
    """A referral whose sender may be texted."""
    return await a_referral(core, callback="07700 900123", safe_text="yes")


def act(core: Core, row: Referral, action: Action, **asked: str) -> Referral:
    with core.database.transaction() as session:
        return core.deciding.act(session, row.reference, action, MANAGER, asked)


def decide(core: Core, row: Referral, code: str, **asked: str) -> Referral:
    act(core, row, Action.OPEN)
    return act(core, row, Action.DECIDE, code=code, reason="SECRET", level="2", agreed_by="ali", **asked)


def told(core: Core, row: Referral, kind: str) -> Notice:
    """The newest notice of a kind."""
    with core.database.reading() as session:
        return [n for n in notice.of_referrals(session, [row.id or 0]) if n.kind == kind][-1]


async def test_the_public_hears_that_we_looked_whatever_was_decided(core: Core) -> None:
    said = set()
    for code in DECISIONS.keys() - {"worker_message"}:
        row = await by_mail(core)
        decide(core, row, code, reasons_for_sender=REASONS)
        said.add(told(core, row, "looked_at").text.replace(row.reference, "REF"))
    assert len(said) == 1 and "We cannot tell you more" in said.pop()


@pytest.mark.parametrize(("code", "words"), [("s47", FURTHER), ("early_help", FURTHER), ("nfa", NOT_NOW)])
async def test_a_parent_hears_whether_we_act_and_no_more(core: Core, code: str, words: str) -> None:
    row = await by_mail(core)
    decide(core, row, code, told_as=ToldAs.PARENT, reasons_for_sender=REASONS)
    said = told(core, row, "looked_at").text
    assert words in said and REASONS not in said and "Act 1989" not in said


async def test_a_professional_hears_the_outcome_and_the_reasons_written_for_them(core: Core) -> None:
    row = await by_mail(core)
    decide(core, row, "s17", told_as=ToldAs.PROFESSIONAL, reasons_for_sender=REASONS)
    mail = told(core, row, "looked_at")
    for said in (DECISIONS["s17"].told, REASONS, "Made by jo on 23 November.", "Agreed by ali.", "escalation policy"):
        assert said in mail.text
    assert mail.subject == f"What we decided - {row.reference}" and "SECRET" not in mail.text


async def test_without_reasons_for_the_sender_none_are_made_up(core: Core) -> None:
    row = await by_mail(core)
    decide(core, row, "nfa", told_as=ToldAs.PROFESSIONAL)
    said = told(core, row, "looked_at").text
    assert DECISIONS["nfa"].told in said and "Why" not in said and "SECRET" not in said


async def test_a_text_never_holds_an_outcome_with_its_reasons(core: Core) -> None:
    row = await by_text(core)
    decide(core, row, "s47", told_as=ToldAs.PROFESSIONAL, reasons_for_sender=REASONS)
    said = told(core, row, "looked_at").text
    assert "and will do more." in said and "school" not in said and len(said) <= 160


@pytest.mark.parametrize("code", [code for code, decision in DECISIONS.items() if decision.acts is None])
@pytest.mark.parametrize("told_as", list(ToldAs))
async def test_what_would_show_that_a_child_is_known_or_where_is_told_to_nobody(
    core: Core, code: str, told_as: str
) -> None:
    row, plain = await by_mail(core), await by_mail(core)
    decide(core, row, code, told_as=told_as, reasons_for_sender=REASONS)
    decide(core, plain, "nfa")
    if code != "worker_message":
        same = told(core, plain, "looked_at").text.replace(plain.reference, row.reference)
        assert told(core, row, "looked_at").text == same


async def test_after_a_reopening_the_next_decision_says_that_we_looked_again(core: Core) -> None:
    for row in (await by_mail(core), await by_text(core)):
        decide(core, row, "nfa")
        assert "again and decided" not in (first := told(core, row, "looked_at").text) and "looked again" not in first
        act(core, row, Action.CLOSE, reason="Done")
        act(core, row, Action.REOPEN, reason="They rang again")
        decide(core, row, "nfa")
        assert "have looked again" in told(core, row, "looked_at").text


async def test_another_council_is_named_only_to_whoever_gave_the_address(core: Core) -> None:
    passed = {"reason": "Lives there", "receipt": "Dee on the duty desk", "their_reference": "55120"}
    there, phone = {"handed_to": "Southshire Council"}, {"handed_phone": "01632 960 555"}
    one, other = await by_mail(core), await by_mail(core)
    for row, gave in ((one, "yes"), (other, "")):
        decide(core, row, "passed_on", **there)
        act(core, row, Action.CLOSE, **passed, **phone, address_from_sender=gave)
    said = told(core, one, "passed_on").text
    assert "They are Southshire Council. You can call them on 01632 960 555. Their reference is 55120." in said
    assert "at 10:15am on Monday 23 November" in said and "Dee" not in said
    unnamed = told(core, other, "passed_on").text
    assert "We have finished dealing with your report." in unnamed
    assert not [word for word in ("Southshire", "960 555", "55120", "another council") if word in unnamed]


async def test_a_pass_to_another_council_is_ours_until_their_receipt(core: Core, clock: MovableClock) -> None:
    red, green = await by_mail(core), await by_mail(core)
    act(core, red, Action.OPEN)
    act(core, red, Action.RATE, severity="red", reason="Now")
    due = act(core, red, Action.DECIDE, code="passed_on", reason="There", level="4").due_at
    assert due == clock() + timedelta(hours=2)
    assert decide(core, green, "passed_on").due_at == working_days.look_by(clock())


async def test_a_message_for_a_worker_is_answered_with_a_date_and_names_whom_the_sender_named(core: Core) -> None:
    named, unnamed = await by_mail(core, "This is for Sam Example"), await by_mail(core)
    for row in (named, unnamed):
        decide(core, row, "worker_message", worker="Sam Example", answer_by="2026-11-25T17:00")
        assert "an answer by 5pm on Wednesday 25 November" in told(core, row, "worker_message").text
        with core.database.reading() as session:
            assert not [n for n in notice.of_referrals(session, [row.id or 0]) if n.kind == "looked_at"]
    assert "We have your message for Sam Example." in told(core, named, "worker_message").text
    assert "Sam" not in told(core, unnamed, "worker_message").text


async def test_a_message_for_a_worker_taken_by_phone_is_answered_at_once_with_a_date(
    core: Core, clock: MovableClock
) -> None:
    row = await a_referral(core, callback="07700 900123", safe_text="yes", for_worker="Sam, about the boy")
    text = told(core, row, "worker_message")
    assert text.text.startswith(
        f"We have your message. Ref {row.reference}. You should have an answer by 5pm Wed 25 Nov"
    )
    assert (text.channel, text.due_at) == ("sms", clock() + notices.RECEIPT_WITHIN)
    unsafe = await a_referral(core, callback="07700 900124", for_worker="Sam")
    with core.database.reading() as session:
        assert not [n for n in notice.of_referrals(session, [unsafe.id or 0]) if n.kind == "worker_message"]


async def test_questions_go_at_once_and_decisions_by_the_end_of_the_working_day(
    core: Core, clock: MovableClock
) -> None:
    row = await by_text(core)
    act(core, row, Action.OPEN)
    act(core, row, Action.ASK, question="Which street?", answer_by="2026-11-26T17:00", who_acts="duty")
    assert told(core, row, "need_more").due_at == clock() + notices.RECEIPT_WITHIN
    act(core, row, Action.DECIDE, code="nfa", reason="Safe", level="1")
    assert told(core, row, "looked_at").due_at == datetime(2026, 11, 23, 17, tzinfo=UTC)


async def test_a_question_no_machine_can_put_is_a_persons_task_that_holds_it(core: Core) -> None:
    for row in (await a_referral(core), await a_referral(core, callback="01632 960123")):
        act(core, row, Action.OPEN)
        asked = act(core, row, Action.ASK, question="Which street?", answer_by="2026-11-26T17:00")
        assert (asked.state, asked.asked_who_acts) == ("awaiting_information", "jo")
        task = told(core, row, "staff_task")
        assert task.text == "The question: Which street?"
        assert "street" not in (task.reason or "")  # what check and the API's list of broken promises print


async def test_nobody_asks_a_caller_who_left_no_number(core: Core) -> None:
    row = await a_referral(core)
    with core.database.transaction() as session:
        session.get_one(Referral, row.id).channel = "voicemail"
    act(core, row, Action.OPEN)
    with pytest.raises(NotAllowed, match="nobody can ask the sender"):
        act(core, row, Action.ASK, question="Which street?", answer_by="2026-11-26T17:00")


async def test_promises_follow_the_work(core: Core, clock: MovableClock) -> None:
    row = await by_text(core)
    assert row.promised_at == row.look_by
    opened = act(core, row, Action.OPEN)
    assert opened.promised_at == notices.next_notice_by(row.look_by)
    assert act(core, row, Action.DECIDE, code="nfa", reason="Safe", level="1").promised_at is None
    closed = act(core, row, Action.CLOSE, reason="Done")
    assert (closed.promised_at, closed.rung_at) == (None, None)
    reopened = act(core, row, Action.REOPEN, reason="Again")
    assert reopened.due_at == working_days.look_by(clock()) and reopened.rung_at is not None


async def test_a_failed_notice_becomes_a_task_worded_from_its_file(core: Core) -> None:
    row = await by_text(core)
    decide(core, row, "nfa")
    with core.database.transaction() as session:
        core.delivery.failed(session, told(core, row, "looked_at"), "the number is not in use")
    task = told(core, row, "staff_task")
    assert 'Notice "looked at by text" could not be delivered. The number is not in use.' in task.text
    assert f"Reference {row.reference}" in task.text and "900" not in task.text


async def test_a_task_is_made_even_when_its_own_wording_cannot_be_used(core: Core) -> None:
    row = await by_text(core)
    broken = core.words.wordings["looked_at.sms.txt"].body.environment.from_string("{{ nobody_fills_this_in }}")
    core.words.wordings["staff_task.staff.txt"] = Wording(source="", body=broken, subject=None)
    extra = {"undelivered": "looked at by text", "what_failed": "Not in use."}
    with core.database.transaction() as session:
        owed = notices.task("tell the sender by hand", core.clock())
        made = core.owing.write(session, row, owed, About(extra=extra))
        assert (made.kind, made.reason, made.text) == ("staff_task", "tell the sender by hand", "")
