"""The words of a call while it is on: finished stretches only, after everybody else, and said where there are none."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from channels.streams.events import SILENCE, Hearing
from gateway.core import Core
from gateway.live.words import MOST_SECONDS, NO_MODEL, LiveWords, finished
from gateway.wiring import wire_live_words
from storage import work
from storage.capture import Capture
from tests.gateway.live.caller import began, listening, rows, speak, spoken
from tests.transcription.recordings import TINY_MODEL, VOICEMAILS
from transcription.contract import Segment
from transcription.worker import TranscriptionWorker

only_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def said(text: str, start: float, end: float, *, unclear: bool = False) -> Segment:
    return Segment(text=text, start=start, end=end, confidence=0.9, unclear=unclear)


def test_what_may_go_on_is_heard_again_with_the_next_stretch() -> None:
    heard = finished([said("A child is", 0.5, 2.0), said("crying next", 4.0, 7.5)], 10.0, 8.0)
    assert (heard.words, heard.until) == ("A child is", 13.8)


def test_in_silence_nothing_is_heard_twice() -> None:
    assert (finished([], 10.0, 8.0).words, finished([], 10.0, 8.0).until) == ("", 16.5)


def test_unclear_words_are_said_to_be_unclear() -> None:
    assert finished([said("the boy", 0, 1, unclear=True)], 0.0, 8.0).words == "[unclear: the boy]"


def test_a_stretch_as_long_as_can_be_heard_never_stands_still() -> None:
    one = finished([said("and on and on", 0.0, MOST_SECONDS)], 0.0, MOST_SECONDS)
    assert (one.words, one.until) == ("and on and on", MOST_SECONDS)
    two = finished([said("First.", 0.0, 9.0), said("and on", 9.5, MOST_SECONDS)], 0.0, MOST_SECONDS)
    assert (two.words, two.until) == ("First.", 9.3)


@pytest.fixture
async def deaf(core: Core, tmp_path: Path) -> AsyncIterator[LiveWords]:
    """Without a model."""
    worker = TranscriptionWorker(speech_model=str(tmp_path / "none"), models_dir=tmp_path / "models")
    yield wire_live_words(core, worker)
    await worker.close()


async def a_call(core: Core, sound: bytes) -> Hearing:
    hearing = core.capturing.begin(began())
    assert hearing is not None
    speak(hearing, sound)
    await core.capturing.write()
    await core.capturing.index.write()
    return hearing


def standing(core: Core) -> Capture:
    with core.database.reading() as session:
        [row] = rows(session)
    return row


@only_sqlite
async def test_without_a_model_that_is_said_and_nothing_else_is_lost(core: Core, deaf: LiveWords) -> None:
    async with listening(core):
        await a_call(core, spoken(7))
        await deaf.look()
        await deaf.look()
        assert (standing(core).words_note, standing(core).words_until) == (NO_MODEL, 0.0)


@only_sqlite
async def test_recordings_that_wait_are_read_first(core: Core, deaf: LiveWords) -> None:
    async with listening(core):
        await a_call(core, spoken(7))
        with core.database.transaction() as session:
            work.enqueue(session, "transcribing", "transcribe", "part", at=core.clock(), tries=3)
        await deaf.look()
        assert standing(core).words_note == ""


@only_sqlite
async def test_a_stretch_too_short_to_mean_anything_waits_for_more(core: Core, deaf: LiveWords) -> None:
    async with listening(core):
        await a_call(core, spoken(2))
        await deaf.look()
        assert standing(core).words_note == ""


@only_sqlite
async def test_what_was_said_appears_while_they_go_on_speaking(core: Core, tmp_path: Path) -> None:
    worker = TranscriptionWorker(speech_model=str(TINY_MODEL), models_dir=tmp_path / "models", threads=1)
    words, voicemail = wire_live_words(core, worker), VOICEMAILS[0].read_bytes()
    said_first = voicemail[voicemail.index(b"data") + 8 :]
    async with listening(core):
        hearing = await a_call(core, said_first + SILENCE * 24000)
        await words.look()
        first = standing(core)
        assert first.words and first.words_note == "" and 0 < first.words_until < len(said_first) / 8000 + 3
        hearing.end()
        await core.capturing.write()
        await core.capturing.leaving.leave(at_once=True)
        await core.capturing.index.write()
        await words.look()
        assert standing(core).words == ""  # its part says it now
    await worker.close()
