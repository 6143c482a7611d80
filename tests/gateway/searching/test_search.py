"""What staff type into the search box finds what was said, on both kinds of database."""

from __future__ import annotations

from gateway.core import Core
from gateway.deciding import Actor
from gateway.life_cycle import Action
from gateway.searching import Asked, Found, Only, search
from gateway.staff import acting
from storage import direct
from tests.builders import a_referral
from tests.fakes import MovableClock
from tests.gateway.searching.people import CASEY, SAM

SAID = (
    "Zoë O’Rourke-Smith, born 7 March 2019, is outside without a coat. Her mother rang from 07700 900 456. "
    "They live at 14 Mill Lane, NR1 4AB."
)


def found(core: Core, typed: str, actor: Actor = CASEY, **asked: object) -> Found:
    return search(core, actor, Asked(typed=typed, **asked))  # type: ignore[arg-type]


def references(core: Core, typed: str, actor: Actor = CASEY, **asked: object) -> list[str]:
    return [each.reference for each in found(core, typed, actor, **asked).results]


async def test_it_is_found_however_it_is_typed(core: Core) -> None:
    row = await a_referral(core, SAID)
    await a_referral(core, "Another child altogether, seen at the shops")
    letters, digits, last = row.reference.split("-")
    for typed in (
        row.reference, row.reference.lower().replace("-", " "), f"{letters} {digits[:2]}", f"{letters}{digits}",
        "zoe", "ZOË", "o'rourke", "orourke", "O’Rourke", "rourke zoë", "smith", "O'Rourke-Smith", "zoe orour",
        "07700900456", "+44 7700 900456", "0044 7700 900 456", "ends 456", "ending in 0456",
        "7 March 2019", "07/03/2019", "7.3.19", "2019-03-07", "March 7th, 2019",
        "NR1 4AB", "nr14ab", "NR1", '"outside without a coat"', "coat outside", "coa outs", "mother's coat",
        f"{digits} {last}",
    ):  # fmt: skip
        assert references(core, typed) == [row.reference], typed


async def test_what_is_not_said_is_not_found(core: Core) -> None:
    await a_referral(core, SAID)
    for typed in ('"coat outside"', "zoe jones", "NR1 4AC", "8 March 2019", "07700 900457", "ends 457", "KMR-4729-HX"):
        assert references(core, typed) == [], typed


HARMFUL = (
    "", " ", "*", '"', "'" * 10_000, "a\x00b\u202e", "NEAR(", "words:zoe2", "zoe2' | 'x", "& ! |", ":*", "\\", "%",
    "\U00010000" * 500, "-1", "^",
)  # fmt: skip


async def test_nothing_that_is_typed_does_harm(core: Core) -> None:
    await a_referral(core, SAID)
    for typed in HARMFUL:
        assert found(core, typed, SAM).results == found(core, typed, CASEY).results == (), typed


async def test_what_is_open_comes_first_then_the_newest(core: Core) -> None:
    closed, older, newer = [await a_referral(core, f"Shouting at the flats, number {n}") for n in range(3)]
    acting.act(core, SAM, closed.reference, Action.OPEN, {})
    acting.act(core, SAM, closed.reference, Action.RATE, {"severity": "blue", "reason": "nothing in it"})
    acting.act(core, SAM, closed.reference, Action.DECIDE, {"code": "advice", "reason": "about a dog", "level": "1"})
    acting.act(core, SAM, closed.reference, Action.CLOSE, {"reason": "done with"})
    assert references(core, "shouting flats") == [newer.reference, older.reference, closed.reference]
    assert references(core, "shouting", only=Only.OPEN) == [newer.reference, older.reference]
    assert references(core, "shouting", only=Only.CLOSED) == [closed.reference]
    assert references(core, "dog") == [closed.reference]
    acting.act(core, SAM, closed.reference, Action.REOPEN, {"reason": "seen again"})
    assert closed.reference in references(core, "shouting", only=Only.OPEN)


