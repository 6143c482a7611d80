"""What was there before anything was suggested is looked at once, open ones first, and alarms nobody about the past."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gateway.core import Core
from gateway.deciding import Actor
from gateway.suggesting.looking_back import LookingBack
from storage import direct, likeness, notice, referral, suggestion
from storage.referral import Referral
from tests.builders import a_referral
from tests.gateway.proposing.test_keeping import a_mail, a_part, receive

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SAM = Actor(name="Sam", role="social_worker")
KNIFE = "He has a knife and the children are upstairs. They live at 9 Elm Row, NT1 2AB."


class Killed(Exception):
    """The process ended here."""


def looking_back(core: Core, seconds: float = 5.0) -> LookingBack:
    return LookingBack(database=core.database, seal=core.seal, suggesting=core.suggesting, seconds=seconds)


def as_before(core: Core, *rows: Referral) -> None:
    """As an older version left them: without suggestions, keys, and the tasks that came of those."""
    with core.database.transaction() as session:
        for table in ("suggestion", "likeness", "notice"):
            direct.ask(session, f"DELETE FROM {table}")
        for row in rows:
            held = session.get_one(Referral, row.id)
            held.severity_floor = "unrated"
            session.add(suggestion.SuggestionDue(referral_id=row.id or 0, was_open=held.state != "closed"))


def kept(core: Core, row: Referral) -> tuple[str, list[str], int, bool]:
    """The floor, the words that suggest something of how serious it is, open tasks, and whether it has keys."""
    with core.database.reading() as session:
        held = referral.by_id(session, row.id or 0)
        found = suggestion.of_referrals(session, [row.id or 0])
        tasks = notice.open_tasks(session, [row.id or 0])
        words = [each.words for each in found if each.about == "severity"]
        return held.severity_floor if held else "", words, len(tasks), bool(likeness.keys_of(session, row.id or 0))


def due(core: Core) -> list[int]:
    with core.database.reading() as session:
        return suggestion.still_due(session, limit=99)


async def test_only_what_nobody_has_opened_is_put_before_a_person(core: Core) -> None:
    new, opened, closed = [await a_referral(core, KNIFE) for _ in range(3)]
    with core.database.transaction() as session:
        core.deciding.act(session, opened.reference, "open", SAM, {})  # type: ignore[arg-type]
        session.get_one(Referral, closed.id).state = "closed"
    as_before(core, new, opened, closed)
    assert due(core) == [opened.id, new.id, closed.id]
    assert await looking_back(core).look() == 3
    assert kept(core, new) == ("red", ["has a knife"], 1, True)
    assert kept(core, opened) == kept(core, closed) == ("red", ["has a knife"], 0, True)
    assert (due(core), await looking_back(core).look()) == ([], 0)


@ON_SQLITE
async def test_some_are_looked_at_in_a_round_and_the_rest_in_the_next(core: Core) -> None:
    rows = [await a_referral(core, f"Report {number}. {KNIFE}") for number in range(3)]
    as_before(core, *rows)
    assert [await looking_back(core, seconds=-1).look() for _ in range(4)] == [1, 1, 1, 0]
    assert all(kept(core, row)[2] == 1 for row in rows)


@ON_SQLITE
async def test_killed_half_way_one_is_as_it_was_and_is_looked_at_again(core: Core) -> None:
    row = await a_referral(core, KNIFE)
    as_before(core, row)
    with pytest.raises(Killed), core.database.transaction() as session:
        looking_back(core).look_at(session, row.id or 0)
        raise Killed
    assert (kept(core, row), due(core)) == (("unrated", [], 0, False), [row.id])
    assert await looking_back(core).look() == 1 and kept(core, row)[2] == 1


@ON_SQLITE
async def test_words_of_a_file_and_a_subject_count_and_what_is_quoted_does_not(core: Core) -> None:
    quoted = "On Mon, 16 Nov 2026 at 09:00, Ann <ann@example.org> wrote:\n> Dad has a gun\n"
    raw = a_mail(f"Thank you for your answer, we know nothing new of him.\n\n{quoted}")
    row = await receive(core, replace(raw, body=raw.body.replace(b"A worry", b"She wants to kill herself")))
    a_part(core, row, "Dear Sir\n\nHe has a knife.\n")
    before = kept(core, row)
    as_before(core, row)
    assert await looking_back(core).look() == 1
    assert sorted(kept(core, row)[1]) == sorted(before[1])
    assert {"kill herself", "has a knife"} == set(before[1])


@ON_SQLITE
async def test_one_that_cannot_be_read_is_left_in_the_end_and_keeps_no_other_back(core: Core) -> None:
    good, bad = await a_referral(core, KNIFE), await a_referral(core, KNIFE)
    as_before(core, good, bad)
    with core.database.transaction() as session:
        direct.ask(session, "UPDATE message SET folds = 'broken' WHERE referral_id = ?", (bad.id,))
    assert await looking_back(core).look() == 1
    assert kept(core, good)[0] == "red" and kept(core, bad)[0] == "unrated" and due(core) == [bad.id]
    assert [await looking_back(core).look() for _ in range(2)] == [0, 0] and due(core) == []


@ON_SQLITE
async def test_one_that_could_not_be_looked_at_for_a_moment_is_looked_at_in_the_next_minute(core: Core) -> None:
    row = await a_referral(core, KNIFE)
    as_before(core, row)
    with core.database.transaction() as session:
        direct.ask(session, "ALTER TABLE likeness RENAME TO elsewhere")
    assert await looking_back(core).look() == 0
    with core.database.transaction() as session:
        direct.ask(session, "ALTER TABLE elsewhere RENAME TO likeness")
    assert await looking_back(core).look() == 1 and kept(core, row)[0] == "red"


@ON_SQLITE
async def test_low_reports_that_are_all_closed_add_up_to_no_task_by_being_looked_at(core: Core) -> None:
    rows = [await a_referral(core, f"Report {number}. {KNIFE}") for number in range(3)]
    with core.database.transaction() as session:
        direct.ask(session, "UPDATE referral SET severity = 'green', state = 'closed', closed_at = ?", (core.clock(),))
    as_before(core, *rows)
    assert await looking_back(core).look() == 3
    assert [kept(core, row) for row in rows] == [("red", ["has a knife"], 0, True)] * 3
