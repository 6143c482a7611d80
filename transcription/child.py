"""The process in which recordings and pages are read: tasks come in, transcripts go out, memory is bounded."""

import contextlib
import os
import sys
import threading
import time
import traceback
from pathlib import Path
from typing import BinaryIO

from transcription.begun import Begun
from transcription.contract import CannotRead, EngineFailed, NoEngine
from transcription.reading import Reader
from transcription.wire import LENGTHS, Answer, HeardSoFar, Setup, Task, answer_frame

OUT_OF_MEMORY = "out of memory"

ADDRESS_SPACE_FACTOR = 2
ADDRESS_SPACE_EXTRA_MB = 2048
"""Engines reserve far more addresses than they touch; beyond this much the next allocation fails inside the process,
so that one enormous request ends in an answer. What is really in use is watched from outside."""

ORPHAN_CHECK_SECONDS = 1.0


def main() -> None:
    """Answers tasks on standard input until it closes; nothing but answers is ever written to standard output."""
    setup = Setup.from_json(sys.argv[1])
    answers = _keep_output_for_answers()
    os.nice(10)
    _limit_addresses(setup.memory_limit_mb)
    threading.Thread(target=_end_when_orphaned, args=(os.getppid(),), daemon=True).start()
    reader = Reader(setup)
    while task := _next_task(sys.stdin.buffer):
        _send(answers, _answer(reader, task, answers))


def _send(answers: BinaryIO, answer: Answer | HeardSoFar) -> None:
    answers.write(answer_frame(answer))
    answers.flush()


def _answer(reader: Reader, task: Task, answers: BinaryIO) -> Answer | HeardSoFar:
    try:
        read = reader.read_on(task, lambda begun: _send(answers, HeardSoFar(begun=begun, is_put_aside=False)))
        return HeardSoFar(begun=read, is_put_aside=True) if isinstance(read, Begun) else read
    except (CannotRead, NoEngine, EngineFailed) as answer:
        return answer
    except MemoryError:
        return EngineFailed(OUT_OF_MEMORY)
    except Exception as problem:
        if _is_out_of_memory(problem):
            return EngineFailed(OUT_OF_MEMORY)
        return EngineFailed(_where(problem))


def _where(problem: Exception) -> str:
    """What went wrong and at which line, never with which words."""
    frames = traceback.extract_tb(problem.__traceback__)
    return f"{type(problem).__name__} at {Path(frames[-1].filename).name}:{frames[-1].lineno}"


def _is_out_of_memory(problem: Exception) -> bool:
    """Engines written in C++ report a failed allocation in their own words."""
    words = str(problem).lower()
    return any(sign in words for sign in ("bad_alloc", "bad allocation", "out of memory", "failed to allocate"))


def _next_task(source: BinaryIO) -> Task | None:
    start = source.read(LENGTHS.size)
    if len(start) < LENGTHS.size:
        return None
    header_length, data_length = LENGTHS.unpack(start)
    header, data = source.read(header_length), source.read(data_length)
    return Task.from_frame(header, data) if len(data) == data_length else None


def _keep_output_for_answers() -> BinaryIO:
    """Libraries print; what they print goes nowhere, so that it can neither break an answer nor reach a log."""
    answers = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    return answers


def _limit_addresses(memory_limit_mb: int) -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        most = (memory_limit_mb * ADDRESS_SPACE_FACTOR + ADDRESS_SPACE_EXTRA_MB) * 1024 * 1024
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _end_when_orphaned(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(ORPHAN_CHECK_SECONDS)
    os._exit(1)


if __name__ == "__main__":
    main()
