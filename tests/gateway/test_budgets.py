"""Automatic answers come to an end: a machine that answers back gets few of them, and one task for all it sends."""

from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage

from sqlmodel import Session, col, select

from channels.contract import Inbound, SendError
from gateway import budgets
from gateway.budgets import Budgets, Limit, Limits, Spent, normalised
from gateway.core import Core
from gateway.reaching import Reaching
from gateway.reading.answering import ELSEWHERE
from gateway.reading.parts import Parts
from gateway.reading.recording import Recording
from gateway.wiring import wire_channels
from storage.identity import Identity
from storage.message import waiting_to_be_read
from storage.notice import Notice, NoticeKind
from tests.builders import a_message, read_all
from tests.fakes import MovableClock
from transcription.worker import can_read


async def a_mail(core: Core, number: int, *, sender: str = "jo@example.org", words: str = "", **header: str) -> str:
    """A mail of its own thread, read; returns the reference its sender is told."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Message-ID"] = sender, "referrals@northshire.example", f"<m{number}@example.org>"
    mail["Subject"] = f"A worry {number}"
    for name, value in header.items():
        del mail[name.replace("_", "-")]
        mail[name.replace("_", "-")] = value
    mail.set_content(words or f"{'abcdefghijklmnopqrstuvwxyz'[number % 26] * 9} is what I saw")
    raw = a_message(mail.as_bytes(), channel="email", media_type="message/rfc822", envelope={"mail_from": sender})
    receipt = await core.intake.accept(raw)
    await read_all(core)
    return receipt.reference


def kept(core: Core, kind: NoticeKind = NoticeKind.RECEIPT) -> list[Notice]:
    with core.database.reading() as session:
        return list(session.exec(select(Notice).where(Notice.kind == kind).order_by(col(Notice.created_at))))


def answered(core: Core) -> int:
    return sum(each.state == "owed" for each in kept(core))


def tasks(core: Core) -> list[tuple[str, int]]:
    return [(each.reason or "", each.times) for each in kept(core, NoticeKind.STAFF_TASK)]


async def test_one_address_gets_thirty_answers_in_ten_minutes_and_a_person_each_for_the_rest(
    core: Core, clock: MovableClock
) -> None:
    for number in range(33):
        await a_mail(core, number)
        clock.move(seconds=1)
    assert answered(core) == 30
    assert tasks(core) == [(f"acknowledge by hand: {budgets.MANY_FROM_ONE.why}", 1)] * 3
    assert {each.reason for each in kept(core) if each.state == "cancelled"} == {
        f"a person answers: {budgets.MANY_FROM_ONE.why}"
    }


async def test_a_mailbox_that_sends_many_reports_of_the_same_form_gets_an_answer_to_each(core: Core) -> None:
    for number in range(12):
        await a_mail(core, number, words=f"Police notification {4711 + number}: a child was present.")
    assert (answered(core), tasks(core)) == (12, [])


async def test_a_vacation_answer_that_says_the_same_again_at_once_gets_no_more_for_a_day(
    core: Core, clock: MovableClock
) -> None:
    for number in range(12):
        await a_mail(core, number, words="I am away until Monday the 30th.", Subject="Away")
        clock.move(seconds=20)
    assert answered(core) == 1
    assert tasks(core) == [(f"acknowledge by hand: {budgets.ECHO.why}", 11)]
    clock.move(hours=25)
    await a_mail(core, 20, words="I am back and I am worried about the boy.")
    assert answered(core) == 2


async def test_who_adds_something_at_once_is_no_machine(core: Core, clock: MovableClock) -> None:
    reference = await a_mail(core, 1)
    clock.move(seconds=30)
    await a_mail(core, 2, words=f"I forgot, for {reference}: it is number 12.")
    clock.move(hours=1)
    await a_mail(core, 3)
    assert (answered(core), tasks(core)) == (2, [])


async def test_a_person_who_answers_later_is_still_acknowledged(core: Core, clock: MovableClock) -> None:
    reference = await a_mail(core, 1)
    clock.move(minutes=5)
    await a_mail(core, 2, words=f"More on {reference}: it happened again.")
    await a_mail(core, 3)
    assert (answered(core), tasks(core)) == (2, [])


async def test_a_machine_with_a_new_address_each_time_is_known_by_its_words(core: Core, clock: MovableClock) -> None:
    for number in range(24):
        sender = f"case{number}@crm.example.org"
        await a_mail(core, number, sender=sender, words="Your case was opened.", Subject="Case opened")
        clock.move(seconds=10)
    assert answered(core) == 20
    assert tasks(core) == [(f"acknowledge by hand: {budgets.MANY_ALIKE.why}", 1)] * 4


async def test_one_mail_system_gets_so_many_answers_in_ten_minutes_and_each_other_sender_a_person(core: Core) -> None:
    await several(core, 63, limits=budgets.limits_of(per_domain=60, in_all=6000))
    assert answered(core) == 60
    assert tasks(core) == [(f"acknowledge by hand: {budgets.MANY_FROM_A_DOMAIN.why}", 1)] * 3


async def test_everybody_together_has_a_limit_too(core: Core, clock: MovableClock) -> None:
    few = replace(Limits(), everybody=Limit(most=4, within=timedelta(minutes=10)))
    await several(core, 6, limits=few)
    assert (answered(core), len(tasks(core))) == (4, 2)
    clock.move(minutes=11)
    await several(core, 2, limits=few, first=10)
    assert answered(core) == 6


async def several(core: Core, count: int, *, limits: Limits, first: int = 0) -> None:
    """Different people of one mail system, each with words of their own, read with these limits."""
    channels = wire_channels(core)
    parts = Parts(blobs=core.blobs, clock=core.clock, can_read=can_read)
    recording = Recording(
        seal=core.seal, clock=core.clock, parts=parts, owing=core.owing, budgets=Budgets(limits),
        reaching=Reaching(seal=core.seal, clock=core.clock),
    )  # fmt: skip
    for number in range(first, first + count):
        mail = EmailMessage()
        mail["From"], mail["Message-ID"] = f"p{number}@example.org", f"<n{number}@example.org>"
        mail["Subject"] = "A worry"
        mail.set_content("".join("abcdefghij"[int(digit)] for digit in str(number)) * 5)
        raw = a_message(mail.as_bytes(), channel="email", media_type="message/rfc822")
        await core.intake.accept(raw)
        with core.database.transaction() as session:
            (message,) = waiting_to_be_read(session)
            inbound = channels.receivers["email"].parse(raw)
            assert isinstance(inbound, Inbound)
            recording.record(session, message, inbound, (), "")


async def test_texts_have_the_same_budgets(core: Core) -> None:
    await core.intake.accept(a_message(b"MessageSid=SM9&From=%2B447700900123&Body=The+baby+cries"))
    await read_all(core)
    with core.database.transaction() as session:
        receipt, who = session.exec(select(Notice)).one(), session.exec(select(Identity)).one()
        for _ in range(29):
            assert spent(core, session, who) is None
            session.add(Notice.model_validate(receipt.model_dump(exclude={"id"})))
            session.flush()
        assert spent(core, session, who) is budgets.MANY_FROM_ONE


def spent(core: Core, session: Session, who: Identity) -> Spent | None:
    given = budgets.given_to(session, who, core.clock())
    return Budgets().spent(session, who, given, words_hash="", now=core.clock())


async def test_one_mail_that_comes_by_two_ways_is_answered_once_for_ever(core: Core, clock: MovableClock) -> None:
    await a_mail(core, 1, words="The same words")
    clock.move(days=40)
    await a_mail(core, 1, words="The same words", X_Trace="another relay")
    assert (answered(core), len(kept(core)), tasks(core)) == (1, 1, [])


async def test_answers_wanted_at_another_organisation_are_a_persons_to_weigh(core: Core) -> None:
    await a_mail(core, 1, Reply_To="jo@mail.example.org")
    await a_mail(core, 2, From="jo@mail.example.net", Reply_To="office@north.example.net")
    assert tasks(core) == []
    await a_mail(core, 3, Reply_To="jo@elsewhere.example")
    assert (answered(core), [reason for reason, _ in tasks(core)]) == (3, [ELSEWHERE])


async def test_an_address_that_came_back_is_left_alone_for_sixty_days(core: Core, clock: MovableClock) -> None:
    await a_mail(core, 1)
    with core.database.transaction() as session:
        (receipt,) = session.exec(select(Notice))
        core.delivery.failed(session, receipt, "no such mailbox", error=SendError.BAD_ADDRESS)
    clock.move(days=30)
    await a_mail(core, 2)
    assert answered(core) == 0
    assert any("an earlier notice came back" in reason for reason, _ in tasks(core))
    clock.move(days=31)
    await a_mail(core, 3)
    assert answered(core) == 1


def test_capitals_quotes_and_references_make_no_difference_to_words_but_numbers_do() -> None:
    assert normalised("Case 12, KMR-4729-HX:\n  we have it\n> your words") == normalised("CASE 12: we have it")
    assert normalised("Notification 4711") != normalised("Notification 4712")
    assert normalised("She fell") != normalised("She ran")
