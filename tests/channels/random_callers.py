"""Random callers at the telephone's real doors: keys, silences, hang-ups, lost and doubled webhooks, late recordings.

    python -m tests.channels.random_callers --callers 500 --seed 7 [--postgresql] [--streams]

The same seed gives the same callers. Exits 1 if a call is not exactly one referral, a caller heard an error, or one
who stayed to the end did not hear the reference.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from sqlmodel import col, select

from gateway import saying
from gateway.app import running
from gateway.checking import broken_promises
from gateway.core import open_core
from gateway.demo.twilio_sim import Action, HangUp, Press, Silent, Speak, TwilioSim, tone
from gateway.demo.twilio_sim.call import Call
from gateway.demo.twilio_sim.twiml import APP_ERROR
from gateway.recalling import Recall
from gateway.settings import Settings
from gateway.wiring import wire_channels, wire_recall
from storage.database import Database
from storage.message import Message
from storage.referral import Referral
from tests.house import NUMBER, free_port
from tests.postgres import create_database, running_postgres

DUTY, NIGHT, INTERPRETERS = "+441632960111", "+441632960112", "+441632960113"
AT_ONCE = 10
WORKING_HOURS, NIGHT_TIME = datetime(2026, 11, 23, 11, 0, tzinfo=UTC), datetime(2026, 11, 23, 23, 0, tzinfo=UTC)
OUTCOMES = (("no-answer", 0.0), ("busy", 0.0), ("failed", 0.0), ("completed", 20.0), ("no-answer", 0.0))
NUMBERS = ("+4477009{:05d}", "+441632960{:03d}", None, "+4477009{:05d}")
KEYS = "112233445599*0#678"
SPOKEN = ("", "I do not want to be recorded", "my neighbour's child is crying", "no")


@dataclass(frozen=True, kw_only=True)
class Rang:
    """One finished call."""

    call: Call
    script: Sequence[Action]


@dataclass(kw_only=True)
class Outcome:
    """What came of all calls, and what is wrong with it; nothing if all is well."""

    calls: int
    faults: list[str] = field(default_factory=list)
    heard_reference: int = 0
    stayed: int = 0


def script_of(chance: random.Random) -> list[Action]:
    """What one caller does."""
    actions = [_action(chance) for _ in range(chance.randint(0, 6))]
    if chance.random() < 0.4:
        actions.append(HangUp())
    if chance.random() < 0.4:
        actions.append(HangUp(at=round(chance.uniform(0.1, 150), 1)))
    return actions


def _action(chance: random.Random) -> Action:
    drawn = chance.random()
    if drawn < 0.5:
        return Press(chance.choice(KEYS), wait=chance.choice((0.2, 5.0, 60.0)))
    if drawn < 0.55:
        return Press("".join(chance.choices("23456789", k=9)) + "#")
    if drawn < 0.8:
        return Speak(tone(chance.choice((0.05, 0.5, 2.0, 5.0))), text=chance.choice(SPOKEN))
    return Silent(chance.choice((1.0, 5.0, 11.0, 40.0)))


async def ring(sim: TwilioSim, chance: random.Random, callers: int) -> list[Rang]:
    """All of them, some at a time; what goes wrong changes from one group to the next."""
    rang: list[Rang] = []
    while len(rang) < callers:
        _go_wrong(sim, chance)
        group = [script_of(chance) for _ in range(min(AT_ONCE, callers - len(rang)))]
        numbers = [_number(chance) for _ in group]
        calls = await asyncio.gather(
            *(sim.call("/twilio/voice", script, frm) for script, frm in zip(group, numbers, strict=True))
        )
        await sim.settle()
        rang += [Rang(call=call, script=script) for call, script in zip(calls, group, strict=True)]
    return rang


def _number(chance: random.Random) -> str | None:
    form = chance.choice(NUMBERS)
    return form.format(chance.randrange(1000)) if form else None


def _go_wrong(sim: TwilioSim, chance: random.Random) -> None:
    faults = sim.faults
    faults.lose_responses, faults.duplicate_callbacks = chance.choice((0, 0, 1, 3)), chance.choice((0, 0, 1))
    faults.reverse_callbacks, faults.recording_first = chance.random() < 0.3, chance.random() < 0.3
    faults.lose_callbacks, faults.recording_delay = chance.random() < 0.2, chance.choice((0.0, 0.0, 0.3))
    sim.dial_outcome, sim.callee_presses = chance.choice(OUTCOMES), chance.choice(("1", "1", "", "5"))


class Hours:
    """A clock that is in working hours for some calls and at night for others."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance

    def __call__(self) -> datetime:
        return self._chance.choice((WORKING_HOURS, NIGHT_TIME))


