"""The Gather verb of the pretend provider: keys or words of the caller."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from gateway.demo.twilio_sim.caller import Action, HangUp, Press, Silent, Speak
from gateway.demo.twilio_sim.line import Line
from gateway.demo.twilio_sim.twiml import CallerLeft, Step


async def gather(line: Line, verb: ET.Element) -> Step | None:
    """Collect keys or words; without any the call falls through, unless ``actionOnEmptyResult``."""
    action: Action = line.script.popleft() if line.script else Silent(1e9)
    kinds = verb.get("input", "dtmf")
    keys = action if isinstance(action, Press) and "dtmf" in kinds else None
    budget = keys.wait if keys else float("inf")
    for prompt in verb:
        budget -= await line.prompt(prompt, max(0.0, budget))
    if isinstance(action, HangUp):
        raise CallerLeft
    result: dict[str, str] = {}
    timeout = float(verb.get("timeout", "5"))
    if keys:
        result = await _keys(line, verb, keys.digits, timeout)
    elif isinstance(action, Speak) and "speech" in kinds:
        await line.wait(action.seconds + 1, action.pcm)
        result = {"SpeechResult": action.text, "Confidence": "0.91"} if action.text else {}
    else:
        await line.wait(min(action.seconds, timeout) if isinstance(action, Silent | Speak) else timeout)
    if not result and verb.get("actionOnEmptyResult") != "true":
        return None
    return Step(verb.get("action", line.base), result or {"Digits": ""}, verb.get("method", "POST"))


async def _keys(line: Line, verb: ET.Element, pressed: str, timeout: float) -> dict[str, str]:
    """What pressing these keys gives: up to the finishing key or as many as are wanted."""
    finish, wanted = verb.get("finishOnKey", "#"), int(verb.get("numDigits", "0"))
    key = next((digit for digit in pressed if digit in finish), "")
    digits = pressed.partition(key)[0] if key else pressed
    full = bool(wanted) and len(digits) >= wanted
    digits = digits[:wanted] if full else digits
    await line.wait(0.1 * len(pressed) + (0 if key or full else timeout))
    return {"Digits": digits, "FinishedOnKey": "" if full else key} if digits else {}
