"""How the pretend provider carries the gateway's texts: taken, queued, delivered or not, and each state reported."""

from __future__ import annotations

from datetime import UTC, datetime

from gateway.demo.twilio_sim.fates import DELIVERED, Fate, failing
from gateway.demo.twilio_sim.provider import Provider
from gateway.demo.twilio_sim.records import API_VERSION, Text, new_sid
from gateway.demo.twilio_sim.segments import segments
from gateway.demo.twilio_sim.webhooks import Event

FAILURES = [30003, 30005, 30006, 30008]


def fate_of_next(provider: Provider, to: str) -> Fate:
    """The fate of the next text to a number: the next one told, else what is told of that number, else delivery."""
    if provider.fates:
        return provider.fates.popleft()
    final, code = provider.outcomes.get(to, ("delivered", 0))
    if final == "delivered" and provider.random.random() < provider.faults.failure_rate:
        final, code = "undelivered", provider.random.choice(FAILURES)
    return DELIVERED if final == "delivered" else failing(final, code)


def accept(
    provider: Provider, fate: Fate, *, to: str, frm: str, body: str, by: str, callback: str = "", validity: int = 0
) -> Text:
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
        status_callback=callback,
        validity=validity,
    )
    provider.messages[text.sid] = text
    provider.later(carry(provider, text, fate))
    return text


async def carry(provider: Provider, text: Text, fate: Fate) -> None:
    """Move a text through its states and report each of them that anybody hears of."""
    if not fate.states:
        return
    final = fate.states[-1]
    text.status, text.error_code, text.sent_at = final, fate.code or None, text.sent_at or datetime.now(UTC)
    if final == "delivered" and provider.on_message:
        provider.on_message(text)
    if text.status_callback:
        events = [_event(text, state, fate) for state in fate.states if state not in fate.unheard]
        await provider.callbacks(events, "message")


def _event(text: Text, state: str, fate: Fate) -> Event:
    """One status callback. The provider adds fields without notice, so there is one nobody has heard of."""
    fields = {"MessageSid": text.sid, "SmsSid": text.sid, "AccountSid": text.account}
    fields |= {"To": text.recipient, "From": text.sender, "ApiVersion": API_VERSION}
    fields |= {"MessageStatus": state, "SmsStatus": state, "AddedWithoutNotice": "1"}
    if fate.code and state == fate.states[-1]:
        fields["ErrorCode"] = str(fate.code)
    if state in ("delivered", "undelivered"):
        fields["RawDlrDoneDate"] = f"{datetime.now(UTC):%y%m%d%H%M}"
    return text.status_callback, fields
