"""What the telephony provider posts of a call, or posted once and is kept, as an event of any call."""

from __future__ import annotations

import re
from collections.abc import Mapping

from channels.calls.events import (
    BridgeEnded,
    CallEnded,
    CallEvent,
    CallStarted,
    KeysPressed,
    MovedOn,
    RecordingReady,
    RecordingStopped,
)
from channels.calls.steps import StepName
from channels.contract import Address, RawMessage, Unreadable
from channels.numbers import address_of
from channels.twilio_account.signature import form_of

RECORDING_SID = re.compile(r"RE[0-9a-fA-F]{32}")
ENDED = frozenset({"completed", "busy", "no-answer", "failed", "canceled"})
ANSWERED = frozenset({"completed", "answered"})
LONGEST_COUNT = 9
KEYED = frozenset(
    {
        StepName.CHOSEN, StepName.LANGUAGE, StepName.OFFERED, StepName.REFERENCE, StepName.ADDING, StepName.AFTER,
        StepName.CHOICES, StepName.WHISPER,
    }
)  # fmt: skip


def event_at(name: StepName, fields: Mapping[str, str], *, call: str) -> CallEvent:
    """What happened when the provider asks how a call goes on from this step. ``call`` is the provider's id of it."""
    who, to = caller(fields), fields.get("To", "")
    if name is StepName.GREETED:
        return CallStarted(call=call, caller=who, called=to)
    if name is StepName.DIALLED:
        return bridge_ended(fields, call=call)
    if name is StepName.RECORDED:
        return recording_stopped(fields, call=call)
    if name in KEYED:
        pressed, said = fields.get("Digits", ""), fields.get("SpeechResult", "")
        return KeysPressed(call=call, caller=who, called=to, keys=pressed, words=said)
    return MovedOn(call=call, caller=who, called=to)


def event_of(step: str, fields: Mapping[str, str]) -> CallEvent:
    """The same from a kept webhook, by the name its step was kept under."""
    call = fields.get("CallSid", "")
    match step:
        case "recorded":
            return recording_stopped(fields, call=call)
        case "recording":
            return recording_ready(fields, call=call)
        case "dialled":
            return bridge_ended(fields, call=call)
        case "call-status":
            return call_ended(fields, call=call)
    return MovedOn(call=call, caller=caller(fields), called=fields.get("To", ""))


def call_fields(raw: RawMessage) -> Mapping[str, str]:
    """The fields of a kept webhook of a call; raises ``Unreadable`` when it is none."""
    try:
        fields = {name: str(value) for name, value in form_of(raw.body).items()}
    except ValueError:
        raise Unreadable("too many fields for a webhook") from None
    if not fields.get("CallSid"):
        raise Unreadable("not a webhook of a call")
    return fields


def recording_stopped(fields: Mapping[str, str], *, call: str) -> RecordingStopped:
    """The recorder's ``action``: it is asked for also when the caller hung up."""
    return RecordingStopped(
        call=call, caller=caller(fields), called=fields.get("To", ""), recording=recording_of(fields),
        seconds=seconds(fields.get("RecordingDuration", "")), hung_up=fields.get("Digits") == "hangup",
    )  # fmt: skip


def recording_ready(fields: Mapping[str, str], *, call: str) -> RecordingReady:
    """The recording's own callback, which does not say who rang."""
    return RecordingReady(
        call=call, caller=caller(fields), called=fields.get("To", ""), recording=recording_of(fields),
        seconds=seconds(fields.get("RecordingDuration", "")), state=fields.get("RecordingStatus") or "absent",
    )  # fmt: skip


def bridge_ended(fields: Mapping[str, str], *, call: str) -> BridgeEnded:
    """Answered by a person: a mailbox that presses no key is not joined to the caller."""
    answered = fields.get("DialCallStatus") in ANSWERED and fields.get("DialBridged") != "false"
    return BridgeEnded(
        call=call, caller=caller(fields), called=fields.get("To", ""), answered=answered,
        seconds=seconds(fields.get("DialCallDuration") or fields.get("CallDuration", "")),
    )  # fmt: skip


def call_ended(fields: Mapping[str, str], *, call: str) -> CallEnded:
    """The line's last callback."""
    return CallEnded(
        call=call, caller=caller(fields), called=fields.get("To", ""), how=fields.get("CallStatus", ""),
        seconds=seconds(fields.get("CallDuration", "")),
    )  # fmt: skip


def caller(fields: Mapping[str, str]) -> Address:
    """Who rang; NONE when the webhook does not say, as those about recordings."""
    return address_of(fields.get("From", fields.get("Caller")))


def recording_of(fields: Mapping[str, str]) -> str:
    """The handle of a recording; empty when that is none."""
    handle = fields.get("RecordingSid", "")
    return handle if RECORDING_SID.fullmatch(handle) else ""


def seconds(digits: str) -> int | None:
    """A length as the provider writes it; None for what is no number."""
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= LONGEST_COUNT else None
