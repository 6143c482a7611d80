"""Which steps of a call are kept, under which key, and whether the caller is told a reference for it."""

from __future__ import annotations

from dataclasses import dataclass

from channels.calls.choosing import MOST_TRIES, can_be_called_back
from channels.calls.events import BridgeEnded, CallEvent, KeysPressed, RecordingStopped
from channels.calls.steps import Choice, SoFar, StepName
from channels.contract import AddressClass, Purpose

PHONE, VOICEMAIL = "phone", "voicemail"
TEXT_ME, OTHER_CHOICES, CALL_ME, INSTEAD = "2", "3", "1", "2"
"""Keys: during the receipt, and where a message is offered instead of calling back."""
REFUSED = ":refused"
"""How the key of what was chosen ends once the caller does not want to be recorded: known before it is read."""


@dataclass(frozen=True, kw_only=True)
class Keep:
    """One thing to keep, in the ledger of a channel; ``key`` is the same however often the provider asks.

    ``is_told``: the answer reads out the reference, so nothing is said before it is kept. Other news is kept if it
    can be: the call goes on all the same, and its end comes by another way.
    """

    channel: str
    step: str
    key: str
    purpose: Purpose = Purpose.REPORT
    is_told: bool = False


def to_keep(name: StepName, event: CallEvent, so_far: SoFar) -> Keep | None:
    """What to keep of an event that happened there; ``so_far`` is what the call has come to by it."""
    call, keys = event.call, event.keys if isinstance(event, KeysPressed) else ""
    if isinstance(event, RecordingStopped):
        return _told("recorded", event.recording or call, Purpose.MESSAGE)
    if isinstance(event, BridgeEnded):
        return _news(PHONE, "dialled", call) if event.answered else _aside("unanswered", f"{call}:{so_far.rung}")
    match name:
        case StepName.QUIET:
            return _told("quiet", call, Purpose.MESSAGE)
        case StepName.OFFERED:
            return _offered(event, keys, so_far)
        case StepName.AGAIN | StepName.AFTER:
            return _after(name, event, keys)
        case StepName.HEARD:
            return _news(VOICEMAIL, "heard", call)
        case StepName.CHOSEN | StepName.LANGUAGE | StepName.CHOICES if _is_worth_noting(so_far):
            refused = REFUSED if so_far.refused else ""
            return _aside("chosen", f"{call}:{'-'.join(so_far.as_fields().values())}{refused}")
    return None


def _offered(event: CallEvent, keys: str, so_far: SoFar) -> Keep | None:
    """Only who says so is called back: it may not be safe. A wrong key is asked once more, then told a reference."""
    if keys == CALL_ME and can_be_called_back(event.caller):
        return _told("call-back", event.call, Purpose.MESSAGE, channel=PHONE)
    if keys == INSTEAD or so_far.tries < MOST_TRIES:
        return None
    return _told("quiet", event.call, Purpose.MESSAGE)


def _after(name: StepName, event: CallEvent, keys: str) -> Keep | None:
    """A key during the receipt; the reference once more is what makes it known where its message was not kept."""
    if name is StepName.AFTER and keys == OTHER_CHOICES:
        return None
    if name is StepName.AFTER and keys == TEXT_ME:
        return _told("text-me", event.call) if event.caller.kind is AddressClass.MOBILE else None
    return _told("again", event.call)


def _news(channel: str, step: str, key: str) -> Keep:
    return Keep(channel=channel, step=step, key=f"{step}:{key}")


def _aside(step: str, key: str) -> Keep:
    """On the way of a call: read with what opens it, which its end does at the latest."""
    return Keep(channel=PHONE, step=step, key=f"{step}:{key}", purpose=Purpose.ASIDE)


def _told(step: str, key: str, purpose: Purpose = Purpose.REPORT, *, channel: str = VOICEMAIL) -> Keep:
    return Keep(channel=channel, step=step, key=f"{step}:{key}", purpose=purpose, is_told=True)


def _is_worth_noting(so_far: SoFar) -> bool:
    """A caller who then hangs up leaves nothing but this; one who asks of a report may belong to that report."""
    return so_far.choice not in (Choice.NOTHING, Choice.ADD_OR_ASK) or so_far.refused or bool(so_far.language)
