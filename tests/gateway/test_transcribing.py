"""Words of a part: kept as versions, heard in slices, never lost to a crash and never overwritten."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from gateway import versions
from gateway.core import Core
from gateway.desk import Desk
from gateway.part_view import PartView
from gateway.transcribing import Transcribing
from gateway.view import unrecorded_views
from storage import message, referral, transcript, work
from storage.attachment import Attachment, TextState
from storage.referral import Referral
from storage.transcript import Transcript as Version
from tests.builders import a_referral
from tests.fakes import MovableClock
from tests.transcription.recordings import (
    TINY_MODEL,
    VOICEMAILS,
    one_after_another,
    recording,
    said_in,
    sound_of,
)
from transcription.begun import SILENT, Begun, End
from transcription.contract import EngineFailed, Segment, Transcript, Word
from transcription.heard import ENGLISH, Heard
from transcription.windows import Window
from transcription.worker import TranscriptionWorker

WORDS = ("She", "waits", "at", "Harrow", "Way")


def a_window(number: int) -> Window:
    return Window(start=number * 30.0, end=number * 30.0 + 20)


def a_reading(text: str = "She waits", engine: str = "pretend-whisper 1 small", **given: object) -> Transcript:
    words = tuple(Word(text=word, start=0.0, end=1.0, confidence=0.9) for word in text.split())
    segment = Segment(text=text, start=0.0, end=2.0, confidence=0.9, words=words)
    read = Transcript(text=text, segments=(segment,), engine=engine, language="en", confidence=0.9, seconds=9.0)
    return replace(read, **given)  # type: ignore[arg-type]


class Slices:
    """Hears one word a turn and puts the recording aside, or reads a short one at once; fails at a word when told to.

    ``asked`` are the words it was handed to go on from, with the name of the file.
    """

    def __init__(self, *, fails_at: int = 99) -> None:
        self.asked: list[tuple[str, int]] = []
        self.fails_at = fails_at

    async def hear_on(
        self, data: bytes, media_type: str, name: str, *, begun: str, told: Callable[[Begun], Awaitable[None]]
    ) -> Transcript | Begun:
        if name == "short.wav":
            self.asked.append((name, 0))
            return a_reading("help me")
        done = Begun.from_json(begun).ends[0].finished if begun else 0
        self.asked.append((name, done))
        if done == self.fails_at:
            raise EngineFailed("the reading process ended (signal 9)")
        if done == len(WORDS):
            return a_reading(" ".join(WORDS))
        so_far = self._begun(done + 1)
        await told(so_far)
        return so_far

    def _begun(self, finished: int) -> Begun:
        heard = tuple(
            Heard(
                text=word, start=number * 30.0, end=number * 30.0 + 1, confidence=0.9, log_probability=-0.1,
                no_speech_probability=0.0, compression=1.0,
            )
            for number, word in enumerate(WORDS[:finished])
        )  # fmt: skip
        windows = tuple(a_window(number) for number in range(len(WORDS)))
        end = End(windows=windows, finished=finished, language=ENGLISH, heard=heard)
        return Begun(engine="pretend-whisper 1 small", seconds=150.0, sounds=SILENT, ends=(end,))


async def refuses(held: work.Claim) -> None:
    raise EngineFailed("out of memory")


def a_step(core: Core, listener: Slices) -> Transcribing:
    return Transcribing(database=core.database, blobs=core.blobs, clock=core.clock, worker=listener, forms=core.forms)


def a_desk(core: Core, listener: Slices) -> Desk:
    step = a_step(core, listener)
    return Desk("transcribing", step.step, step.give_up, database=core.database, clock=core.clock, slots=1)


def a_recording(core: Core, row: Referral, name: str = "long.wav") -> str:
    """A recording on the first message of a referral, due to be transcribed; its id."""
    with core.database.transaction() as session:
        [about] = message.of_referrals(session, [row.id or 0])
        part = Attachment(
            message_id=about.id, referral_id=row.id or 0, position=1000, channel=row.channel, name=name,
            media_type="audio/wav", size=4, sha256=core.blobs.put(b"RIFF"), text_state=TextState.WAITING,
        )  # fmt: skip
        session.add(part)
        work.enqueue(session, "transcribing", "transcribe", part.id, at=core.clock())
        return part.id


def as_seen(core: Core, part_id: str) -> PartView:
    with core.database.reading() as session:
        row = session.get_one(Referral, session.get_one(Attachment, part_id).referral_id)
        [view] = unrecorded_views(session, [row], seal=core.seal, may_identify=False)
    return next(part for part in view.parts if part.id == part_id)


def kept_versions(core: Core, part_id: str) -> list[Version]:
    with core.database.reading() as session:
        return transcript.of_parts(session, [part_id])


def read_again(core: Core, part_id: str, read: Transcript) -> None:
    with core.database.transaction() as session:
        versions.add_read(session, part_id, read, at=core.clock())


async def test_what_is_heard_is_the_first_version_with_its_words_and_times(core: Core) -> None:
    part = a_recording(core, await a_referral(core), "short.wav")
    await a_desk(core, Slices()).drain()
    seen = as_seen(core, part)
    assert (seen.text, seen.text_state, seen.language, seen.progress) == ("help me", "done", "en", None)
    assert [word.text for word in seen.segments[0].words] == ["help", "me"]
    assert [(one.version, one.model, one.made_by, one.is_shown) for one in seen.transcripts] == [
        (1, "small", "frontdoor", True)
    ]


async def test_a_long_recording_lets_a_short_one_pass_and_no_word_is_heard_twice(
    core: Core, clock: MovableClock
) -> None:
    row = await a_referral(core)
    long = a_recording(core, row)
    listener = Slices()
    desk = a_desk(core, listener)
    await desk.drain(rounds=1)
    clock.move(seconds=30)
    short = a_recording(core, row, "short.wav")
    clock.move(seconds=30)
    await desk.drain(rounds=2)
    assert listener.asked == [("long.wav", 0), ("long.wav", 1), ("short.wav", 0)]
    clock.move(seconds=30)
    await desk.drain()
    assert [done for name, done in listener.asked if name == "long.wav"] == [0, 1, 2, 3, 4, 5]
    assert as_seen(core, long).text == " ".join(WORDS)
    assert as_seen(core, short).text == "help me"


async def test_how_far_it_is_and_the_words_so_far_are_shown_while_it_is_heard(core: Core) -> None:
    part = a_recording(core, await a_referral(core))
    desk = a_desk(core, Slices())
    await desk.drain(rounds=2)
    seen = as_seen(core, part)
    assert (seen.progress, seen.text_state, seen.note) == (0.4, "waiting", "Being heard.")
    assert seen.text.splitlines() == ["She", "waits"]
    await desk.drain()
    assert as_seen(core, part).progress is None


async def test_after_a_crash_it_goes_on_where_it_was(core: Core, clock: MovableClock) -> None:
    part = a_recording(core, await a_referral(core))
    listener = Slices(fails_at=3)
    await a_desk(core, listener).drain()
    assert [done for _, done in listener.asked] == [0, 1, 2, 3]
    listener.fails_at = 99
    clock.move(minutes=5)
    await a_desk(core, listener).drain()
    assert [done for _, done in listener.asked] == [0, 1, 2, 3, 3, 4, 5]
    assert as_seen(core, part).text == " ".join(WORDS)


async def test_what_was_heard_before_the_engine_failed_for_good_is_kept_and_said_to_be_a_part(
    core: Core, clock: MovableClock
) -> None:
    part = a_recording(core, await a_referral(core))
    desk = a_desk(core, Slices(fails_at=2))
    for _ in range(5):
        await desk.drain()
        clock.move(minutes=5)
    seen = as_seen(core, part)
    assert seen.text.splitlines() == ["She", "waits"] and seen.text_state == "done"
    assert seen.note.startswith("Only the first 40% could be heard by machine")


async def test_what_an_older_version_kept_does_not_stop_the_giving_up(core: Core, clock: MovableClock) -> None:
    part = a_recording(core, await a_referral(core))
    with core.database.transaction() as session:
        transcript.keep_heard(session, part, '{"heard": "otherwise"}', core.clock())
    desk = Desk("transcribing", refuses, a_step(core, Slices()).give_up, database=core.database, clock=clock, slots=1)
    for _ in range(4):
        await desk.drain()
        clock.move(minutes=5)
    seen = as_seen(core, part)
    assert seen.text_state == "failed" and seen.note.startswith("Could not be read by machine: the engine failed")


async def test_a_better_reading_is_a_new_version_and_the_old_one_stays(core: Core) -> None:
    part = a_recording(core, await a_referral(core), "short.wav")
    await a_desk(core, Slices()).drain()
    read_again(core, part, a_reading("help me please", engine="pretend-whisper 1 large-v3"))
    seen = as_seen(core, part)
    assert seen.text == "help me please"
    assert [(one.version, one.text, one.model, one.is_shown) for one in seen.transcripts] == [
        (1, "help me", "small", False),
        (2, "help me please", "large-v3", True),
    ]


async def test_what_a_person_typed_is_not_replaced_by_a_later_reading(core: Core) -> None:
    part = a_recording(core, await a_referral(core), "short.wav")
    with core.database.transaction() as session:
        versions.add_typed(session, part, "Help me, Siobhan", who="casey", at=core.clock())
    await a_desk(core, Slices()).drain()
    seen = as_seen(core, part)
    assert (seen.text, seen.text_state) == ("Help me, Siobhan", "done")
    assert [(one.made_by, one.checked_by, one.is_shown) for one in seen.transcripts] == [
        ("casey", "casey", True),
        ("frontdoor", "", False),
    ]


async def test_the_version_a_person_checked_is_the_one_shown(core: Core) -> None:
    part = a_recording(core, await a_referral(core), "short.wav")
    await a_desk(core, Slices()).drain()
    read_again(core, part, a_reading("kelp me", engine="pretend-whisper 2 small"))
    with core.database.transaction() as session:
        assert versions.check(session, part, 1, who="casey", at=core.clock())
        assert not versions.check(session, part, 9, who="casey", at=core.clock())
    seen = as_seen(core, part)
    assert (seen.text, seen.transcripts[0].checked_by, seen.transcripts[0].is_shown) == ("help me", "casey", True)


async def test_a_later_failure_takes_no_words_away(core: Core, clock: MovableClock) -> None:
    part = a_recording(core, await a_referral(core), "short.wav")
    await a_desk(core, Slices()).drain()
    with core.database.transaction() as session:
        row = session.get_one(Attachment, part)
        row.name = "long.wav"
        work.enqueue(session, "transcribing", "transcribe", part, at=core.clock())
    for _ in range(4):
        await a_desk(core, Slices(fails_at=0)).drain()
        clock.move(minutes=5)
    assert (as_seen(core, part).text, as_seen(core, part).text_state) == ("help me", "done")


async def test_the_summary_follows_the_words_it_was_made_of(core: Core) -> None:
    row = await a_referral(core)
    part = a_recording(core, row, "short.wav")
    with core.database.transaction() as session:
        session.get_one(Referral, row.id).summary = ""
    await a_desk(core, Slices()).drain()
    read_again(core, part, a_reading("help me please"))
    with core.database.reading() as session:
        after = referral.by_reference(session, row.reference)
    assert after is not None and after.summary == "help me please"


async def test_each_version_is_in_the_history(core: Core) -> None:
    row = await a_referral(core)
    part = a_recording(core, row, "short.wav")
    await a_desk(core, Slices()).drain()
    with core.database.transaction() as session:
        versions.add_typed(session, part, "Help me", who="casey", at=core.clock())
    with core.database.reading() as session:
        [view] = unrecorded_views(session, [session.get_one(Referral, row.id)], seal=core.seal, may_identify=False)
    said = [(line.who, line.what) for line in view.history]
    assert ("frontdoor", "The words of a part were read by machine (pretend-whisper 1 small)") in said
    assert ("casey", "The words of a part were typed, version 2") in said


@pytest.mark.parametrize("text", ["a\x00b", "\ud800"])
async def test_signs_no_database_stores_do_not_lose_the_rest(core: Core, text: str) -> None:
    part = a_recording(core, await a_referral(core), "short.wav")
    read_again(core, part, a_reading(f"before {text} after"))
    assert as_seen(core, part).text.startswith("before ") and as_seen(core, part).text.endswith(" after")
    [view_of_words] = as_seen(core, part).segments
    assert view_of_words.model_dump_json() and kept_versions(core, part)[0].version == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_child_killed_in_the_middle_of_a_long_recording_costs_no_word_and_no_second_hearing(
    core: Core, clock: MovableClock, tmp_path: Path
) -> None:
    said = [said_in(each) for each in VOICEMAILS]
    sound = recording(one_after_another(*map(sound_of, VOICEMAILS), pause=4.0))
    part = a_recording(core, await a_referral(core))
    with core.database.transaction() as session:
        session.get_one(Attachment, part).sha256 = core.blobs.put(sound)
    worker = TranscriptionWorker(speech_model=str(TINY_MODEL), models_dir=tmp_path, threads=1)
    step = Transcribing(database=core.database, blobs=core.blobs, clock=clock, worker=worker, forms=core.forms)
    desk = Desk("transcribing", step.step, step.give_up, database=core.database, clock=clock, slots=1)
    working = asyncio.ensure_future(desk.drain())
    async with asyncio.timeout(60):
        while not (as_seen(core, part).progress or 0):
            await asyncio.sleep(0.02)
    assert worker.child_pid is not None
    os.kill(worker.child_pid, signal.SIGKILL)
    await working
    before = as_seen(core, part)
    assert before.text_state == "waiting" and 0 < (before.progress or 0) < 1
    assert before.text.splitlines() == said[: len(before.text.splitlines())]
    clock.move(minutes=5)
    await desk.drain()
    await worker.close()
    assert as_seen(core, part).text.splitlines() == said
