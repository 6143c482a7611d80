"""The spool: in order, sealed, durable before anybody is told, and read back whatever a crash left of it."""

import errno
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.sealing import Seal, SealBroken
from storage.spool import SET_ASIDE, Spool
from storage.spool_records import Damaged, Found, framed, records_in
from storage.spool_segments import RECORDS, Record

WORDS = b"the baby cries"


def a_record(number: int, body: bytes = WORDS) -> Record:
    return Record(head=b"head %d" % number, body=body)


def nothing_else(_: Path) -> None:
    """No more in a folder than its records."""


@pytest.fixture
def spool(tmp_path: Path, seal: Seal) -> Iterator[Spool]:
    opened = Spool(tmp_path / "spool", seal)
    yield opened
    opened.close()


def after_a_crash(spool: Spool, seal: Seal) -> Spool:
    """Another process that takes over what this one left."""
    spool.close()
    another = Spool(spool.root, seal)
    another.adopt(nothing_else)
    return another


def heads(spool: Spool) -> list[bytes]:
    return [record.head for record in spool.oldest(1000, 10**9)]


def segments(spool: Spool) -> list[Path]:
    return sorted(spool.root.glob(f"*/*{RECORDS}"))


def test_records_come_out_in_the_order_they_went_in(spool: Spool) -> None:
    spool.append([a_record(1), a_record(2)])
    spool.append([a_record(3)])
    assert heads(spool) == [b"head 1", b"head 2", b"head 3"]
    assert spool.count == 3


def test_what_is_held_is_not_readable_on_the_disk_without_the_key(spool: Spool, seal: Seal) -> None:
    spool.append([a_record(1)])
    (segment,) = segments(spool)
    assert WORDS not in segment.read_bytes()
    assert b"head" not in segment.read_bytes()
    spool.close()
    stranger = Spool(spool.root, Seal(b"x" * 32))
    with pytest.raises(SealBroken):
        stranger.adopt(nothing_else)
    stranger.close()
    assert spool.adopt(nothing_else) == 1


def test_a_segment_goes_when_its_last_record_is_kept_elsewhere(spool: Spool) -> None:
    spool.append([a_record(1), a_record(2)])
    spool.done(1)
    assert len(segments(spool)) == 1
    spool.done(1)
    assert segments(spool) == []
    spool.append([a_record(3)])
    assert heads(spool) == [b"head 3"]


def test_many_records_lie_in_several_segments_and_still_in_order(tmp_path: Path, seal: Seal) -> None:
    spool = Spool(tmp_path, seal, segment_bytes=1000)
    for number in range(50):
        spool.append([a_record(number)])
    assert len(segments(spool)) > 3
    assert heads(spool) == [b"head %d" % number for number in range(50)]
    again = after_a_crash(spool, seal)
    assert heads(again) == [b"head %d" % number for number in range(50)]
    size = again.size
    again.done(49)
    assert 0 < again.size < size
    assert heads(again) == [b"head 49"]
    again.close()


def test_what_one_process_left_another_takes_over_before_its_own(spool: Spool, seal: Seal) -> None:
    spool.append([a_record(1), a_record(2)])
    spool.close()
    another = Spool(spool.root, seal)
    another.append([a_record(3)])
    assert another.adopt(nothing_else) == 2
    assert heads(another) == [b"head 1", b"head 2", b"head 3"]
    another.done(3)
    assert [path.name for path in spool.root.iterdir()] == [another.folder.name]
    another.close()


def test_several_segments_of_an_ended_process_go_at_once_and_nothing_else_with_them(tmp_path: Path, seal: Seal) -> None:
    ended = Spool(tmp_path, seal, segment_bytes=1000)
    for number in range(20):
        ended.append([a_record(number)])
    assert len(segments(ended)) > 1
    ended.close()
    spool = Spool(tmp_path, seal)
    spool.append([a_record(20)])
    assert spool.adopt(nothing_else) == 20
    spool.done(20)
    assert heads(spool) == [b"head 20"]
    assert [path.name for path in tmp_path.iterdir()] == [spool.folder.name]
    spool.close()


def test_a_file_that_cannot_be_deleted_is_no_reason_to_forget_what_waits_behind_it(tmp_path: Path, seal: Seal) -> None:
    ended = Spool(tmp_path, seal)
    ended.append([a_record(1)])
    ended.close()
    spool = Spool(tmp_path, seal)
    spool.append([a_record(2)])
    spool.adopt(nothing_else)
    for file in ended.folder.iterdir():
        file.unlink()
    ended.folder.rmdir()
    spool.done(1)
    assert heads(spool) == [b"head 2"]
    spool.close()


def test_a_folder_sealed_with_another_key_keeps_no_later_one_from_being_taken_over(spool: Spool, seal: Seal) -> None:
    stranger = Spool(spool.root, Seal(b"x" * 32))
    stranger.append([a_record(1)])
    stranger.close()
    spool.append([a_record(2)])
    spool.close()
    another = Spool(spool.root, seal)
    assert another.adopt(nothing_else) == 1
    assert heads(another) == [b"head 2"]
    with pytest.raises(SealBroken):
        another.adopt(nothing_else)
    assert len(segments(another)) == 2
    another.close()


def test_a_folder_whose_process_lives_is_left_alone_and_its_news_is_heard(spool: Spool, seal: Seal) -> None:
    spool.append([a_record(1)])
    another = Spool(spool.root, seal)
    assert another.adopt(nothing_else) == 0
    assert another.news_of_others() == [b"head 1"]
    spool.append([a_record(2)])
    assert another.news_of_others() == [b"head 2"]
    assert another.news_of_others() == []
    another.close()


