"""The media streams of the pretend provider: a caller's voice in 20 ms frames over a WebSocket."""

from __future__ import annotations

import asyncio
import base64
import json

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException

from gateway.demo.twilio_sim.records import Resource, new_sid

STREAM_ERRORS = (OSError, WebSocketException)


class MediaStream:
    """One ``<Stream>``: 20 ms frames of 160 mu-law bytes, marks echoed, ``stop`` at the end."""

    def __init__(self, socket: ClientConnection, account: str, call_sid: str) -> None:
        self.sid, self.socket, self.name = new_sid("MZ"), socket, ""
        self.owner: Resource = {"accountSid": account, "callSid": call_sid}
        self.sequence = self.chunk = 0
        self.received: list[Resource] = []
        self.closed = asyncio.Event()
        self._reader = asyncio.create_task(self._read())

    @classmethod
    async def open(cls, url: str, signature: str, owner: tuple[str, str], custom: dict[str, str]) -> MediaStream:
        """Connect and introduce the stream; raises one of ``STREAM_ERRORS`` when refused."""
        signed = {"X-Twilio-Signature": signature}
        stream = cls(await connect(url, additional_headers=signed, proxy=None, compression=None), *owner)
        await stream.socket.send('{"event": "connected", "protocol": "Call", "version": "1.0.0"}')
        media = {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1}
        about = {**stream.owner, "streamSid": stream.sid, "tracks": ["inbound"], "mediaFormat": media}
        await stream.event("start", {**about, "customParameters": custom})
        return stream

    async def event(self, name: str, body: object) -> None:
        """Send one numbered event, unless the server has closed."""
        self.sequence += 1
        message = {"event": name, "sequenceNumber": str(self.sequence), name: body, "streamSid": self.sid}
        try:
            await self.socket.send(json.dumps(message))
        except ConnectionClosed:
            self.closed.set()

    async def frame(self, payload: bytes) -> None:
        """Send 20 ms of sound, padded with silence."""
        audio = base64.b64encode(payload.ljust(160, b"\xff")).decode()
        stamp, self.chunk = str(self.chunk * 20), self.chunk + 1
        await self.event("media", {"track": "inbound", "chunk": str(self.chunk), "timestamp": stamp, "payload": audio})

    async def stop(self) -> None:
        """Announce the end of the call and close."""
        await self.event("stop", self.owner)
        await self.socket.close()
        await self._reader

    async def _read(self) -> None:
        """Keep what the server sends; answer each mark once the (instant) playback has reached it."""
        try:
            async for text in self.socket:
                message: Resource = json.loads(text)
                self.received.append(message)
                if message.get("event") == "mark":
                    await self.event("mark", message["mark"])
        except ConnectionClosed:
            return
        finally:
            self.closed.set()
