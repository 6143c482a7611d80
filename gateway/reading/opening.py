"""Opens a kept message to be read: its bytes and envelope, and of a scan its first letter."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass
from typing import TypeVar

from channels.contract import Purpose, RawMessage
from gateway.dividing.dividing import POST, Divided, Dividing, is_further_letter
from gateway.dividing.letters import LETTER_FILE
from gateway.reading.turn import Turn
from storage.blobs import Blobs
from storage.message import Content, Message
from storage.sealing import Seal

T = TypeVar("T")
Given = TypeVar("Given")
SCANS, LONG_SCAN = 3, 100 * 1024
"""Places at the desk for scans of several pages, and how many bytes such a one has at least."""


class StoreAway(Exception):
    """The store of files cannot be had now: nothing is wrong with the message, which waits."""


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A kept message, opened."""

    message: Message
    raw: RawMessage
    divided: Divided | None = None


class Opening:
    """Long messages are opened one at a time, and scans that are to be looked at likewise."""

    def __init__(self, *, blobs: Blobs, seal: Seal, dividing: Dividing) -> None:
        self._blobs, self._seal, self._dividing = blobs, seal, dividing
        self._turn, self._scans = Turn(), Turn(places=SCANS, long_bytes=LONG_SCAN)

    def turn_of(self, message: Message) -> AbstractAsyncContextManager[None]:
        """Scans wait for each other and mails for each other; a further letter of a scan is short."""
        if is_further_letter(message):
            return nullcontext()
        return (self._scans if message.channel == POST else self._turn).of(message.size)

    async def opened(self, message: Message, content: Content) -> Kept:
        """The exact bytes and envelope of a kept message."""
        envelope = self.envelope(message, content)
        if content.body is None:
            lies_in = envelope[LETTER_FILE] if is_further_letter(message) else message.sha256
            body = await stored(self._blobs.get, lies_in)
        else:
            body = self._seal.open(content.body, f"body:{message.id}")
        raw = RawMessage(
            channel=message.channel, source_key=message.source_key, body=body, media_type=message.media_type,
            envelope=envelope, received_at=message.received_at, conversation=message.conversation,
            purpose=Purpose(message.purpose),
        )  # fmt: skip
        return Kept(message=message, raw=raw)

    def envelope(self, message: Message, content: Content) -> dict[str, str]:
        """What the wire said beside its body."""
        return dict(json.loads(self._seal.open(content.envelope, f"envelope:{message.id}")))

    async def divided(self, kept: Kept) -> Kept:
        """A scan of several letters as the first of them."""
        try:
            divided = await self._dividing.divide(kept.message, kept.raw)
        except OSError as error:
            raise StoreAway from error
        return Kept(message=kept.message, raw=divided.raw, divided=divided) if divided else kept


async def stored(do: Callable[[Given], T], given: Given) -> T:
    """Something done with the store of files, in a thread; one that is full or away is waited for: ``StoreAway``."""
    try:
        return await asyncio.to_thread(do, given)
    except OSError as error:
        raise StoreAway from error
