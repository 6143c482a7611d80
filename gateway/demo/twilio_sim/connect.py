"""The Dial, Enqueue and Connect verbs of the pretend provider: the caller and somebody else."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from urllib.parse import urljoin, urlsplit, urlunsplit
from xml.etree import ElementTree as ET

from gateway.demo.twilio_sim.caller import Action, HangUp, Press, Silent, Speak
from gateway.demo.twilio_sim.line import Line
from gateway.demo.twilio_sim.record import announce
from gateway.demo.twilio_sim.records import new_sid
from gateway.demo.twilio_sim.sound import tone
from gateway.demo.twilio_sim.stream import STREAM_ERRORS, MediaStream
from gateway.demo.twilio_sim.twiml import CallerLeft, CallOver, Step, parse_twiml
from gateway.demo.twilio_sim.whisper import is_joined

RunVerbs = Callable[[Sequence[ET.Element]], Awaitable[Step | None]]


async def dial(line: Line, verb: ET.Element) -> Step | None:
    """Ring somebody; the outcome and talk time come from ``Provider.dial_outcome``."""
    (outcome, talk), callee, bridged = line.provider.dial_outcome, new_sid("CA"), False
    line.heard.append(f"[dial {''.join(verb.itertext()).strip()}]")
    ring = float(verb.get("timeout", "30")) if outcome == "no-answer" else 3.0
    answered = line.now + ring
    try:
        await line.wait(ring)
        bridged = outcome == "completed" and await is_joined(line, verb.find("Number"), callee)
        answered = line.now
        await line.wait(talk if bridged else 0.0, tone(talk))
    except CallerLeft:
        line.status, outcome = "completed", outcome if bridged else "no-answer"
    extra = {"DialCallSid": callee, "DialCallStatus": outcome, "DialBridged": str(bridged).lower()}
    if bridged:
        extra["DialCallDuration"] = str(int(line.now - answered))
    if bridged and (mode := verb.get("record", "")).startswith(("record", "true")):
        channels = 2 if mode.endswith("dual") else 1
        recording = line.provider.record(line.sid, tone(line.now - answered), "DialVerb", channels)
        extra["RecordingUrl"] = recording.media_url
        line.provider.later(announce(line, verb, recording))
    return await line.action(verb, extra)


async def enqueue(line: Line, verb: ET.Element, run_verbs: RunVerbs) -> Step | None:
    """Wait in a queue: play ``waitUrl`` once, then end with ``Provider.queue_result``."""
    began, queue, result = line.now, new_sid("QU"), line.provider.queue_result
    try:
        if url := verb.get("waitUrl"):
            place = {"QueuePosition": "1", "QueueTime": "0", "CurrentQueueSize": "1", "QueueSid": queue}
            reply = await line.provider.deliver(urljoin(line.base, url), line.params() | place, kind="voice")
            document, _ = parse_twiml(reply)
            await run_verbs([] if document is None else list(document))
        await line.wait(10)
    except CallerLeft:
        result, line.status = "hangup", "completed"
    except CallOver as over:
        if over.why != "leave":
            raise
        result = "leave"
    waited = str(int(line.now - began))
    return await line.action(verb, {"QueueResult": result, "QueueSid": queue, "QueueTime": waited})


async def connect(line: Line, verb: ET.Element) -> Step | None:
    """Open a two-way stream and hold the call until the server closes it or the caller goes."""
    stream = await open_stream(line, next(verb.iter("Stream")))
    while stream is not None and not stream.closed.is_set():
        action: Action = line.script.popleft() if line.script else Silent(0.2)
        if isinstance(action, HangUp):
            raise CallerLeft
        if isinstance(action, Press):
            for digit in action.digits:
                await stream.event("dtmf", {"track": "inbound_track", "digit": digit})
        else:
            await line.wait(action.seconds, action.pcm if isinstance(action, Speak) else b"")
    return await line.action(verb, {})


async def start_or_stop(line: Line, verb: ET.Element) -> None:
    """Open the streams of a Start, or end those that a Stop names; a Stop without a name ends them all."""
    for noun in verb.iter("Stream"):
        if verb.tag == "Start":
            await open_stream(line, noun)
            continue
        for stream in [stream for stream in line.streams if stream.name == noun.get("name", stream.name)]:
            line.streams.remove(stream)
            await stream.stop()


async def open_stream(line: Line, noun: ET.Element) -> MediaStream | None:
    """Connect one ``<Stream>``. The provider drops the query string; custom data goes in <Parameter>."""
    url = urlunsplit(urlsplit(urljoin(line.base, noun.get("url", "")))._replace(query="", fragment=""))
    custom = {p.get("name", ""): p.get("value", "") for p in noun.iter("Parameter")}
    owner = (line.provider.account, line.sid)
    try:
        stream = await MediaStream.open(line.provider.local(url), line.provider.sign(url, {}), owner, custom)
    except STREAM_ERRORS as error:
        line.warnings.append(f"31920 stream {url}: {error}")
        return None
    stream.name = noun.get("name", "")
    line.streams.append(stream)
    return stream
