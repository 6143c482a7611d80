"""Text messages: what people text us, with pictures, and the texts we answer with."""

from __future__ import annotations

import mimetypes
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlencode

from fastapi import APIRouter

from channels.call import id_of, said
from channels.contract import (
    Accept,
    Address,
    AddressClass,
    DeliveryReport,
    Enclosure,
    Fetched,
    Gone,
    Inbound,
    Outgoing,
    Purpose,
    RawMessage,
    SendError,
    SendFailed,
    Unreadable,
    WayIn,
)
from channels.notify import received
from channels.numbers import address_of, as_printed
from channels.twilio_account import SignedForm, TwilioClient, form_of, recalling
from channels.twilio_account.status import TELLING, news_of
from channels.webhook import EMPTY_DOCUMENT, Webhooks, as_kept

STOP_WORDS = frozenset(
    {"STOP", "STOPALL", "STOP ALL", "UNSUBSCRIBE", "END", "QUIT", "REVOKE", "OPTOUT", "OPT OUT", "CANCEL"}
    | {"STOP TEXTS", "STOP TEXTING", "STOP TEXTING ME", "NO TEXTS", "NO MORE TEXTS"}
)
START_WORDS = frozenset({"START", "UNSTOP", "START TEXTS", "TEXTS AGAIN", "OPTIN", "OPT IN"})
NOTICE = "notice"
"""Under which name our id of a notice stands in the signed address that its status is posted to."""
ENDINGS = {"audio/amr": ".amr", "audio/amr-wb": ".awb", "audio/ogg": ".ogg", "audio/opus": ".opus"}
"""Of what phones send, where the system's own list names none or an odd one."""
MOST_PICTURES = 20  # the provider passes on ten


class Sms:
    """Texts to and from our number. ``client`` is None when there is no account: then the door stays shut."""

    name = "sms"

    def __init__(self, *, client: TwilioClient | None) -> None:
        self._client = client

    def door(self, accept: Accept) -> APIRouter | None:
        """Where the provider posts texts and what became of ours; 503 when a text cannot be kept now."""
        if self._client is None:
            return None
        hooks = Webhooks(self._client.account, accept)
        hooks.on_event("/twilio/sms", self._text, EMPTY_DOCUMENT)
        hooks.on_event("/twilio/message-status", self._status)
        return hooks.router

    def parse(self, raw: RawMessage) -> Inbound | DeliveryReport:
        """A text as it was written, to the last line break; or what became of a text of ours."""
        if raw.envelope.get("step") == received.STEP:
            return _text(received.as_webhook(raw.body))
        try:
            form = {name: str(value) for name, value in form_of(raw.body).items()}
        except ValueError:
            raise Unreadable("too many fields for a webhook") from None
        if not form.get("MessageSid"):
            raise Unreadable("not a webhook of a text")
        return _report(raw, form) if raw.envelope.get("step") == "message-status" else _text(form)

    async def send(self, notice: Outgoing) -> str:
        """Text one notice, to mobiles only: networks read texts to landlines aloud to whoever answers."""
        if self._client is None:
            raise SendFailed(error=SendError.NOT_SET_UP, reason="no account to text from")
        if notice.address.kind is not AddressClass.MOBILE or address_of(notice.address.value) != notice.address:
            raise SendFailed(error=SendError.BAD_ADDRESS, reason="not a mobile number")
        named = urlencode({NOTICE: notice.notice_id})
        callback = self._client.account.address(f"/twilio/message-status?{named}")
        return await self._client.send_text(
            to=notice.address.value, text=notice.text, status_callback=callback, good_for=notice.good_for
        )

    async def find(self, notice: Outgoing) -> str | None:
        """The provider's id of a notice whose sending ended in ``SendUnknown``; None when it was never taken.

        Raises ConnectionError while the provider cannot be asked.
        """
        if self._client is None:
            return None
        return await self._client.find_text(to=notice.address.value, text=notice.text, since=notice.written_at)

    async def track(self, provider_id: str) -> DeliveryReport | None:
        """What became of a notice; None if the provider has no such text, ConnectionError if it cannot be asked."""
        if self._client is None:
            raise ConnectionError("no account to ask with")
        return await self._client.text_news(provider_id)

    async def fetch(self, handle: str) -> Fetched:
        """One picture or sound of a text, by the SIDs of the text and of the picture."""
        message, _, media = handle.partition("/")
        if self._client is None:
            raise Gone("no account to fetch from")
        try:
            url = self._client.account.message_media_url(message, media)
        except ValueError:
            raise Gone("that is not a picture of a text") from None
        return await self._client.fetch_media(url)

    async def recall(self, since: datetime) -> AsyncIterator[RawMessage]:
        """The provider's list of texts people sent us."""
        if self._client is not None:
            async for raw in recalling.texts(self._client, since):
                yield raw

    def ways_in(self) -> tuple[WayIn, ...]:
        """Our number to text."""
        if self._client is None:
            return ()
        number = self._client.account.number
        return (WayIn(title="Text us", detail=as_printed(number), href=f"sms:{number}"),)

    def _text(self, form: SignedForm) -> RawMessage:
        key = id_of(form, "MessageSid")
        return as_kept(form, channel=self.name, source_key=key, step="sms", purpose=Purpose.MESSAGE)

    def _status(self, form: SignedForm) -> RawMessage | None:
        """News of a text of ours; none of the states before it has left the provider."""
        status = form.value("MessageStatus")
        if status not in TELLING:
            return None
        key = f"{id_of(form, 'MessageSid')}:{status}"
        kept = as_kept(form, channel=self.name, source_key=key, step="message-status")
        return replace(kept, envelope={**kept.envelope, NOTICE: form.asked_for(NOTICE)})


