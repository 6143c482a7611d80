"""A large body in pieces: nothing of it can be read, changed, cut off, moved or taken from another unnoticed."""

import hashlib
import io
import os
from pathlib import Path

import pytest

from storage.sealed_pieces import MAGIC, PIECE, PiecesFile, pieces
from storage.sealing import Seal, SealBroken
from tests.full_disk import files_no_longer_than

SEALED = PIECE + 28
HEAD = len(MAGIC) + 16


def written(path: Path, seal: Seal, body: bytes, *, step: int = 70_000) -> str:
    file = PiecesFile(path, seal)
    for at in range(0, len(body), step):
        file.write(body[at : at + step])
    sha256, size = file.finish()
    assert (sha256, size) == (hashlib.sha256(body).hexdigest(), len(body))
    return sha256


def opened(content: bytes, seal: Seal, sha256: str) -> bytes:
    return b"".join(pieces(io.BytesIO(content), seal, sha256))


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE, 3 * PIECE + 17])
def test_a_body_of_any_size_comes_back_as_it_was(tmp_path: Path, seal: Seal, size: int) -> None:
    body = os.urandom(size)
    sha256 = written(tmp_path / "a", seal, body)
    assert opened((tmp_path / "a").read_bytes(), seal, sha256) == body


def test_nothing_of_it_is_on_the_disk_in_the_clear_while_it_is_written(tmp_path: Path, seal: Seal) -> None:
    file = PiecesFile(tmp_path / "a", seal)
    for _ in range(40):
        file.write(b"a sentence nobody else may read. " * 1000)
        assert b"sentence" not in (tmp_path / "a").read_bytes()
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o600
    file.abandon()


def a_body(number: int) -> bytes:
    return bytes([number]) * (3 * PIECE + 100)


def test_a_file_under_another_name_or_key_opens_nothing(tmp_path: Path, seal: Seal) -> None:
    one, two = written(tmp_path / "1", seal, a_body(1)), written(tmp_path / "2", seal, a_body(2))
    content = (tmp_path / "1").read_bytes()
    for key, name in ((seal, two), (Seal(b"x" * 32), one)):
        with pytest.raises(SealBroken):
            next(pieces(io.BytesIO(content), key, name))


def test_whatever_is_changed_cut_off_put_in_or_moved_is_found(tmp_path: Path, seal: Seal) -> None:
    sha256 = written(tmp_path / "1", seal, a_body(1))
    written(tmp_path / "2", seal, a_body(2))
    whole, other = (tmp_path / "1").read_bytes(), (tmp_path / "2").read_bytes()
    first, second = HEAD, HEAD + SEALED
    changed = {
        "empty": b"",
        "only its head": whole[:HEAD],
        "a byte of its id": whole[:9] + bytes([whole[9] ^ 1]) + whole[10:],
        "a byte of a piece": whole[:5000] + bytes([whole[5000] ^ 1]) + whole[5001:],
        "its last byte": whole[:-1] + bytes([whole[-1] ^ 1]),
        "cut off": whole[:-1],
        "a byte more": whole + b"x",
        "a piece left out": whole[:first] + whole[second:],
        "two pieces changed over": whole[:first] + whole[second : second + SEALED] + whole[first:second]
        + whole[second + SEALED :],
        "a piece of another": whole[:first] + other[first:second] + whole[second:],
    }  # fmt: skip
    for what, content in changed.items():
        with pytest.raises(SealBroken):
            pytest.fail(f"{what}: {len(opened(content, seal, sha256))} bytes were opened")


def test_one_that_is_given_up_is_gone_and_takes_nothing_more(tmp_path: Path, seal: Seal) -> None:
    file = PiecesFile(tmp_path / "a", seal)
    file.write(b"x" * PIECE)
    file.abandon()
    file.abandon()
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(ValueError, match="given up"):
        file.write(b"x")


@pytest.mark.parametrize("cut", [1, 51, 52, 100])
def test_a_file_the_disk_took_only_a_part_of_is_never_called_whole(tmp_path: Path, seal: Seal, cut: int) -> None:
    body = b"n" * (PIECE + 1000)
    written(tmp_path / "a", seal, body)
    whole = (tmp_path / "a").stat().st_size
    file = PiecesFile(tmp_path / "b", seal)
    with files_no_longer_than(whole - cut), pytest.raises(OSError):
        file.write(body)
        file.finish()
    file.abandon()
    assert not (tmp_path / "b").exists()


def test_a_file_of_which_a_piece_was_not_taken_is_not_finished_when_there_is_room_again(
    tmp_path: Path, seal: Seal
) -> None:
    file = PiecesFile(tmp_path / "a", seal)
    with files_no_longer_than(HEAD + 1000), pytest.raises(OSError):
        file.write(b"n" * PIECE)
    with pytest.raises(ValueError, match="given up"):
        file.finish()
    file.abandon()
    assert list(tmp_path.iterdir()) == []
