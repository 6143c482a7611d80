"""Where the telephony provider streams a caller's voice to: forged is refused, genuine is heard to its end."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import Any

from fastapi import APIRouter, WebSocket
from starlette.websockets import WebSocketDisconnect

from channels.streams.events import Listening
from channels.streams.straight import EXTENSION
from channels.twilio_account.account import TwilioAccount
from channels.twilio_account.media_talk import FAILED, WELL, MediaTalk
from channels.twilio_account.signature import TwilioSignature

PATH = "/twilio/media"
QUIET_SECONDS = 60.0
FORGED = 1008
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
        talk = MediaTalk(self._listening)
        straight = websocket.scope.get("extensions", {}).get(EXTENSION)
        if straight is not None:
            straight.listen = talk.said
        await websocket.accept()
        try:
            code = await self._hear(websocket, talk)
        finally:
            talk.end()
        with contextlib.suppress(RuntimeError, WebSocketDisconnect):
            await websocket.close(code)

    async def _hear(self, websocket: WebSocket, talk: MediaTalk) -> int:
        """To the end of it; returns the code to close with. A server of another kind gives us message by message."""
        receiving = asyncio.ensure_future(websocket.receive())
        try:
            while True:
                patience = talk.heard_at + self._quiet - asyncio.get_running_loop().time()
                either: set[asyncio.Future[Any]] = {receiving, talk.over}
                await asyncio.wait(either, timeout=max(0.0, patience), return_when=asyncio.FIRST_COMPLETED)
                if talk.over.done():
                    return talk.over.result()
                if receiving.done():
                    message = receiving.result()
                    if message["type"] == "websocket.disconnect":
                        log.info("a stream ended without saying so")
                        return WELL
                    if message.get("text") is None:
                        return FAILED
                    talk.said(message["text"].encode())
                    receiving = asyncio.ensure_future(websocket.receive())
                elif patience <= 0:
                    log.info("a stream fell silent")
                    return WELL
        finally:
            receiving.cancel()
