"""A later message finds its referral as it is when it is joined, whoever works on it at that moment."""

import asyncio
import threading
import time

from gateway.core import Core
from gateway.deciding import Actor
from gateway.life_cycle import Action
from storage import referral
from storage.referral import Referral
from tests.builders import a_message, a_note, a_referral, read_all
from tests.fakes import MovableClock

SAM = Actor(name="sam", role="social_worker")
DECISION = {"code": "nfa", "reason": "safe", "level": "1"}


def act(core: Core, row: Referral, action: Action, **asked: str) -> None:
    with core.database.transaction() as session:
        core.deciding.act(session, row.reference, action, SAM, asked)


def now_of(core: Core, row: Referral) -> Referral:
    with core.database.reading() as session:
        found = referral.by_reference(session, row.reference)
    assert found is not None
    return found


async def test_a_message_that_comes_while_its_referral_is_being_closed_opens_it_again(core: Core) -> None:
    row = await a_referral(core)
    act(core, row, Action.OPEN)
    act(core, row, Action.DECIDE, **DECISION)
    await core.intake.accept(a_note(f"{row.reference} it happened again"))
    closed = threading.Event()

    def close() -> None:
        with core.database.transaction() as session:
            core.deciding.act(session, row.reference, Action.CLOSE, SAM, {"reason": "told"})
            session.flush()
            closed.set()
            time.sleep(0.5)

    closing = asyncio.create_task(asyncio.to_thread(close))
    await asyncio.to_thread(closed.wait)
    await read_all(core)
    await closing
    again = now_of(core, row)
    assert (again.state, again.closed_at, again.next_action) == ("reopened", None, "Read what was added")


async def test_more_words_never_give_a_red_referral_more_time(core: Core, clock: MovableClock) -> None:
    row = await a_referral(core)
    act(core, row, Action.OPEN)
    act(core, row, Action.RATE, severity="red", reason="a weapon")
    before = now_of(core, row).due_at
    clock.move(hours=1)
    await core.intake.accept(a_message(f"MessageSid=SM1&From=%2B447700900123&Body={row.reference}".encode()))
    await read_all(core)
    after = now_of(core, row)
    assert (after.due_at, after.next_action) == (before, "Read what was added")
