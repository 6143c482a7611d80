"""Texts and mails reach the service's API once, in our words, under our reference; each refusal has its name."""

import asyncio
import logging

import pytest

from channels.contract import (
    Address,
    AddressClass,
    DeliveryState,
    Finder,
    Sender,
    SendError,
    SendFailed,
    SendUnknown,
    Tracker,
)
from channels.notify import NotifyAccount, NotifyEmails, NotifyTexts
from channels.notify.api_key import api_key
from tests.channels.notify.conftest import MAIL, MOBILE, a_notice
from tests.channels.notify.twin import NotifyTwin
from tests.channels.notify.twin_records import Template


@pytest.fixture
def texts(account: NotifyAccount) -> NotifyTexts:
    return NotifyTexts(account)


@pytest.fixture
def mails(account: NotifyAccount) -> NotifyEmails:
    return NotifyEmails(account, is_own=lambda address: address == "referrals@northshire.example")


async def refused(sender: Sender, address: Address = MOBILE) -> SendFailed:
    with pytest.raises(SendFailed) as caught:
        await sender.send(a_notice(address))
    return caught.value


async def test_a_text_is_sent_in_our_words_under_our_reference(twin: NotifyTwin, texts: NotifyTexts) -> None:
    provider_id = await texts.send(a_notice())
    (sent,) = twin.sent
    assert (sent.id, sent.medium, sent.to, sent.reference) == (provider_id, "sms", "+447700900123", "notice-1")
    assert sent.body == "Thanks, we have your message. Ref KMR-4729-HX."


async def test_a_mail_is_sent_with_its_subject_and_real_headings(twin: NotifyTwin, mails: NotifyEmails) -> None:
    text = "Thank you.\n\nWhat happens next\n-----------------\n\n* we read it\n* we write to you"
    await mails.send(a_notice(MAIL, text=text))
    (sent,) = twin.sent
    assert (sent.to, sent.subject) == ("a@example.org", "We have your message")
    assert sent.body == "Thank you.\n\n# What happens next\n\n* we read it\n* we write to you"


@pytest.mark.parametrize(
    "address",
    [Address(kind=AddressClass.LANDLINE, value="+441632960001"), MAIL, Address(kind=AddressClass.MOBILE, value="0770")],
)
async def test_only_mobiles_are_texted(twin: NotifyTwin, texts: NotifyTexts, address: Address) -> None:
    assert (await refused(texts, address)).error is SendError.BAD_ADDRESS
    assert twin.asked == 0


@pytest.mark.parametrize("value", ["referrals@northshire.example", "", "not an address"])
async def test_mail_goes_neither_to_ourselves_nor_nowhere(twin: NotifyTwin, mails: NotifyEmails, value: str) -> None:
    assert (await refused(mails, Address(kind=AddressClass.EMAIL, value=value))).error is SendError.BAD_ADDRESS
    assert twin.asked == 0


@pytest.mark.parametrize(
    ("fault", "error", "wait"),
    [
        ("403", SendError.NOT_SET_UP, None),
        ("429", SendError.THROTTLED, 7.0),
        ("429-day", SendError.THROTTLED, 3600.0),
        ("500", SendError.AWAY, None),
        ("503", SendError.AWAY, None),
    ],
)
async def test_each_refusal_has_its_name(
    twin: NotifyTwin, texts: NotifyTexts, fault: str, error: SendError, wait: float | None
) -> None:
    twin.faults.writes.append(fault)
    twin.faults.retry_after = 7
    failed = await refused(texts)
    assert (failed.error, failed.permanent, failed.retry_after) == (error, False, wait)
    assert twin.sent == []


@pytest.mark.parametrize("fault", ["hang", "drop", "502"])
async def test_an_answer_that_is_lost_is_not_taken_for_a_no(twin: NotifyTwin, texts: NotifyTexts, fault: str) -> None:
    twin.faults.writes.append(fault)
    with pytest.raises(SendUnknown):
        await texts.send(a_notice())
    found = await texts.find(a_notice())
    assert found == (twin.sent[0].id if fault != "502" else None)


async def test_a_service_nobody_reaches_was_certainly_not_told() -> None:
    async with NotifyTwin() as twin:
        key, url = twin.key, twin.url
    account = NotifyAccount(api_key(key), api_url=url, timeout=0.5)
    failed = await refused(NotifyTexts(account, template_id=twin.templates[0].id))
    assert (failed.error, failed.permanent) == (SendError.AWAY, False)
    with pytest.raises(ConnectionError):
        await NotifyTexts(account).find(a_notice())
    await account.close()


async def test_an_address_the_service_refuses_is_a_bad_one(twin: NotifyTwin, texts: NotifyTexts) -> None:
    failed = await refused(texts, Address(kind=AddressClass.MOBILE, value="+353851234567"))
    assert (failed.error, failed.permanent) == (SendError.BAD_ADDRESS, True)


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ("InvalidPhoneError:Must not contain letters or symbols", SendError.BAD_ADDRESS),
        ("ValidationError:phone_number Too many digits", SendError.BAD_ADDRESS),
        ("BadRequestError:Cannot send to international mobile numbers", SendError.BLOCKED),
        ("BadRequestError:Can't send to this recipient using a team-only API key", SendError.NOT_SET_UP),
        ("BadRequestError:Service is not allowed to send text messages", SendError.NOT_SET_UP),
        ("BadRequestError:Missing personalisation: name", SendError.NOT_SET_UP),
        ("ValidationError:template_id is not a valid UUID", SendError.NOT_SET_UP),
        ("BadRequestError:Text messages cannot be longer than 918 characters", SendError.NOT_TAKEN),
        ("SomethingNew:in words nobody has read yet", SendError.NOT_TAKEN),
    ],
)
async def test_a_notice_that_is_refused_says_whose_matter_it_is(
    twin: NotifyTwin, texts: NotifyTexts, said: str, error: SendError
) -> None:
    twin.faults.writes.append(f"400:{said}")
    assert (await refused(texts)).error is error


