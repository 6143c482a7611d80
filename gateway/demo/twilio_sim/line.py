"""A pretend telephone line: the caller's script, the call's clock and what was heard."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from urllib.parse import urljoin
from xml.etree import ElementTree as ET

from gateway.demo.twilio_sim.caller import Action, HangUp
from gateway.demo.twilio_sim.provider import Provider
from gateway.demo.twilio_sim.records import API_VERSION, new_sid
from gateway.demo.twilio_sim.sound import ulaw
from gateway.demo.twilio_sim.stream import MediaStream
from gateway.demo.twilio_sim.twiml import CallerLeft, Step

WITHHELD = "+266696687"  # a withheld PSTN caller arrives as "ANONYMOUS" typed on a keypad
SPEECH_RATE = 15  # characters a second of text to speech


class Line:
    """One call's state: ``heard``, ``warnings``, ``status`` and ``now``, its length in seconds of call time.

    ``whispered`` is what those heard, alone, whom the caller was put through to.
    """

    def __init__(self, provider: Provider, frm: str, to: str, script: Sequence[Action], direction: str) -> None:
        self.provider, self.frm, self.to, self.direction, self.sid = provider, frm, to, direction, new_sid("CA")
        limits = [a.at for a in script if isinstance(a, HangUp) and a.at is not None]
        self.hangup_at = min(limits, default=float("inf"))
        self.script = deque(a for a in script if not isinstance(a, HangUp) or a.at is None)
        self.now, self.status, self.base = 0.0, "ringing", ""
        self.heard: list[str] = []
        self.warnings: list[str] = []
        self.whispered: list[str] = []
        self.streams: list[MediaStream] = []

    def params(self) -> dict[str, str]:
        """The fields every voice webhook carries; UK calls have blank city, state and postcode."""
        out = {"CallSid": self.sid, "AccountSid": self.provider.account, "ApiVersion": API_VERSION}
        out |= {"CallStatus": self.status, "Direction": self.direction}
        for who, number in (("From", self.frm), ("Caller", self.frm), ("To", self.to), ("Called", self.to)):
            country = "LS" if number == WITHHELD else self.provider.country if number.startswith("+") else ""
            out |= {who: number, f"{who}City": "", f"{who}State": "", f"{who}Zip": "", f"{who}Country": country}
        return out

    async def wait(self, seconds: float, pcm: bytes = b"") -> None:
        """Let call time pass, sending the caller's sound (or silence) to open streams."""
        left = self.now + seconds >= self.hangup_at
        seconds = max(0.0, min(seconds, self.hangup_at - self.now))
        self.now += seconds
        streams = [s for s in self.streams if not s.closed.is_set()]
        audio = ulaw(pcm) if streams else b""
        at_once = max(1, int(self.provider.speed / 50))  # a clock has no shorter sleep than a millisecond or so
        for i in range(int(seconds * 50) if streams else 0):
            for stream in streams:
                await stream.frame(audio[i * 160 : (i + 1) * 160])
            if i % at_once == 0:
                await asyncio.sleep(0.02 * at_once / self.provider.speed)
        await asyncio.sleep(0 if streams else seconds / self.provider.speed)
        if left:
            raise CallerLeft

    async def prompt(self, verb: ET.Element, limit: float = float("inf")) -> float:
        """Play one Say, Play or Pause for at most ``limit`` seconds; return how long it took."""
        seconds = float(verb.get("length", "1"))
        if verb.tag == "Say":
            text = " ".join("".join(verb.itertext()).split())
            self.heard.append(text)
            seconds = len(text) / SPEECH_RATE
        elif verb.tag == "Play" and not verb.get("digits"):
            seconds = await self._play(urljoin(self.base, (verb.text or "").strip()))
        seconds = min(seconds, limit)
        await self.wait(seconds)
        return seconds

    async def _play(self, url: str) -> float:
        """Fetch a sound file for the caller; its length in seconds."""
        reply = await self.provider.deliver(url, {}, method="GET", kind="play")
        if reply is not None and reply.is_success and reply.headers.get("content-type", "").startswith("audio/"):
            self.heard.append(f"[audio {url}]")
            return 2.0
        self.warnings.append(f"11200 Play {url}")
        return 1.0

    async def action(self, verb: ET.Element, extra: dict[str, str], default: str = "") -> Step | None:
        """The ``action`` request; when the caller has gone it is made too, and its answer ignored."""
        url, method = verb.get("action", default), verb.get("method", "POST")
        if self.status != "completed":
            return Step(url, extra, method) if url else None
        if url:
            await self.provider.deliver(urljoin(self.base, url), self.params() | extra, method=method, kind="voice")
        raise CallerLeft
