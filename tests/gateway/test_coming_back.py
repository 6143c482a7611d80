"""A notice that comes back sends the next one another way, keeps its address from machines, and ends with a person."""

from __future__ import annotations

from datetime import timedelta
from email.message import EmailMessage

import pytest
from sqlmodel import select

from channels.contract import DeliveryReport, DeliveryState, Purpose, SendError
from channels.email.own import Own
from gateway.coming_back import RETURNED_IN_A_ROW, came_back
from gateway.core import Core
from gateway.late_delivery import LateDelivery
from gateway.safe_contact import Said, keep
from storage import identity
from storage.identity import Identity
from storage.notice import Notice
from storage.referral import Referral
from tests.builders import a_message, read_all
from tests.channels.email.bounces import STYLES
from tests.fakes import MovableClock

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def own_of(core: Core) -> Own:
    box = core.settings.mailbox_list[0]
    return Own(mailboxes=(box,), mail_from=box, loop_key=core.seal.key_for("mail loop mark"))


async def a_mail(core: Core, number: int = 1) -> Notice:
    """A mail that was read, and its receipt as the relay took it."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Message-ID"] = "jo@example.org", "referrals@northshire.example", f"<{number}@x.y>"
    mail.set_content(f"{'abcdefgh'[number] * 9} is what I saw")
    sent = {"mail_from": "jo@example.org", "rcpt_to": "referrals@northshire.example"}
    await core.intake.accept(a_message(mail.as_bytes(), channel="email", media_type="message/rfc822", envelope=sent))
    await read_all(core)
    with core.database.transaction() as session:
        row = session.exec(select(Notice).where(Notice.state == "owed", Notice.channel == "email")).one()
        core.delivery.sent(row, core.clock())
        row.provider_id, row.limit_at = own_of(core).message_id(row.id), None
        session.add(row)
        session.flush()
        session.expunge(row)
    return row


async def returns(core: Core, row: Notice, style: str) -> None:
    """The mail system says what became of it, to the address its envelope had."""
    to = own_of(core).bounce_address(row.id)
    raw = a_message(
        STYLES[style].mail("Subject: x"), channel="email", media_type="message/rfc822", purpose=Purpose.REPORT,
        envelope={"mail_from": "<>", "rcpt_to": to},
    )  # fmt: skip
    await core.intake.accept(raw)
    await read_all(core)


def of(core: Core, row: Notice) -> Notice:
    with core.database.reading() as session:
        return session.get_one(Notice, row.id)


def the_address(core: Core) -> Identity:
    with core.database.reading() as session:
        return session.exec(select(Identity)).one()


def tasks(core: Core) -> list[str]:
    with core.database.reading() as session:
        found = session.exec(select(Notice).where(Notice.kind == "staff_task", Notice.state == "owed"))
        return [each.reason or "" for each in found]


async def test_a_bounce_keeps_machines_from_the_address_and_makes_a_task(core: Core, clock: MovableClock) -> None:
    row = await a_mail(core)
    await returns(core, row, "Gmail")
    assert of(core, row).state == "failed"
    assert the_address(core).blocked_reason == "a notice came back for good"
    (task,) = tasks(core)
    assert "could not be delivered (returned 5.1.1): tell the sender by hand" in task


@ON_SQLITE
async def test_a_bounce_after_it_was_called_delivered_still_makes_a_task(core: Core) -> None:
    row = await a_mail(core)
    await returns(core, row, "arrived")
    assert (of(core, row).state, tasks(core)) == ("delivered", [])
    await returns(core, row, "Exchange Online")
    assert (of(core, row).state, of(core, row).delivered_at) == ("failed", None)
    assert len(tasks(core)) == 1


@ON_SQLITE
async def test_a_provider_that_reports_in_any_order_cannot_undo_delivered(core: Core) -> None:
    row = await a_mail(core)
    for state in (DeliveryState.DELIVERED, DeliveryState.FAILED):
        with core.database.transaction() as session:
            core.delivery.reported(session, DeliveryReport(provider_id=row.provider_id or "", state=state))
    assert of(core, row).state == "delivered"


@ON_SQLITE
async def test_what_is_held_up_is_waited_for_and_then_told_another_way(core: Core, clock: MovableClock) -> None:
    row = await a_mail(core)
    await returns(core, row, "Postfix, held up")
    held_up = of(core, row)
    assert (held_up.state, held_up.reason, tasks(core)) == ("sent", "held up on its way", [])
    watch = LateDelivery(database=core.database, seal=core.seal, clock=clock, senders={}, delivery=core.delivery)
    clock.move(hours=3)
    assert await watch.look() == 0
    clock.move(hours=2)
    assert await watch.look() == 1
    assert of(core, row).state == "failed"
    (task,) = tasks(core)
    assert "not known to be delivered within 4 hours" in task
    assert the_address(core).blocked_until is None


@ON_SQLITE
async def test_what_is_held_up_about_a_red_report_waits_half_an_hour(core: Core, clock: MovableClock) -> None:
    row = await a_mail(core)
    with core.database.transaction() as session:
        session.get_one(Referral, row.referral_id).severity = "red"
    await returns(core, row, "Gmail, held up")
    assert of(core, row).limit_at == clock() + timedelta(minutes=30)


@ON_SQLITE
async def test_what_was_held_up_and_arrived_is_nobodys_task(core: Core, clock: MovableClock) -> None:
    row = await a_mail(core)
    await returns(core, row, "Exim, held up")
    await returns(core, row, "arrived")
    assert (of(core, row).state, of(core, row).limit_at) == ("delivered", None)
    assert tasks(core) == []


@ON_SQLITE
async def test_what_was_handed_to_a_system_that_says_no_more_has_no_limit(core: Core) -> None:
    row = await a_mail(core)
    await returns(core, row, "handed on")
    assert (of(core, row).state, of(core, row).limit_at) == ("sent", None)


async def test_a_full_mailbox_is_tried_again_until_it_fails_each_time(core: Core, clock: MovableClock) -> None:
    was_blocked = []
    for number in range(1, RETURNED_IN_A_ROW + 1):
        await returns(core, await a_mail(core, number), "sendmail, five days over")
        was_blocked.append(the_address(core).blocked_until is not None)
        clock.move(days=2)
    assert was_blocked == [False, False, True]
    assert the_address(core).blocked_reason == "a notice came back for good"


@ON_SQLITE
async def test_a_relay_that_is_away_says_nothing_of_an_address(core: Core) -> None:
    rows = [await a_mail(core, number) for number in range(1, 5)]
    with core.database.transaction() as session:
        for row in rows:
            core.delivery.failed(session, session.get_one(Notice, row.id), "away", error=SendError.AWAY)
        who = session.exec(select(Identity)).one()
        assert not came_back(session, who, None, core.clock())
        assert who.blocked_until is None


@ON_SQLITE
async def test_a_forged_bounce_changes_nothing_and_a_person_sees_it(core: Core) -> None:
    row = await a_mail(core)
    forged = Own(mailboxes=(), mail_from=own_of(core).mail_from, loop_key=b"another key, thirty-two bytes ..")
    envelope = {"mail_from": "<>", "rcpt_to": own_of(core).mail_from}
    body = STYLES["qmail"].mail(f"Message-ID: <{forged.message_id(row.id)}>")
    await core.intake.accept(a_message(body, channel="email", media_type="message/rfc822", envelope=envelope))
    await read_all(core)
    assert of(core, row).state == "sent"
    with core.database.reading() as session:
        assert [n.reason for n in session.exec(select(Notice)) if n.state == "cancelled"] == [
            "automatic message: null sender"
        ]


@ON_SQLITE
async def test_a_bounce_sends_the_same_words_by_the_next_way_that_was_said_to_be_safe(core: Core) -> None:
    row = await a_mail(core)
    with core.database.transaction() as session:
        other = identity.remember(
            session, core.seal, found_by="mobile:+447700900123", address_class="mobile", value="+447700900123", name="",
            at=core.clock(),
        )  # fmt: skip
        keep(core.seal, other, Said(ok_for={"sms": True}), by="sam", at=core.clock(), was_asked=True)
        session.add(other)
        identity.add_way(
            session, referral_id=row.referral_id, of_identity_id=row.identity_id, identity_id=other.id, said_by="sam",
            at=core.clock(),
        )  # fmt: skip
    await returns(core, row, "qmail")
    with core.database.reading() as session:
        (instead,) = session.exec(select(Notice).where(Notice.substitute_for == row.id))
    assert (instead.kind, instead.channel, instead.state) == ("receipt", "sms", "owed")
    assert tasks(core) == []
