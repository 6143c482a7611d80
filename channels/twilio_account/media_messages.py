"""What the telephony provider's media streams say, as events that name no provider."""

from __future__ import annotations

import binascii
import json
from typing import Any

from channels.streams.events import NotAStream, SoundHeard, StreamBegan, StreamEnded, StreamEvent

LONGEST_ID = 100
MOST_FACTS = 20
LONGEST_FACT = 500


def read(message: bytes) -> StreamEvent | None:
    """One message; None for those that bring neither sound nor an end. Raises ``NotAStream``.

    Numbers come as strings. A frame may be of any size; only the caller's own track is heard.
    """
    try:
        said = json.loads(message.decode())
        match said["event"]:
            case "media":
                return _sound(said["media"])
            case "start":
                return _began(said["start"])
            case "stop":
                return StreamEnded()
            case _:
                return None
    except (ValueError, KeyError, TypeError, AttributeError, binascii.Error, RecursionError) as error:
        raise NotAStream(type(error).__name__) from None


def _sound(media: Any) -> SoundHeard | None:
    if media.get("track", "inbound") not in ("inbound", "inbound_track"):
        return None
    number, at = media.get("chunk"), media.get("timestamp")
    return SoundHeard(
        sound=binascii.a2b_base64(media["payload"], strict_mode=True),
        number=None if number is None else int(number),
        at_ms=None if at is None else int(at),
    )


def _began(start: Any) -> StreamBegan:
    form = start.get("mediaFormat", {})
    if form.get("encoding", "audio/x-mulaw") != "audio/x-mulaw" or int(form.get("sampleRate", 8000)) != 8000:
        raise NotAStream("not the sound of a telephone")
    given = list((start.get("customParameters") or {}).items())[:MOST_FACTS]
    facts = {str(name)[:LONGEST_ID]: str(value)[:LONGEST_FACT] for name, value in given}
    return StreamBegan(stream=_id(start["streamSid"]), call=_id(start.get("callSid", "")), facts=facts)


def _id(value: Any) -> str:
    if not isinstance(value, str) or len(value) > LONGEST_ID:
        raise NotAStream("no id")
    return value
