"""Every way in which a mail can continue a report joins it; strangers add but never hear, and nothing is guessed."""

from __future__ import annotations

import base64
from email.message import EmailMessage
from email.policy import SMTP

import pytest

from channels.email.thread_index import thread_index
from gateway import saying
from gateway.addresses import address_of
from gateway.core import Core
from gateway.deciding import Actor
from gateway.life_cycle import Action
from gateway.reading.answering import ADDED
from gateway.ready_to_send import outgoing
from gateway.reference import draw
from storage import notice
from storage.identity import Identity
from storage.notice import Notice
from tests.fakes import MovableClock
from tests.gateway.mail_house import (
    JO,
    MAILBOX,
    STRANGER,
    a_mail,
    comes_in,
    history,
    notices,
    of,
    own_of,
    sent,
    tasks,
)

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SAM = Actor(name="sam", role="social_worker")


async def test_a_reference_is_found_however_it_was_written(core: Core) -> None:
    first = await comes_in(core, a_mail())
    a, b, c = first.reference.split("-")
    written = [
        {"Subject": f"Re: We have your message - {first.reference}"}, {"Subject": f"more on ref {a} {b} {c}"},
        {"Subject": f"AW: [ticket] {first.reference.lower()}"}, {"Subject": f"{a}{b}{c}"},
    ]  # fmt: skip
    mails = [a_mail(**fields) for fields in written]
    mails += [
        a_mail(words)
        for words in (
            f"your ref. {a.lower()}/{b}/{c.lower()} please",
            f"> Your reference is {a}-{b}-\n> {c}.\n\nShe told me more.",
            f"{a}\u200b-{b}\u2011{c}",
            f"Please see {a} -{b}- {c}, thank you",
        )
    ]
    soft = f"From: {JO}\r\nTo: {MAILBOX}\r\nMessage-ID: <soft@example.org>\r\nMIME-Version: 1.0\r\n"
    soft += "Content-Type: text/plain\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    soft += f"About {a}-{b[:2]}=\r\n{b[2:]}-{c}\r\n"
    everything: list[EmailMessage | bytes] = [*mails, soft.encode()]
    for mail in everything:
        joined = await comes_in(core, mail)
        assert joined.referral_id == first.referral_id
    tagged = await comes_in(core, a_mail(), to=f"referrals+{first.reference}@northshire.example")
    assert tagged.referral_id == first.referral_id


async def test_our_notice_forwarded_inline_or_attached_joins_its_report(core: Core) -> None:
    first = await comes_in(core, a_mail())
    receipt = sent(core, kind="receipt")
    inline = a_mail(f"See below.\n\n---- Forwarded message ----\n{receipt.text}", Subject="Fwd: something")
    ours, outer = EmailMessage(policy=SMTP), a_mail("See attached.", Subject="a mail of yours")
    ours["From"], ours["Subject"] = MAILBOX, receipt.subject
    ours.set_content(receipt.text)
    outer.add_attachment(ours)
    for mail in (inline, outer):
        assert (await comes_in(core, mail)).referral_id == first.referral_id


async def test_an_answer_joins_by_what_it_answers_also_where_outlook_leaves_that_out(core: Core) -> None:
    first = await comes_in(core, a_mail())
    receipt = sent(core, kind="receipt")
    index = base64.b64encode(base64.b64decode(thread_index(receipt.id, receipt.created_at)) + b"\1\2\3\4\5").decode()
    answers: list[dict[str, str]] = [
        {"In_Reply_To": f"<{own_of(core).message_id(receipt.id)}>"},
        {"References": f"<other@example.org> <{own_of(core).message_id(receipt.id)}>"},
        {"Thread_Index": index}, {"Thread_Topic": receipt.subject},
    ]  # fmt: skip
    for fields in answers:
        joined = await comes_in(core, a_mail("No, at the other house.", Subject="yes", **fields))
        assert joined.referral_id == first.referral_id
    forged = {"Thread_Index": thread_index("f" * 32, receipt.created_at)}
    assert (await comes_in(core, a_mail(**forged))).referral_id != first.referral_id


async def test_two_references_are_joined_to_neither_and_a_person_finds_out(core: Core) -> None:
    one, two = await comes_in(core, a_mail()), await comes_in(core, a_mail(sender=STRANGER), sender=STRANGER)
    both = await comes_in(core, a_mail(f"About {two.reference} and {one.reference}: it goes on."))
    assert both.referral_id not in (one.referral_id, two.referral_id)
    named = " or ".join(sorted((one.reference, two.reference)))
    assert f"find out which report it is about and link it there: the message quotes {named}" in tasks(core)
    for each in (one, two):
        assert f"A message of {both.reference} quotes this reference: see there too" in history(core, of(core, each))


