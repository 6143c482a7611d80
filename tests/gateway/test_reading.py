"""A kept message becomes a referral, its parts and the acknowledgement owed; a later one joins it."""

from datetime import timedelta
from email.message import EmailMessage
from urllib.parse import urlencode

import pytest
from sqlmodel import col, select

from channels.contract import Purpose, RawMessage
from gateway import working_days
from gateway.core import Core
from gateway.deciding import Actor
from gateway.life_cycle import Action
from storage import identity, notice
from storage.identity import Identity
from storage.message import Message
from storage.notice import Notice
from storage.referral import Referral
from storage.work import Work
from tests.builders import a_message, a_referral, read_all
from tests.fakes import MovableClock

SAM = Actor(name="sam", role="social_worker")
FORM = "application/x-www-form-urlencoded"


def a_text(body: str, *, sender: str = "+447700900123", key: str = "SM1") -> RawMessage:
    fields = {"MessageSid": key, "From": sender, "To": "+441632960000", "Body": body, "NumMedia": "0"}
    return a_message(urlencode(fields).encode(), source_key=key, media_type=FORM)


def a_mail(words: str = "The boy at the blue door", **headers: str) -> RawMessage:
    mail = EmailMessage()
    for name, value in ({"From": "a@example.org", "To": "referrals@northshire.example"} | headers).items():
        mail[name.replace("_", "-")] = value
    mail.set_content(words)
    envelope = {"mail_from": "a@example.org", "rcpt_to": "referrals@northshire.example"}
    return a_message(mail.as_bytes(), channel="email", media_type="message/rfc822", envelope=envelope)


async def kept(core: Core, *raws: RawMessage) -> list[str]:
    references = [(await core.intake.accept(raw)).reference for raw in raws]
    await read_all(core)
    return references


def referrals(core: Core) -> list[Referral]:
    with core.database.reading() as session:
        return list(session.exec(select(Referral).order_by(col(Referral.ledger_no))))


def notices(core: Core, row: Referral) -> list[Notice]:
    with core.database.reading() as session:
        return notice.of_referrals(session, [row.id or 0])


async def test_the_acknowledgement_is_owed_with_the_referral(core: Core) -> None:
    await kept(core, a_text("The baby cries"))
    (row,) = referrals(core)
    (owed,) = notices(core, row)
    assert (owed.kind, owed.channel, owed.state) == ("receipt", "sms", "owed")
    assert row.reference in owed.text
    assert (row.look_by, row.due_at) == (working_days.look_by(row.received_at),) * 2


async def test_a_text_that_quotes_a_reference_joins_whoever_sends_it(core: Core) -> None:
    reference, _ = await kept(
        core, a_text("It is number 12"), a_text("Ref kmr 1. About it", sender="+447700900124", key="SM2")
    )
    await kept(core, a_text(f"about {reference.lower()} he hit her", sender="+447700900125", key="SM3"))
    assert len(referrals(core)) == 2
    told = {n.identity_id for n in notices(core, referrals(core)[0])}
    assert len(told) == 2


async def test_a_stranger_who_quotes_a_reference_hears_nothing_of_it(core: Core) -> None:
    (reference,) = await kept(core, a_text("The child is called Emma"))
    await kept(core, a_text(f"{reference}?", sender="+447700900125", key="SM2"))
    assert not any("Emma" in n.text for n in notices(core, referrals(core)[0]))


async def test_a_text_a_week_later_is_a_referral_of_its_own(core: Core, clock: MovableClock) -> None:
    await kept(core, a_text("It is number 12"))
    clock.move(days=7)
    await kept(core, a_text("Again", key="SM2"))
    assert len(referrals(core)) == 2


async def test_two_mails_of_one_person_are_two_referrals_unless_one_answers_the_other(core: Core) -> None:
    await kept(core, a_mail(Message_ID="<1@example.org>"), a_mail("Another", Message_ID="<2@example.org>"))
    await kept(core, a_mail("More", Message_ID="<3@example.org>", In_Reply_To="<1@example.org>"))
    assert len(referrals(core)) == 2


async def test_a_receipt_for_a_later_message_promises_from_that_message(core: Core, clock: MovableClock) -> None:
    (reference,) = await kept(core, a_text("It is number 12"))
    clock.move(days=3)
    await kept(core, a_text(f"{reference} again", key="SM2"))
    last = notices(core, referrals(core)[0])[-1]
    assert "Fri 27 Nov" in last.text


async def test_a_receipt_written_late_promises_no_time_that_has_passed(core: Core, clock: MovableClock) -> None:
    await core.intake.accept(a_text("It is number 12"))
    clock.move(days=3)
    await read_all(core)
    (row,) = referrals(core)
    (owed,) = notices(core, row)
    assert "Fri 27 Nov" in owed.text
    assert row.look_by < clock()


