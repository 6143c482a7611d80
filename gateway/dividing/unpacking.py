"""Takes the files out of a scanner's mail or an archive: each is a message of its own before the first is read."""

from __future__ import annotations

import asyncio

from channels.contract import Accept, NotKept, RawMessage
from channels.letter.carried import CARRIED, letters_carried
from storage.blobs import Blobs
from storage.message import Message


class Unpacking:
    """Doing it twice keeps the same messages."""

    def __init__(self, *, blobs: Blobs, accept: Accept) -> None:
        self._blobs, self._accept = blobs, accept

    async def first_of(self, raw: RawMessage) -> RawMessage:
        """The first letter in it, all others kept; itself if it carries none.

        Raises OSError where they cannot be kept now.
        """
        first, *others = await asyncio.to_thread(letters_carried, raw) or (raw,)
        if first is raw:
            return raw
        await asyncio.to_thread(self._blobs.put, raw.body)  # a short one lies in its row alone
        await asyncio.to_thread(self._blobs.put, first.body)
        for other in others:
            try:
                await self._accept(other)
            except NotKept as error:
                raise OSError("the letters it carries cannot be kept now") from error
        return first


def scanned_file(message: Message, raw: RawMessage) -> str:
    """The sha256 of the file whose pages are looked at: what came, or the first that it carried."""
    return raw.envelope.get(CARRIED, message.sha256)
