"""Notices by GOV.UK Notify, from the owed row through the real desks to a twin of its API and back by its door."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from gateway.by_notify import faults_of
from gateway.core import Core
from gateway.settings import Settings
from gateway.wiring import wire_channels, wire_recall
from storage.message import Message
from storage.referral import Referral
from tests.builders import read_all
from tests.channels.notify.twin import TOKEN, NotifyTwin
from tests.fakes import MovableClock
from tests.gateway.notify_gateway import NotifyGateway
from tests.house import a_house

NOTIFY = {f"channels.notify.{name}" for name in ("texts", "emails", "letters")}
HOME = "A Example\n3 High Street\nNorthtown\nNT1 2AB"


@pytest.fixture
async def twin(clock: MovableClock) -> AsyncIterator[NotifyTwin]:
    async with NotifyTwin(clock=clock) as opened:
        yield opened


@pytest.fixture
def settings(tmp_path: Path, database_url: str, twin: NotifyTwin) -> Settings:
    return Settings(
        data_dir=tmp_path / "data", database_url=database_url, http="", smtp="127.0.0.1:0", _env_file=None,
        notify_api_key=twin.key, notify_api_url=twin.url, notify_callback_token=TOKEN,
    )  # fmt: skip


@pytest.fixture
async def gateway(core: Core, twin: NotifyTwin, clock: MovableClock) -> AsyncIterator[NotifyGateway]:
    opened = NotifyGateway(core, twin, clock)
    yield opened
    await opened.channels.close()


async def test_a_text_is_answered_by_text_and_known_to_have_arrived(gateway: NotifyGateway) -> None:
    await gateway.a_text()
    await gateway.work()
    (row,) = gateway.rows()
    (sent,) = gateway.twin.sent
    assert (row.channel, row.state, row.provider_id, row.limit_at) == ("sms", "delivered", sent.id, None)
    assert (sent.to, sent.body, sent.reference) == ("+447700900123", row.text, row.id)
    assert gateway.twin.answers == [204]


async def test_a_decision_is_told_by_mail(gateway: NotifyGateway) -> None:
    await gateway.a_decision(contact_email="a@example.org", safe_email="yes")
    await gateway.work()
    assert gateway.notices()[-1] == ("looked_at", "email", "delivered")
    assert gateway.twin.sent[0].subject == gateway.rows()[-1].subject


async def test_a_decision_is_told_by_post_and_counts_as_sent_never_as_delivered(gateway: NotifyGateway) -> None:
    await gateway.a_decision(contact_address=HOME, safe_post="yes")
    await gateway.work()
    await gateway.work(minutes=31)
    await gateway.twin.becomes(gateway.twin.sent[0].id, "received")
    for _ in range(5):
        await gateway.work(days=1)
    assert gateway.notices()[-1] == ("looked_at", "letter", "sent")
    assert (gateway.twin.sent[0].status, gateway.rows()[-1].limit_at) == ("received", None)


async def test_a_letter_that_comes_back_weeks_later_is_a_persons(gateway: NotifyGateway) -> None:
    await gateway.a_decision(contact_address=HOME, safe_post="yes")
    await gateway.work()
    gateway.clock.move(days=14)
    await gateway.twin.becomes(gateway.twin.sent[0].id, "returned-letter")
    await gateway.work()
    assert gateway.notices()[-2:] == [("looked_at", "letter", "failed"), ("staff_task", "staff", "owed")]


@pytest.mark.parametrize("status", ["validation-failed", "virus-scan-failed", "cancelled", "technical-failure"])
async def test_a_letter_nobody_says_has_failed_is_found_by_asking(gateway: NotifyGateway, status: str) -> None:
    await gateway.a_decision(contact_address=HOME, safe_post="yes")
    gateway.twin.plays = False
    await gateway.work()
    await gateway.twin.becomes(gateway.twin.sent[0].id, status)
    await gateway.work(minutes=31)
    assert gateway.notices()[-2:] == [("looked_at", "letter", "failed"), ("staff_task", "staff", "owed")]


@pytest.mark.parametrize("sender", ["+447700900002", "+447700900003"])
async def test_a_text_that_fails_at_the_simulators_numbers_becomes_a_persons_task(
    gateway: NotifyGateway, sender: str
) -> None:
    await gateway.a_text(sender)
    await gateway.work()
    assert gateway.notices() == [("receipt", "sms", "failed"), ("staff_task", "staff", "owed")]


@pytest.mark.parametrize("address", ["temp-fail@simulator.notify", "perm-fail@simulator.notify"])
async def test_a_mail_that_fails_is_told_by_the_next_safe_way(gateway: NotifyGateway, address: str) -> None:
    await gateway.a_decision(
        contact_email=address, safe_email="yes", contact_phone="07700 900123", safe_text="yes"
    )  # fmt: skip
    await gateway.work()
    await gateway.work()
    assert gateway.notices()[-2:] == [("looked_at", "email", "failed"), ("looked_at", "sms", "delivered")]


async def test_the_smoke_numbers_take_a_text_of_which_nothing_is_heard(gateway: NotifyGateway) -> None:
    await gateway.a_text("+447700900111")
    await gateway.work()
    await gateway.work(minutes=6)
    assert gateway.notices() == [("receipt", "sms", "sent")]


@pytest.mark.parametrize(("status", "state"), [("delivered", "delivered"), ("permanent-failure", "failed")])
async def test_without_any_callback_the_state_is_known_all_the_same(
    gateway: NotifyGateway, status: str, state: str
) -> None:
    gateway.twin.faults.lose_callbacks = True
    gateway.twin.outcomes["+447700900123"] = status
    await gateway.a_text()
    await gateway.work()
    assert gateway.notices() == [("receipt", "sms", "sent")]
    await gateway.work(minutes=6)
    assert gateway.notices()[0] == ("receipt", "sms", state)


async def test_a_text_still_on_its_way_after_four_hours_is_given_to_a_person(gateway: NotifyGateway) -> None:
    gateway.twin.plays = False
    await gateway.a_text()
    await gateway.work()
    await gateway.look_for_late(hours=3, minutes=59)
    assert gateway.notices() == [("receipt", "sms", "sent")]
    await gateway.look_for_late(minutes=2)
    assert gateway.notices()[0] == ("receipt", "sms", "failed")
    await gateway.twin.becomes(gateway.twin.sent[0].id, "delivered")
    await gateway.work()
    assert gateway.notices() == [("receipt", "sms", "delivered"), ("staff_task", "staff", "cancelled")]


async def test_a_text_abroad_of_which_no_network_tells_more_has_no_limit(gateway: NotifyGateway) -> None:
    gateway.twin.outcomes["+447700900123"] = "sent"
    await gateway.a_text()
    await gateway.work()
    await gateway.work(minutes=6)
    await gateway.look_for_late(hours=5)
    assert gateway.notices() == [("receipt", "sms", "sent")]


async def test_what_failed_long_after_and_was_never_called_back_is_recalled(gateway: NotifyGateway) -> None:
    await gateway.a_decision(contact_address=HOME, safe_post="yes")
    await gateway.work()
    await gateway.work(minutes=31)
    await gateway.work(days=3)
    gateway.twin.faults.lose_callbacks = True
    await gateway.twin.becomes(gateway.twin.sent[0].id, "returned-letter")
    recall = wire_recall(gateway.core, gateway.channels)
    assert (await recall.recall(gateway.clock() - timedelta(days=1)))["notify"] == 1
    assert (await recall.recall(gateway.clock() - timedelta(days=1)))["notify"] == 0
    await read_all(gateway.core, gateway.channels)
    assert gateway.notices()[-2:] == [("looked_at", "letter", "failed"), ("staff_task", "staff", "owed")]


@pytest.mark.parametrize("fault", ["429", "429-day", "403", "500", "503", "502", "hang", "drop"])
async def test_whatever_goes_wrong_the_text_goes_out_once(gateway: NotifyGateway, fault: str) -> None:
    gateway.twin.faults.writes.append(fault)
    gateway.twin.faults.hang = 0.1
    await gateway.a_text()
    for _ in range(9):
        await gateway.work(minutes=20)
    assert len(gateway.twin.sent) == 1
    assert gateway.notices() == [("receipt", "sms", "delivered")]


@pytest.mark.parametrize("fault", ["429", "503", "drop"])
async def test_after_a_lost_answer_nothing_is_sent_before_the_service_could_be_asked(
    gateway: NotifyGateway, fault: str
) -> None:
    gateway.twin.plays = False
    gateway.twin.faults.writes.append("drop")
    gateway.twin.faults.reads.extend(["ok", fault, fault])
    await gateway.a_text()
    for _ in range(6):
        await gateway.work(minutes=20)
    assert len(gateway.twin.sent) == 1
    assert gateway.rows()[0].provider_id == gateway.twin.sent[0].id


async def test_a_receipt_that_comes_before_the_answer_is_believed_and_nothing_is_sent_again(
    gateway: NotifyGateway,
) -> None:
    gateway.twin.faults.early_callbacks = True
    gateway.twin.faults.writes.append("drop")
    await gateway.a_text()
    await gateway.work()
    await gateway.work(minutes=5)
    assert gateway.notices() == [("receipt", "sms", "delivered")]
    assert len(gateway.twin.sent) == 1


async def test_repeated_receipts_change_nothing(gateway: NotifyGateway) -> None:
    gateway.twin.faults.duplicate_callbacks = 3
    await gateway.a_text()
    await gateway.work()
    assert gateway.twin.answers == [204] * 4
    assert gateway.notices() == [("receipt", "sms", "delivered")]
    assert gateway.messages().count("notify") == 1


async def test_a_forged_receipt_is_refused_and_leaves_nothing(gateway: NotifyGateway) -> None:
    gateway.twin.faults.wrong_token = True
    await gateway.a_text()
    await gateway.work()
    assert gateway.twin.answers == [403]
    assert gateway.notices() == [("receipt", "sms", "sent")]
    assert "notify" not in gateway.messages()


async def test_a_receipt_has_no_number_in_the_ledger_and_is_no_referral(gateway: NotifyGateway) -> None:
    await gateway.a_text()
    await gateway.work()
    with gateway.core.database.reading() as session:
        assert len(session.exec(select(Referral)).all()) == 1
        assert [row.ledger_no for row in session.exec(select(Message).where(Message.channel == "notify"))] == [None]


async def test_a_text_to_our_number_there_is_kept_answered_and_not_taken_twice(gateway: NotifyGateway) -> None:
    await gateway.twin.text_the_gateway("The baby cries")
    await read_all(gateway.core, gateway.channels)
    await gateway.work()
    assert gateway.notices() == [("receipt", "sms", "delivered")]
    assert (await wire_recall(gateway.core, gateway.channels).recall())["notify"] == 0
    await gateway.twin.text_the_gateway("STOP")
    await read_all(gateway.core, gateway.channels)
    await gateway.work()
    assert (len(gateway.twin.sent), gateway.messages().count("sms")) == (1, 2)


async def test_a_text_whose_call_was_lost_is_recalled(gateway: NotifyGateway) -> None:
    gateway.twin.faults.lose_callbacks = True
    await gateway.twin.text_the_gateway("The baby cries")
    assert (await wire_recall(gateway.core, gateway.channels).recall())["notify"] == 1
    await read_all(gateway.core, gateway.channels)
    assert gateway.notices() == [("receipt", "sms", "owed")]


async def test_only_what_is_set_goes_by_it(core: Core, settings: Settings) -> None:
    only_letters = replace(core, settings=settings.model_copy(update={"notify_for": "letter"}))
    without = replace(core, settings=settings.model_copy(update={"notify_api_key": None}))
    for each, by_notify in ((core, {"sms", "email", "letter"}), (only_letters, {"letter"}), (without, set())):
        channels = wire_channels(each)
        assert {name for name, sender in channels.senders.items() if type(sender).__module__ in NOTIFY} == by_notify
        assert ("notify" in channels.receivers) == bool(by_notify)
        await channels.close()


async def test_the_doctor_asks_whether_it_would_send(settings: Settings, twin: NotifyTwin) -> None:
    assert await faults_of(settings) == ()
    twin.templates[1].body = "Dear ((name)), ((body))"
    del twin.templates[0]
    text, mail = await faults_of(settings.model_copy(update={"notify_callback_token": TOKEN}))
    assert "no sms template" in text and "frontdoor email" in mail
    twin.secret = "0" * 36
    (closed, away) = await faults_of(settings.model_copy(update={"notify_callback_token": None}))
    assert "FRONTDOOR_NOTIFY_CALLBACK_TOKEN" in closed and "403" in away
    assert await faults_of(settings.model_copy(update={"notify_api_key": None})) == ()


async def test_from_a_mail_at_the_open_door_to_a_receipt_known_to_have_arrived(
    tmp_path: Path, database_url: str, twin: NotifyTwin
) -> None:
    settings = {"notify_api_key": twin.key, "notify_api_url": twin.url, "notify_callback_token": TOKEN}
    async with a_house(tmp_path, database_url, **settings) as house:
        twin.gateway = str(house.web.base_url)
        twin.faults.writes.append("drop")
        twin.faults.early_callbacks = True
        words = b"From: a@example.org\r\nMessage-ID: <1@example.org>\r\nSubject: Worried\r\n\r\nThe baby cries\r\n"
        answer = await house.mail(words)
        (found,) = await house.settled(
            lambda referrals: [n["state"] for r in referrals for n in r["notices"]] == ["delivered"]
        )
        assert found["reference"] in answer
        assert house.relayed == []
    assert [sent.to for sent in twin.sent] == ["a@example.org"]
    assert found["reference"] in twin.sent[0].subject
    assert twin.answers == [204]
