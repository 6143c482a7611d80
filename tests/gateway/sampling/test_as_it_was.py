"""The inspector's pack tells how things stood at a moment, whatever has happened since."""

import random
from datetime import timedelta

import pytest

from gateway import sampling
from gateway.core import Core
from gateway.deciding import Actor
from gateway.life_cycle import Action, Incomplete, NotAllowed
from tests.builders import a_note, a_referral, read_all
from tests.fakes import MovableClock

SAM = Actor(name="sam", role="manager")
TYPED = {
    "reason": "Because it is so", "level": "2", "question": "Which street?", "text": "A note", "case_id": "C-1",
    "agreed_by": "jo", "answer_by": "2026-12-01T17:00", "accepted_by": "Jo Example", "handed_to": "Southshire",
    "receipt": "55120", "read_by": "Sam Example", "answer": "Rang back",
}  # fmt: skip
STEPS = (Action.OPEN, Action.RATE, Action.DECIDE, Action.CLOSE, Action.REOPEN, Action.ASK, Action.NOTE)


def pack(core: Core, at: MovableClock, n: int = 100) -> bytes:
    return sampling.zipped(sampling.take(core, n=n, as_at=at(), who="sam"))


def act(core: Core, reference: str, action: Action, **asked: str) -> None:
    with core.database.transaction() as session:
        core.deciding.act(session, reference, action, SAM, asked)


async def test_the_pack_of_a_past_moment_stays_the_same_when_work_goes_on(core: Core, clock: MovableClock) -> None:
    first, second = await a_referral(core), await a_referral(core, "Another")
    for row in (first, second):
        act(core, row.reference, Action.OPEN)
    act(core, first.reference, Action.RATE, severity="red", reason="a weapon", contact_source="2A")
    act(core, first.reference, Action.DECIDE, code="s47", reason="harm", level="4")
    then = MovableClock(clock())
    before = pack(core, then)
    clock.move(hours=1)
    act(core, first.reference, Action.RATE, severity="green", reason="it was a toy", contact_source="6")
    act(core, second.reference, Action.RATE, severity="amber", reason="a bruise")
    act(core, first.reference, Action.REOPEN, reason="more came")
    act(core, first.reference, Action.OPEN)
    act(core, first.reference, Action.DECIDE, code="nfa", reason="a toy", level="1", agreed_by="jo")
    await a_referral(core, "Something else")
    assert pack(core, then) == before
    assert b"s47" in before and b",2A," in before
    assert b"In the 1 rated red or amber" in before
    assert pack(core, clock) != before


async def test_a_message_that_nobody_had_read_is_a_report_also_once_it_has_joined_another(
    core: Core, clock: MovableClock
) -> None:
    first = await a_referral(core)
    clock.move(minutes=5)
    await core.intake.accept(a_note("More of it", reference=first.reference))
    then = MovableClock(clock())
    before = sampling.take(core, n=100, as_at=then(), who="sam")
    clock.move(minutes=5)
    await read_all(core)
    assert sampling.take(core, n=100, as_at=then(), who="sam").files == before.files
    assert [report.ledger_no for report in before.reports] == [1, 2]
    now = sampling.take(core, n=100, as_at=clock(), who="sam")
    assert [report.ledger_no for report in now.reports] == [1]
    assert f"added to {first.reference}".encode() in now.files["ledger.csv"]


async def test_what_a_host_held_back_and_kept_later_is_not_slipped_into_the_past(
    core: Core, clock: MovableClock
) -> None:
    await a_referral(core)
    then = MovableClock(clock())
    clock.move(minutes=5)
    before = pack(core, then)
    late, clock.at = clock(), then()
    await a_referral(core, "Held in the spool of another host since then")
    clock.at = late + timedelta(minutes=1)
    assert pack(core, then) == before


async def test_the_pack_of_a_time_that_has_not_come_tells_how_things_stand(core: Core, clock: MovableClock) -> None:
    await a_referral(core)
    ahead = MovableClock(clock() + timedelta(days=1))
    assert pack(core, ahead) == pack(core, ahead)
    clock.move(hours=1)
    await a_referral(core)
    assert len(sampling.take(core, n=9, as_at=ahead(), who="sam").reports) == 2


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("seed", range(3))
async def test_whatever_is_done_afterwards_the_pack_is_the_same_to_the_byte(
    core: Core, clock: MovableClock, seed: int
) -> None:
    dice, references = random.Random(seed), [(await a_referral(core)).reference for _ in range(4)]
    taken: list[tuple[MovableClock, int, bytes]] = []
    for turn in range(90):
        clock.move(minutes=dice.randint(1, 90))
        await _something_happens(core, dice, references)
        if turn % 15 == 7:
            then, n = MovableClock(clock()), dice.choice((3, 100))
            taken.append((then, n, pack(core, then, n)))
    assert len({kept for _, _, kept in taken}) == len(taken), "nothing changed between the packs"
    for then, n, kept in taken:
        assert pack(core, then, n) == kept


async def _something_happens(core: Core, dice: random.Random, references: list[str]) -> None:
    """A step somebody may take or is refused, a new report, or more about one of them, read at once or later."""
    about, what = dice.choice(references), dice.random()
    if what < 0.15:
        await core.intake.accept(a_note("Shouting again", **({"reference": about} if dice.random() < 0.5 else {})))
    elif what < 0.3:
        await read_all(core)
    else:
        chosen = {
            "severity": dice.choice(("red", "amber", "green")), "code": dice.choice(("nfa", "s17", "advice")),
            "contact_source": dice.choice(("1A", "2A", "6")),
        }  # fmt: skip
        try:
            act(core, about, dice.choice(STEPS), **TYPED, **chosen)
        except (NotAllowed, Incomplete):
            return
