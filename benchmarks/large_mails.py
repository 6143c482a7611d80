"""Mails of 30 MB, one and ten at once: how long each takes, what they add to memory, and whom they hold up."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event, Thread

from benchmarks.figures import Figure, at_most, beside, median
from benchmarks.gateways import a_gateway
from benchmarks.mail_servers import NOTHING
from benchmarks.memory import wait_until_idle
from benchmarks.processes import resident_mb, serving_process, told_by
from benchmarks.run import Run

MEGABYTES = 30
TOGETHER = 10
TIME_RATIO = 0.16  # 0.2 s where aiosmtpd takes 1.3
GROWTH_MB = 10.0
STALL_MS = 50.0
LOOK_SECONDS = 0.01
ANCHOR = "aiosmtpd doing nothing"


@dataclass(frozen=True, kw_only=True)
class Seen:
    """Medians of some rounds: the slowest mail, the growth over what was held before, the longest wait of another."""

    seconds: float
    growth_mb: float
    longest_wait_ms: float


def measure(run: Run) -> list[Figure]:
    """Aiosmtpd as it comes, our door alone, then a whole gateway that also reads what came; a process each."""
    figures: list[Figure] = []
    with run.data_dir() as folder, serving_process("benchmarks.mail_servers", NOTHING, folder, "") as (pid, port):
        anchors = {count: _seen(run, pid, int(port), count) for count in (1, TOGETHER)}
    figures += [figure for count, seen in anchors.items() for figure in _plain(count, seen)]
    for kind in run.kinds:
        with (
            run.database(kind) as url, run.data_dir() as folder,
            serving_process("benchmarks.mail_servers", "ours", folder, url) as (pid, port),
        ):  # fmt: skip
            for count in (1, TOGETHER):
                figures += _of_the_door(kind, count, _seen(run, pid, int(port), count), anchors[count])
        figures += _of_a_gateway(run, kind)
    return figures


def _seen(run: Run, pid: int, port: int, count: int) -> Seen:
    """A first round fills what is kept ready."""
    rounds = [_round(pid, port, count) for _ in range(2 if run.quick else 4)][1:]
    run.say(f"large_mails: {count} at once")
    return Seen(
        seconds=median([each.seconds for each in rounds]), growth_mb=median([each.growth_mb for each in rounds]),
        longest_wait_ms=median([each.longest_wait_ms for each in rounds]),
    )  # fmt: skip


def _round(pid: int, port: int, count: int) -> Seen:
    before = resident_mb(pid)
    with _watched(pid) as most:
        told = told_by("benchmarks.large_load", port, count, MEGABYTES * 1_000_000)
    if told["refused"]:
        raise RuntimeError(f"{told['refused']} of {count} large mails were refused")
    growth = max(most) - before
    return Seen(seconds=max(told["seconds"]), growth_mb=growth, longest_wait_ms=told["longest_wait_ms"])


@contextmanager
def _watched(pid: int) -> Iterator[list[float]]:
    """What a process holds, looked at all the while."""
    held, over = [resident_mb(pid)], Event()

    def look() -> None:
        while not over.wait(LOOK_SECONDS):
            held.append(resident_mb(pid))

    watching = Thread(target=look)
    watching.start()
    try:
        yield held
    finally:
        over.set()
        watching.join()


def _plain(count: int, seen: Seen) -> list[Figure]:
    told = f"{count} mail{'s' if count > 1 else ''} of {MEGABYTES} MB at once, {ANCHOR}"
    return [
        Figure(what=f"{told}: the slowest", value=seen.seconds, unit="s"),
        Figure(what=f"{told}: memory added", value=seen.growth_mb, unit="MB"),
        Figure(what=f"{told}: longest wait of another", value=seen.longest_wait_ms, unit="ms"),
    ]


def _of_the_door(kind: str, count: int, seen: Seen, anchor: Seen) -> list[Figure]:
    told = f"{count} mail{'s' if count > 1 else ''} of {MEGABYTES} MB at once, our door on {kind}"
    return [
        beside(
            f"{told}: the slowest", seen.seconds, "s", anchor=f"{anchor.seconds:.2f} s",
            ratio=seen.seconds / anchor.seconds, most=TIME_RATIO,
        ),
        at_most(f"{told}: memory added", seen.growth_mb, "MB", _growth(count), anchor=f"{anchor.growth_mb:.0f} MB"),
        at_most(
            f"{told}: longest wait of another", seen.longest_wait_ms, "ms", STALL_MS,
            anchor=f"{anchor.longest_wait_ms:.0f} ms",
        ),
    ]  # fmt: skip


def _growth(count: int) -> float:
    """One mail may add 10 MB; ten together less than one of them is long."""
    return GROWTH_MB if count == 1 else float(MEGABYTES)


def _of_a_gateway(run: Run, kind: str) -> list[Figure]:
    """Doors and desks in one process: what is added until all ten have been read."""
    with run.database(kind) as url, run.data_dir() as folder, a_gateway(folder, url) as gateway:
        told_by("benchmarks.large_load", gateway.smtp_port, 1, 1_000_000)
        wait_until_idle(gateway)
        before, began = resident_mb(gateway.pid), time.monotonic()
        with _watched(gateway.pid) as held:
            told = told_by("benchmarks.large_load", gateway.smtp_port, TOGETHER, MEGABYTES * 1_000_000)
            wait_until_idle(gateway)
        took = time.monotonic() - began
        run.say(f"large_mails: a gateway on {kind} read them within {took:.0f} s")
        what = f"{TOGETHER} mails of {MEGABYTES} MB at once, a whole gateway on {kind}"
        return [
            Figure(what=f"{what}: the slowest", value=max(told["seconds"]), unit="s"),
            Figure(what=f"{what}: memory added until all are read", value=max(held) - before, unit="MB"),
            Figure(what=f"{what}: memory kept afterwards", value=held[-1] - before, unit="MB"),
            Figure(what=f"{what}: longest wait of another", value=told["longest_wait_ms"], unit="ms"),
        ]
