"""The steps of a call from its recording on: only what is kept is called received."""

from __future__ import annotations

from fastapi import APIRouter

from channels.call import caller, id_of
from channels.contract import AddressClass, Purpose, RawMessage, Receipt
from channels.twilio_account import SignedForm
from channels.twiml import CallScript
from channels.webhook import Webhooks, as_kept

CHANNEL = "voicemail"


class AfterTheTone:
    """Keeps what was recorded, reads out the reference, and notes whether the caller stayed to hear it."""

    def __init__(self, hooks: Webhooks, script: CallScript) -> None:
        self._hooks, self._script = hooks, script

    def router(self) -> APIRouter:
        """Every step at its address."""
        hooks, script = self._hooks, self._script
        hooks.on_call("/twilio/voice/recorded", self._recorded, lambda: script.not_kept_yet(try_again=True))
        hooks.on_call("/twilio/voice/silent", self._silent, script.sorry)
        hooks.on_call("/twilio/voice/quiet", self._quiet, lambda: script.not_kept_yet(try_again=True))
        hooks.on_call("/twilio/voice/again", self._again, lambda: script.not_kept_yet(try_again=False))
        hooks.on_call("/twilio/voice/after", self._after, lambda: script.not_kept_yet(try_again=False))
        hooks.on_call("/twilio/voice/heard", self._heard, script.hang_up)
        hooks.on_event("/twilio/recording", news_of_recording)
        return hooks.router

    async def _recorded(self, form: SignedForm) -> str:
        """The recorder stopped, or the caller hung up: kept in either case, though nobody may hear the answer."""
        key = id_of(form, "RecordingSid" if form.value("RecordingSid") else "CallSid")
        return self._script.receipt(await self._keep(form, "recorded", key, Purpose.MESSAGE))

    async def _silent(self, form: SignedForm) -> str:
        """Nothing at all was recorded: a child may not dare to speak."""
        return self._script.listen_again()

    async def _quiet(self, form: SignedForm) -> str:
        """Nothing again: a silent call is a contact like any other and gets its reference."""
        return self._script.receipt(await self._keep(form, "quiet", id_of(form, "CallSid"), Purpose.MESSAGE))

    async def _again(self, form: SignedForm) -> str:
        """The reference once more; when the message itself could not be kept, this is what makes it known."""
        return self._script.receipt(await self._keep(form, "again", id_of(form, "CallSid")))

    async def _after(self, form: SignedForm) -> str:
        """A key pressed during the receipt: 2 asks for a text, any other cut the reference short."""
        if form.value("Digits") != "2":
            return await self._again(form)
        if caller(form).kind is not AddressClass.MOBILE:
            return self._script.cannot_text()
        await self._keep(form, "text-me", id_of(form, "CallSid"))
        return self._script.texted()

    async def _heard(self, form: SignedForm) -> str:
        """The caller stayed to the end of the reference."""
        key = f"heard:{id_of(form, 'CallSid')}"
        await self._hooks.keep_or_note(as_kept(form, channel=CHANNEL, source_key=key, step="heard"))
        return self._script.goodbye()

    async def _keep(self, form: SignedForm, step: str, key: str, purpose: Purpose = Purpose.REPORT) -> Receipt:
        """Keep one step of the call under its name and the provider's id, so that a repeat is known as one."""
        raw = as_kept(form, channel=CHANNEL, source_key=f"{step}:{key}", step=step, purpose=purpose)
        return await self._hooks.keep(raw)


def news_of_recording(form: SignedForm) -> RawMessage | None:
    """The provider has the recording, or says that there is none; only this is sure to come."""
    status = form.value("RecordingStatus")
    if status in ("in-progress", "processing"):
        return None
    key = f"recording:{id_of(form, 'RecordingSid')}:{status}"
    return as_kept(form, channel=CHANNEL, source_key=key, step="recording")
