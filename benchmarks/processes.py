"""Processes of a benchmark's own: started, listened to, weighed, and ended with whoever started them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

READY_SECONDS = 60.0
END_SECONDS = 20.0


@contextmanager
def serving(module: str, *arguments: object) -> Iterator[str]:
    """``python -m module``: yields its first line, which it prints once it serves; it ends when its input ends."""
    with serving_process(module, *arguments) as (_, line):
        yield line


@contextmanager
def serving_process(module: str, *arguments: object) -> Iterator[tuple[int, str]]:
    """The same, with its process id."""
    with subprocess.Popen(
        _python(module, arguments), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        try:
            line = child.stdout.readline().strip() if child.stdout else ""
            if not line:
                raise RuntimeError(f"{module} ended before it served")
            yield child.pid, line
        finally:
            if child.stdin:
                child.stdin.close()
            _wait(child)


def told_by(module: str, *arguments: object) -> Any:
    """Run ``python -m module`` to its end; returns the JSON it prints last."""
    done = subprocess.run(_python(module, arguments), stdout=subprocess.PIPE, text=True, check=True, timeout=600)
    return json.loads(done.stdout.splitlines()[-1])


@contextmanager
def frontdoor(settings: Mapping[str, object], *arguments: str) -> Iterator[int]:
    """``frontdoor serve`` with these settings: yields its process id once it is ready; stopped as an operator would."""
    told = {f"FRONTDOOR_{name.upper()}": str(value) for name, value in settings.items()}
    command = _python("gateway", ("serve", *arguments))
    with (
        tempfile.TemporaryFile("w+") as log,
        subprocess.Popen(command, env={**os.environ, **told}, stdin=subprocess.DEVNULL, stderr=log) as child,
    ):
        try:
            if not _ready(child, str(settings.get("http", ""))):
                log.seek(0)
                raise RuntimeError(f"frontdoor did not get ready: {log.read()[-2000:]}")
            yield child.pid
        finally:
            child.terminate()
            _wait(child)


def memory_mb(pid: int) -> float:
    """What a process and its children hold in memory, pages they share counted by share (MB of 10^6 bytes)."""
    return sum(_share(each) for each in [pid, *_children(pid)]) / 1e6


def resident_mb(pid: int) -> float:
    """What a process and its children have in memory, quickly asked, pages they share counted in each (10^6 bytes)."""
    pages = [int(Path(f"/proc/{each}/statm").read_text().split()[1]) for each in [pid, *_children(pid)]]
    return sum(pages) * os.sysconf("SC_PAGE_SIZE") / 1e6


def processor_ms(pid: int) -> float:
    """The processor time a process has used, its own and the kernel's for it (ms)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def _share(pid: int) -> int:
    """Proportional set size in bytes."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))


def _children(pid: int) -> list[int]:
    own = [int(n) for path in Path(f"/proc/{pid}/task").glob("*/children") for n in path.read_text().split()]
    return [*own, *(grandchild for child in own for grandchild in _children(child))]


def _python(module: str, arguments: tuple[object, ...]) -> list[str]:
    return [sys.executable, "-m", module, *map(str, arguments)]


def _ready(child: subprocess.Popen[bytes], address: str) -> bool:
    give_up = time.monotonic() + READY_SECONDS
    while child.poll() is None and time.monotonic() < give_up:
        try:
            if not address or httpx.get(f"http://{address}/health/ready", trust_env=False).status_code == 200:
                return True
        except httpx.TransportError:
            time.sleep(0.1)
    return False


def _wait(child: subprocess.Popen[Any]) -> None:
    try:
        child.wait(END_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
