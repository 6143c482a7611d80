"""What a kept event of a call says of who rang, what was left, and whether they were told a reference."""

from __future__ import annotations

from channels.calls.events import BridgeEnded, CallEnded, CallEvent, RecordingReady, RecordingStopped
from channels.calls.steps import Choice, SoFar
from channels.contract import AddressClass, DeliveryReport, DeliveryState, Enclosure, Inbound, Unreadable

NOT_TOLD = "the call ended before they were told a reference"
LEFT = "the caller hung up before the reference was read out"
SPOKE = "the caller spoke to the duty worker"
WITHHELD = "number withheld; the caller hung up"


def read(step: str, event: CallEvent, so_far: SoFar) -> Inbound | DeliveryReport:
    """Each event is complete on its own; raises ``Unreadable`` for a step of no call that we know."""
    match step, event:
        case "heard", _:
            return DeliveryReport(provider_id=f"call:{event.call}", state=DeliveryState.DELIVERED)
        case "recorded", RecordingStopped():
            return _recorded(event, so_far)
        case "recording", RecordingReady():
            return _ready(event)
        case "text-me", _:
            is_mobile = event.caller.kind is AddressClass.MOBILE
            return Inbound(sender=event.caller, texts_are_safe=is_mobile)
        case "quiet" | "again" | "call-back", _:
            wants = {"callback": "yes", "reached": "rang"} if step == "call-back" else {}
            facts = known(event, so_far, for_worker=_for_worker(so_far), **wants)
            return Inbound(sender=event.caller, answered_by_door="voice", facts=facts)
        case "dialled", BridgeEnded(seconds=seconds):
            facts = known(event, so_far, reached="spoke", seconds=_count(seconds))
            return Inbound(sender=event.caller, facts=facts, by_hand=SPOKE)
        case "chosen" | "unanswered", _:
            reached = "rang" if step == "unanswered" else "chose"
            return _untold(event, known(event, so_far, reached=reached))
        case "call-status", CallEnded(how=how, seconds=seconds):
            return _untold(event, known(event, so_far, ended=how, seconds=_count(seconds)))
    raise Unreadable("not a step of a call that we know")


def sound_of(recording: str) -> tuple[Enclosure, ...]:
    """The sound behind a handle, which is fetched later; nothing without a handle."""
    return (Enclosure(name="recording.wav", media_type="audio/wav", handle=recording),) if recording else ()


def known(event: CallEvent, so_far: SoFar, **more: str) -> dict[str, str]:
    """The facts of a call that are known, without the blank ones."""
    facts = {
        "called": event.called,
        "child_told_us": "yes" if so_far.choice is Choice.UNDER_18 else "",
        "asked_for": str(so_far.choice),
        "language": so_far.language,
        "recording": "refused" if so_far.refused else "",
    } | more
    return {name: value for name, value in facts.items() if value}


def _recorded(event: RecordingStopped, so_far: SoFar) -> Inbound:
    """The recording as the call tells it; a caller who hung up has not heard the reference."""
    facts = known(event, so_far, recording_seconds=_count(event.seconds), for_worker=_for_worker(so_far))
    sound, left = sound_of(event.recording), event.hung_up
    if not left:
        return Inbound(sender=event.caller, enclosures=sound, answered_by_door="voice", facts=facts)
    if event.caller.kind is AddressClass.WITHHELD:
        why_not = "number withheld; the caller hung up before the reference was read out"
        return Inbound(sender=event.caller, enclosures=sound, cannot_answer=why_not, facts=facts)
    return Inbound(sender=event.caller, enclosures=sound, by_hand=LEFT, facts=facts)


def _ready(event: RecordingReady) -> Inbound:
    """The recording as the provider reports it, which does not say who rang."""
    facts = {"recording": event.state} | ({"recording_seconds": _count(event.seconds)} if event.seconds else {})
    if event.state != "completed":
        return Inbound(sender=event.caller, facts={"recording": event.state})
    return Inbound(sender=event.caller, enclosures=sound_of(event.recording), facts=facts)


def _untold(event: CallEvent, facts: dict[str, str]) -> Inbound:
    """News of a caller who has been told no reference yet."""
    if event.caller.kind is AddressClass.WITHHELD:
        return Inbound(sender=event.caller, facts=facts, cannot_answer=WITHHELD)
    return Inbound(sender=event.caller, facts=facts, by_hand=NOT_TOLD)


def _for_worker(so_far: SoFar) -> str:
    return "yes" if so_far.choice is Choice.FOR_A_WORKER else ""


def _count(seconds: int | None) -> str:
    return "" if seconds is None else str(seconds)
