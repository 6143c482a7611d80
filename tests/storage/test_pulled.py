"""What was taken out of a mailbox is known exactly, item by item."""

from __future__ import annotations

from storage import pulled
from storage.database import Database
from tests.fakes import MovableClock

ITEMS = [str(number) for number in range(1, 1302)]


def test_what_was_taken_is_known_whatever_its_place(database: Database, clock: MovableClock) -> None:
    with database.transaction() as session:
        pulled.note(session, "box;1", [item for item in ITEMS if item not in ("700", "3")], clock())
        pulled.note(session, "box;1", ITEMS[:2], clock())
    with database.reading() as session:
        assert pulled.not_yet(session, "box;1", reversed(ITEMS)) == ["700", "3"]  # type: ignore[arg-type]
        assert pulled.not_yet(session, "box;2", ITEMS) == ITEMS


def test_what_left_is_looked_at_anew_when_it_comes_back(database: Database, clock: MovableClock) -> None:
    with database.transaction() as session:
        pulled.note(session, "box;1", ITEMS, clock())
        pulled.forget(session, "box;1", ITEMS[100:1200])
        pulled.forget(session, "box;2", ITEMS)
    with database.reading() as session:
        assert pulled.not_yet(session, "box;1", ITEMS) == ITEMS[100:1200]
