"""The inspector's pack tells how things stood at a moment, whatever has happened since."""

from pathlib import Path

from gateway import sampling
from gateway.core import Core
from gateway.deciding import Actor
from gateway.life_cycle import Action
from tests.builders import a_referral
from tests.fakes import MovableClock

SAM = Actor(name="sam", role="social_worker")


def pack(core: Core, folder: Path, at: MovableClock) -> tuple[bytes, bytes]:
    with core.database.reading() as session:
        sampling.write(session, folder, n=100, as_at=at())
    return (folder / "sample.csv").read_bytes(), (folder / "sentence.txt").read_bytes()


def act(core: Core, reference: str, action: Action, **asked: str) -> None:
    with core.database.transaction() as session:
        core.deciding.act(session, reference, action, SAM, asked)


async def test_the_pack_of_a_past_moment_stays_the_same_when_work_goes_on(
    core: Core, clock: MovableClock, tmp_path: Path
) -> None:
    first, second = await a_referral(core), await a_referral(core, "Another")
    for row in (first, second):
        act(core, row.reference, Action.OPEN)
    act(core, first.reference, Action.RATE, severity="red", reason="a weapon")
    act(core, first.reference, Action.DECIDE, code="s47", reason="harm", level="4")
    then = MovableClock(clock())
    before = pack(core, tmp_path / "before", then)
    clock.move(hours=1)
    act(core, first.reference, Action.RATE, severity="green", reason="it was a toy")
    act(core, second.reference, Action.RATE, severity="amber", reason="a bruise")
    act(core, first.reference, Action.REOPEN, reason="more came")
    act(core, first.reference, Action.OPEN)
    act(core, first.reference, Action.DECIDE, code="nfa", reason="a toy", level="1", agreed_by="jo")
    assert pack(core, tmp_path / "after", then) == before
    assert b"s47" in before[0]
    assert b"In the 1 rated red or amber" in before[1]
