"""How clamd is spoken to: by a twin of it, and by the real one where the machine has it."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
from pathlib import Path

import pytest

from gateway.scanning.clamd import NOT_READ, TOO_LARGE, Clamd, ScannerAway, Verdict, _verdict
from storage.attachment import VirusState
from tests.gateway.scanning.clamd_twin import FOUND, SIGNATURE, ClamdTwin, clamd_twin
from tests.missing_parts import needs

CLEAN = Verdict(state=VirusState.CLEAN)


@pytest.mark.parametrize("size", [0, 1, 128 * 1024, 900_000])
async def test_a_file_goes_whole_whatever_its_size(size: int) -> None:
    async with clamd_twin() as twin:
        assert await Clamd(twin.address).look(b"a" * size) == CLEAN
        assert twin.seen == [size]


async def test_what_it_finds_is_named_also_over_a_socket(tmp_path: Path) -> None:
    async with clamd_twin(at=str(tmp_path / "clamd.ctl")) as twin:
        found = await Clamd(twin.address).look(b"a" * 200_000 + SIGNATURE)
        assert found == Verdict(state=VirusState.FOUND, name=FOUND)


async def test_a_file_larger_than_it_takes_is_said_to_be_unchecked() -> None:
    async with clamd_twin(ClamdTwin(takes=1000)) as twin:
        for size in (2000, 8_000_000):  # with room in the socket's buffers, and far beyond it
            assert await Clamd(twin.address).look(b"a" * size) == Verdict(state=VirusState.NOT_CHECKED, name=TOO_LARGE)


async def test_one_that_is_away_is_away_and_one_that_hangs_on_a_file_is_too_slow() -> None:
    async with clamd_twin(ClamdTwin(hangs=True)) as twin:
        with pytest.raises(TimeoutError):
            await Clamd(twin.address, seconds=0.2).look(b"a")
        assert (await Clamd(twin.address).version()).startswith("ClamAV 1.4.6")
    with pytest.raises(ScannerAway):
        await Clamd(twin.address).look(b"a")
    with pytest.raises(ScannerAway):
        await Clamd("/nowhere/clamd.ctl").version()


@pytest.mark.parametrize(
    ("said", "state", "name"),
    [
        ("stream: OK", VirusState.CLEAN, ""),
        ("stream: Win.Test.EICAR_HDB-1 FOUND", VirusState.FOUND, "Win.Test.EICAR_HDB-1"),
        ("stream: Can't allocate memory ERROR", VirusState.NOT_CHECKED, NOT_READ),
        ("INSTREAM size limit exceeded. ERROR", VirusState.NOT_CHECKED, TOO_LARGE),
        ("nonsense", VirusState.NOT_CHECKED, NOT_READ),
    ],
)
def test_each_answer_means_one_thing(said: str, state: VirusState, name: str) -> None:
    assert _verdict(said) == Verdict(state=state, name=name)


@needs("clamd")
async def test_the_real_one_finds_a_signature_of_our_own(tmp_path: Path) -> None:
    signatures, config = tmp_path / "signatures", tmp_path / "clamd.conf"
    signatures.mkdir()
    (signatures / "own.ndb").write_text(f"{FOUND}:0:*:{SIGNATURE.hex()}\n")
    address = str(tmp_path / "clamd.ctl")
    config.write_text(
        f"LocalSocket {address}\nDatabaseDirectory {signatures}\nForeground yes\nStreamMaxLength 1M\nUser root\n"
    )
    program = shutil.which("clamd") or "/usr/sbin/clamd"
    running = await asyncio.create_subprocess_exec(program, "-c", str(config), stdout=asyncio.subprocess.DEVNULL)
    try:
        scanner = Clamd(address)
        for _ in range(600):
            with contextlib.suppress(ScannerAway):
                assert "ClamAV" in await scanner.version()
                break
            await asyncio.sleep(0.05)
        assert await scanner.look(b"nothing in it") == CLEAN
        found = await scanner.look(b"say: " + SIGNATURE)
        assert (found.state, found.name.removesuffix(".UNOFFICIAL")) == (VirusState.FOUND, FOUND)
        assert (await scanner.look(b"a" * 3_000_000)).state is VirusState.NOT_CHECKED
    finally:
        running.terminate()
        await running.wait()
