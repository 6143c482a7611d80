"""Messages left on the telephone: kept before the caller is told so, and fetched from the provider afterwards."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from datetime import datetime

import httpx
from fastapi import APIRouter
from twilio.base.exceptions import TwilioException

from channels.after_the_tone import CHANNEL, AfterTheTone
from channels.call import call_form, caller, said
from channels.contract import (
    Accept,
    AddressClass,
    DeliveryReport,
    DeliveryState,
    Enclosure,
    Fetched,
    Gone,
    Inbound,
    NotReadyYet,
    RawMessage,
    Unreadable,
    WayIn,
)
from channels.spoken import SpokenWords
from channels.streams.kept import STEP, streamed
from channels.twilio_account import TwilioClient, recalling
from channels.twiml import CallScript
from channels.webhook import Webhooks

RECORDING_SID = re.compile(r"RE[0-9a-fA-F]{32}")
NEVER = frozenset({"absent", "failed", "deleted"})  # states of a recording whose sound will not come any more


class Voicemail:
    """Recordings of callers. ``client`` is None when there is no account: then the door stays shut."""

    name = CHANNEL

    def __init__(self, *, client: TwilioClient | None, words: SpokenWords) -> None:
        self._client, self._words = client, words

    def door(self, accept: Accept) -> APIRouter | None:
        """What the provider posts once something was, or was not, recorded."""
        if self._client is None:
            return None
        account = self._client.account
        return AfterTheTone(Webhooks(account, accept), CallScript(account, self._words)).router()

    def parse(self, raw: RawMessage) -> Inbound | DeliveryReport:
        """One webhook of a call with a recording, or a sound file handed in. Each is complete on its own."""
        if raw.envelope.get("step") == STEP:
            return streamed(raw)
        if raw.media_type.startswith("audio/"):
            return _handed_in(raw)
        form = call_form(raw)
        match raw.envelope.get("step"):
            case "recorded":
                return _recorded(form)
            case "recording":
                return _recording(form)
            case "heard":
                return DeliveryReport(provider_id=f"call:{form['CallSid']}", state=DeliveryState.DELIVERED)
            case "text-me":
                sender = caller(form)
                return Inbound(sender=sender, texts_are_safe=sender.kind is AddressClass.MOBILE)
            case "quiet" | "again":
                return Inbound(sender=caller(form), answered_by_door="voice", facts=said(called=form.get("To")))
            case _:
                raise Unreadable("not a step of a call that we know")

    async def recall(self, since: datetime) -> AsyncIterator[RawMessage]:
        """The provider's lists of calls and then of recordings, so that each recording finds its call."""
        if self._client is not None:
            async for raw in recalling.calls(self._client, since):
                yield raw
            async for raw in recalling.recordings(self._client, since):
                yield raw

    def ways_in(self) -> tuple[WayIn, ...]:
        """Nothing of its own: the telephone's number leads here."""
        return ()

    async def fetch(self, handle: str) -> Fetched:
        """The recording with this SID as a WAV file; ``Gone`` when the provider says that it has none."""
        if self._client is None or not RECORDING_SID.fullmatch(handle):
            raise Gone("that is not a recording of ours")
        try:
            return await self._client.fetch_media(self._client.account.recording_url(handle))
        except NotReadyYet:
            if await _state(self._client, handle) in NEVER:
                raise Gone("the provider has no sound for this recording") from None
            raise


def _recorded(form: Mapping[str, str]) -> Inbound:
    """The recording as the call tells it; a caller who hung up has not heard the reference."""
    sender, left = caller(form), form.get("Digits") == "hangup"
    withheld = sender.kind is AddressClass.WITHHELD
    why_not = "number withheld; the caller hung up before the reference was read out"
    return Inbound(
        sender=sender,
        enclosures=_sound(form),
        answered_by_door=None if left else "voice",
        by_hand="the caller hung up before the reference was read out" if left and not withheld else "",
        cannot_answer=why_not if left and withheld else "",
        facts=said(called=form.get("To"), recording_seconds=form.get("RecordingDuration")),
    )


def _recording(form: Mapping[str, str]) -> Inbound:
    """The recording as the provider reports it, which does not say who rang."""
    if form.get("RecordingStatus") == "completed":
        return Inbound(
            sender=caller(form),
            enclosures=_sound(form),
            facts=said(recording="completed", recording_seconds=form.get("RecordingDuration")),
        )
    return Inbound(sender=caller(form), facts=said(recording=form.get("RecordingStatus") or "absent"))


def _sound(form: Mapping[str, str]) -> tuple[Enclosure, ...]:
    handle = form.get("RecordingSid", "")
    if not RECORDING_SID.fullmatch(handle):
        return ()
    return (Enclosure(name="recording.wav", media_type="audio/wav", handle=handle),)


def _handed_in(raw: RawMessage) -> Inbound:
    """A sound file from another machine, brought in by a person."""
    if not raw.body:
        raise Unreadable("empty")
    name = raw.envelope.get("name", "recording")
    sound = Enclosure(name=name, media_type=raw.media_type, content=raw.body)
    return Inbound(sender=caller({}), enclosures=(sound,), by_hand="the recording was handed in by a person")


async def _state(client: TwilioClient, recording_sid: str) -> str:
    """What the provider says of a recording without sound; nothing when it cannot be asked."""
    try:
        found = await client.rest.recordings(recording_sid).fetch_async()
    except (httpx.HTTPError, TwilioException, ValueError, KeyError):
        return ""
    return str(found.status)
