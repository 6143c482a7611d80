"""Opens what strangers sent in a process of its own, which knows none of our settings, keys or tokens."""

from __future__ import annotations

import asyncio
import contextlib
import struct
import subprocess
import sys
from asyncio import StreamReader, StreamWriter
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
ENVIRONMENT = {"LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
WRITE_AT_ONCE = 256 * 1024

Heard = Callable[[bytes], Awaitable[None]]
"""Is awaited with each piece that a child says."""


class ChildFailed(Exception):
    """It ended with an error, or took too long."""


class Lengths:
    """How pieces stand one behind another in a pipe: each behind its length, eight bytes."""

    FORM = struct.Struct(">Q")

    @classmethod
    def before(cls, piece: bytes) -> bytes:
        """A piece with its length before it."""
        return cls.FORM.pack(len(piece)) + piece

    @classmethod
    def first_of(cls, told: bytes) -> bytes:
        """The first piece; raises ``ChildFailed`` where there is none, or not all of it."""
        if len(told) < cls.FORM.size:
            raise ChildFailed("it said nothing")
        (length,) = cls.FORM.unpack_from(told)
        piece = told[cls.FORM.size : cls.FORM.size + length]
        if len(piece) < length:
            raise ChildFailed("it ended within a piece")
        return piece


def in_a_child(module: str, *given: str, content: bytes, seconds: float) -> bytes:
    """What the module makes of ``content``, which it gets on standard input; raises ``ChildFailed``. Blocks."""
    command = [sys.executable, "-m", module, *given]
    try:
        made = subprocess.run(
            command, input=content, capture_output=True, check=True, timeout=seconds, cwd=ROOT, env=ENVIRONMENT
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        raise ChildFailed(type(error).__name__) from None
    return made.stdout


async def hear_a_child(module: str, *given: str, content: Sequence[bytes], heard: Heard, seconds: float) -> None:
    """The same for one that says several pieces, each heard as soon as it is said, within ``seconds`` of the last.

    Raises ``ChildFailed``; whatever ends this ends the child.
    """
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, *given, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, cwd=ROOT, env=ENVIRONMENT
    )
    if child.stdin is None or child.stdout is None:
        raise ChildFailed("no pipes to it")
    telling = asyncio.create_task(_tell(child.stdin, content))
    try:
        while (piece := await asyncio.wait_for(_next_piece(child.stdout), seconds)) is not None:
            await heard(piece)
        if await asyncio.wait_for(child.wait(), seconds) != 0:
            raise ChildFailed("it ended with an error")
    except TimeoutError:
        raise ChildFailed("it took too long") from None
    finally:
        telling.cancel()
        with contextlib.suppress(ProcessLookupError):
            child.kill()
        await asyncio.gather(telling, child.wait(), return_exceptions=True)


async def _tell(to: StreamWriter, content: Sequence[bytes]) -> None:
    """One that has heard enough closes its ear."""
    with contextlib.suppress(ConnectionError):
        for piece in content:
            for begin in range(0, len(piece), WRITE_AT_ONCE):
                to.write(memoryview(piece)[begin : begin + WRITE_AT_ONCE])
                await to.drain()
    to.close()


async def _next_piece(said: StreamReader) -> bytes | None:
    try:
        (length,) = Lengths.FORM.unpack(await said.readexactly(Lengths.FORM.size))
        return await said.readexactly(length)
    except asyncio.IncompleteReadError as error:
        if error.partial or error.expected != Lengths.FORM.size:
            raise ChildFailed("it ended within a piece") from None
        return None
