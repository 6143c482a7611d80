"""What the tests of this room share: a worker and readers with the tiny speech model, and one page reader for all."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.transcription.recordings import TINY_MODEL
from transcription.reading import Reader
from transcription.scans.page import PageReader
from transcription.wire import Setup
from transcription.worker import TranscriptionWorker


@pytest.fixture
async def worker(tmp_path: Path) -> AsyncIterator[TranscriptionWorker]:
    worker = TranscriptionWorker(speech_model=str(TINY_MODEL), models_dir=tmp_path)
    yield worker
    await worker.close()


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    """All readers in this process, with the tiny speech model."""
    return Reader(
        Setup(
            speech_model=str(TINY_MODEL), speech_engine="faster-whisper", models_dir=str(tmp_path_factory.mktemp("m")),
            threads=1, memory_limit_mb=4096,
        )
    )  # fmt: skip


@pytest.fixture(scope="session")
def page_reader() -> PageReader:
    return PageReader()
