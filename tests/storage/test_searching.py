"""A searchable row for each referral: written with what changed it, once, and never in the way of it."""

from __future__ import annotations

import threading

import pytest
from sqlmodel import Session, col, select

from gateway.core import Core
from gateway.life_cycle import Action
from gateway.searching.filling import Filling
from gateway.staff import acting
from storage import audit, direct, searching
from storage.claim import Claim
from storage.database import Database
from storage.searching_asked import CLOSED, OPEN, Between, Term, Wanted, ids_of
from storage.searching_words import days, folded, national, written
from tests.builders import a_referral
from tests.gateway.searching.people import CASEY, SAM


def said(session: Session, *words: str, table: str = OPEN) -> list[int]:
    wanted = Wanted(all_of=tuple((Term(words=(word,)),) for word in words))
    return ids_of(session, table, wanted, between=Between(), limit=50)


def test_words_are_written_without_case_accents_or_marks() -> None:
    assert folded("Zoë ŁÓDŹ Straße Ærø") == "zoe lodz strasse aero"
    found = written("Zoë O’Rourke-Smith’s child's")
    assert found.words == ("zoe", "orourke", "smiths", "childs")
    assert {"rourke", "smith", "child", "orourkesmiths"} <= found.also


@pytest.mark.parametrize(
    "typed", ["07700 900123", "+44 7700 900 123", "0044 7700 900123", "+44 (0)7700 900-123", "(07700) 900123"]
)
def test_a_number_is_one_number_however_it_is_written(typed: str) -> None:
    assert {"07700900123", "xend32100900770"} <= written(f"Ring {typed}, please.").also
    assert national(typed) == "07700900123"


@pytest.mark.parametrize(
    "typed", ["7/3/2019", "07.03.19", "2019-03-07", "7th of March 2019", "7 mar 2019", "March 7, 2019"]
)
def test_a_day_is_one_day_however_it_is_written(typed: str) -> None:
    assert [f"{day}" for day in days(folded(typed))] == ["2019-03-07"]


def test_what_is_no_day_is_none() -> None:
    assert list(days("31/02/2019 or 99.99.2019 or 2019-13-01")) == []


def test_a_row_is_bounded_however_long_the_words_are() -> None:
    row = searching.Row(is_open=True, words=tuple(f"w{n}" for n in range(20_000)) + ("one",) * 1000, also=("two",))
    vector = searching.as_vector(row, 70_000)
    assert "'two'" in vector and "'xin34'" in vector and vector.count(",") <= searching.PLACES_OF_ONE


async def test_very_long_words_are_kept_and_the_reference_is_found_all_the_same(core: Core) -> None:
    row = await a_referral(core, " ".join(f"word{n}" for n in range(60_000)))
    with core.database.reading() as session:
        assert said(session, "word7") == [row.id]
        assert said(session, row.reference.replace("-", "").lower()) == [row.id]


async def test_what_staff_write_is_found_and_what_closes_moves(core: Core) -> None:
    row = await a_referral(core, "Shouting")
    acting.act(core, CASEY, row.reference, Action.NOTE, {"text": "Seen by the kestrels"})
    with core.database.reading() as session:
        assert said(session, "kestrels") == [row.id] and said(session, "kestrels", table=CLOSED) == []
    for action, typed in (
        ("open", {}), ("rate", {"severity": "blue", "reason": "nothing in it"}),
        ("decide", {"code": "advice", "reason": "told", "level": "1"}), ("close", {"reason": "done"}),
    ):  # fmt: skip
        acting.act(core, SAM, row.reference, Action(action), typed)
    with core.database.reading() as session:
        assert said(session, "kestrels") == [] and said(session, "kestrels", table=CLOSED) == [row.id]


async def test_what_is_undone_is_not_found(core: Core) -> None:
    row = await a_referral(core, "Shouting")
    with pytest.raises(RuntimeError), core.database.transaction() as session:
        direct.ask(session, "UPDATE referral SET close_reason = 'kestrels' WHERE id = ?", (row.id,))
        searching.index(session, row.id or 0)
        raise RuntimeError
    with core.database.reading() as session:
        assert said(session, "kestrels") == [] and said(session, "shouting") == [row.id]


