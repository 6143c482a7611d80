"""One connection of a media stream, message by message: what it begins, what it brings, and how it ends."""

from __future__ import annotations

import asyncio
import logging

from channels.streams.events import Hearing, Listening, NotAStream, SoundHeard, StreamBegan, StreamEnded
from channels.twilio_account.media_messages import read

LONGEST_MESSAGE = 256 * 1024  # bytes; 20 ms of sound take 300
WELL, FAILED, FULL = 1000, 1003, 1013
log = logging.getLogger(__name__)


class MediaTalk:
    """``over`` is the code to close with, at the end; ``heard_at`` the loop's time when anything was last heard."""

    def __init__(self, listening: Listening) -> None:
        self._listening, self._loop = listening, asyncio.get_running_loop()
        self._hearing: Hearing | None = None
        self.over: asyncio.Future[int] = self._loop.create_future()
        self.heard_at = self._loop.time()

    def said(self, message: bytes) -> None:
        """One message; never raises: what no stream says ends it, and what came before is kept."""
        if self.over.done():
            return
        self.heard_at = self._loop.time()
        try:
            if len(message) > LONGEST_MESSAGE:
                raise NotAStream("far too long")
            self._take(read(message))
        except NotAStream as error:
            log.warning("a stream was ended, for it said what none says: %s", error)
            self.over.set_result(FAILED)

    def end(self) -> None:
        """The connection is gone, or no more of it is wanted."""
        if self._hearing is not None:
            self._hearing.end()

    def _take(self, event: StreamBegan | SoundHeard | StreamEnded | None) -> None:
        if type(event) is SoundHeard and self._hearing is not None:
            self._hearing.hear(event)
        elif isinstance(event, StreamEnded):
            self.over.set_result(WELL)
        elif isinstance(event, StreamBegan) and self._hearing is None:
            self._hearing = self._listening.begin(event)
            if self._hearing is None:
                self.over.set_result(FULL)
        elif event is not None:
            raise NotAStream("out of turn")
