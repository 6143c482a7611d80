"""A bounded part of the proof: a short load under faults of every kind, on both databases, judged from outside."""

import logging
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chaos import disk, processes
from tests.chaos.gateway import Gateway
from tests.chaos.plan import plan
from tests.chaos.run import Progress, run
from tests.missing_parts import require

SEED = 20261122
MESSAGES, FAULTS = 150, 32
LOAD_SECONDS, WAIT_SECONDS = 25.0, 120.0
MOSTLY = 0.9
"""How many of the messages must have been taken for the run to count; a sender who never gets through gives up."""


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short path that the database's own user may pass through, for its socket lies in it."""
    made = Path(tempfile.mkdtemp(prefix="frontdoor-chaos-"))
    made.chmod(0o711)
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.mark.timeout(900)
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
async def test_no_accepted_message_is_lost_doubled_or_left_unanswered_while_faults_strike(
    database: str, folder: Path
) -> None:
    if database == "postgresql":
        require("postgresql")
    for noisy in ("mail.log", "uvicorn.error"):
        logging.getLogger(noisy).setLevel(logging.CRITICAL + 1)
    is_sqlite = database == "sqlite"
    impossible = frozenset(
        Gateway.impossible(is_sqlite=is_sqlite, disk=disk.can_be_made(), clock=processes.clock_can_jump())
    )
    drawn = plan(SEED, messages=MESSAGES, faults=FAULTS, impossible=impossible)
    outcome = await run(
        drawn, folder=folder, is_sqlite=is_sqlite, seconds=LOAD_SECONDS, wait_seconds=WAIT_SECONDS,
        progress=Progress(shown=lambda _: None), hurried=True,
    )  # fmt: skip
    assert outcome.findings == []
    assert len(outcome.story.strikes) == FAULTS
    assert sum(message.is_taken for message in outcome.story.messages.values()) >= MOSTLY * MESSAGES