async def test_a_second_reference_that_means_the_same_report_or_none_leaves_no_doubt(core: Core) -> None:
    one = await comes_in(core, a_mail())
    more = await comes_in(core, a_mail(f"More on {one.reference}"))
    again = await comes_in(core, a_mail(f"About {one.reference}, which you also call {more.reference}; not {draw()}."))
    assert again.referral_id == one.referral_id
    assert tasks(core) == []


async def test_an_answer_that_names_another_report_joins_what_it_answers_and_both_say_so(core: Core) -> None:
    one, two = await comes_in(core, a_mail()), await comes_in(core, a_mail(sender=STRANGER), sender=STRANGER)
    receipt = notices(core, kind="receipt")[0]
    sent(core, id=receipt.id)
    answer = a_mail(f"This may be {two.reference} as well", In_Reply_To=f"<{own_of(core).message_id(receipt.id)}>")
    assert (await comes_in(core, answer)).referral_id == one.referral_id
    assert f"The message also quotes {two.reference}" in history(core, of(core, one))
    assert f"A message of {one.reference} quotes this reference: see there too" in history(core, of(core, two))


def heard(core: Core, row: Notice) -> str:
    """Everything a notice tells its reader."""
    with core.database.reading() as session:
        ready = outgoing(core.seal, row, notice.addressed(session, row), core.clock())
    return "\n".join([
        ready.subject, ready.text, ready.html, str(ready.data), str(ready.reply_handle), ready.reference,
    ])  # fmt: skip


async def test_a_stranger_who_quotes_a_reference_adds_and_hears_of_their_own_message_alone(
    core: Core, clock: MovableClock
) -> None:
    first = await comes_in(core, a_mail())
    clock.move(days=3)
    quoting = await comes_in(core, a_mail(f"I too know of {first.reference}", sender=STRANGER), sender=STRANGER)
    none = await comes_in(core, a_mail(f"I too know of {draw()}", sender="x@example.com"), sender="x@example.com")
    assert quoting.referral_id == first.referral_id != none.referral_id
    told, alike = notices(core, kind="receipt")[1:]
    assert first.reference not in heard(core, told)
    assert "2026-11-23" not in heard(core, told)
    assert quoting.reference in told.text and quoting.reference in told.subject
    assert told.text.replace(quoting.reference, none.reference) == alike.text
    (task,) = notices(core, kind="staff_task")
    assert task.reason == ADDED and saying.moment(task.due_at) in told.text


async def test_a_stranger_hears_of_nothing_that_is_decided_later(core: Core) -> None:
    first = await comes_in(core, a_mail())
    await comes_in(core, a_mail(f"About {first.reference}", sender=STRANGER), sender=STRANGER)
    with core.database.transaction() as session:
        for action, asked in (
            (Action.OPEN, {}), (Action.DECIDE, {"code": "nfa", "reason": "safe", "level": "1"}),
            (Action.CLOSE, {"reason": "told"}),
        ):  # fmt: skip
            core.deciding.act(session, first.reference, action, SAM, asked)
    (opened,) = {row.identity_id for row in notices(core) if row.message_id == first.id}
    later = [row for row in notices(core) if row.kind in ("looked_at", "closed")]
    assert [row.identity_id for row in later] == [opened, opened]


async def test_whoever_forges_the_sender_has_the_real_one_told_and_no_one_else(core: Core) -> None:
    first = await comes_in(core, a_mail())
    forged = await comes_in(core, a_mail(f"About {first.reference}"), sender="thief@example.com")
    assert forged.referral_id == first.referral_id
    (went_to,) = {row.identity_id for row in notices(core) if row.identity_id}
    with core.database.reading() as session:
        assert address_of(core.seal, session.get_one(Identity, went_to)).value == JO


async def test_the_reference_of_a_closed_report_opens_it_again(core: Core) -> None:
    first = await comes_in(core, a_mail())
    with core.database.transaction() as session:
        for action, asked in (
            (Action.OPEN, {}), (Action.DECIDE, {"code": "nfa", "reason": "safe", "level": "1"}),
            (Action.CLOSE, {"reason": "told"}),
        ):  # fmt: skip
            core.deciding.act(session, first.reference, action, SAM, asked)
    assert of(core, first).state == "closed"
    await comes_in(core, a_mail(f"It happened again, {first.reference}", sender=STRANGER), sender=STRANGER)
    assert of(core, first).state == "reopened"


async def test_the_same_person_at_another_address_is_answered_there_of_that_message(core: Core) -> None:
    first = await comes_in(core, a_mail())
    receipt = sent(core, kind="receipt")
    private = "jo.private@example.net"
    answer = a_mail("From home now.", sender=private, In_Reply_To=f"<{own_of(core).message_id(receipt.id)}>")
    joined = await comes_in(core, answer, sender=private)
    assert joined.referral_id == first.referral_id
    told = notices(core, kind="receipt")[1]
    assert joined.reference in told.subject and first.reference not in heard(core, told)
