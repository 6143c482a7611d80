"""The Record verb of the pretend provider, and the callbacks every recording is announced by."""

from __future__ import annotations

import asyncio
import time
from urllib.parse import urljoin
from xml.etree import ElementTree as ET

from gateway.demo.twilio_sim.caller import Action, HangUp, Press, Silent, Speak
from gateway.demo.twilio_sim.line import Line
from gateway.demo.twilio_sim.records import Recording, new_sid
from gateway.demo.twilio_sim.twiml import CallerLeft, Step

SHORTEST = 1600  # bytes: a tenth of a second; shorter ones are reported absent


async def record(line: Line, verb: ET.Element) -> Step | None:
    """Record the caller until a key, silence, the limit or hang-up; then request ``action``."""
    line.heard.append("[beep]")
    pcm, ended = await _listen(line, verb)
    recording = line.provider.record(line.sid, pcm, "RecordVerb")
    extra = {"RecordingUrl": recording.media_url, "RecordingSid": recording.sid, "Digits": ended}
    extra["RecordingDuration"] = str(recording.seconds)
    line.status = "completed" if ended == "hangup" else line.status
    if line.provider.faults.recording_first:
        await announce(line, verb, recording, at_once=True)
    else:
        line.provider.later(announce(line, verb, recording))
    return await line.action(verb, extra, line.base)


async def _listen(line: Line, verb: ET.Element) -> tuple[bytes, str]:
    """The recorded sound, and the key that ended it, ``hangup`` or nothing."""
    timeout, limit = float(verb.get("timeout", "5")), float(verb.get("maxLength", "3600"))
    finish, pcm = verb.get("finishOnKey", "1234567890*#"), b""
    while len(pcm) < limit * 16000:
        action: Action = line.script.popleft() if line.script else Silent(timeout or 1e9)
        if isinstance(action, HangUp):
            return pcm, "hangup"
        if isinstance(action, Press):
            if key := next((digit for digit in action.digits if digit in finish), ""):
                return pcm, key
            continue
        quiet = isinstance(action, Silent) and 0 < timeout <= action.seconds
        seconds = timeout if quiet else min(action.seconds, limit - len(pcm) / 16000)
        heard, left = await _hear(line, action, seconds)
        if left:
            return pcm + heard, "hangup"
        if quiet:
            break
        pcm += heard
    return pcm, ""


async def _hear(line: Line, action: Speak | Silent, seconds: float) -> tuple[bytes, bool]:
    """What a caller says in so many seconds, and whether they hung up during them."""
    began, audio = line.now, action.pcm if isinstance(action, Speak) else b""
    try:
        await line.wait(seconds, audio)
    except CallerLeft:
        return audio[: 2 * int((line.now - began) * 8000)], True
    size = 2 * int((line.now - began) * 8000)
    return audio[:size].ljust(size, b"\0"), False


async def announce(line: Line, verb: ET.Element, recording: Recording, *, at_once: bool = False) -> None:
    """Post recordingStatusCallback and transcribeCallback once the media can be fetched (or before)."""
    await asyncio.sleep(0.0 if at_once else max(0.0, recording.ready_at - time.monotonic()))
    status = "completed" if len(recording.pcm) >= SHORTEST else "absent"
    body = {"AccountSid": recording.account, "CallSid": line.sid, "RecordingSid": recording.sid}
    body |= {"RecordingUrl": recording.media_url, "RecordingStatus": status}
    body |= {"RecordingChannels": str(recording.channels), "RecordingSource": recording.source}
    body |= {"RecordingDuration": str(recording.seconds), "RecordingTrack": "both"}
    body["ErrorCode"] = "0" if status == "completed" else "16101"
    url = verb.get("recordingStatusCallback")
    if url and status in verb.get("recordingStatusCallbackEvent", "completed").split():
        await line.provider.callbacks([(urljoin(line.base, url), body)], "recording")
    if verb.get("transcribe") == "true" and status == "completed" and (url := verb.get("transcribeCallback")):
        text = {"TranscriptionSid": new_sid("TR"), "TranscriptionStatus": "completed", "TranscriptionText": "test"}
        await line.provider.callbacks([(urljoin(line.base, url), line.params() | body | text)], "transcription")
