"""The doors of a call: each step at its address, its webhook an event, its document TwiML."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from urllib.parse import urlencode

from fastapi import APIRouter

from channels.call import id_of
from channels.calls.conversation import Conversation
from channels.calls.keeping import Keep
from channels.calls.steps import SoFar, Step, StepName
from channels.contract import Accept, RawMessage, Receipt
from channels.twilio_account.account import TwilioAccount
from channels.twilio_account.call_events import event_at
from channels.twilio_account.signature import SignedForm
from channels.twilio_account.twiml import Twiml, path_of
from channels.webhook import Webhooks, as_kept

IN_PASSING = 1.0
"""Seconds a caller waits for what is only noted; it is kept all the same when it takes longer."""
SO_FAR = "so_far"
"""Where a kept webhook's envelope says what the call had come to: its body does not."""


class CallDoor:
    """Some steps of a call at the provider's addresses of ours."""

    def __init__(self, account: TwilioAccount, accept: Accept, conversation: Conversation) -> None:
        self.hooks, self._conversation, self._twiml = Webhooks(account, accept), conversation, Twiml(account)

    def open(self, names: Iterable[StepName]) -> APIRouter:
        """These steps."""
        for name in names:
            self._open(name)
        return self.hooks.router

    def _open(self, name: StepName) -> None:
        async def answer(form: SignedForm) -> str:
            step = Step(name=name, so_far=SoFar.from_fields(form.queried))
            event = event_at(name, form.fields, call=id_of(form, "CallSid"))

            async def keep(what: Keep, so_far: SoFar) -> Receipt:
                patience = None if what.is_told else IN_PASSING
                return await self.hooks.keep(kept(form, what, so_far), patience=patience)

            return self._twiml.render(await self._conversation.go_on(step, event, keep))

        def otherwise() -> str:
            return self._twiml.render(self._conversation.failed(Step(name=name)))

        self.hooks.on_call(path_of(Step(name=name)), answer, otherwise)


def kept(form: SignedForm, what: Keep, so_far: SoFar) -> RawMessage:
    """A webhook as it goes into the ledger, with what the call had come to."""
    raw = as_kept(form, channel=what.channel, source_key=what.key, step=what.step, purpose=what.purpose)
    return replace(raw, envelope={**raw.envelope, SO_FAR: urlencode(so_far.as_fields())})
