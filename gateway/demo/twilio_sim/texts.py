"""The texts of the pretend provider: to the gateway, from it, and what became of each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import httpx

from gateway.demo.twilio_sim.provider import Provider
from gateway.demo.twilio_sim.records import API_VERSION, Text, account_path, new_sid
from gateway.demo.twilio_sim.twiml import parse_twiml

STOP, START = {"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT"}, {"START", "YES", "UNSTOP"}
GSM7 = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM7_EXTENSION = set("^{}\\[~]|€\f")
FAILURES = [30003, 30005, 30006, 30008]


def segments(text: str) -> int:
    """SMS segments the provider would bill: GSM-7 160/153 septets, otherwise UCS-2 70/67 code units."""
    if set(text) <= GSM7 | GSM7_EXTENSION:
        size, single, multi = sum(2 if c in GSM7_EXTENSION else 1 for c in text), 160, 153
    else:
        size, single, multi = len(text.encode("utf-16-be")) // 2, 70, 67
    return 1 if size <= single else -(-size // multi)


async def text_the_gateway(
    provider: Provider, path: str, body: str, frm: str, media: Sequence[tuple[str, bytes]]
) -> httpx.Response | None:
    """One text to the gateway's number; replies in its TwiML are kept like texts it sent by REST."""
    keys = tuple(new_sid("ME") for _ in media)
    provider.media |= dict(zip(keys, media, strict=True))
    text = Text(
        sid=new_sid("MM" if media else "SM"),
        account=provider.account,
        sender=frm,
        recipient=provider.number,
        body=body,
        segments=segments(body),
        direction="inbound",
        status="received",
        media=keys,
        sent_at=datetime.now(UTC),
    )
    provider.incoming[text.sid] = text
    reply = await provider.deliver(
        provider.public + path, _fields(provider, text) | _opting(provider, text), kind="sms"
    )
    document, _ = parse_twiml(reply)
    for node in [] if document is None else document.iter("Message"):
        if frm not in provider.opted_out:
            accept(provider, to=frm, frm=provider.number, body="".join(node.itertext()).strip(), by="outbound-reply")
    return reply


def _fields(provider: Provider, text: Text) -> dict[str, str]:
    """The fields of the incoming-text webhook; UK texts have blank city, state and postcode."""
    fields = {"MessageSid": text.sid, "SmsSid": text.sid, "SmsMessageSid": text.sid, "AccountSid": text.account}
    for who, number in (("From", text.sender), ("To", text.recipient)):
        fields |= {who: number, f"{who}City": "", f"{who}State": "", f"{who}Zip": "", f"{who}Country": provider.country}
    fields |= {"Body": text.body, "NumMedia": str(len(text.media)), "NumSegments": str(text.segments)}
    fields |= {"SmsStatus": "received", "ApiVersion": API_VERSION}
    for i, key in enumerate(text.media):
        fields[f"MediaContentType{i}"] = provider.media[key][0]
        fields[f"MediaUrl{i}"] = f"{provider.url}{account_path(text.account)}/Messages/{text.sid}/Media/{key}"
    return fields


def _opting(provider: Provider, text: Text) -> dict[str, str]:
    """Heed STOP and START as the provider does, before the gateway hears of it."""
    word = text.body.strip().upper()
    if word not in STOP | START:
        return {}
    (provider.opted_out.add if word in STOP else provider.opted_out.discard)(text.sender)
    return {"OptOutType": "STOP" if word in STOP else "START"} if provider.advanced_opt_out else {}


def accept(provider: Provider, *, to: str, frm: str, body: str, by: str, status_callback: str = "") -> Text:
    """Keep a text from the gateway and schedule its delivery and receipts."""
    text = Text(
        sid=new_sid("SM"),
        account=provider.account,
        sender=frm,
        recipient=to,
        body=body,
        segments=segments(body),
        direction=by,
        status="queued",
        status_callback=status_callback,
    )
    provider.messages[text.sid] = text
    provider.later(_carry(provider, text))
    return text


async def _carry(provider: Provider, text: Text) -> None:
    """Move a text through its states and report each of them."""
    final, code = provider.outcomes.get(text.recipient, ("delivered", 0))
    if final == "delivered" and provider.random.random() < provider.faults.failure_rate:
        final, code = "undelivered", provider.random.choice(FAILURES)
    text.status, text.error_code, text.sent_at = final, code or None, datetime.now(UTC)
    if final == "delivered" and provider.on_message:
        provider.on_message(text)
    if not text.status_callback:
        return
    ids = {"MessageSid": text.sid, "SmsSid": text.sid, "AccountSid": text.account}
    ids |= {"To": text.recipient, "From": text.sender, "ApiVersion": API_VERSION}
    events = []
    for status in ["sent", final] if final != "failed" else [final]:
        extra = {"ErrorCode": str(code)} if code and status == final else {}
        extra |= {"RawDlrDoneDate": f"{text.sent_at:%y%m%d%H%M}"} if status in ("delivered", "undelivered") else {}
        events.append((text.status_callback, ids | {"MessageStatus": status, "SmsStatus": status} | extra))
    await provider.callbacks(events, "message")