def asks_to_stop(text: str) -> bool:
    """Whether the whole text is a request for no more texts. "Please stop him" is none."""
    return _bare(text) in STOP_WORDS


def asks_to_start(text: str) -> bool:
    """Whether the whole text asks for texts again. "Start with the older boy" does not."""
    return _bare(text) in START_WORDS


def _bare(text: str) -> str:
    return " ".join(text.upper().strip(" \t\r\n.,!'\"").split())


def _text(form: Mapping[str, str]) -> Inbound:
    body = form.get("Body", "")
    sender = address_of(form.get("From"))
    return Inbound(
        sender=sender,
        text=body,
        thread_text=body,
        enclosures=tuple(_pictures(form)),
        by_hand=_by_hand(sender),
        stop_texts=form.get("OptOutType") == "STOP" or asks_to_stop(body),
        start_texts=form.get("OptOutType") == "START" or asks_to_start(body),
        facts=said(called=form.get("To")),
    )


def _by_hand(sender: Address) -> str:
    """Short codes and names such as a clinic's cannot be texted back."""
    return "the sender is a name or short code that cannot be texted" if sender.kind is AddressClass.NONE else ""


def _pictures(form: Mapping[str, str]) -> Iterator[Enclosure]:
    """What came with the text. Only the last part of each URL is used: where to fetch from is ours to say."""
    for number in range(MOST_PICTURES):
        url = form.get(f"MediaUrl{number}")
        if url is None:
            return
        media_type = form.get(f"MediaContentType{number}", "application/octet-stream").split(";")[0].strip().lower()
        name = f"attachment-{number + 1}{ENDINGS.get(media_type) or mimetypes.guess_extension(media_type) or ''}"
        yield Enclosure(name=name, media_type=media_type, handle=f"{form['MessageSid']}/{url.rpartition('/')[2]}")


def _report(raw: RawMessage, form: Mapping[str, str]) -> DeliveryReport:
    status = form.get("MessageStatus", "")
    if status not in TELLING:
        raise Unreadable("not a state of a text that we know")
    return news_of(form["MessageSid"], status, form.get("ErrorCode"), notice_id=raw.envelope.get(NOTICE) or None)
