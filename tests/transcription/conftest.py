"""What the tests of this room share: a worker with the tiny speech model, and one page reader for all."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.transcription.recordings import TINY_MODEL
from transcription.scans.page import PageReader
from transcription.worker import TranscriptionWorker


@pytest.fixture
async def worker(tmp_path: Path) -> AsyncIterator[TranscriptionWorker]:
    worker = TranscriptionWorker(speech_model=str(TINY_MODEL), models_dir=tmp_path)
    yield worker
    await worker.close()


@pytest.fixture(scope="session")
def page_reader() -> PageReader:
    return PageReader()
