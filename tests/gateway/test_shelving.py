"""Large bodies on the shelf: swept after a crash, left alone while somebody writes, and bytes where no store is."""

import os
import shutil
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from channels.contract import InFile, NotKept
from gateway.shelving import FOLDER, Shelving
from storage.blobs import Blobs, BlobsAway
from storage.sealing import Seal
from storage.spool_folders import Folders

BODY = os.urandom(1_000_000)


class Away:
    """A store that takes nothing."""

    def put(self, content: bytes) -> str:
        raise BlobsAway("refused")

    def take(self, file: Path, sha256: str) -> None:
        raise BlobsAway("refused")

    def get(self, sha256: str) -> bytes:
        raise BlobsAway("refused")

    def pieces(self, sha256: str) -> Iterator[bytes]:
        raise BlobsAway("refused")

    def names(self) -> Iterator[str]:
        raise BlobsAway("refused")


async def laid(shelving: Shelving, body: bytes, *, step: int = 65_536) -> tuple[InFile | bytes, bytes]:
    heard = bytearray()
    laying = await shelving.begin(heard.extend)
    for at in range(0, len(body), step):
        await laying.write(body[at : at + step])
    return await laying.finish(), bytes(heard)


@pytest.mark.parametrize("step", [1000, 65_536, 300_000, 2_000_000])
async def test_a_body_is_in_the_store_when_it_is_finished_and_was_heard_in_order(
    blobs: Blobs, seal: Seal, tmp_path: Path, step: int
) -> None:
    shelving = Shelving(blobs=blobs, seal=seal, data_dir=tmp_path)
    lies, heard = await laid(shelving, BODY, step=step)
    assert lies == InFile(sha256=sha256(BODY).hexdigest(), size=len(BODY))
    assert heard == BODY == blobs.get(sha256(BODY).hexdigest())
    shelving.close()
    assert list(tmp_path.rglob(f"{FOLDER}/*")) == []


async def test_while_the_store_is_away_its_bytes_come_back_and_no_file_stays(seal: Seal, tmp_path: Path) -> None:
    shelving = Shelving(blobs=Away(), seal=seal, data_dir=tmp_path)
    lies, _ = await laid(shelving, BODY)
    assert lies == BODY
    shelving.close()
    assert list(tmp_path.rglob(f"{FOLDER}/*")) == []


async def test_what_a_killed_process_left_is_swept_and_what_a_living_one_writes_is_not(
    blobs: Blobs, seal: Seal, tmp_path: Path
) -> None:
    living, killed, next_one = (Shelving(blobs=blobs, seal=seal, data_dir=tmp_path) for _ in range(3))
    going_on = await living.begin(len)
    await going_on.write(BODY)
    broken_off = await killed.begin(len)
    await broken_off.write(BODY)
    await killed.done(lambda: None)
    let_go_of_its_locks(killed)
    assert len(list(tmp_path.rglob("*.part"))) == 2
    assert next_one.sweep() == 1
    assert len(list(tmp_path.rglob("*.part"))) == 1
    assert isinstance(await going_on.finish(), InFile)
    broken_off._file.abandon()
    for each in (living, next_one):
        each.close()


def let_go_of_its_locks(shelving: Shelving) -> None:
    """As the system does when a process is killed."""
    folders: Folders = shelving._folders
    shelving._threads.shutdown()
    folders.close()


async def test_one_that_is_given_up_is_gone(blobs: Blobs, seal: Seal, tmp_path: Path) -> None:
    shelving = Shelving(blobs=blobs, seal=seal, data_dir=tmp_path)
    laying = await shelving.begin(len)
    await laying.write(BODY)
    laying.abandon()
    laying.abandon()
    await shelving.done(lambda: None)
    shelving.close()
    assert list(tmp_path.rglob("*.part")) == [] and list(blobs.names()) == []


async def test_a_folder_that_somebody_cleared_away_is_made_again(blobs: Blobs, seal: Seal, tmp_path: Path) -> None:
    shelving = Shelving(blobs=blobs, seal=seal, data_dir=tmp_path)
    for _ in range(2):
        lies, _ = await laid(shelving, BODY)
        assert isinstance(lies, InFile)
        for folder in tmp_path.rglob(FOLDER):
            shutil.rmtree(folder)
    shelving.close()


async def test_a_folder_that_cannot_be_written_is_not_kept(blobs: Blobs, seal: Seal, tmp_path: Path) -> None:
    shelving = Shelving(blobs=Away(), seal=seal, data_dir=tmp_path / "file")
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(NotKept):
        await shelving.begin(len)
    shelving.close()
