"""The telephone: greets a caller, puts them through to the duty worker or to the recorder, and notes every call."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from fastapi import APIRouter

from channels.call import call_form, caller, id_of, said
from channels.contract import Accept, AddressClass, Inbound, RawMessage, WayIn
from channels.numbers import as_printed
from channels.spoken import SpokenWords
from channels.twilio_account import SignedForm, TwilioAccount
from channels.twiml import CallScript
from channels.webhook import Webhooks, as_kept

ENDED = frozenset({"completed", "busy", "no-answer", "failed", "canceled"})
ANSWERED = frozenset({"completed", "answered"})


class Phone:
    """Calls to our number. ``account`` is None when there is none: then the door stays shut."""

    name = "phone"

    def __init__(
        self,
        *,
        account: TwilioAccount | None,
        words: SpokenWords,
        clock: Callable[[], datetime],
        duty_number: str | None = None,
    ) -> None:
        self._account, self._words, self._clock = account, words, clock
        self._duty_number = duty_number or None

    def door(self, accept: Accept) -> APIRouter | None:
        """Where the provider asks how a call goes on. The first answers need neither ``accept`` nor a database."""
        if self._account is None:
            return None
        hooks, script = Webhooks(self._account, accept), CallScript(self._account, self._words, self._duty_number)

        async def ring(form: SignedForm) -> str:
            return script.greeting(self._clock())

        async def choose(form: SignedForm) -> str:
            return script.message(self._clock()) if form.value("Digits") == "1" else script.put_through()

        async def ask(form: SignedForm) -> str:
            return script.message(self._clock())

        async def dialled(form: SignedForm) -> str:
            if not _was_answered(form):
                return script.message(self._clock())
            key = f"dialled:{id_of(form, 'CallSid')}"
            await hooks.keep_or_note(as_kept(form, channel=self.name, source_key=key, step="dialled"))
            return script.hang_up()

        async def whisper(form: SignedForm) -> str:
            pressed = form.value("Digits")
            if pressed == "1":
                return script.join()
            return script.hang_up() if pressed else script.whisper()

        hooks.on_call("/twilio/voice", ring, script.sorry)
        hooks.on_call("/twilio/voice/chosen", choose, script.sorry)
        hooks.on_call("/twilio/voice/message", ask, script.sorry)
        hooks.on_call("/twilio/voice/dialled", dialled, script.sorry)
        hooks.on_call("/twilio/voice/whisper", whisper, script.hang_up)
        hooks.on_event("/twilio/call-status", self._call_ended)
        return hooks.router

    def parse(self, raw: RawMessage) -> Inbound:
        """A call as such: who rang, for how long, and why nobody could be answered. What was said is elsewhere."""
        form = call_form(raw)
        sender, seconds = caller(form), form.get("DialCallDuration") or form.get("CallDuration")
        facts = said(called=form.get("To"), ended=form.get("CallStatus"), seconds=seconds)
        if raw.envelope.get("step") == "dialled":
            return Inbound(sender=sender, facts=facts, by_hand="the caller spoke to the duty worker")
        if sender.kind is AddressClass.WITHHELD:
            return Inbound(sender=sender, facts=facts, cannot_answer="number withheld; the caller hung up")
        return Inbound(sender=sender, facts=facts, by_hand="the call ended before they were told a reference")

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


def _was_answered(form: SignedForm) -> bool:
    """Whether a person took the call: a mailbox that presses no key is not joined to the caller."""
    return form.value("DialCallStatus") in ANSWERED and form.value("DialBridged") != "false"
