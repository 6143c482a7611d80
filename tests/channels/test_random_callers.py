"""Whatever callers do, and whatever is lost on the way: each call is one referral, and nobody hears an error."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from gateway.demo.twilio_sim import HangUp
from tests.channels.random_callers import run, script_of

CALLERS = 30


async def test_each_of_many_random_calls_is_one_referral_and_who_stays_hears_the_reference(
    tmp_path: Path, database_url: str
) -> None:
    outcome = await run(tmp_path, database_url, callers=CALLERS, seed=20261122)
    assert outcome.faults == []
    assert (outcome.calls, outcome.heard_reference) == (CALLERS, outcome.stayed)
    assert 0 < outcome.stayed < CALLERS


@pytest.mark.parametrize("seed", [1, 2])
def test_the_same_seed_gives_the_same_callers(seed: int) -> None:
    scripts = [[script_of(chance) for _ in range(50)] for chance in (Random(seed), Random(seed))]
    assert scripts[0] == scripts[1]
    assert any(isinstance(action, HangUp) for script in scripts[0] for action in script)
