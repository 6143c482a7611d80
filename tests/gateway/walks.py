"""Random walks through the whole life of a referral: staff, senders, the clock and failing notices in any order.

``python -m tests.gateway.walks --walks 10000`` walks as many as wanted; the suite walks a few hundred.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from pathlib import Path

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.gateway.ground import Ground, a_ground
from tests.gateway.walk import Walk

STEPS = 14


def walk(number: int, folder: Path, *, steps: int = STEPS, anew: bool = False, shorten: bool = False) -> Ground:
    """That many walks; raises at the first that breaks an invariant.

    ``anew``: other walks each time, not the same ones. ``shorten``: first find the shortest walk that breaks it.
    """
    phases = (Phase.generate, Phase.shrink) if shorten else (Phase.generate,)
    with a_ground(folder) as ground:
        Walk.ground = ground
        run_state_machine_as_test(
            Walk,
            settings=settings(
                max_examples=number, stateful_step_count=steps, deadline=None, derandomize=not anew, database=None,
                phases=phases, print_blob=True, suppress_health_check=list(HealthCheck),
            ),
        )  # fmt: skip
        return ground


def main() -> None:
    """Walk, and say how far."""
    parser = argparse.ArgumentParser(description="Random walks through the life of a referral.")
    parser.add_argument("--walks", type=int, default=1000)
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--anew", action="store_true", help="other walks each time")
    parser.add_argument("--shorten", action="store_true", help="find the shortest walk that breaks something")
    asked = parser.parse_args()
    memory = Path("/dev/shm")
    folder = Path(tempfile.mkdtemp(dir=memory if memory.is_dir() else None))
    began = time.monotonic()
    try:
        ground = walk(asked.walks, folder, steps=asked.steps, anew=asked.anew, shorten=asked.shorten)
    finally:
        shutil.rmtree(folder)
    took = time.monotonic() - began
    sys.stdout.write(
        f"{ground.walks} walks in {took:.0f} s: {ground.taken} steps taken, {ground.refused} refused, "
        f"states reached: {', '.join(sorted(ground.states))}; no invariant broken\n"
    )


if __name__ == "__main__":
    main()
