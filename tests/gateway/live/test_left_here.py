"""What callers said and no referral has yet is seen by check, verify and backup."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from gateway import backing_up, held_here
from gateway.core import Core, open_core
from gateway.settings import Settings
from gateway.verifying import faults
from tests.gateway.live.caller import began, handed_in, listening, sound_of, speak, spoken

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def heard(core: Core) -> Path:
    """A caller spoke, and the process ended; the file of their stream."""
    hearing = core.capturing.begin(began())
    assert hearing is not None
    speak(hearing, spoken(2))
    await core.capturing.write()
    core.capturing.sounds.close()
    [path] = core.capturing.sounds.root.glob("*/*.sound")
    return path


async def test_a_stream_that_is_not_handed_in_for_a_quarter_of_an_hour_is_a_broken_promise(core: Core) -> None:
    path = await heard(core)
    written = datetime.fromtimestamp(path.stat().st_mtime).astimezone()
    assert held_here.broken(core, written + timedelta(minutes=14)) == []
    [found] = held_here.broken(core, written + timedelta(minutes=16))
    assert (found.rule, found.since) == ("streamed", written)
    assert list(faults(core)) == [""]


async def test_a_stream_that_was_changed_is_named_and_one_set_aside_stays_named(core: Core) -> None:
    path = await heard(core)
    path.write_bytes(b"not ours")
    for log in path.parent.glob("*.log"):
        log.unlink()  # else what it holds is had from there
    assert list(faults(core)) == [f"streams: {path.name} was changed or has another key"]
    async with listening(core):
        await handed_in(core)
    assert list(faults(core)) == [f"streams: {path.name} was set aside, for it could not be read back"]
    [found] = held_here.broken(core, core.clock())
    assert path.name in found.what


async def test_what_was_being_heard_comes_back_from_a_backup(core: Core, tmp_path: Path) -> None:
    (core.settings.data_dir / "key").write_bytes(b"k" * 32)
    await heard(core)
    backing_up.back_up(core, tmp_path / "copy", quiet=True)
    new = tmp_path / "new"
    new.mkdir()
    (new / "key").write_bytes(b"k" * 32)
    settings = Settings(data_dir=new, http="", smtp="")
    backing_up.restore(settings, tmp_path / "copy", quiet=True)
    restored = open_core(settings)
    async with listening(restored):
        [part] = await handed_in(restored)
        assert sound_of(restored, part) == spoken(2)
    restored.close()
