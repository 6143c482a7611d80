"""What will be sent and what will break in a run, drawn from its seed: the same seed gives the same plan."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

VANISHES_AT = 0.6


class Way(StrEnum):
    """How a message of the load reaches the gateway; ``machine``: a mail nobody wrote, ``poison``: nothing readable."""

    MAIL = "mail"
    TEXT = "text"
    CALL = "call"
    FORM = "form"
    NOTE = "note"
    LETTER = "letter"
    MACHINE = "machine"
    POISON = "poison"


class Fault(StrEnum):
    """What can be done to the gateway and to the world around it."""

    KILL_DOORS = "kill -9 of the doors"
    KILL_DESKS = "kill -9 of the desks"
    KILL_SECOND_HOST = "kill -9 of the second host's desks"
    KILL_WATCH = "kill -9 of the watch"
    HANG = "a process hangs"
    VANISH = "the second host vanishes for good"
    DATABASE_LOCKED = "the database is locked by somebody else"
    DATABASE_STOPPED = "the database is stopped and started"
    DATABASE_CRASHED = "the database crashes and is started"
    RELAY_REFUSES = "the relay refuses connections"
    RELAY_HANGS = "the relay hangs"
    RELAY_DROPS_TAKEN = "the relay takes a mail and drops its answer"
    RELAY_DROPS_LOST = "the relay drops the connection and the mail"
    RELAY_LATER = "the relay says 4xx"
    RELAY_NEVER = "the relay says 5xx"
    PROVIDER_BUSY = "the provider says 429"
    PROVIDER_BROKEN = "the provider says 500"
    PROVIDER_SLOW = "the provider takes a text and does not answer in time"
    PROVIDER_DROPS = "the provider takes a text and drops its answer"
    PROVIDER_LISTS = "the provider's lists fail"
    ANSWER_LOST = "an answer to a webhook is lost"
    WEBHOOK_TWICE = "webhooks come twice"
    WEBHOOK_REVERSED = "webhooks come in the wrong order"
    WEBHOOK_LATE = "webhooks come late"
    WEBHOOK_FORGED = "a forged webhook"
    TEXTS_FAIL = "texts end undelivered"
    RECORDING_LATE = "recordings are not ready yet"
    DISK_FULL = "the disk is full"
    POWER_CUT = "a power cut"
    CLOCK_AHEAD = "a host's clock jumps ahead and back"
    CLOCK_BEHIND = "a host's clock jumps behind and back"


SHARES: dict[Way, int] = {
    Way.MAIL: 48, Way.TEXT: 17, Way.CALL: 7, Way.FORM: 12, Way.NOTE: 4, Way.LETTER: 4, Way.MACHINE: 6, Way.POISON: 2,
}  # fmt: skip
WEIGHTS: dict[Fault, int] = {
    Fault.KILL_DOORS: 9, Fault.KILL_DESKS: 9, Fault.KILL_SECOND_HOST: 4, Fault.KILL_WATCH: 2, Fault.HANG: 8,
    Fault.DATABASE_LOCKED: 3, Fault.DATABASE_STOPPED: 2, Fault.DATABASE_CRASHED: 3, Fault.RELAY_REFUSES: 4,
    Fault.RELAY_HANGS: 3, Fault.RELAY_DROPS_TAKEN: 5, Fault.RELAY_DROPS_LOST: 4, Fault.RELAY_LATER: 4,
    Fault.RELAY_NEVER: 2, Fault.PROVIDER_BUSY: 4, Fault.PROVIDER_BROKEN: 4, Fault.PROVIDER_SLOW: 2,
    Fault.PROVIDER_DROPS: 5, Fault.PROVIDER_LISTS: 3, Fault.ANSWER_LOST: 6, Fault.WEBHOOK_TWICE: 3,
    Fault.WEBHOOK_REVERSED: 3, Fault.WEBHOOK_LATE: 2, Fault.WEBHOOK_FORGED: 5, Fault.TEXTS_FAIL: 2,
    Fault.RECORDING_LATE: 2, Fault.DISK_FULL: 1, Fault.POWER_CUT: 1, Fault.CLOCK_AHEAD: 1, Fault.CLOCK_BEHIND: 1,
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class PlannedMessage:
    """One message: when it is sent (0 to 1 of the run) and ``draw``, from which all its content comes."""

    number: int
    way: Way
    at: float
    draw: int


@dataclass(frozen=True, kw_only=True)
class PlannedFault:
    """One fault: when it strikes (0 to 1 of the run) and ``draw``, from which its length and victim come."""

    number: int
    fault: Fault
    at: float
    draw: int


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A whole run, each in order of time."""

    seed: int
    messages: Sequence[PlannedMessage]
    faults: Sequence[PlannedFault]


def plan(seed: int, *, messages: int, faults: int, impossible: frozenset[Fault] = frozenset()) -> Plan:
    """Each kind of fault at least once where there are enough; the second host vanishes exactly once.

    What is ``impossible`` here is not drawn. Pure: the same arguments give the same plan.
    """
    chance = random.Random(seed)
    ways = chance.choices(list(SHARES), weights=list(SHARES.values()), k=messages)
    sent = sorted(chance.random() for _ in range(messages))
    struck = sorted(0.02 + 0.98 * chance.random() for _ in range(faults - 1))
    kinds = _kinds(chance, faults - 1, {kind: n for kind, n in WEIGHTS.items() if kind not in impossible})
    return Plan(
        seed=seed,
        messages=[
            PlannedMessage(number=number, way=way, at=at, draw=chance.getrandbits(48))
            for number, (way, at) in enumerate(zip(ways, sent, strict=True), start=1)
        ],
        faults=_in_order(
            [(at, kind, chance.getrandbits(48)) for at, kind in zip(struck, kinds, strict=True)]
            + [(VANISHES_AT, Fault.VANISH, 0)]
        ),
    )


def _kinds(chance: random.Random, count: int, weights: Mapping[Fault, int]) -> list[Fault]:
    kinds = list(weights)
    if count < len(kinds):
        return chance.sample(kinds, count)
    kinds += chance.choices(list(weights), weights=list(weights.values()), k=count - len(kinds))
    chance.shuffle(kinds)
    return kinds


def _in_order(drawn: list[tuple[float, Fault, int]]) -> list[PlannedFault]:
    return [
        PlannedFault(number=number, fault=fault, at=at, draw=draw)
        for number, (at, fault, draw) in enumerate(sorted(drawn), start=1)
    ]