async def test_pages_follow_one_another_without_a_gap(core: Core) -> None:
    rows = [await a_referral(core, f"Shouting {'shouted' if n % 2 else ''} at the flats {n}") for n in range(7)]
    seen: list[str] = []
    after = ""
    for _ in range(10):
        page = found(core, "shout", limit=2, after=after)
        seen += [each.reference for each in page.results]
        after = page.after
        if not after:
            break
    assert seen == [row.reference for row in reversed(rows)]


async def test_only_what_came_by_a_channel_or_on_some_days_is_found_where_that_is_asked(
    core: Core, clock: MovableClock
) -> None:
    first = await a_referral(core, "Shouting at the flats")
    clock.move(days=2)
    second = await a_referral(core, "Shouting at the flats again")
    assert references(core, "shouting", channel="note") == [second.reference, first.reference]
    assert references(core, "shouting", channel="email") == []
    day = first.captured_at.date()
    assert references(core, "shouting", until=day) == [first.reference]
    assert references(core, "shouting", since=second.captured_at.date()) == [second.reference]
    assert references(core, "shouting", since=second.captured_at.date(), until=day) == []


async def test_what_was_read_late_hides_nothing_of_the_day_it_was_kept(core: Core, clock: MovableClock) -> None:
    first, second = await a_referral(core, "Shouting at the flats"), await a_referral(core, "Shouting at the shops")
    day = first.captured_at.date()
    clock.move(days=1)
    next_day = await a_referral(core, "Shouting at the bridge")
    late = await a_referral(core, "Shouting at the school")
    with core.database.transaction() as session:
        kept_first = first.captured_at.replace(hour=0, minute=1)
        direct.ask(session, "UPDATE referral SET captured_at = ? WHERE id = ?", (kept_first, late.id))
    of_the_day = [late.reference, second.reference, first.reference]
    assert references(core, "shouting", since=day, until=day) == of_the_day
    assert references(core, "shouting", until=day, limit=1) == of_the_day[:1]
    assert references(core, "shouting", since=day) == [late.reference, next_day.reference, *of_the_day[1:]]
    page = found(core, "shouting", until=day, limit=1)
    assert [each.reference for each in found(core, "shouting", until=day, after=page.after).results] == of_the_day[1:]


async def test_who_told_us_is_found_by_social_workers_only_and_that_is_on_record(core: Core) -> None:
    row = await a_referral(core, "Shouting at the flats", callback="07700 900123", caller_name="Robin Example")
    mine = found(core, "07700 900 123", SAM)
    assert [each.reference for each in mine.results] == [row.reference]
    assert "on record" in " ".join(mine.notes)
    theirs = found(core, "07700 900 123", CASEY)
    assert theirs.results == () and "social workers" in " ".join(theirs.notes)
    assert references(core, "Robin Example", SAM) == []


async def test_all_of_one_sender_are_found_page_by_page(core: Core) -> None:
    rows = [
        await a_referral(core, f"Shouting {n}. My number is 07700 900123", callback="07700 900123") for n in range(5)
    ]
    seen: list[str] = []
    after = ""
    for _ in range(3):
        page = found(core, "07700900123", SAM, limit=2, after=after)
        assert page.senders == tuple(row.ledger_no for row in reversed(rows))
        seen += [each.reference for each in page.results]
        after = page.after
    assert seen == [row.reference for row in reversed(rows)] and after == ""


async def test_the_passage_marks_what_was_asked_for(core: Core) -> None:
    await a_referral(core, f"{'A long beginning of many words. ' * 30}{SAID}")
    for typed, marked in (("zoe", ["Zoë"]), ("orourke", ["O’Rourke"]), ("07700900456", ["07700 900 456"])):
        pieces = found(core, typed).results[0].passage
        assert [each.text for each in pieces if each.is_found][:1] == marked or marked[0] in "".join(
            each.text for each in pieces if each.is_found
        )
        assert len("".join(each.text for each in pieces)) < 260
