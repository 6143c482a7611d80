"""The provider does not wait for ever: a slow commit is answered as not kept, and still counts."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from channels.contract import NotKept, RawMessage
from channels.twilio_account import SignedForm, TwilioAccount, form_of
from channels.voicemail import Voicemail
from channels.webhook import Webhooks, as_kept
from tests.channels.telephone import ACCOUNT, NOON, NUMBER, PUBLIC, Ledger, Words, telephone

RAW = RawMessage(channel="voicemail", source_key="recorded:RE1", body=b"CallSid=CA1", media_type="text/plain")


def hooks(ledger: Ledger) -> Webhooks:
    account = TwilioAccount(sid=ACCOUNT, auth_tokens=("test-token",), number=NUMBER, public_url=PUBLIC)
    return Webhooks(account, ledger.accept, patience=0.05)


async def test_a_slow_commit_is_not_called_received_but_counts_when_it_comes() -> None:
    ledger = Ledger()
    ledger.seconds = 0.2
    door = hooks(ledger)
    with pytest.raises(NotKept):
        await door.keep(RAW)
    await asyncio.sleep(0.3)
    assert ledger.keys() == [RAW.source_key]
    ledger.seconds = 0.0
    assert (await door.keep(RAW)).repeated


async def test_a_slow_commit_that_fails_in_the_end_troubles_nobody() -> None:
    ledger = Ledger()
    ledger.seconds, ledger.failures = 0.1, 1
    with pytest.raises(NotKept):
        await hooks(ledger).keep(RAW)
    await asyncio.sleep(0.2)
    assert ledger.kept == []


async def test_two_events_without_an_id_of_the_provider_never_count_as_one() -> None:
    async with telephone() as line:
        await line.sim.deliver("/twilio/sms", {"Body": "one"})
        await line.sim.deliver("/twilio/sms", {"Body": "two"})
        assert len(line.ledger.kept) == 2


def test_what_is_kept_remembers_its_step_and_its_call() -> None:
    raw = b"CallSid=CA1&Digits="
    form = SignedForm(raw=raw, media_type="x/y", form=form_of(raw), url=PUBLIC, idempotency_token="token-1")
    kept = as_kept(form, channel="voicemail", source_key="heard:CA1", step="heard")
    assert (kept.body, kept.media_type, kept.conversation) == (raw, "x/y", "call:CA1")
    assert kept.envelope == {"step": "heard", "idempotency_token": "token-1"}
    channel = Voicemail(client=None, words=Words(), clock=lambda: NOON)
    assert channel.parse(kept) == channel.parse(replace(kept, envelope={"step": "heard"}))