async def test_an_account_in_trial_is_the_operators_matter(twin: NotifyTwin, texts: NotifyTexts) -> None:
    twin.is_in_trial = True
    assert (await refused(texts)).error is SendError.NOT_SET_UP


async def test_another_key_is_the_operators_matter(twin: NotifyTwin, account: NotifyAccount) -> None:
    texts = NotifyTexts(account, template_id=twin.templates[0].id)
    twin.secret = "0" * 36
    assert (await refused(texts)).error is SendError.NOT_SET_UP


async def test_the_template_is_looked_up_once_by_its_name(twin: NotifyTwin, texts: NotifyTexts) -> None:
    for _ in range(3):
        await texts.send(a_notice())
    assert twin.asked == 4


async def test_the_template_of_the_setting_is_not_looked_up(twin: NotifyTwin, account: NotifyAccount) -> None:
    await NotifyTexts(account, template_id=twin.templates[0].id).send(a_notice())
    assert twin.asked == 1


async def test_without_a_template_the_reason_names_it(twin: NotifyTwin, texts: NotifyTexts) -> None:
    del twin.templates[0]
    failed = await refused(texts)
    assert failed.error is SendError.NOT_SET_UP
    assert "sms template «frontdoor text»" in failed.reason


@pytest.mark.parametrize(("fault", "error"), [("403", SendError.NOT_SET_UP), ("drop", SendError.AWAY)])
async def test_a_template_that_cannot_be_looked_up_means_that_nothing_was_sent(
    twin: NotifyTwin, texts: NotifyTexts, fault: str, error: SendError
) -> None:
    twin.faults.reads.append(fault)
    assert (await refused(texts)).error is error
    await texts.send(a_notice())
    assert len(twin.sent) == 1


async def test_a_template_that_adds_other_fields_is_refused_before_anything_is_sent(
    twin: NotifyTwin, mails: NotifyEmails
) -> None:
    twin.templates[1].body = "Dear ((name)), ((body))"
    failed = await refused(mails, MAIL)
    assert failed.error is SendError.NOT_SET_UP
    assert "((subject)) and ((body)) and no other" in failed.reason


async def test_a_template_made_anew_is_found_after_the_old_one_was_refused(
    twin: NotifyTwin, texts: NotifyTexts
) -> None:
    await texts.send(a_notice())
    twin.templates[0] = Template(medium="sms", name="frontdoor text", body="((body))")
    assert (await refused(texts)).error is SendError.NOT_SET_UP
    await texts.send(a_notice())
    assert len(twin.sent) == 2


async def test_a_smoke_test_number_is_taken_and_never_heard_of_again(twin: NotifyTwin, texts: NotifyTexts) -> None:
    provider_id = await texts.send(a_notice(Address(kind=AddressClass.MOBILE, value="+447700900111")))
    assert twin.sent == []
    assert await texts.track(provider_id) is None


async def test_what_became_of_it_can_be_asked(twin: NotifyTwin, texts: NotifyTexts) -> None:
    twin.plays = False
    provider_id = await texts.send(a_notice())
    report = await texts.track(provider_id)
    assert report is not None
    assert (report.state, report.is_final, report.notice_id) == (DeliveryState.SENT, False, "notice-1")
    await twin.becomes(provider_id, "delivered")
    report = await texts.track(provider_id)
    assert report is not None and report.state is DeliveryState.DELIVERED
    assert report.at is not None and report.at.tzinfo is not None


@pytest.mark.parametrize("fault", ["429", "500", "503", "hang", "drop"])
async def test_a_question_without_an_answer_is_no_answer(twin: NotifyTwin, texts: NotifyTexts, fault: str) -> None:
    provider_id = await texts.send(a_notice())
    for question in (texts.find(a_notice()), texts.track(provider_id)):
        twin.faults.reads.append(fault)
        with pytest.raises(ConnectionError):
            await question


async def test_many_are_sent_at_once_each_once(twin: NotifyTwin, texts: NotifyTexts) -> None:
    await asyncio.gather(*(texts.send(a_notice(notice_id=f"notice-{number}")) for number in range(40)))
    assert sorted(str(sent.reference) for sent in twin.sent) == sorted(f"notice-{number}" for number in range(40))


async def test_no_address_stands_in_a_log_or_an_error(
    twin: NotifyTwin, texts: NotifyTexts, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    twin.faults.writes.extend(["ok", "403", "429", "500", "502"])
    said = []
    for _ in range(5):
        try:
            await texts.send(a_notice())
        except (SendFailed, SendUnknown) as error:
            said.append(str(error))
    assert len(said) == 4
    logged = "".join(record.getMessage() for record in caplog.records if not record.name.startswith("asyncio"))
    assert "7700900123" not in "".join(said) + logged and twin.secret not in "".join(said) + logged


def test_these_are_channels_as_the_contract_has_them(texts: NotifyTexts, mails: NotifyEmails) -> None:
    channels: list[object] = [texts, mails]
    assert all(isinstance(one, Sender) and isinstance(one, Finder) and isinstance(one, Tracker) for one in channels)
    assert (texts.name, mails.name) == ("sms", "email")


@pytest.mark.parametrize("wrong", ["", "key", "26785a09-ab16-4eb0-8407-a37497a57506", "a-b-c", "x" * 80])
def test_a_malformed_key_is_refused_without_being_repeated(wrong: str) -> None:
    with pytest.raises(ValueError, match="must be a key") as caught:
        api_key(wrong)
    assert not wrong or wrong == "key" or wrong not in str(caught.value)
