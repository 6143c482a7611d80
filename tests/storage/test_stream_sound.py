"""The sound of streams outlives its process, whatever was on its way when that ended."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.sealing import Seal, SealBroken
from storage.spool_records import Found, records_in
from storage.stream_sound import SET_ASIDE, Piece, StreamSound, pieces_of

ONE, OTHER = "0a" * 16, "0b" * 16


@pytest.fixture
def sounds(tmp_path: Path, seal: Seal) -> Iterator[StreamSound]:
    opened = StreamSound(tmp_path / "streams", seal)
    yield opened
    opened.close()


def piece(number: int, sound: bytes = b"spoken", name: str = ONE) -> Piece:
    return Piece(name=name, number=number, at=number * 4000, sound=sound)


def died(sounds: StreamSound) -> None:
    """Its locks go with a process; everything it wrote stays."""
    sounds.close()


def read(tmp_path: Path, seal: Seal, name: str = ONE) -> list[Piece]:
    return pieces_of(tmp_path / "streams", seal, name)


def test_what_was_appended_is_read_back_in_order(sounds: StreamSound, tmp_path: Path, seal: Seal) -> None:
    sounds.append([piece(0, b"head"), piece(1), piece(0, b"its head", OTHER)])
    sounds.append([piece(2), piece(1, b"other words", OTHER)])
    assert read(tmp_path, seal) == [piece(0, b"head"), piece(1), piece(2)]
    assert [one.sound for one in read(tmp_path, seal, OTHER)] == [b"its head", b"other words"]
    assert sounds.names() == [ONE, OTHER]


def test_the_next_process_takes_over_what_a_dead_one_left(sounds: StreamSound, tmp_path: Path, seal: Seal) -> None:
    sounds.append([piece(0), piece(1)])
    later = StreamSound(tmp_path / "streams", seal)
    assert later.adopt() == []  # it lives
    died(sounds)
    assert later.adopt() == [ONE]
    assert read(tmp_path, seal) == [piece(0), piece(1)]
    assert later.names() == [ONE] and later.adopt() == []
    later.close()


def test_what_only_the_log_holds_is_not_lost_with_the_power(sounds: StreamSound, tmp_path: Path, seal: Seal) -> None:
    sounds.append([piece(0), piece(0, name=OTHER)])
    sounds.append([piece(1)])
    (own,) = (tmp_path / "streams").glob("[0-9a-f]*")
    file = own / f"{ONE}.sound"
    os.truncate(file, file.stat().st_size - 10)
    (own / f"{OTHER}.sound").unlink()
    died(sounds)
    later = StreamSound(tmp_path / "streams", seal)
    assert later.adopt() == [ONE, OTHER]
    assert read(tmp_path, seal) == [piece(0), piece(1)]
    assert read(tmp_path, seal, OTHER) == [piece(0, name=OTHER)]
    later.close()


def test_a_log_goes_once_every_file_it_had_a_part_of_is_durable(tmp_path: Path, seal: Seal) -> None:
    sounds = StreamSound(tmp_path / "streams", seal, log_bytes=2000)
    names = [f"{n:032x}" for n in range(20)]
    sounds.append([piece(0, name=name) for name in names])
    for number in range(1, 30):
        sounds.append([piece(number, b"x" * 50, name) for name in names])
        sounds.settle()
    logs = list((tmp_path / "streams").glob("*/*.log"))
    assert sum(log.stat().st_size for log in logs) < 20 * 30 * 150 / 4
    assert all(len(read(tmp_path, seal, name)) == 30 for name in names)
    died(sounds)
    later = StreamSound(tmp_path / "streams", seal)
    assert later.adopt() == names
    assert all(len(read(tmp_path, seal, name)) == 30 for name in names)
    later.close()


def test_where_the_disk_fails_once_the_log_stays_although_it_says_the_next_time_that_all_is_well(
    tmp_path: Path, seal: Seal
) -> None:
    sounds = StreamSound(tmp_path / "streams", seal, log_bytes=200)
    sounds.append([piece(0), piece(1, b"x" * 400)])
    (file,) = (tmp_path / "streams").glob("*/*.sound")
    aside = file.rename(file.with_suffix(".aside"))
    file.symlink_to(file)  # cannot be opened
    with pytest.raises(OSError):
        sounds.settle()
    file.unlink()
    aside.rename(file)
    sounds.settle()
    os.truncate(file, file.stat().st_size - 10)
    died(sounds)
    later = StreamSound(tmp_path / "streams", seal)
    assert later.adopt() == [ONE]
    assert read(tmp_path, seal) == [piece(0), piece(1, b"x" * 400)]
    later.close()


def test_a_stream_that_is_kept_elsewhere_does_not_come_back(sounds: StreamSound, tmp_path: Path, seal: Seal) -> None:
    sounds.append([piece(0), piece(1), piece(0, name=OTHER)])
    sounds.forget(ONE)
    with pytest.raises(FileNotFoundError):
        read(tmp_path, seal)
    assert sounds.names() == [OTHER]


def test_a_disk_that_fails_while_streams_are_taken_over_leaves_none_behind(
    sounds: StreamSound, tmp_path: Path, seal: Seal
) -> None:
    sounds.append([piece(0), piece(1), piece(0, name=OTHER), piece(1, name=OTHER)])
    died(sounds)
    later = StreamSound(tmp_path / "streams", seal)
    later.append([piece(0, name="0c" * 16)])
    (own,) = {path.parent for path in (tmp_path / "streams").glob(f"*/{'0c' * 16}.sound")}
    in_the_way = own / f"{OTHER}.sound"
    in_the_way.mkdir()
    with pytest.raises(OSError):
        later.adopt()
    in_the_way.rmdir()
    assert later.adopt() == [ONE, OTHER]
    assert [one.number for name in (ONE, OTHER) for one in read(tmp_path, seal, name)] == [0, 1, 0, 1]
    assert later.adopt() == []
    later.close()


def test_pieces_without_their_head_are_those_of_a_stream_forgotten_before(
    sounds: StreamSound, tmp_path: Path, seal: Seal
) -> None:
    sounds.append([piece(7)])
    sounds.forget(ONE)
    died(sounds)
    later = StreamSound(tmp_path / "streams", seal)
    assert later.adopt() == []
    later.close()


def test_a_piece_that_was_changed_is_left_out_and_a_changed_head_is_no_stream(
    sounds: StreamSound, tmp_path: Path, seal: Seal
) -> None:
    sounds.append([piece(0), piece(1, b"x" * 100), piece(2)])
    (file,) = (tmp_path / "streams").glob("*/*.sound")
    whole = file.read_bytes()
    at = len(whole) // 2
    file.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
    assert [one.number for one in read(tmp_path, seal)] == [0, 2]
    with pytest.raises(SealBroken):
        pieces_of(tmp_path / "streams", Seal(b"x" * 32), ONE)
    sounds.set_aside(ONE)
    assert [path.name for path in (tmp_path / "streams" / SET_ASIDE).iterdir()] == [file.name]


def test_nothing_that_was_said_can_be_read_on_the_disk(sounds: StreamSound, tmp_path: Path) -> None:
    sounds.append([piece(0, b"+447700900123"), piece(1, b"the boy next door")])
    on_disk = b"".join(path.read_bytes() for path in (tmp_path / "streams").rglob("*") if path.is_file())
    assert b"447700" not in on_disk and b"next door" not in on_disk


def test_the_same_piece_twice_is_one(sounds: StreamSound, tmp_path: Path, seal: Seal) -> None:
    sounds.append([piece(0), piece(1)])
    sounds.append([piece(1), piece(2)])
    assert [one.number for one in read(tmp_path, seal)] == [0, 1, 2]


def test_a_log_that_could_not_be_written_is_followed_by_another(tmp_path: Path, seal: Seal) -> None:
    sounds = StreamSound(tmp_path / "streams", seal)
    sounds.append([piece(0), piece(1)])
    (log,) = (tmp_path / "streams").glob("*/*.log")
    log.rename(log.with_suffix(".gone"))
    log.mkdir()
    with pytest.raises(OSError):
        sounds.append([piece(2)])
    log.rmdir()
    sounds.append([piece(2)])
    assert [one.number for one in read(tmp_path, seal)] == [0, 1, 2]
    sounds.close()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_wherever_the_power_goes_everything_that_was_durable_is_read_back(
    tmp_path: Path, seal: Seal, data: st.DataObject
) -> None:
    root = tmp_path / f"streams-{len(list(tmp_path.iterdir()))}"
    sounds = StreamSound(root, seal, log_bytes=data.draw(st.sampled_from([400, 2000, 10**6])))
    names = [f"{n:032x}" for n in range(3)]
    times = data.draw(st.integers(1, 6))
    for number in range(times):
        sounds.append([piece(number, b"x" * 40, name) for name in names])
        if data.draw(st.booleans()):
            sounds.settle()
    logs = sorted(root.glob("*/*.log"))
    in_log = {found.sequence for log in logs for found in records_in(log.read_bytes()) if isinstance(found, Found)}
    sounds.close()
    for file in root.glob("*/*.sound"):  # what was never fsync'd may be cut anywhere behind what was
        kept = sum(_lengths(file, in_log))
        os.truncate(file, data.draw(st.integers(kept, file.stat().st_size)))
    later = StreamSound(root, seal)
    assert later.adopt() == names
    for name in names:
        assert [one.number for one in pieces_of(root, seal, name)] == list(range(times))
    later.close()


def _lengths(file: Path, in_log: set[int]) -> Iterator[int]:
    """The lengths of the records that stand in no log any more, so that the file alone must have them durable."""
    for found in records_in(file.read_bytes()):
        if isinstance(found, Found) and found.sequence not in in_log:
            yield found.end - found.begin