def test_the_lock_ends_with_a_process_that_is_killed(spool: Spool, seal: Seal) -> None:
    program = (
        "import sys, os\nfrom pathlib import Path\nfrom storage.sealing import Seal\nfrom storage.spool import Spool\n"
        "from storage.spool_segments import Record\n"
        "Spool(Path(sys.argv[1]), Seal(b'k' * 32)).append([Record(head=b'of the dead', body=b'words')])\n"
        "os.kill(os.getpid(), 9)\n"
    )
    ended = subprocess.run([sys.executable, "-c", program, str(spool.root)], check=False, timeout=60)
    assert ended.returncode == -9
    assert spool.adopt(nothing_else) == 1
    assert heads(spool) == [b"of the dead"]


@pytest.mark.parametrize("cut", [1, 10, 40, 60])
def test_a_record_that_broke_off_at_the_end_is_passed_over_and_counted(spool: Spool, seal: Seal, cut: int) -> None:
    spool.append([a_record(1), a_record(2)])
    (segment,) = segments(spool)
    segment.write_bytes(segment.read_bytes()[:-cut])
    again = after_a_crash(spool, seal)
    assert heads(again) == [b"head 1"]
    assert (again.torn, list(again.lost())) == (1, [])
    again.close()


def test_zeros_that_a_power_cut_left_at_the_end_are_no_record(spool: Spool, seal: Seal) -> None:
    spool.append([a_record(1)])
    (segment,) = segments(spool)
    segment.write_bytes(segment.read_bytes() + bytes(4096))
    again = after_a_crash(spool, seal)
    assert heads(again) == [b"head 1"]
    assert (again.torn, list(again.lost())) == (1, [])
    again.close()


@pytest.mark.parametrize("place", ["frame", "length", "head", "body"])
def test_a_damaged_record_is_put_aside_and_those_behind_it_are_not_lost(spool: Spool, seal: Seal, place: str) -> None:
    spool.append([a_record(1), a_record(2), a_record(3)])
    (segment,) = segments(spool)
    content = bytearray(segment.read_bytes())
    second = list(records_in(bytes(content)))[1]
    offset = {"frame": 0, "length": 15, "head": 30, "body": second.end - second.begin - 1}[place]
    content[second.begin + offset] ^= 0xFF
    segment.write_bytes(content)
    again = after_a_crash(spool, seal)
    assert heads(again) == [b"head 1", b"head 3"]
    (lost,) = again.lost()
    assert lost.head == (b"head 2" if place == "body" else b"")
    assert (again.root / SET_ASIDE / lost.name).read_bytes() == bytes(content[second.begin : second.end])
    again.done(2)
    assert len(list(again.lost())) == 1
    again.close()


def test_the_last_record_damaged_is_not_taken_for_one_that_broke_off(spool: Spool, seal: Seal) -> None:
    spool.append([a_record(1)])
    (segment,) = segments(spool)
    content = bytearray(segment.read_bytes())
    content[12] ^= 0xFF
    segment.write_bytes(content)
    again = after_a_crash(spool, seal)
    assert (again.count, again.torn, len(list(again.lost()))) == (0, 0, 1)
    again.close()


def test_a_record_moved_to_another_place_cannot_be_opened(spool: Spool, seal: Seal) -> None:
    spool.append([a_record(1), a_record(2)])
    (segment,) = segments(spool)
    first, second = (segment.read_bytes()[found.begin : found.end] for found in records_in(segment.read_bytes()))
    segment.write_bytes(second + first)
    with pytest.raises(SealBroken):
        spool.oldest(10, 10**6)


def test_a_record_damaged_while_it_waits_is_put_aside(spool: Spool) -> None:
    spool.append([a_record(1), a_record(2)])
    (segment,) = segments(spool)
    content = bytearray(segment.read_bytes())
    content[next(iter(records_in(bytes(content)))).end - 1] ^= 0xFF
    segment.write_bytes(content)
    with pytest.raises(SealBroken):
        spool.oldest(10, 10**6)
    spool.set_aside_oldest()
    assert heads(spool) == [b"head 2"]
    assert [lost.head for lost in spool.lost()] == [b"head 1"]


def test_a_disk_that_takes_no_more_leaves_no_half_record(spool: Spool, seal: Seal) -> None:
    """The file's size is limited as a full disk limits it: part of the record is written, then no more."""
    spool.append([a_record(1)])
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    old = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (spool.size + 100, before[1]))
    try:
        with pytest.raises(OSError) as refused:
            spool.append([a_record(2, os.urandom(5000))])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, old)
    assert refused.value.errno == errno.EFBIG
    spool.append([a_record(3)])
    assert heads(spool) == [b"head 1", b"head 3"]
    again = after_a_crash(spool, seal)
    assert (heads(again), again.torn) == ([b"head 1", b"head 3"], 0)
    again.close()


def test_a_frame_tells_a_wrong_length_from_a_file_that_ends_early() -> None:
    whole = framed(7, b"head", b"body")
    assert list(records_in(whole)) == [Found(begin=0, end=len(whole), sequence=7, head=b"head", body=b"body")]
    (torn,) = records_in(whole[:-2])
    assert isinstance(torn, Damaged)
    assert torn.torn
