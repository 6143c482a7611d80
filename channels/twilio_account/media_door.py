"""Where the telephony provider streams a caller's voice to: forged is refused, genuine is heard to its end."""

from __future__ import annotations

import asyncio
import logging

from fastapi import APIRouter, WebSocket
from starlette.websockets import WebSocketDisconnect

from channels.streams.events import Hearing, Listening, NotAStream, SoundHeard, StreamBegan, StreamEnded
from channels.twilio_account.account import TwilioAccount
from channels.twilio_account.media_messages import read
from channels.twilio_account.signature import TwilioSignature

PATH = "/twilio/media"
QUIET_SECONDS = 60.0
LONGEST_MESSAGE = 256 * 1024  # characters; 20 ms of sound take 300
FORGED, FAILED, FULL = 1008, 1003, 1013
log = logging.getLogger(__name__)


class MediaDoor:
    """``quiet_seconds``: a connection that says nothing for so long has broken, and what came is all there is."""

    def __init__(self, account: TwilioAccount, listening: Listening, *, quiet_seconds: float = QUIET_SECONDS) -> None:
        self._signature, self._listening, self._quiet = TwilioSignature(account), listening, quiet_seconds

    def router(self) -> APIRouter:
        """The one address; its query, which the provider drops, says nothing to us."""
        router = APIRouter()
        router.add_api_websocket_route(PATH, self._answer)
        return router

    async def _answer(self, websocket: WebSocket) -> None:
        if not self._signature.verify_websocket(websocket):
            await websocket.close(FORGED)
            return
        await websocket.accept()
        code = 1000
        try:
            code = await self._hear(websocket)
        except (WebSocketDisconnect, TimeoutError):
            log.info("a stream ended without saying so")
        except NotAStream as error:
            log.warning("a stream was ended, for it said what none says: %s", error)
            code = FAILED
        try:
            await websocket.close(code)
        except (RuntimeError, WebSocketDisconnect):
            return

    async def _hear(self, websocket: WebSocket) -> int:
        """To the end of it; returns the code to close with."""
        hearing: Hearing | None = None
        loop = asyncio.get_running_loop()
        alive_at = loop.time()
        try:
            async with asyncio.timeout_at(alive_at + self._quiet) as patience:
                while True:
                    event = read(_text(await websocket.receive()))
                    if type(event) is SoundHeard and hearing is not None:
                        hearing.hear(event)
                        if loop.time() > alive_at + 1:
                            alive_at = loop.time()
                            patience.reschedule(alive_at + self._quiet)
                    elif isinstance(event, StreamEnded):
                        return 1000
                    elif isinstance(event, StreamBegan) and hearing is None:
                        hearing = self._listening.begin(event)
                        if hearing is None:
                            return FULL
                    elif event is not None:
                        raise NotAStream("out of turn")
        finally:
            if hearing is not None:
                hearing.end()


def _text(message: object) -> str:
    """The words of a message; raises ``WebSocketDisconnect`` at the end, ``NotAStream`` for bytes and for too many."""
    if not isinstance(message, dict) or message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect
    text = message.get("text")
    if text is None or len(text) > LONGEST_MESSAGE:
        raise NotAStream("bytes, or far too long")
    return str(text)
