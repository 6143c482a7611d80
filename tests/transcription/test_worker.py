"""A child process does the reading: it may die, hang or grow, and the gateway neither stops nor suffers."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.transcription.recordings import (
    TINY_MODEL,
    VOICEMAILS,
    a_long_recording,
    one_after_another,
    recording,
    said_in,
    silence,
    sound_of,
)
from transcription.begun import Begun
from transcription.contract import CannotRead, EngineFailed, NoEngine, Transcript
from transcription.worker import TranscriptionWorker

SPOKEN = VOICEMAILS[0]


async def _until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(20):
        while not condition():
            await asyncio.sleep(0.02)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def test_spoken_words_become_text(worker: TranscriptionWorker) -> None:
    transcript = await worker.transcribe(SPOKEN.read_bytes(), "audio/x-wav", "voicemail.wav")
    assert transcript.text == said_in(SPOKEN)
    assert transcript.engine.startswith("faster-whisper ")
    assert transcript.language == "en"


async def test_the_child_is_kept_for_the_next_recording(worker: TranscriptionWorker) -> None:
    await worker.transcribe(SPOKEN.read_bytes(), "audio/x-wav")
    first = worker.child_pid
    assert (await worker.transcribe(VOICEMAILS[1].read_bytes(), "audio/x-wav")).text == said_in(VOICEMAILS[1])
    assert worker.child_pid == first


async def test_a_child_killed_at_work_is_reported_and_the_next_recording_is_read(worker: TranscriptionWorker) -> None:
    working = asyncio.ensure_future(worker.transcribe(a_long_recording(), "audio/wav"))
    await _until(lambda: worker.child_pid)
    await asyncio.sleep(1.0)
    pid = worker.child_pid
    assert pid is not None and not working.done()
    os.kill(pid, signal.SIGKILL)
    with pytest.raises(EngineFailed, match="signal 9"):
        await working
    assert (await worker.transcribe(SPOKEN.read_bytes(), "audio/x-wav")).text == said_in(SPOKEN)


async def test_a_child_killed_between_tasks_is_replaced_unnoticed(worker: TranscriptionWorker) -> None:
    await worker.transcribe(SPOKEN.read_bytes(), "audio/x-wav")
    assert worker.child_pid is not None
    os.kill(worker.child_pid, signal.SIGKILL)
    await asyncio.sleep(0.2)
    assert (await worker.transcribe(SPOKEN.read_bytes(), "audio/x-wav")).text == said_in(SPOKEN)


async def test_reading_past_the_time_limit_fails_and_ends_the_child(tmp_path: Path) -> None:
    worker = TranscriptionWorker(speech_model=str(TINY_MODEL), models_dir=tmp_path, seconds_limit=1.5)
    working = asyncio.ensure_future(worker.transcribe(a_long_recording(), "audio/wav"))
    await _until(lambda: worker.child_pid)
    pid = worker.child_pid
    with pytest.raises(EngineFailed, match=r"1\.5 seconds"):
        await working
    assert pid is not None and not _is_alive(pid)
    await worker.close()


async def test_a_child_that_needs_too_much_memory_is_ended(tmp_path: Path) -> None:
    worker = TranscriptionWorker(speech_model=str(TINY_MODEL), models_dir=tmp_path, memory_limit_mb=80)
    with pytest.raises(EngineFailed, match="80 MB of memory"):
        await worker.transcribe(a_long_recording(), "audio/wav")
    assert worker.child_pid is None
    await worker.close()


async def test_cancelling_ends_the_child(worker: TranscriptionWorker) -> None:
    working = asyncio.ensure_future(worker.transcribe(a_long_recording(), "audio/wav"))
    await _until(lambda: worker.child_pid)
    await asyncio.sleep(0.5)
    pid = worker.child_pid
    working.cancel()
    with pytest.raises(asyncio.CancelledError):
        await working
    assert pid is not None and not _is_alive(pid)


async def test_an_idle_child_gives_its_memory_back(tmp_path: Path) -> None:
    worker = TranscriptionWorker(speech_model=str(TINY_MODEL), models_dir=tmp_path, idle_seconds=0.3)
    await worker.transcribe(SPOKEN.read_bytes(), "audio/x-wav")
    pid = worker.child_pid
    assert pid is not None
    await _until(lambda: not _is_alive(pid))
    assert (await worker.transcribe(SPOKEN.read_bytes(), "audio/x-wav")).text == said_in(SPOKEN)
    await worker.close()


async def test_a_child_does_not_outlive_a_gateway_that_was_killed(tmp_path: Path) -> None:
    script = (
        "import asyncio, pathlib, sys\n"
        "from transcription.worker import TranscriptionWorker\n"
        "async def main():\n"
        "    worker = TranscriptionWorker(speech_model=sys.argv[1], models_dir=pathlib.Path(sys.argv[2]))\n"
        "    await worker.transcribe(b'Dear team', 'text/plain')\n"
        "    print(worker.child_pid, flush=True)\n"
        "    await asyncio.sleep(60)\n"
        "asyncio.run(main())\n"
    )
    gateway = await asyncio.create_subprocess_exec(
        sys.executable, "-c", script, str(TINY_MODEL), str(tmp_path), stdout=subprocess.PIPE
    )
    assert gateway.stdout is not None
    pid = int(await gateway.stdout.readline())
    gateway.kill()
    await gateway.wait()
    await _until(lambda: not _is_alive(pid))


async def test_the_event_loop_stays_free_while_a_recording_is_read(worker: TranscriptionWorker) -> None:
    working = asyncio.ensure_future(worker.transcribe(recording(silence(900)), "audio/wav"))
    longest = 0.0
    while not working.done():
        before = time.perf_counter()
        await asyncio.sleep(0.005)
        longest = max(longest, time.perf_counter() - before - 0.005)
    assert (await working).note == "No speech was heard. The recording is silent."
    assert longest < 0.25


def test_the_gateway_itself_never_loads_an_engine() -> None:
    script = "import sys, transcription.worker; print(*{name.partition('.')[0] for name in sys.modules})"
    loaded = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip
    assert "transcription" in loaded
    assert not {"numpy", "ctranslate2", "onnxruntime", "cv2", "av", "PIL", "torch", "pypdfium2"} & set(loaded)


async def test_the_settings_of_the_gateway_do_not_reach_the_child(
    worker: TranscriptionWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FRONTDOOR_API_TOKEN", "not-for-the-child")
    await worker.transcribe(b"Dear team", "text/plain")
    environment = Path(f"/proc/{worker.child_pid}/environ")
    if not environment.exists():
        pytest.skip("this system does not show a process's environment (no /proc)")
    assert b"FRONTDOOR" not in environment.read_bytes()


async def test_without_a_model_a_recording_waits_and_letters_are_still_read(tmp_path: Path) -> None:
    worker = TranscriptionWorker(speech_model="small.en", models_dir=tmp_path)
    if worker.speech_state().is_ready:
        pytest.skip("this machine has the small.en model in its hub cache")
    with pytest.raises(NoEngine, match=r"small\.en"):
        await worker.transcribe(SPOKEN.read_bytes(), "audio/x-wav")
    assert worker.child_pid is None
    assert (await worker.transcribe(b"Dear team", "text/plain")).text == "Dear team"
    await worker.close()


async def test_nothing_and_unknown_kinds_are_refused_without_a_child(worker: TranscriptionWorker) -> None:
    for data, media_type, reason in ((b"", "audio/wav", "empty"), (b"Rar!\x1a\x07\x00", "image/png", "unsupported")):
        with pytest.raises(CannotRead) as refused:
            await worker.transcribe(data, media_type)
        assert refused.value.reason == reason
    assert worker.child_pid is None


async def test_bytes_that_are_no_recording_are_broken_and_the_child_lives_on(worker: TranscriptionWorker) -> None:
    with pytest.raises(CannotRead) as refused:
        await worker.transcribe(os.urandom(4000), "audio/mpeg")
    assert refused.value.reason == "broken"
    assert worker.child_pid is not None
    assert (await worker.transcribe(SPOKEN.read_bytes(), "audio/x-wav")).text == said_in(SPOKEN)


async def test_attachments_handed_in_together_are_read_one_after_another(worker: TranscriptionWorker) -> None:
    transcripts = await asyncio.gather(
        *(worker.transcribe(each.read_bytes(), "audio/x-wav") for each in VOICEMAILS[:4])
    )
    assert [transcript.text for transcript in transcripts] == [said_in(each) for each in VOICEMAILS[:4]]


async def test_a_recording_in_slices_is_told_put_aside_and_gone_on_with(worker: TranscriptionWorker) -> None:
    told: list[Begun] = []

    async def tell(begun: Begun) -> None:
        told.append(begun)

    data = recording(one_after_another(*[sound_of(each) for each in VOICEMAILS], pause=4.0))
    first = await worker.hear_on(data, "audio/wav", told=tell, slice_seconds=0.001)
    assert isinstance(first, Begun) and 0 < first.progress < 1
    assert told == [first]
    short = await worker.transcribe(SPOKEN.read_bytes(), "audio/x-wav")
    assert short.text == said_in(SPOKEN)
    whole = await worker.hear_on(data, "audio/wav", begun=first.as_json(), told=tell)
    assert isinstance(whole, Transcript)
    assert whole.text.splitlines() == [said_in(each) for each in VOICEMAILS]
    assert [begun.progress for begun in told] == sorted(begun.progress for begun in told)
    assert told[-1].progress == 1.0


async def test_what_the_listener_raises_ends_the_reading_and_comes_through(worker: TranscriptionWorker) -> None:
    async def refuses(begun: Begun) -> None:
        raise LookupError("somebody else has it now")

    data = recording(sound_of(VOICEMAILS[1]))
    with pytest.raises(LookupError):
        await worker.hear_on(data, "audio/wav", told=refuses)
    assert worker.child_pid is None
    assert (await worker.transcribe(SPOKEN.read_bytes(), "audio/x-wav")).text == said_in(SPOKEN)


async def test_closing_ends_the_child_in_the_middle_of_its_work(worker: TranscriptionWorker) -> None:
    working = asyncio.ensure_future(worker.transcribe(a_long_recording(), "audio/wav"))
    await _until(lambda: worker.child_pid)
    await asyncio.sleep(0.3)
    await worker.close()
    with pytest.raises(EngineFailed):
        await working
