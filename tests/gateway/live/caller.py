"""A caller whose voice is streamed to a gateway in this process, and what the gateway made of it."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlmodel import Session, col, select

from channels.streams.events import Hearing, SoundHeard, StreamBegan
from gateway.core import Core
from storage.attachment import Attachment
from storage.capture import Capture
from tests.builders import read_all

FRAME = 160
_numbers = itertools.count(1)


def began(call: str = "CA1", **facts: str) -> StreamBegan:
    """A stream with an id of its own."""
    return StreamBegan(stream=f"MZ{next(_numbers):032x}", call=call, facts={"from": "+447700900123"} | facts)


def speak(hearing: Hearing, sound: bytes, *, since: int = 0) -> None:
    """Frames of 20 ms, the first one ``since`` bytes from the beginning."""
    for at in range(0, len(sound), FRAME):
        place = since + at
        hearing.hear(SoundHeard(sound=sound[at : at + FRAME], number=place // FRAME + 1, at_ms=place // 8))


def spoken(seconds: float, code: int = 0x20) -> bytes:
    """A loud sound of so many seconds, as mu-law."""
    return bytes([code, code ^ 0x80]) * int(seconds * 4000)


@asynccontextmanager
async def listening(core: Core) -> AsyncIterator[None]:
    """The gateway's capture is open, and what ends is handed in at once."""
    core.capturing.leaving.settle_seconds = 0.0
    await core.capturing.open()
    try:
        yield
    finally:
        await core.capturing.close()


async def handed_in(core: Core) -> list[Attachment]:
    """Everything that has ended is written down, handed in and read; returns the parts heard live."""
    await core.capturing.write()
    await core.capturing.leaving.leave(at_once=True)
    await core.capturing.index.write()
    await read_all(core)
    with core.database.reading() as session:
        return list(session.exec(select(Attachment).where(Attachment.heard_live).order_by(col(Attachment.id))))


def sound_of(core: Core, part: Attachment) -> bytes:
    """The samples in a part's WAV file."""
    with core.database.reading() as session:
        wav = core.contents.of_part(session, part)
    at = wav.index(b"data")
    return wav[at + 8 : at + 8 + int.from_bytes(wav[at + 4 : at + 8], "little")]


def rows(session: Session) -> list[Capture]:
    """Every stream's row, the oldest first."""
    return list(session.exec(select(Capture).order_by(col(Capture.began_at), col(Capture.id))))
