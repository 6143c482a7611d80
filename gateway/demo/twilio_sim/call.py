"""The phone calls of the pretend provider: a scripted caller on one side, the gateway's TwiML on the other."""

from __future__ import annotations

from collections.abc import Sequence
from email.utils import formatdate
from urllib.parse import urljoin
from xml.etree import ElementTree as ET

from gateway.demo.twilio_sim.caller import Action
from gateway.demo.twilio_sim.connect import connect, dial, enqueue, start_or_stop
from gateway.demo.twilio_sim.gather import gather
from gateway.demo.twilio_sim.line import Line
from gateway.demo.twilio_sim.provider import Provider
from gateway.demo.twilio_sim.record import record
from gateway.demo.twilio_sim.twiml import APP_ERROR, CallerLeft, CallOver, Step, parse_twiml

MOST_DOCUMENTS = 100
ENDED = ("completed", "busy", "no-answer", "failed")


class Call(Line):
    """One call; afterwards ``heard``, ``warnings``, ``ended_by`` and ``now`` (its length) tell how it went.

    The script is used up in order: one action by each Gather, as many as it takes by Record and Connect.
    """

    def __init__(self, provider: Provider, frm: str, to: str, script: Sequence[Action], direction: str) -> None:
        super().__init__(provider, frm, to, script, direction)
        self.ended_by = ""

    async def run(self, url: str, method: str = "POST", twiml: str = "") -> Call:
        """Follow TwiML from ``url`` (or the given document) until somebody ends the call."""
        try:
            if not (url or twiml):
                raise CallOver("the number is not set up")
            await self._follow(Step(url, {}, method), twiml)
        except CallerLeft:
            self.status, self.ended_by = "completed", "caller"
        except CallOver as over:
            self.ended_by = over.why
            self.status = self.ended_by if self.ended_by in ("busy", "no-answer") else "completed"
        for stream in self.streams:
            await stream.stop()
        return self

    def event(self, status: str, number: int) -> dict[str, str]:
        """Fields of one call status callback."""
        extra = {"Timestamp": formatdate(), "CallbackSource": "call-progress-events", "SequenceNumber": str(number)}
        if status in ENDED:
            extra |= {"CallDuration": str(int(self.now)), "Duration": str(-(-int(self.now) // 60))}
        return self.params() | extra | {"CallStatus": status}

    async def _follow(self, step: Step | None, twiml: str) -> None:
        """Document after document; always ends in ``CallerLeft`` or ``CallOver``."""
        for _ in range(MOST_DOCUMENTS):
            if step is None:
                raise CallOver("end of TwiML")
            document = ET.fromstring(twiml) if twiml else await self._fetch(step)  # noqa: S314  # from our own gateway
            step = await self._run_verbs(list(document))
            twiml, self.status = "", "in-progress"
        raise CallOver(f"{MOST_DOCUMENTS} documents: the TwiML loops")

    async def _fetch(self, step: Step) -> ET.Element:
        """Get TwiML; on failure try the fallback URL, else the caller hears the application error."""
        self.base, params = urljoin(self.base, step.url), self.params() | step.extra
        reply = await self.provider.deliver(self.base, params, method=step.method, kind="voice")
        document, code = parse_twiml(reply)
        if document is None and self.provider.fallback_url and self.base != self.provider.fallback_url:
            self.warnings.append(f"{code} {self.base}")
            params |= {"ErrorCode": code, "ErrorUrl": self.base}
            self.base = self.provider.fallback_url
            method = self.provider.ours.voice_fallback_method
            reply = await self.provider.deliver(self.base, params, method=method, kind="fallback")
            document, code = parse_twiml(reply)
        if document is None:
            self.warnings.append(f"{code} {self.base}")
            self.heard.append(APP_ERROR)
            raise CallOver(f"application error {code}")
        return document

    async def _run_verbs(self, verbs: Sequence[ET.Element]) -> Step | None:
        """Run a document's verbs in order; return the next document to fetch, if there is one."""
        for verb in verbs:
            step = await self._run_verb(verb)
            self.status = "in-progress"
            if step:
                return step
        return None

    async def _run_verb(self, verb: ET.Element) -> Step | None:
        """Run one verb. Only a Reject before any other leaves the call unanswered."""
        match verb.tag:
            case "Reject" if self.status == "ringing":
                raise CallOver("busy" if verb.get("reason") == "busy" else "no-answer")
            case "Hangup" | "Reject" | "Leave":
                raise CallOver(verb.tag.lower())
            case "Say" | "Play" | "Pause":
                await self.prompt(verb)
                return None
            case "Redirect":
                return Step((verb.text or "").strip(), {}, verb.get("method", "POST"))
            case "Start" | "Stop":
                await start_or_stop(self, verb)
                return None
            case "Enqueue":
                return await enqueue(self, verb, self._run_verbs)
        if verb.tag not in VERBS:
            self.warnings.append(f"12200 unknown verb {verb.tag}")
            return None
        return await VERBS[verb.tag](self, verb)


VERBS = {"Gather": gather, "Record": record, "Dial": dial, "Connect": connect}
