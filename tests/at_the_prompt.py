"""Commands as an operator types them, each in a process of its own that is forked with its imports already done.

To import the gateway takes a second and a half of one core, and the suite starts some eighty such processes. The server
they are forked from is started at first need and holds nothing but modules.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path

PRELOADED = ["gateway.__main__", "gateway.app", "gateway.wiring"]
FORKING = multiprocessing.get_context("forkserver")
FORKING.set_forkserver_preload(PRELOADED)


@dataclass(frozen=True, kw_only=True)
class Ended:
    """How a command ended and what it printed."""

    returncode: int
    stdout: str
    stderr: str


def start(
    words: Sequence[str], *, folder: Path, environment: Mapping[str, str], streams: Sequence[Path] = ()
) -> BaseProcess:
    """``frontdoor`` with these words; ``streams`` are the files it reads from and prints to, nothing if none."""
    process = FORKING.Process(target=_run, args=(list(words), folder, dict(environment), list(streams)))
    process.start()
    return process


def typed(
    words: Sequence[str], *, folder: Path, environment: Mapping[str, str], stdin: str = "", seconds: float = 120
) -> Ended:
    """A command that ends by itself within ``seconds``; TimeoutError if it does not."""
    with tempfile.TemporaryDirectory() as kept:
        streams = [Path(kept) / name for name in ("in", "out", "err")]
        for stream in streams:
            stream.write_text(stdin if stream.name == "in" else "")
        process = start(words, folder=folder, environment=environment, streams=streams)
        process.join(seconds)
        if process.exitcode is None:
            process.kill()
            process.join()
            raise TimeoutError(f"{words[0]} did not end in {seconds} s")
        code = process.exitcode
        process.close()
        return Ended(returncode=code, stdout=streams[1].read_text(), stderr=streams[2].read_text())


def _run(words: list[str], folder: Path, environment: dict[str, str], streams: list[Path]) -> None:
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    for number, path in enumerate(streams or [Path(os.devnull)] * 3):
        opened = os.open(path, os.O_RDWR)
        os.dup2(opened, number)
        os.close(opened)
    sys.stdin, sys.stdout, sys.stderr = open(0), open(1, "w"), open(2, "w")  # noqa: SIM115
    from gateway.__main__ import main

    sys.argv = ["frontdoor", *words]
    sys.exit(main(words))
