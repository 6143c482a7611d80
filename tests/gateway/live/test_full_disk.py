"""A disk that is nearly full takes no new stream, and loses nothing of one that is running or has ended."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.core import Core, open_core
from gateway.settings import Settings
from tests.gateway.live.caller import began, handed_in, listening, sound_of, speak, spoken
from tests.gateway.test_disk import fill, mounted
from tests.missing_parts import needs

pytestmark = needs("mounting")


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A disk of 40 MB: it counts as full from 2 MB on."""
    with mounted(tmp_path / "small", "-t", "tmpfs", "-o", "size=40m", "tmpfs") as folder:
        yield folder


@pytest.fixture
def core(small: Path) -> Iterator[Core]:
    opened = open_core(Settings(data_dir=small / "data", http="", smtp="127.0.0.1:0"))
    yield opened
    opened.close()


async def test_no_stream_begins_there_and_one_that_ended_waits_until_there_is_room(core: Core, small: Path) -> None:
    async with listening(core):
        hearing = core.capturing.begin(began())
        assert hearing is not None
        speak(hearing, spoken(1))
        await core.capturing.write()
        ballast = fill(small, 1_500_000)
        assert core.capturing.begin(began()) is None
        speak(hearing, spoken(1), since=8000)
        hearing.end()
        assert await handed_in(core) == [] and core.capturing.leaving.waiting == 1
        ballast.unlink()
        [part] = await handed_in(core)
    assert core.capturing.leaving.waiting == 0
    assert sound_of(core, part) == spoken(2)


async def test_what_is_said_while_not_a_byte_can_be_written_is_written_later(core: Core, small: Path) -> None:
    async with listening(core):
        hearing = core.capturing.begin(began())
        assert hearing is not None
        speak(hearing, spoken(1))
        await core.capturing.write()
        ballast = fill(small, 0)
        for second in range(1, 8):
            speak(hearing, spoken(1, 0x20 + second), since=second * 8000)
            await core.capturing.write()
        ballast.unlink()
        hearing.end()
        [part] = await handed_in(core)
    assert sound_of(core, part) == b"".join(spoken(1, 0x20 + second) for second in range(8))
