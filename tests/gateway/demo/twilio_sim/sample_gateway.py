"""A deliberately small gateway for the pretend provider to talk to: not how the real one is built."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping

import httpx
from fastapi import FastAPI, HTTPException, Request, Response, WebSocket
from twilio.base.exceptions import TwilioRestException
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from channels.twilio_account.client import OncePerRequest
from channels.twilio_account.errors import Throttled

PUBLIC, TOKEN, SID = "https://gw.council.test", "test-token", "AC" + "0" * 31 + "1"
URGENT = "<Say>If a child is in immediate danger call 999.</Say>"
MENU = f'<Gather numDigits="1" timeout="4" action="/voice/menu">{URGENT}</Gather>'
MAIL = (
    '<Say>Leave a message.</Say><Record action="/voice/recorded" maxLength="60" timeout="3" finishOnKey="#" '
    'recordingStatusCallback="/voice/recording" recordingStatusCallbackEvent="completed absent"/>'
)
STREAM = f'<Stream url="{PUBLIC.replace("http", "ws")}/stream?lost=1"><Parameter name="ref" value="R1"/></Stream>'
DIAL = (
    '<Dial timeout="20" action="/voice/dialled" record="record-from-answer-dual"><Number>+441632960111</Number></Dial>'
)
WHISPER = '<Gather numDigits="1" action="/voice/whisper"><Say>A call. Press 1.</Say></Gather><Hangup/>'
CHOICES = {
    "1": DIAL,
    "2": MAIL,
    "3": '<Gather finishOnKey="#" action="/voice/lookup"><Say>Key in the reference.</Say></Gather>',
    "4": f"<Connect>{STREAM}</Connect><Say>Bye.</Say>",
    "5": '<Enqueue waitUrl="/voice/wait" action="/voice/queued">callers</Enqueue>',
    "6": '<Reject reason="busy"/>',
    "7": DIAL.replace("<Number>", '<Number url="/voice/whisper">'),
}
STEPS = {
    "recorded": "<Say>Thank you.</Say><Hangup/>",
    "dialled": MAIL,
    "wait": "<Say>Hold.</Say><Leave/>",
    "queued": "<Say>Nobody free.</Say>",
    "fallback": MAIL,
}


class SampleGateway:
    """``log`` holds every step and its fields in order of arrival; ``broken`` names a step that answers 500."""

    def __init__(self) -> None:
        self.log: list[tuple[str, Mapping[str, str]]] = []
        self.stream: list[dict[str, object]] = []
        self.media: list[bytes] = []
        self.menu, self.broken, self.refuse_streams = MENU, "", False
        self._fetched: set[str] = set()
        self._validator = RequestValidator(TOKEN)

    def reach(self, api: str) -> None:
        """Say where the provider's API is."""
        self.http = httpx.AsyncClient(trust_env=False, auth=(SID, TOKEN), follow_redirects=True, timeout=0.5)
        self.rest = Client(SID, TOKEN, http_client=OncePerRequest(self.http, api))

    def app(self) -> FastAPI:
        """Its routes."""
        app = FastAPI()
        app.add_api_route("/voice/{step}", self.voice, methods=["POST"])
        app.add_api_route("/sms/{step}", self.sms, methods=["POST"])
        app.add_api_websocket_route("/stream", self.listen)
        return app

    async def voice(self, step: str, request: Request) -> Response:
        """Every voice webhook."""
        fields = await self._signed(request)
        self.log.append((step, fields))
        if self.broken == step:
            raise HTTPException(500)
        if step == "menu":
            return _xml(CHOICES.get(fields["Digits"], "<Redirect>/voice/start</Redirect>"))
        if step == "recording" and fields["RecordingStatus"] == "completed":
            await self._fetch_once(fields["RecordingSid"], fields["RecordingUrl"])
        if step == "whisper":
            pressed = {"1": "", None: WHISPER}.get(fields.get("Digits"), "<Hangup/>")
            return _xml(pressed)
        if step == "lookup":
            return _xml(f"<Say>Reference {fields.get('Digits')} is open.</Say>")
        return _xml(self.menu + MAIL if step == "start" else STEPS.get(step, ""))

    async def sms(self, step: str, request: Request) -> Response:
        """Incoming texts and delivery reports."""
        fields = await self._signed(request)
        self.log.append(("sms-" + step, fields))
        for i in range(int(fields.get("NumMedia", "0"))):
            self.media.append((await self.http.get(fields[f"MediaUrl{i}"])).content)
        return _xml("<Message>Thanks</Message>" if step == "in" else "")

    async def listen(self, socket: WebSocket) -> None:
        """One media stream."""
        url = PUBLIC.replace("http", "ws") + "/stream"
        if self.refuse_streams or not self._validator.validate(url, {}, socket.headers.get("x-twilio-signature", "")):
            await socket.close(1008)
            return
        await socket.accept()
        async for message in socket.iter_json():
            self.stream.append(message)
            if message["event"] == "media" and message["media"]["chunk"] == "5":
                await socket.send_json({"event": "mark", "streamSid": message["streamSid"], "mark": {"name": "five"}})
            if message["event"] == "dtmf":
                await socket.close()
                return

    async def text(self, to: str = "+447700900123", *, body: str = "Received", **more: str) -> str:
        """Send a text by the provider's SDK; its SID."""
        message = await self.rest.messages.create_async(to=to, from_="+441632960000", body=body, **more)
        return str(message.sid)

    async def refusal(self, to: str, body: str = "x") -> int:
        """The error code a text is refused with, or 0."""
        try:
            await self.text(to, body=body)
        except TwilioRestException as error:
            return int(error.code or 0)
        except Throttled:
            return 20429
        return 0

    def steps(self) -> list[str]:
        """The steps requested, in order."""
        return [step for step, _ in self.log]

    def got(self, step: str) -> list[Mapping[str, str]]:
        """The fields of every request for one step."""
        return [fields for name, fields in self.log if name == step]

    async def _fetch_once(self, sid: str, url: str) -> None:
        if sid in self._fetched:
            return
        self._fetched.add(sid)
        while (media := await self.http.get(url + ".wav")).status_code == 404:
            self.log.append(("404", {}))
            await asyncio.sleep(0.05)
        self.media.append(media.content)
        try:
            await self.text(status_callback=PUBLIC + "/sms/status")
        except (httpx.HTTPError, json.JSONDecodeError):
            self.log.append(("sms-unknown", {}))

    async def _signed(self, request: Request) -> dict[str, str]:
        raw = (await request.body()).decode()
        is_json = "json" in request.headers.get("content-type", "")
        form: dict[str, str] = {} if is_json else {k: str(v) for k, v in (await request.form()).items()}
        url = PUBLIC + request.url.path + ("?" + request.url.query if request.url.query else "")
        given = request.headers.get("x-twilio-signature", "")
        if not self._validator.validate(url, raw if is_json else form, given):
            raise HTTPException(403)
        return {"json": raw} if is_json else form


def _xml(body: str) -> Response:
    return Response(f"<Response>{body}</Response>", media_type="text/xml")
