"""The REST API of the pretend provider: sends texts, places calls, lists what happened, hands out media."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import UTC, datetime

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from gateway.demo.twilio_sim.answers import created, error, found, problem, refused
from gateway.demo.twilio_sim.asked import Listening
from gateway.demo.twilio_sim.call import Call
from gateway.demo.twilio_sim.caller import Silent
from gateway.demo.twilio_sim.carrying import accept, fate_of_next
from gateway.demo.twilio_sim.fates import REFUSALS
from gateway.demo.twilio_sim.lists import page
from gateway.demo.twilio_sim.numbers_api import routes as routes_of_numbers
from gateway.demo.twilio_sim.provider import Provider
from gateway.demo.twilio_sim.records import CallRecord, Resource, account_path
from gateway.demo.twilio_sim.sound import write_wav

LONGEST_TEXT = 1600


class Api:
    """The routes below one account, over one provider's memory."""

    def __init__(self, provider: Provider) -> None:
        self.provider = provider

    def app(self) -> Starlette:
        """The API as an application."""
        root = account_path("{account}")
        return Starlette(
            middleware=[Middleware(Listening, self.provider.asked)],
            routes=[
                Route(root + "/Messages.json", self._send_text, methods=["POST"]),
                Route(root + "/Messages.json", self._list_texts),
                Route(root + "/Messages/{sid}.json", self._text),
                Route(root + "/Messages/{sid}/Media.json", self._list_media),
                Route(root + "/Messages/{message}/Media/{sid}", self._media),
                Route(root + "/Calls.json", self._place_call, methods=["POST"]),
                Route(root + "/Calls.json", self._list_calls),
                Route(root + "/Calls/{sid}.json", self._call),
                Route(root + "/Calls/{call}/Recordings.json", self._list_recordings),
                Route(root + "/Recordings.json", self._list_recordings),
                Route(root + "/Recordings/{sid}", self._recording, methods=["GET", "DELETE"]),
                *routes_of_numbers(self.provider),
                Route("/cdn/{sid}", self._storage),
            ],
        )

    async def _send_text(self, request: Request) -> Response:
        if no := refused(self.provider, request):
            return no
        form = {k: str(v) for k, v in (await request.form()).items()}
        wrong = problem(form, ("From", "MessagingServiceSid"), ("Body", "MediaUrl", "ContentSid"))
        if not wrong and form["To"] in self.provider.opted_out:
            wrong = 21610, REFUSALS[21610]
        if not wrong and len(form.get("Body", "")) > LONGEST_TEXT:
            wrong = 21617, "The concatenated message body exceeds the 1600 character limit"
        if wrong:
            return error(400, *wrong)
        fate = fate_of_next(self.provider, form["To"])
        if fate.refusal:
            return error(400, fate.refusal, REFUSALS.get(fate.refusal, "The text was not taken"))
        text = accept(
            self.provider,
            fate,
            to=form["To"],
            frm=form.get("From", ""),
            body=form.get("Body", ""),
            by="outbound-api",
            callback=form.get("StatusCallback", ""),
            validity=int(form.get("ValidityPeriod", "0")),
        )
        return await created(self.provider, text.resource())

    async def _place_call(self, request: Request) -> Response:
        if no := refused(self.provider, request):
            return no
        raw = await request.form()
        form = {k: str(v) for k, v in raw.items()}
        if wrong := problem(form, ("From",), ("Url", "Twiml", "ApplicationSid")):
            return error(400, *wrong)
        outcome, script = self.provider.callees.get(form["To"], ("answer", [Silent(5)]))
        call = Call(self.provider, form["From"], form["To"], script, "outbound-api")
        record = CallRecord(
            sid=call.sid,
            account=self.provider.account,
            sender=call.frm,
            recipient=call.to,
            direction=call.direction,
            status="queued",
        )
        self.provider.calls[call.sid] = record
        wanted = [str(event) for event in raw.getlist("StatusCallbackEvent")] or ["completed"]
        self.provider.later(self._ring(call, outcome, form, wanted))
        return await created(self.provider, record.resource())

    async def _ring(self, call: Call, outcome: str, form: Mapping[str, str], wanted: list[str]) -> None:
        """Play an outgoing call and report the progress events that were asked for."""
        if outcome == "answer":
            await call.run(form.get("Url", self.provider.public), form.get("Method", "POST"), form.get("Twiml", ""))
        final = call.status if outcome == "answer" else outcome
        record = self.provider.calls[call.sid]
        record.status, record.duration, record.ended_at = final, int(call.now), datetime.now(UTC)
        states = {"initiated": "initiated", "ringing": "ringing", "answered": "in-progress", "completed": final}
        if outcome != "answer":
            del states["answered"]
        if url := form.get("StatusCallback"):
            events = [(url, call.event(s, i)) for i, (name, s) in enumerate(states.items()) if name in wanted]
            await self.provider.callbacks(events, "call")

    async def _text(self, request: Request) -> Response:
        text = (self.provider.messages | self.provider.incoming).get(request.path_params["sid"])
        if no := refused(self.provider, request):
            return no
        if self.provider.faults.read_errors > 0:
            self.provider.faults.read_errors -= 1
            return error(503, 20503, "Service Unavailable")
        return found(text.resource() if text else None)

    async def _call(self, request: Request) -> Response:
        call = self.provider.calls.get(request.path_params["sid"])
        return refused(self.provider, request) or found(call.resource() if call else None)

    async def _list_texts(self, request: Request) -> Response:
        texts = sorted((self.provider.messages | self.provider.incoming).values(), key=lambda text: text.created_at)
        return self._list(request, "messages", [text.resource() for text in texts])

    async def _list_calls(self, request: Request) -> Response:
        return self._list(request, "calls", [call.resource() for call in self.provider.calls.values()])

    async def _list_recordings(self, request: Request) -> Response:
        call = request.path_params.get("call")
        kept = [kept for kept in self.provider.recordings.values() if call in (None, kept.call_sid)]
        return self._list(request, "recordings", [one.resource(ready=_is_ready(one.ready_at)) for one in kept])

    async def _list_media(self, request: Request) -> Response:
        text = self.provider.incoming.get(request.path_params["sid"])
        if text is None:
            return refused(self.provider, request) or found(None)
        media: list[Resource] = [
            {
                "sid": key,
                "account_sid": text.account,
                "parent_sid": text.sid,
                "content_type": self.provider.media[key][0],
                "uri": f"{account_path(text.account)}/Messages/{text.sid}/Media/{key}.json",
                "date_created": text.resource()["date_created"],
            }
            for key in reversed(text.media)
        ]
        return self._list(request, "media_list", media)

    def _list(self, request: Request, name: str, resources: list[Resource]) -> Response:
        if no := refused(self.provider, request):
            return no
        if self.provider.faults.list_errors > 0:
            self.provider.faults.list_errors -= 1
            return error(503, 20503, "Service Unavailable")
        return JSONResponse(page(name, request.url.path, resources, request.query_params))

    async def _media(self, request: Request) -> Response:
        """Message media: authenticated here, then redirected to another host."""
        sid = request.path_params["sid"]
        target = RedirectResponse(f"http://localhost:{self.provider.port}/cdn/{sid}", 307)
        return refused(self.provider, request) or (target if sid in self.provider.media else found(None))

    async def _storage(self, request: Request) -> Response:
        """The other host: like any pre-signed store it rejects a forwarded Authorization header."""
        kind, content = self.provider.media.get(request.path_params["sid"], ("", b""))
        wrong = "authorization" in request.headers or not kind
        return Response("InvalidArgument", 400) if wrong else Response(content, media_type=kind)

    async def _recording(self, request: Request) -> Response:
        """A recording's media (``.wav`` or no extension) or ``.json``, or its deletion."""
        sid, _, kind = request.path_params["sid"].partition(".")
        is_open = self.provider.open_recordings and kind != "json" and request.method == "GET"
        if not is_open and (no := refused(self.provider, request)):
            return no
        recording = self.provider.recordings.get(sid)
        if recording is None or (kind != "json" and not _is_ready(recording.ready_at)):
            return found(None)
        if request.method == "DELETE":
            del self.provider.recordings[sid]
            return Response(status_code=204)
        if kind == "json":
            return found(recording.resource(ready=_is_ready(recording.ready_at)))
        return Response(write_wav(recording.pcm, recording.channels), media_type="audio/x-wav")


def _is_ready(ready_at: float) -> bool:
    return time.monotonic() >= ready_at