async def run(folder: Path, database_url: str, *, callers: int, seed: int, streams: bool = False) -> Outcome:
    """A gateway of its own, all the calls, recall, and the judgement."""
    chance = random.Random(seed)
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    async with TwilioSim(url, speed=3000, token="test-token") as sim:
        sim.status_callback = "/twilio/call-status"
        settings = Settings(
            data_dir=folder, database_url=database_url, http=f"127.0.0.1:{port}", smtp="", public_url=url,
            twilio_account_sid=sim.account, twilio_auth_token="test-token", twilio_number=NUMBER,
            twilio_api_url=sim.url, duty_number=DUTY, night_number=NIGHT, language_line=INTERPRETERS,
            live_capture=streams,
        )  # fmt: skip
        core = open_core(settings)
        try:
            channels = wire_channels(core)
            at_the_phone = wire_channels(replace(core, clock=Hours(random.Random(seed))))
            channels = replace(channels, receivers={**channels.receivers, "phone": at_the_phone.receivers["phone"]})
            async with running(core, desks=("reading",), channels=channels):
                rang = await ring(sim, chance, callers)
                await _recalled(wire_recall(core, channels))
                await _read(core.database)
                outcome = judge(core.database, rang)
            await at_the_phone.close()
            return outcome
        finally:
            core.close()


async def _recalled(recall: Recall) -> None:
    await recall.recall()


async def _read(database: Database, seconds: float = 60) -> None:
    """Wait until the reading desk has read all that is kept."""
    for _ in range(int(seconds / 0.1)):
        unread = await database.read(lambda s: s.exec(select(Message.id).where(col(Message.read_at).is_(None))).first())
        if unread is None:
            return
        await asyncio.sleep(0.1)


def judge(database: Database, rang: Sequence[Rang]) -> Outcome:
    """Each call against what is kept of it."""
    outcome = Outcome(calls=len(rang))
    with database.reading() as session:
        rows = session.exec(select(Message.conversation, Message.referral_id, Message.source_key)).all()
        referrals = {row.id: row for row in session.exec(select(Referral)).all()}
        broken = broken_promises(session, datetime.now(UTC))
    of_call: dict[str, set[int | None]] = {}
    for conversation, referral_id, _ in rows:
        of_call.setdefault(conversation or "", set()).add(referral_id)
    for one in rang:
        outcome.faults += [
            f"{one.call.sid} {fault} {_told(one)}" for fault in _faults(one, of_call, referrals, outcome)
        ]
    if len(referrals) != len(rang):
        outcome.faults.append(f"{len(referrals)} referrals of {len(rang)} calls")
    outcome.faults += [
        f"{each.rule}: {each.what}" for each in broken if each.rule in ("no_acknowledgement", "no_next_action")
    ]
    return outcome


def _faults(
    one: Rang, of_call: dict[str, set[int | None]], referrals: dict[int | None, Referral], outcome: Outcome
) -> Iterator[str]:
    call, found = one.call, of_call.get(f"call:{one.call.sid}", set())
    if len(found) != 1 or None in found:
        yield f"is {len(found)} referrals"
        return
    if APP_ERROR in call.heard or any(w.startswith(("11", "12")) for w in call.warnings):
        yield "heard an error"
    if call.ended_by not in ("hangup", "caller"):
        yield f"ended by {call.ended_by}"
    if call.ended_by == "hangup":
        outcome.stayed += 1
        reference = saying.spoken_reference(referrals[next(iter(found))].reference)
        if any(reference in words for words in call.heard):
            outcome.heard_reference += 1
        else:
            yield "stayed to the end and did not hear the reference"


def _told(one: Rang) -> str:
    heard = [words.strip()[:40] for words in one.call.heard]
    return f"{[(type(a).__name__, getattr(a, 'digits', getattr(a, 'at', ''))) for a in one.script]} {heard}"


def main() -> int:
    """From the command line; the report goes to standard output."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--callers", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--postgresql", action="store_true", help="on a cluster of its own; SQLite if not given")
    parser.add_argument("--streams", action="store_true", help="hear the calls while they are on, too")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        url = create_database(stack.enter_context(running_postgres())) if given.postgresql else ""
        outcome = asyncio.run(run(Path(folder), url, callers=given.callers, seed=given.seed, streams=given.streams))
    sys.stdout.write(
        f"{outcome.calls} callers: {outcome.stayed} stayed to the end, {outcome.heard_reference} of them heard their"
        f" reference; {len(outcome.faults)} faults\n" + "".join(f"  {fault}\n" for fault in outcome.faults)
    )
    return 1 if outcome.faults else 0


if __name__ == "__main__":
    sys.exit(main())
