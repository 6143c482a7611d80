"""Messages left on the telephone: kept before the caller is told so, and fetched from the provider afterwards."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import datetime
from urllib.parse import parse_qsl

import httpx
from fastapi import APIRouter
from twilio.base.exceptions import TwilioException

from channels.call import id_of
from channels.calls.choosing import Numbers
from channels.calls.conversation import Conversation
from channels.calls.keeping import VOICEMAIL
from channels.calls.reading import read
from channels.calls.script import CallScript
from channels.calls.steps import SoFar, StepName
from channels.contract import (
    Accept,
    Address,
    AddressClass,
    DeliveryReport,
    Enclosure,
    Fetched,
    Gone,
    Inbound,
    NotReadyYet,
    RawMessage,
    Unreadable,
    WayIn,
)
from channels.mailed_voicemail import MailedVoicemail
from channels.spoken import SpokenWords
from channels.streams.kept import STEP, streamed
from channels.twilio_account import SignedForm, TwilioClient, recalling
from channels.twilio_account.call_door import SO_FAR, CallDoor
from channels.twilio_account.call_events import RECORDING_SID, call_fields, event_of
from channels.webhook import as_kept

NEVER = frozenset({"absent", "failed", "deleted"})  # states of a recording whose sound will not come any more
STEPS = (
    StepName.RECORDED, StepName.SILENT, StepName.QUIET, StepName.AGAIN, StepName.AFTER, StepName.HEARD,
    StepName.OFFERED,
)  # fmt: skip


class Voicemail:
    """Recordings of callers. ``client`` is None when there is no account: then the door stays shut."""

    name = VOICEMAIL

    def __init__(
        self,
        *,
        client: TwilioClient | None,
        words: SpokenWords,
        clock: Callable[[], datetime],
        numbers: Numbers | None = None,
        mailed: MailedVoicemail | None = None,
    ) -> None:
        self._client, self._mailed = client, mailed
        script = CallScript(words, numbers or Numbers())
        self._conversation = Conversation(script=script, words=words, clock=clock)

    def door(self, accept: Accept) -> APIRouter | None:
        """What the provider posts once something was, or was not, recorded."""
        if self._client is None:
            return None
        door = CallDoor(self._client.account, accept, self._conversation)
        door.hooks.on_event("/twilio/recording", news_of_recording)
        return door.open(STEPS)

    def parse(self, raw: RawMessage) -> Inbound | DeliveryReport:
        """One webhook of a call with a recording, a mail of a telephone system, or a sound file handed in."""
        if raw.envelope.get("step") == STEP:
            return streamed(raw)
        if raw.media_type.startswith("audio/"):
            return _handed_in(raw)
        if raw.media_type == "message/rfc822" and self._mailed is not None:
            return self._mailed.parse(raw)
        fields = call_fields(raw)
        step = raw.envelope.get("step", "")
        return read(step, event_of(step, fields), SoFar.from_fields(dict(parse_qsl(raw.envelope.get(SO_FAR, "")))))

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


def news_of_recording(form: SignedForm) -> RawMessage | None:
    """The provider has the recording, or says that there is none; only this is sure to come."""
    status = form.value("RecordingStatus")
    if status in ("in-progress", "processing"):
        return None
    key = f"recording:{id_of(form, 'RecordingSid')}:{status}"
    return as_kept(form, channel=VOICEMAIL, source_key=key, step="recording")


def _handed_in(raw: RawMessage) -> Inbound:
    """A sound file from another machine, brought in by a person."""
    if not raw.body:
        raise Unreadable("empty")
    name = raw.envelope.get("name", "recording")
    sound = Enclosure(name=name, media_type=raw.media_type, content=raw.body)
    nobody = Address(kind=AddressClass.NONE)
    return Inbound(sender=nobody, enclosures=(sound,), by_hand="the recording was handed in by a person")


async def _state(client: TwilioClient, recording_sid: str) -> str:
    """What the provider says of a recording without sound; nothing when it cannot be asked."""
    try:
        found = await client.rest.recordings(recording_sid).fetch_async()
    except (httpx.HTTPError, TwilioException, ValueError, KeyError):
        return ""
    return str(found.status)
