"""What has to stand in the queue so that each of ten tasks finds its own report."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from httpx import AsyncClient

from gateway.core import Core
from gateway.demo.twilio_sim import read_wav, write_wav
from gateway.wiring import wire_climbing
from storage.attachment import TextState
from storage.staff import Role, Staff
from tests.browser.a_day import FRIDAY
from tests.builders import a_referral
from tests.fakes import MovableClock
from tests.gateway.office import EASY, Office
from tests.gateway.staff.test_referral_page import with_part

VOICEMAILS = Path(__file__).parent.parent / "samples" / "voicemails"
BYTES_A_SECOND = 16_000
LINES = ("vm00", "vm02", "vm04", "vm05")
STAFF = {"sam": Role.SOCIAL_WORKER, "robin": Role.MANAGER, "casey": Role.CALL_TAKER}
SAFE = {"callback": "07700 900124", "safe_text": "yes"}
RATED = {"severity": "green", "reason": "No harm now"}
DECIDED = {"code": "nfa", "reason": "The family moved and the new council has the report", "level": "1"}


def staff_of(core: Core) -> None:
    """Those who do the tasks, and may sign in."""
    with core.database.transaction() as session:
        for name, role in STAFF.items():
            session.add(Staff(name=name, role=role, password_hash=EASY, created_at=core.clock()))


async def to_be_heard(core: Core) -> str:
    """A recording of four sentences with the place of each word; its reference."""
    row = await a_referral(core, "A voicemail about a child")
    sound, said = _spoken()
    with_part(
        core, row, size=len(sound), sha256=core.blobs.put(sound), text_state=TextState.DONE, confidence=0.9,
        segments=json.dumps(said), text=" ".join(str(line[0]) for line in said),
    )  # fmt: skip
    return row.reference


def program_of_sam(core: Core) -> AsyncClient:
    """What it does sam has done, and has afterwards."""
    return Office(core).program(Role.SOCIAL_WORKER, name="sam")


async def to_be_rated(core: Core, program: AsyncClient) -> str:
    """Looked at by sam and not rated yet; its reference."""
    row = await a_referral(core, "She came to school with a burn again")
    await _worked(program, row.reference, open={})
    return row.reference


async def ten_in_the_queue(core: Core, clock: MovableClock) -> dict[str, str]:
    """References by what is done to them."""
    monday, clock.at = clock.at, FRIDAY
    found = {"late": (await a_referral(core, "Two children alone in the flat above us since yesterday")).reference}
    clock.at = monday
    clock.move(minutes=-40)
    found["heard"] = await to_be_heard(core)
    async with program_of_sam(core) as program:
        found["rated"] = await to_be_rated(core, program)
        asked = await a_referral(core, "He is out on his own every evening", **SAFE)
        await _worked(program, asked.reference, open={}, rate=RATED)
        decided = await a_referral(core, "My sister says that dad hits her", **SAFE)
        await _worked(program, decided.reference, open={}, rate={**RATED, "child_told_us": True})
        closed = await a_referral(core, "I think the school said he moved away", **SAFE)
        await _worked(program, closed.reference, open={}, rate=RATED, decide=DECIDED)
    sought = await a_referral(core, "She rings from +447700900129, the boy is with her")
    found |= {"asked": asked.reference, "decided": decided.reference, "closed": closed.reference}
    found["sought"] = sought.reference
    for number in range(8):
        await a_referral(core, f"A neighbour rang about shouting, the {number + 3} time this month")
    clock.at = monday
    await wire_climbing(core).look()
    return found


def _spoken() -> tuple[bytes, list[list[object]]]:
    """The sentences one after the other, and what is said from when to when, in seconds."""
    spoken, said, at = b"", [], 0.0
    for name in LINES:
        heard = read_wav(VOICEMAILS / f"{name}.wav")
        words = (VOICEMAILS / f"{name}.txt").read_text().split()
        length = len(heard) / BYTES_A_SECOND
        step = length / len(words)
        places = [[w, round(at + n * step, 2), round(at + (n + 1) * step, 2), 0.95] for n, w in enumerate(words)]
        said.append([" ".join(words), round(at, 2), round(at + length, 2), None, 0.9, False, places])
        spoken, at = spoken + heard, at + length
    return write_wav(spoken), said


async def _worked(program: AsyncClient, reference: str, **steps: Mapping[str, object]) -> None:
    for step, body in steps.items():
        answer = await program.post(f"/api/v1/referrals/{reference}/{step}", json=body)
        assert answer.status_code == 200, (step, answer.text)