async def test_a_row_that_cannot_be_written_keeps_nothing_else_from_being_kept(core: Core) -> None:
    with core.database.transaction() as session:
        direct.ask(session, "ALTER TABLE search_open RENAME TO away")
    row = await a_referral(core, "Shouting")
    with core.database.transaction() as session:
        direct.ask(session, "ALTER TABLE away RENAME TO search_open")
        assert searching.still_due(session, limit=10) == [row.id]
    assert await Filling(database=core.database, seal=core.seal).look() == 1
    with core.database.reading() as session:
        assert said(session, "shouting") == [row.id] and searching.still_due(session, limit=10) == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_what_can_never_follow_from_its_words_is_tried_a_few_times_and_then_left(core: Core) -> None:
    row = await a_referral(core, "Shouting", callback="07700 900123")
    with core.database.transaction() as session:
        direct.ask(session, "UPDATE identity SET sealed_address = ?", (b"broken",))
        direct.ask(session, "INSERT INTO search_due (referral_id, tries) VALUES (?, 0)", (row.id,))
    tried = [await Filling(database=core.database, seal=core.seal).look() for _ in range(5)]
    assert tried == [1] * searching.GIVEN_UP_AT + [0, 0]
    with core.database.reading() as session:
        assert said(session, "shouting") == [row.id]


async def test_what_was_kept_before_there_was_a_search_is_found_once_the_watch_has_looked(core: Core) -> None:
    rows = [await a_referral(core, f"Shouting {n}. My number is 07700 900123.") for n in range(3)]
    with core.database.transaction() as session:
        direct.ask(session, "DELETE FROM search_open")
        direct.ask(session, "UPDATE claim SET value_hash = NULL")
        direct.ask(session, "INSERT INTO search_due (referral_id, tries) SELECT id, 0 FROM referral")
    assert await Filling(database=core.database, seal=core.seal).look() == 3
    with core.database.reading() as session:
        assert said(session, "shouting") == [row.id for row in reversed(rows)]
        sealed = session.exec(select(Claim).where(col(Claim.sealed_value).is_not(None))).all()
    assert len(sealed) >= len(rows)
    assert [each.value_hash is not None for each in sealed] == [each.field == "phone" for each in sealed]


async def test_the_newest_come_first_over_many_stretches(database: Database) -> None:
    ids = [5, 40_000, 90_000, 300_000, 700_000, 700_001]
    with database.transaction() as session:
        for each in ids:
            row = searching.Row(is_open=False, words=("shouting", "", str(each)), also=("xbynote",))
            searching.put(session, each, row)
    with database.reading() as session:
        assert said(session, "shouting", table=CLOSED) == ids[::-1]
        assert said(session, "shouting", "90000", table=CLOSED) == [90_000]
        wanted = Wanted(all_of=((Term(words=("shout",), begins=True),),))
        between = Between(above=5, below=700_001)
        assert ids_of(session, CLOSED, wanted, between=between, limit=2) == [700_000, 300_000]
        assert ids_of(session, CLOSED, wanted, between=between, limit=9) == [700_000, 300_000, 90_000, 40_000]


async def test_of_two_who_write_at_once_the_last_has_the_words_of_both(core: Core) -> None:
    row = await a_referral(core, "Shouting")

    def note(words: str) -> None:
        acting.act(core, CASEY, row.reference, Action.NOTE, {"text": words})

    def read_again() -> None:
        with core.database.transaction() as session:
            audit.record(session, at=core.clock(), who="casey", what="Seen by kestrels", referral_id=row.id)
            searching.write(session, row.id or 0)
            other.start()
            other.join(0.3)

    other = threading.Thread(target=note, args=("Seen by buzzards",))
    read_again()
    other.join()
    with core.database.reading() as session:
        assert said(session, "kestrels", "buzzards") == [row.id]
