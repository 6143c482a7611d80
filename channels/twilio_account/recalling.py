"""What the provider has of ours, from its lists, as the webhooks that should have told us of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import httpx
from twilio.base.exceptions import TwilioException

from channels.contract import Purpose, RawMessage
from channels.twilio_account.call_events import ENDED
from channels.twilio_account.client import TwilioClient

FORM = "application/x-www-form-urlencoded"


async def texts(client: TwilioClient, since: datetime) -> AsyncIterator[RawMessage]:
    """Every text to our number since then; raises ConnectionError when the provider cannot be asked."""
    with _asking():
        async for text in await client.rest.messages.stream_async(to=client.account.number, date_sent_after=since):
            if text.direction == "inbound":
                fields = await _text_form(client, text)
                raw = _raw("sms", text.sid, "sms", fields, text.date_sent or text.date_created)
                yield replace(raw, purpose=Purpose.MESSAGE)


async def calls(client: TwilioClient, since: datetime) -> AsyncIterator[RawMessage]:
    """Every call to our number that has ended; one without a message is a contact all the same."""
    with _asking():
        async for call in await client.rest.calls.stream_async(to=client.account.number, start_time_after=since):
            if call.direction == "inbound" and call.status in ENDED:
                fields = {
                    "CallSid": call.sid, "From": call._from or "", "To": call.to,
                    "CallStatus": call.status, "CallDuration": str(call.duration or ""), "Direction": "inbound",
                }  # fmt: skip
                key = f"call-status:{call.sid}:{call.status}"
                yield _raw("phone", key, "call-status", fields, call.start_time or call.date_created)


async def recordings(client: TwilioClient, since: datetime) -> AsyncIterator[RawMessage]:
    """Every recording that is whole."""
    with _asking():
        async for one in await client.rest.recordings.stream_async(date_created_after=since):
            if one.status == "completed":
                fields = {
                    "CallSid": one.call_sid, "RecordingSid": one.sid, "RecordingStatus": "completed",
                    "RecordingDuration": str(one.duration or ""),
                }  # fmt: skip
                yield _raw("voicemail", f"recording:{one.sid}:completed", "recording", fields, one.date_created)


async def _text_form(client: TwilioClient, text: Any) -> Mapping[str, str]:
    fields = {
        "MessageSid": text.sid, "From": text.from_, "To": text.to, "Body": text.body or "",
        "NumMedia": str(text.num_media or "0"),
    }  # fmt: skip
    if int(fields["NumMedia"]):
        number = 0
        async for media in await client.rest.messages(text.sid).media.stream_async():
            fields[f"MediaUrl{number}"] = client.account.message_media_url(text.sid, media.sid)
            fields[f"MediaContentType{number}"] = media.content_type
            number += 1
    return fields


def _raw(channel: str, key: str, step: str, fields: Mapping[str, str], at: datetime | None) -> RawMessage:
    call = fields.get("CallSid")
    return RawMessage(
        channel=channel, source_key=key, body=urlencode(fields).encode(), media_type=FORM, received_at=at,
        envelope={"step": step, "recalled": "yes"}, conversation=f"call:{call}" if call else None,
        purpose=Purpose.REPORT,
    )  # fmt: skip


@contextmanager
def _asking() -> Iterator[None]:
    """The provider's own words quote telephone numbers, so they are not passed on."""
    try:
        yield
    except (httpx.HTTPError, TwilioException, ValueError, KeyError) as error:
        raise ConnectionError(f"the provider's list was not had: {type(error).__name__}") from None
