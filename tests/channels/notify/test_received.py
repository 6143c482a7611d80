"""Texts to our number at the service are texts like any other, called back or found in its list."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from channels.contract import AddressClass, Inbound, Purpose, RawMessage, Unreadable
from channels.notify import NotifyAccount, NotifyReports
from channels.notify.received import raw_text
from channels.sms import Sms
from tests.channels.notify.twin import TOKEN, NotifyTwin
from tests.channels.notify.twin_records import Received

AT = datetime(2026, 11, 23, 10, 15, tzinfo=UTC)
LONG_AGO = AT - timedelta(days=5)


def a_text(words: str = "The baby cries", sender: str = "447700900123") -> Received:
    return Received(sender=sender, words=words, received_at=AT)


def kept(posted: dict[str, Any]) -> RawMessage:
    return raw_text(json.dumps(posted).encode(), posted, "key")


def read(raw: RawMessage) -> Inbound:
    read = Sms(client=None).parse(raw)
    assert isinstance(read, Inbound)
    return read


@pytest.mark.parametrize("shape", [Received.posted, Received.resource])
def test_called_back_or_listed_it_is_the_same_text(shape: Any) -> None:
    text = a_text("The baby cries\nagain 😢")
    raw = kept(shape(text))
    assert (raw.channel, raw.source_key, raw.purpose) == ("sms", f"notify:{text.id}", Purpose.MESSAGE)
    assert raw.received_at == AT
    inbound = read(raw)
    assert (inbound.sender.kind, inbound.sender.value) == (AddressClass.MOBILE, "+447700900123")
    assert inbound.text == "The baby cries\nagain 😢"


def test_stop_stops_texts_whoever_carried_it() -> None:
    assert read(kept(a_text("Stop").posted())).stop_texts
    assert not read(kept(a_text("Please stop him").posted())).stop_texts


@pytest.mark.parametrize("sender", ["60006", "NHSnoreply", ""])
def test_a_sender_that_cannot_be_texted_back_is_a_persons_to_answer(sender: str) -> None:
    inbound = read(kept(a_text(sender=sender).posted()))
    assert inbound.text == "The baby cries"
    assert inbound.sender.value == ""


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"not json"])
def test_what_is_no_text_goes_before_a_person_as_it_came(body: bytes) -> None:
    raw = raw_text(body, {}, "key")
    assert raw.source_key == "notify:key"
    with pytest.raises(Unreadable):
        Sms(client=None).parse(raw)


async def test_texts_nobody_called_back_are_found_in_the_list(account: NotifyAccount, twin: NotifyTwin) -> None:
    twin.page_size = 2
    twin.received = [Received(sender="447700900123", words=f"text {n}", received_at=AT) for n in range(5)]
    twin.received.insert(0, Received(sender="447700900123", words="old", received_at=LONG_AGO))
    reports = NotifyReports(account, token=TOKEN)
    recalled = [read(raw).text async for raw in reports.recall(AT - timedelta(hours=1))]
    assert sorted(recalled) == [f"text {n}" for n in range(5)]
