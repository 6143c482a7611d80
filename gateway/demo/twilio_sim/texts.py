"""The texts people send the gateway by the pretend provider, and the answers it gives in TwiML."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import httpx

from gateway.demo.twilio_sim.carrying import accept, fate_of_next
from gateway.demo.twilio_sim.provider import Provider
from gateway.demo.twilio_sim.records import API_VERSION, Text, account_path, new_sid
from gateway.demo.twilio_sim.segments import segments
from gateway.demo.twilio_sim.twiml import parse_twiml

STOP, START = {"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT"}, {"START", "YES", "UNSTOP"}


async def text_the_gateway(
    provider: Provider, url: str, body: str, frm: str, media: Sequence[tuple[str, bytes]]
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
    fields = _fields(provider, text) | _opting(provider, text)
    if not url:
        return None
    reply = await provider.deliver(url, fields, method=provider.ours.sms_method, kind="sms")
    document, code = parse_twiml(reply)
    if document is None and (spare := provider.ours.sms_fallback_url):
        fields |= {"ErrorCode": code, "ErrorUrl": url}
        reply = await provider.deliver(spare, fields, method=provider.ours.sms_fallback_method, kind="fallback")
        document, _ = parse_twiml(reply)
    for node in [] if document is None else document.iter("Message"):
        if frm not in provider.opted_out:
            words = "".join(node.itertext()).strip()
            fate = fate_of_next(provider, frm)
            accept(provider, fate, to=frm, frm=provider.number, body=words, by="outbound-reply")
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
