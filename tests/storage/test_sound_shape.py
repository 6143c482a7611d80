"""The shape of a recording is kept once for each part, in place of what was known of it before."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, wait
from datetime import UTC, datetime

from storage import sound_shape
from storage.database import Database
from storage.sound_shape import SoundShape

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def a_shape(part: str, levels: str) -> SoundShape:
    return SoundShape(attachment_id=part, sha256="ab", levels=levels, seconds=3.5, made_at=NOON)


def test_what_is_worked_out_again_takes_the_place_of_what_was_kept(database: Database) -> None:
    for part, levels in (("one", "00ff"), ("two", ""), ("one", "80")):
        with database.transaction() as session:
            sound_shape.keep(session, a_shape(part, levels))
    with database.reading() as session:
        found = sound_shape.of_parts(session, ["one", "two", "nowhere"])
        assert {part: (shape.levels, shape.seconds, shape.made_at) for part, shape in found.items()} == {
            "one": ("80", 3.5, NOON), "two": ("", 3.5, NOON),
        }  # fmt: skip
        assert sound_shape.of_parts(session, []) == {}


def test_two_who_worked_it_out_at_once_both_keep_it(database: Database) -> None:
    def second() -> None:
        with database.transaction() as session:
            sound_shape.keep(session, a_shape("one", "80"))

    with ThreadPoolExecutor(1) as pool:
        with database.transaction() as session:
            sound_shape.keep(session, a_shape("one", "00ff"))
            done = pool.submit(second)
            wait([done], timeout=0.3)
        done.result()
    with database.reading() as session:
        assert sound_shape.of_parts(session, ["one"])["one"].levels == "80"
