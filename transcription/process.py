"""The child process as its parent sees it: started small and without secrets, fed, watched, and ended by its number."""

import asyncio
import contextlib
import os
import signal
import sys
from asyncio import StreamReader, StreamWriter
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from transcription.begun import Begun
from transcription.contract import Transcript
from transcription.wire import LENGTHS, Setup, Task, answer_from

Told = Callable[[Begun], Awaitable[None]]
"""Is awaited with what has been heard so far, each time there is more."""

Result = TypeVar("Result")
WRITE_AT_ONCE = 256 * 1024
WATCH_SECONDS = 0.2
ROOT = Path(__file__).parents[1]


class ChildEnded(Exception):
    """The child ended in the middle of its work; says by which signal or with which exit code.

    `gave_up`: it ended itself, as libraries do that are asked for more memory than there can be; the same bytes will
    do so again.
    """

    def __init__(self, how: str, *, gave_up: bool = False) -> None:
        self.gave_up = gave_up
        super().__init__(how)


class MemoryExceeded(Exception):
    """The child held more memory than it may."""


class ChildProcess:
    """A running child; one task at a time."""

    def __init__(self, process: Process, tasks: StreamWriter, answers: StreamReader, memory_limit_mb: int) -> None:
        self._process = process
        self._tasks = tasks
        self._answers = answers
        self._memory_limit_mb = memory_limit_mb
        self.pid = process.pid

    @property
    def is_alive(self) -> bool:
        return self._process.returncode is None

    @classmethod
    async def start(cls, setup: Setup) -> "ChildProcess":
        """Starts a child with a fresh environment: none of the gateway's settings, keys or tokens reach it.

        Numba would compile for longer than openai-whisper needs to place the words of a whole recording. Threads that
        spin while they wait took four times as long beside other work, the child being the least important here.
        """
        environment = {
            "HOME": str(Path.home()),
            "HF_HUB_OFFLINE": "1",
            "LANG": "C.UTF-8",
            "MALLOC_ARENA_MAX": "2",
            "MALLOC_MMAP_THRESHOLD_": "64000000",
            "MALLOC_TRIM_THRESHOLD_": "64000000",
            "NUMBA_DISABLE_JIT": "1",
            "OMP_NUM_THREADS": str(setup.threads),
            "OMP_WAIT_POLICY": "PASSIVE",
            "OPENBLAS_NUM_THREADS": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "transcription.child", setup.as_json(),
            stdin=PIPE, stdout=PIPE, stderr=DEVNULL, cwd=ROOT, env=environment,
        )  # fmt: skip
        if process.stdin is None or process.stdout is None:
            raise ChildEnded("no pipes to it")
        return cls(process, process.stdin, process.stdout, setup.memory_limit_mb)

    async def ask(self, task: Task, told: Told | None = None) -> Transcript | Begun:
        """The child's answer, a recording's beginning if it was put aside; what `told` raises ends the waiting.

        Raises the child's refusal, ChildEnded when it dies, MemoryExceeded when it grows.
        """
        watch = asyncio.ensure_future(self._exceeds_memory())
        answer = asyncio.ensure_future(self._exchange(task, told))
        try:
            await asyncio.wait({watch, answer}, return_when=asyncio.FIRST_COMPLETED)
            if not answer.done():
                raise MemoryExceeded
            return answer.result()
        finally:
            for each in (watch, answer):
                each.cancel()
            await asyncio.gather(watch, answer, return_exceptions=True)

    async def end(self) -> None:
        """Kills the child, if it still lives, and waits until it is gone."""
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()
        await self._process.wait()
        self._tasks.close()

    async def _exchange(self, task: Task, told: Told | None) -> Transcript | Begun:
        await self._unless_ended(self._hand_over(task))
        while True:
            answer = answer_from(await self._unless_ended(self._next_answer()))
            if isinstance(answer, Transcript):
                return answer
            if answer.is_put_aside:
                return answer.begun
            if told is not None:
                await told(answer.begun)

    async def _hand_over(self, task: Task) -> None:
        self._tasks.write(task.as_frame_start())
        for first in range(0, len(task.data), WRITE_AT_ONCE):
            self._tasks.write(memoryview(task.data)[first : first + WRITE_AT_ONCE])
            await self._tasks.drain()

    async def _next_answer(self) -> bytes:
        header_length, _ = LENGTHS.unpack(await self._answers.readexactly(LENGTHS.size))
        return await self._answers.readexactly(header_length)

    async def _unless_ended(self, step: Awaitable[Result]) -> Result:
        try:
            return await step
        except (asyncio.IncompleteReadError, ConnectionError):
            code = await self._process.wait()
            how = f"signal {-code}" if code < 0 else f"exit code {code}"
            raise ChildEnded(how, gave_up=code == -signal.SIGABRT) from None

    async def _exceeds_memory(self) -> None:
        """Returns once the child's resident memory passes its limit; never where the system does not tell."""
        while _resident_mb(self.pid) <= self._memory_limit_mb:  # noqa: ASYNC110
            await asyncio.sleep(WATCH_SECONDS)


def _resident_mb(pid: int) -> float:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    except (OSError, IndexError, ValueError):
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1024**2
