"""One step of a call after another: keep what must not be lost, ask the script, and never leave a caller without."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime

from channels.calls.asking import Answer, Asking
from channels.calls.choosing import after
from channels.calls.commands import Document
from channels.calls.events import CallEvent, KeysPressed
from channels.calls.here import Here
from channels.calls.keeping import Keep, to_keep
from channels.calls.script import CallScript
from channels.calls.steps import SoFar, Step, StepName
from channels.contract import Receipt
from channels.spoken import SpokenWords

log = logging.getLogger(__name__)

Keeping = Callable[[Keep, SoFar], Awaitable[Receipt]]
"""Keeps what a provider said of this step, in the provider's own bytes; raises when it is not kept."""


class Conversation:
    """The same for every provider: an adapter turns what it posts into an event, and the document into its words."""

    def __init__(
        self, *, script: CallScript, words: SpokenWords, clock: Callable[[], datetime], asking: Asking | None = None
    ) -> None:
        self._script, self._clock, self._asking = script, clock, asking
        self._codes = tuple(language.code for language in words.languages)

    async def go_on(self, step: Step, event: CallEvent, keeping: Keeping) -> Document:
        """What the line does next. Never raises: whatever fails on our side, the caller is asked for a message."""
        so_far = step.so_far
        try:
            so_far = after(step, event, self._codes)
            receipt = await self._kept(step.name, event, so_far, keeping)
            answer = await self._asked(step.name, event)
            here = Here(event=event, so_far=so_far, now=self._clock(), receipt=receipt, answer=answer)
            return self._script.answer(step.name, here)
        except Exception as error:
            log.error("a step of a call failed, %s: %s", step.name or "the first", type(error).__name__)
            return self._script.failed(replace(step, so_far=so_far))

    def failed(self, step: Step) -> Document:
        """What the line does when not even the event could be had. Never raises."""
        return self._script.failed(step)

    async def _kept(self, name: StepName, event: CallEvent, so_far: SoFar, keeping: Keeping) -> Receipt | None:
        keep = to_keep(name, event, so_far)
        if keep is None:
            return None
        try:
            return await keeping(keep, so_far)
        except Exception as error:
            if keep.is_told:
                raise
            log.error("news of a call was not kept: %s", type(error).__name__)
            return None

    async def _asked(self, name: StepName, event: CallEvent) -> Answer | None:
        if name is not StepName.REFERENCE or self._asking is None or not isinstance(event, KeysPressed):
            return None
        call = f"call:{event.call}"
        return await self._asking.standing(event.keys, call=call, caller=event.caller, at=self._clock())
