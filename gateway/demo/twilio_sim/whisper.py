"""The person a caller is put through to: what they hear alone, and whether they take the call."""

from __future__ import annotations

from urllib.parse import urljoin
from xml.etree import ElementTree as ET

from gateway.demo.twilio_sim.line import SPEECH_RATE, Line
from gateway.demo.twilio_sim.twiml import Step, parse_twiml

MOST_DOCUMENTS = 5


async def is_joined(line: Line, noun: ET.Element | None, callee: str) -> bool:
    """Whether the one who was rung is joined to the caller: at once, or when the document for them alone has ended.

    They press ``Provider.callee_presses`` where they are asked for a key; a mailbox presses none. A document that
    hangs up, or that cannot be had, joins nobody.
    """
    if noun is None or not noun.get("url"):
        return True
    base, pressed = urljoin(line.base, noun.get("url", "")), line.provider.callee_presses
    step = Step(base, {}, noun.get("method", "POST"))
    fields = {**line.params(), "CallSid": callee, "ParentCallSid": line.sid, "Direction": "outbound-dial"}
    fields |= {"To": "".join(noun.itertext()).strip(), "CallStatus": "in-progress"}
    for _ in range(MOST_DOCUMENTS):
        base = urljoin(base, step.url)
        reply = await line.provider.deliver(base, fields | step.extra, method=step.method, kind="whisper")
        document, _code = parse_twiml(reply)
        if document is None:
            return False
        went = await _follow(line, document, base, pressed)
        if not isinstance(went, Step):
            return went
        step, pressed = went, ""
    return False


async def _follow(line: Line, document: ET.Element, base: str, pressed: str) -> Step | bool:
    """Where one document leads: on to another, to the caller (True), or away (False)."""
    for verb in document:
        if verb.tag == "Hangup":
            return False
        words = " ".join("".join(verb.itertext()).split())
        line.whispered += [words] if words else []
        await line.wait(len(words) / SPEECH_RATE)
        if verb.tag == "Gather" and pressed:
            return Step(urljoin(base, verb.get("action", base)), {"Digits": pressed}, verb.get("method", "POST"))
        await line.wait(float(verb.get("timeout", "5")) if verb.tag == "Gather" else 0.0)
    return True
