"""The telephone: greets a caller, puts them through to a person or to the recorder, and notes every call."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from urllib.parse import parse_qsl

from fastapi import APIRouter

from channels.call import id_of
from channels.calls.asking import Asking
from channels.calls.choosing import Numbers
from channels.calls.conversation import Conversation
from channels.calls.reading import read
from channels.calls.script import CallScript
from channels.calls.steps import SoFar, StepName
from channels.contract import Accept, DeliveryReport, Inbound, RawMessage, Unreadable, WayIn
from channels.numbers import as_printed
from channels.spoken import SpokenWords
from channels.twilio_account import SignedForm, TwilioAccount
from channels.twilio_account.call_door import SO_FAR, CallDoor
from channels.twilio_account.call_events import ENDED, call_fields, event_of
from channels.webhook import as_kept

STEPS = (
    StepName.GREETED, StepName.CHOSEN, StepName.MESSAGE, StepName.DIALLED, StepName.WHISPER, StepName.LANGUAGE,
    StepName.UNRECORDED, StepName.REFERENCE, StepName.ADDING, StepName.CHOICES,
)  # fmt: skip


class Phone:
    """Calls to our number. ``account`` is None when there is none: then the door stays shut.

    ``listens``: the caller's sound is sent to us as it is spoken, where the caller does not refuse it.
    """

    name = "phone"

    def __init__(
        self,
        *,
        account: TwilioAccount | None,
        words: SpokenWords,
        clock: Callable[[], datetime],
        numbers: Numbers | None = None,
        asking: Asking | None = None,
        listens: bool = False,
    ) -> None:
        self._account = account
        script = CallScript(words, numbers or Numbers(), listens=listens)
        self._conversation = Conversation(script=script, words=words, clock=clock, asking=asking)

    def door(self, accept: Accept) -> APIRouter | None:
        """Where the provider asks how a call goes on. The first answers need neither ``accept`` nor a database."""
        if self._account is None:
            return None
        door = CallDoor(self._account, accept, self._conversation)
        door.hooks.on_event("/twilio/call-status", self._call_ended)
        return door.open(STEPS)

    def parse(self, raw: RawMessage) -> Inbound:
        """A call as such: who rang, for how long, what they chose, and why nobody could be answered."""
        fields = call_fields(raw)
        step = raw.envelope.get("step") or "call-status"
        so_far = SoFar.from_fields(dict(parse_qsl(raw.envelope.get(SO_FAR, ""))))
        inbound = read(step, event_of(step, fields), so_far)
        if isinstance(inbound, DeliveryReport):
            raise Unreadable("news of a notice, which a call as such has none of")
        return inbound

    def ways_in(self) -> tuple[WayIn, ...]:
        """Our number to call."""
        if self._account is None:
            return ()
        number = self._account.number
        return (WayIn(title="Call us", detail=as_printed(number), href=f"tel:{number}"),)

    def _call_ended(self, form: SignedForm) -> RawMessage | None:
        """The end of a call that came to us: a child who rang for four seconds is a contact too."""
        status = form.value("CallStatus")
        if status not in ENDED or form.value("Direction").startswith("outbound"):
            return None
        key = f"call-status:{id_of(form, 'CallSid')}:{status}"
        return as_kept(form, channel=self.name, source_key=key, step="call-status")
