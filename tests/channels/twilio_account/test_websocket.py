"""Media streams are let in only with a signature over the wss address."""

from __future__ import annotations

import asyncio
import socket

import pytest
import uvicorn
from fastapi import FastAPI, WebSocket
from websockets.exceptions import InvalidStatus

from channels.twilio_account import TwilioSignature
from gateway.demo.twilio_sim.stream import MediaStream
from tests.channels.twilio_account.signed import PUBLIC, account, signature

MEDIA = "wss://front.example.org/twilio/media"


def handshake(given: str | None, path: str = "/twilio/media", query: bytes = b"") -> WebSocket:
    async def nothing(*_: object) -> dict[str, object]:
        return {}

    headers = [(b"host", b"evil.example.org")]
    headers += [(b"x-twilio-signature", given.encode())] if given is not None else []
    scope = {"type": "websocket", "scheme": "ws", "path": path, "raw_path": path.encode(), "query_string": query}
    return WebSocket(scope | {"headers": headers}, nothing, nothing)  # type: ignore[arg-type]


def genuine(given: str | None, public: str = PUBLIC, path: str = "/twilio/media", query: bytes = b"") -> bool:
    return TwilioSignature(account(public_url=public)).verify_websocket(handshake(given, path, query))


def test_the_address_is_signed_as_wss() -> None:
    assert genuine(signature(MEDIA))
    assert not genuine(signature(PUBLIC + "/twilio/media"))
    assert genuine(signature("ws://127.0.0.1:8000/twilio/media"), "http://127.0.0.1:8000")


def test_an_explicit_port_or_a_last_slash_makes_no_difference() -> None:
    for url in ("wss://front.example.org:443/twilio/media", MEDIA + "/", "wss://front.example.org:443/twilio/media/"):
        assert genuine(signature(url))
        assert genuine(signature(url), path="/twilio/media/")


def test_a_missing_or_foreign_signature_is_refused() -> None:
    assert not genuine(None)
    assert not genuine("")
    assert not genuine(signature(MEDIA, token="wrong"))
    assert not genuine(signature(MEDIA), path="/twilio/other")
    assert not genuine(signature(MEDIA), query=b"call=CA1")
    assert not genuine(signature("wss://evil.example.org/twilio/media"))


async def test_a_real_handshake_is_let_in_or_turned_away_before_it_is_accepted() -> None:
    checked, app = TwilioSignature(account()), FastAPI()

    async def listen(websocket: WebSocket) -> None:
        if not checked.verify_websocket(websocket):
            await websocket.close(1008)
            return
        await websocket.accept()
        async for _ in websocket.iter_json():
            await websocket.close()
            return

    app.add_api_websocket_route("/twilio/media", listen)
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(app, log_config=None, access_log=False, lifespan="off", ws="websockets-sansio")
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    url = f"ws://127.0.0.1:{listening.getsockname()[1]}/twilio/media"
    stream = await MediaStream.open(url, signature(MEDIA), ("AC", "CA"), {})
    await stream.closed.wait()
    await stream.stop()
    with pytest.raises(InvalidStatus, match="403"):
        await MediaStream.open(url, signature(MEDIA, token="wrong"), ("AC", "CA"), {})
    server.should_exit = True
    await serving
