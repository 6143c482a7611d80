"""Live streams one core keeps durably: 20 ms frames over real sockets, sealed and fsync'd, and how long each waited."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from benchmarks.figures import Figure, at_most
from benchmarks.processes import serving, told_by
from benchmarks.run import SQLITE, Run
from benchmarks.stream_gateway import TOLD

STEPS = (200, 400, 600, 800, 1000)
LEAST = 200
LONGEST_WAIT_MS = 1000.0
FULL = 0.9
"""Of a core: beyond it nothing is left for anything else."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """What was measured with so many streams."""

    streams: int
    kept: float
    core: float
    p50_ms: float
    p99_ms: float
    memory_mb: float

    @property
    def held(self) -> bool:
        """Everything said was kept, within the second that may be lost, with a tenth of the core to spare."""
        return self.kept > 0.999 and self.p99_ms <= LONGEST_WAIT_MS and self.core <= FULL


def measure(run: Run) -> list[Figure]:
    """More and more streams until one core is full."""
    seconds, steps = (4.0, STEPS[:1]) if run.quick else (8.0, STEPS)
    found: list[Step] = []
    for streams in steps:
        found.append(_step(run, streams, seconds))
        one = found[-1]
        run.say(f"streams: {streams} took {one.core:.0%} of a core, p99 {one.p99_ms:.0f} ms, {one.kept:.1%} kept")
        if not found[-1].held:
            break
    return _figures(found)


def _step(run: Run, streams: int, seconds: float) -> Step:
    with run.database(SQLITE) as url, run.data_dir() as folder:
        with serving("benchmarks.stream_gateway", folder, url) as port:
            load: dict[str, Any] = told_by("benchmarks.stream_load", port, streams, seconds)
        told = json.loads((folder / TOLD).read_text())
    return Step(
        streams=streams, kept=told["kept_seconds"] / load["said_seconds"], core=told["core"], p50_ms=told["p50_ms"],
        p99_ms=told["p99_ms"], memory_mb=told["memory_mb"],
    )  # fmt: skip


def _figures(found: list[Step]) -> list[Figure]:
    first, most = found[0], max((step.streams for step in found if step.held), default=0)
    return [
        Figure(
            what="live streams one core keeps durably", value=most, unit="streams", target=f">= {LEAST}",
            met=most >= LEAST, anchor=f"{first.streams} take {first.core:.0%} of a core",
        ),
        at_most(
            f"frame sent to durable, p99, {first.streams} streams", first.p99_ms, "ms", LONGEST_WAIT_MS,
            anchor=f"p50 {first.p50_ms:.0f} ms",
        ),
        Figure(
            what=f"memory a live stream takes, {first.streams} streams", value=first.memory_mb * 1000 / first.streams,
            unit="kB",
        ),
    ]  # fmt: skip
