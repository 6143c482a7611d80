"""Media is fetched from our account at the provider, whole, within limits, and credentials go nowhere else."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Callable

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from channels.contract import Fetched, Gone, NotReadyYet
from channels.twilio_account import TwilioAccount, TwilioClient
from channels.twilio_account.media import fetch_media
from gateway.demo.twilio_sim import TwilioSim, read_wav, tone
from tests.channels.twilio_account.signed import account

PNG = b"\x89PNG" + bytes(1000)
RE = "RE" + "a" * 32


async def picture(sim: TwilioSim, content: bytes = PNG) -> str:
    await sim.sms("/twilio/sms", "look", media=[("image/png", content)])
    return sim.sent[-1].params["MediaUrl0"]


async def test_a_picture_comes_from_the_storage_host_without_our_credentials(
    client: TwilioClient, sim: TwilioSim
) -> None:
    fetched = await client.fetch_media(await picture(sim))  # the storage host refuses credentials
    assert fetched == Fetched(content=PNG, media_type="image/png")


async def test_a_recording_is_asked_for_until_it_is_ready(client: TwilioClient, sim: TwilioSim) -> None:
    sim.faults.recording_delay = 0.3
    recording = sim.record("CA1", tone(1), "RecordVerb")
    with pytest.raises(NotReadyYet, match="404"):
        await client.fetch_media(recording.media_url)
    await asyncio.sleep(0.35)
    fetched = await client.fetch_media(client.account.recording_url(recording.sid))
    assert (read_wav(fetched.content), fetched.media_type) == (tone(1), "audio/x-wav")


async def test_a_file_beyond_the_limit_is_given_up(client: TwilioClient, sim: TwilioSim) -> None:
    url = await picture(sim, bytes(100_001))
    with pytest.raises(Gone, match="larger than 100000 bytes"):
        await client.fetch_media(url)
    assert len((await client.fetch_media(await picture(sim, bytes(100_000)))).content) == 100_000


async def test_nothing_else_is_fetched_whatever_a_form_says(client: TwilioClient, sim: TwilioSim) -> None:
    for url in ("https://evil.example.org/x", f"{sim.url}/cdn/x", client.account.resources + "/Messages.json"):
        with pytest.raises(Gone, match="not fetched"):
            await client.fetch_media(url)


async def test_a_provider_that_is_not_reached_is_asked_again_later() -> None:
    client = TwilioClient(account(api_url="http://127.0.0.1:9"))
    with pytest.raises(NotReadyYet, match="not reached: ConnectError"):
        await client.fetch_media(client.account.recording_url(RE))
    await client.aclose()


class Elsewhere:
    """The provider's API and a storage host in memory; ``seen`` are host and credentials of every request."""

    def __init__(self, answer: Callable[[Request], Response]) -> None:
        self.seen: list[tuple[str, str]] = []
        self._answer = answer

    def app(self) -> Starlette:
        return Starlette(routes=[Route("/{path:path}", self._take)])

    async def _take(self, request: Request) -> Response:
        self.seen.append((request.url.netloc, request.headers.get("authorization", "")))
        return self._answer(request)


async def fetch(elsewhere: Elsewhere) -> Fetched:
    ours = account()
    async with httpx.AsyncClient(transport=httpx.ASGITransport(elsewhere.app())) as http:
        return await fetch_media(http, ours, ours.recording_url(RE), 1000)


def basic(ours: TwilioAccount) -> str:
    return "Basic " + base64.b64encode(f"{ours.sid}:{ours.auth_tokens[0]}".encode()).decode()


async def test_credentials_go_to_the_api_and_never_further() -> None:
    def answer(request: Request) -> Response:
        if request.url.hostname == "api.twilio.com":
            return RedirectResponse("https://storage.example.org/signed?key=1", 307)
        return Response(b"sound", media_type="Audio/WAV; rate=8000")

    elsewhere = Elsewhere(answer)
    assert await fetch(elsewhere) == Fetched(content=b"sound", media_type="audio/wav")
    assert elsewhere.seen == [("api.twilio.com", basic(account())), ("storage.example.org", "")]


async def test_one_redirect_is_followed_and_no_more() -> None:
    elsewhere = Elsewhere(lambda request: RedirectResponse("https://storage.example.org/again", 302))
    with pytest.raises(Gone, match="second time"):
        await fetch(elsewhere)
    assert len(elsewhere.seen) == 2


async def test_a_redirect_does_not_leave_encryption_behind() -> None:
    elsewhere = Elsewhere(lambda request: RedirectResponse("http://169.254.169.254/latest", 307))
    with pytest.raises(Gone, match="without encryption"):
        await fetch(elsewhere)
    assert len(elsewhere.seen) == 1


@pytest.mark.parametrize(
    ("status", "raised"), [(410, Gone), (404, NotReadyYet), (401, NotReadyYet), (429, NotReadyYet), (503, NotReadyYet)]
)
async def test_only_what_was_deleted_is_given_up(status: int, raised: type[Exception]) -> None:
    with pytest.raises(raised):
        await fetch(Elsewhere(lambda request: Response(status_code=status)))


async def test_a_file_cut_short_is_not_taken_for_whole() -> None:
    async def cut(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: audio/wav\r\ncontent-length: 1000\r\n\r\nRIFF")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(cut, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    client = TwilioClient(account(api_url=f"http://127.0.0.1:{port}"))
    with pytest.raises(NotReadyYet, match="RemoteProtocolError"):
        await client.fetch_media(client.account.recording_url(RE))
    await client.aclose()
    server.close()
    await server.wait_closed()