async def test_a_message_after_closing_opens_the_referral_again(core: Core, clock: MovableClock) -> None:
    row = await a_referral(core)
    with core.database.transaction() as session:
        core.deciding.act(session, row.reference, Action.OPEN, SAM, {})
        core.deciding.act(session, row.reference, Action.DECIDE, SAM, {"code": "nfa", "reason": "safe", "level": "1"})
        core.deciding.act(session, row.reference, Action.CLOSE, SAM, {"reason": "told"})
    clock.move(hours=1)
    await kept(core, a_text(f"{row.reference}: it happened again"))
    (again,) = referrals(core)
    assert (again.state, again.closed_at) == ("reopened", None)
    assert again.due_at == working_days.look_by(clock())


async def test_a_machine_is_never_answered_and_never_opens_what_is_closed(core: Core) -> None:
    await kept(core, a_mail("I am away", Auto_Submitted="auto-replied", Message_ID="<m@example.org>"))
    (row,) = referrals(core)
    (owed,) = notices(core, row)
    assert (owed.state, owed.channel) == ("cancelled", "email")
    assert "automatic" in (owed.reason or "")


async def test_a_sender_who_wants_no_texts_gets_none_and_a_person_owes_the_answer(core: Core) -> None:
    await kept(core, a_text("STOP"))
    (row,) = referrals(core)
    assert sorted((n.kind, n.state) for n in notices(core, row)) == [("receipt", "cancelled"), ("staff_task", "owed")]


@pytest.mark.parametrize("sender", ["+441632960123", "+266696687", ""])
async def test_only_mobiles_are_texted(core: Core, sender: str) -> None:
    await kept(core, a_text("The baby cries", sender=sender))
    (row,) = referrals(core)
    assert not [n for n in notices(core, row) if n.state == "owed" and n.channel == "sms"]


async def test_the_sender_is_one_sealed_identity_however_often_they_write(core: Core, clock: MovableClock) -> None:
    await kept(core, a_text("one"))
    clock.move(days=3)
    await kept(core, a_text("two", key="SM2"))
    with core.database.reading() as session:
        who = session.exec(select(Identity)).one()
        assert identity.address_of(core.seal, who) == "+447700900123"
    assert b"900123" not in who.sealed_address
    assert {row.identity_id for row in referrals(core)} == {who.id}


async def test_text_that_databases_refuse_is_kept_readable(core: Core) -> None:
    await kept(core, a_text("a\x00b \ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16")))
    assert len(referrals(core)) == 1


async def test_news_of_a_call_that_comes_before_its_message_waits_for_it(core: Core, clock: MovableClock) -> None:
    call = {"CallSid": "CA" + "1" * 32, "From": "+447700900123", "AccountSid": "AC1", "To": "+441632960000"}
    recorded = call | {"RecordingSid": "RE" + "1" * 32, "RecordingDuration": "9", "Digits": "#", "RecordingUrl": "x"}
    talk = f"call:{call['CallSid']}"
    await core.intake.accept(
        a_message(urlencode(recorded).encode(), channel="voicemail", conversation=talk, media_type=FORM)
    )
    heard = a_message(
        urlencode(call | {"CallStatus": "completed", "CallDuration": "20"}).encode(), channel="phone",
        conversation=talk, purpose=Purpose.REPORT, media_type=FORM,
    )  # fmt: skip
    await core.intake.accept(heard)
    await read_all(core)
    clock.move(seconds=5)
    await read_all(core)
    (row,) = referrals(core)
    assert row.channel == "voicemail"
    assert row.last_message_at <= clock() + timedelta(seconds=1)


@pytest.mark.parametrize("body", [b"MessageSid=SM9&MessageStatus=delivered", b"\xff\x00 nothing"])
async def test_a_report_of_nothing_we_know_is_kept_and_set_aside(core: Core, clock: MovableClock, body: bytes) -> None:
    report = a_message(body, source_key="SM9:delivered", media_type=FORM, purpose=Purpose.REPORT)
    await core.intake.accept(report)
    for _ in range(8):
        await read_all(core)
        clock.move(minutes=10)
    with core.database.reading() as session:
        message = session.exec(select(Message)).one()
        assert session.exec(select(Work)).one().state in ("done", "dead")
    assert message.read_at is not None
    assert message.unreadable
    assert referrals(core) == []


async def test_who_told_us_by_form_without_a_safe_address_is_sealed_and_still_known(core: Core) -> None:
    body = urlencode({"concern": "shouting", "name": "Pat Example", "contact_phone": "07700 900188"}).encode()
    await kept(core, a_message(body, channel="web_form", media_type=FORM))
    (row,) = referrals(core)
    with core.database.reading() as session:
        who = session.get_one(Identity, row.identity_id)
        assert identity.name_of(core.seal, who) == "Pat Example\nPhone: 07700 900188"
        message = session.exec(select(Message)).one()
    assert row.identity_id == who.id
    assert "900188" not in message.text + row.summary
    assert "Pat" not in message.text + row.summary


async def test_the_id_of_a_mail_which_names_its_sender_is_nowhere_in_the_clear(core: Core) -> None:
    await kept(core, a_mail(Message_ID="<7@smallschool.example.org>"))
    with core.database.reading() as session:
        message, owed = session.exec(select(Message)).one(), session.exec(select(Notice)).one()
    assert "smallschool" not in str(message.model_dump())
    assert b"smallschool" not in (owed.reply_handle or b"")
    assert owed.reply_handle is not None
