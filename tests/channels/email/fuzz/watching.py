"""Has mails read in processes of their own, and ends those that hang: a mail that kills its reader is found too."""

import multiprocessing
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from multiprocessing.sharedctypes import Synchronized
from typing import Any

from tests.channels.email.fuzz.drawing import drawn_mail
from tests.channels.email.fuzz.trial import tried

HANGS_AFTER = 60.0
_LOOK_EVERY = 0.2
_SPAWN = multiprocessing.get_context("fork")


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What went wrong with the n-th mail."""

    number: int
    what: str


@dataclass(frozen=True, kw_only=True)
class _Task:
    """What every process is given: ``read`` says what went wrong with a mail."""

    seed: int
    begun_from: Sequence[bytes]
    read: Callable[[bytes], str]


@dataclass(kw_only=True)
class _Watched:
    """One process and the numbers it works through; ``at`` is the one it is at, ``since`` when it began with it."""

    process: BaseProcess
    at: Synchronized  # type: ignore[type-arg]
    last: int
    seen: int
    since: float


def _work(task: _Task, numbers: range, at: Any, findings: Any) -> None:
    for number in numbers:
        at.value = number
        if what := task.read(drawn_mail(task.seed, number, task.begun_from)):
            findings.put(Finding(number=number, what=what))
    at.value = numbers.stop


def run(
    *, seed: int, mails: int, workers: int, begun_from: Sequence[bytes], progress: Callable[[int], None],
    read: Callable[[bytes], str] = tried, hangs_after: float = HANGS_AFTER,
) -> list[Finding]:  # fmt: skip
    """Every finding, in the order of their numbers; ``progress`` is told how many mails are done."""
    task = _Task(seed=seed, begun_from=begun_from, read=read)
    findings: Any = _SPAWN.SimpleQueue()
    found: list[Finding] = []
    share = -(-mails // workers)
    pieces = [range(n * share, min((n + 1) * share, mails)) for n in range(workers)]
    watched = [_started(task, piece, findings) for piece in pieces if piece]
    done_before = 0
    while watched:
        time.sleep(_LOOK_EVERY)
        while not findings.empty():
            found.append(findings.get())
        for each in list(watched):
            if each.process.is_alive() and not _hangs(each, hangs_after):
                continue
            watched.remove(each)
            if each.at.value < each.last:
                found.append(_ended(each))
                rest = range(each.at.value + 1, each.last)
                watched += [_started(task, rest, findings)] if rest else []
        done = mails - sum(each.last - each.at.value for each in watched)
        progress(done - done_before)
        done_before = done
    while not findings.empty():
        found.append(findings.get())
    return sorted(found, key=lambda finding: finding.number)


def _started(task: _Task, numbers: range, findings: Any) -> _Watched:
    at = _SPAWN.Value("q", numbers.start)
    process = _SPAWN.Process(target=_work, args=(task, numbers, at, findings), daemon=True)
    process.start()
    return _Watched(process=process, at=at, last=numbers.stop, seen=numbers.start, since=time.monotonic())


def _hangs(each: _Watched, seconds: float) -> bool:
    if each.at.value != each.seen:
        each.seen, each.since = each.at.value, time.monotonic()
    return time.monotonic() - each.since > seconds


def _ended(each: _Watched) -> Finding:
    what = "hung" if each.process.is_alive() else f"ended its reader ({each.process.exitcode})"
    each.process.kill()
    each.process.join()
    return Finding(number=each.at.value, what=what)
