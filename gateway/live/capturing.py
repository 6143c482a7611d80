"""Keeps what callers say while they say it: on the disk within half a second, in their call's referral at the end."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from channels.contract import Accept
from channels.streams.events import BYTES_A_SECOND, Hearing, StreamBegan
from channels.streams.kept import StreamHead
from gateway.clock import Clock
from gateway.live.index import Index, Standing
from gateway.live.leaving import Leaving
from gateway.live.stream import LiveStream
from storage import disk
from storage.capture import CaptureState
from storage.columns import new_id
from storage.database import Database
from storage.sealing import Seal
from storage.stream_sound import Piece, StreamSound

FOLDER = "streams"
WRITE_SECONDS = 0.25
LEAVE_SECONDS = 0.5
SETTLE_SECONDS = 2.0
ADOPT_SECONDS = 60.0
CLOSING_SECONDS = 5.0
MOST_STREAMS = 2000
MOST_UNWRITTEN = 64 * 1024 * 1024
log = logging.getLogger(__name__)


class Capturing:
    """A door that listens to streams others let in; ``open`` and ``close`` as any ``Listener``.

    The loop gathers frames, one thread writes them down for all streams together, and nothing of it waits for the
    database. What a process that ended has left is handed in by the next on this host.
    """

    def __init__(
        self,
        *,
        folder: Path,
        seal: Seal,
        database: Database,
        accept: Accept,
        clock: Clock,
        is_behind: Callable[[], bool],
    ) -> None:
        self._folder, self._clock = folder, clock
        self.sounds = StreamSound(folder / FOLDER, seal)
        self.index = Index(database=database, clock=clock)
        self.leaving = Leaving(
            sounds=self.sounds, seal=seal, accept=accept, index=self.index, clock=clock, is_behind=is_behind
        )
        self.kept_seconds = 0.0
        self._thread = _writer()
        self._live: dict[str, LiveStream] = {}
        self._unwritten: list[Piece] = []
        self._writing = asyncio.Lock()
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def running(self) -> int:
        """How many streams are on."""
        return sum(not stream.is_over for stream in self._live.values())

    @property
    def unwritten_bytes(self) -> int:
        """How much sound waits in memory because the disk did not take it."""
        return sum(len(piece.sound) for piece in self._unwritten)

    def begin(self, began: StreamBegan) -> Hearing | None:
        """Listen to a new stream; None when it cannot be kept: the call goes on, and is recorded all the same."""
        is_known = any(stream.head.began.stream == began.stream for stream in self._live.values())
        if is_known or len(self._live) >= MOST_STREAMS or not disk.has_room(self._folder):
            log.error("a stream was turned away: %s", "it is running" if is_known else "no room")
            return None
        stream = LiveStream(new_id(), StreamHead(began=began, at=self._clock()))
        self._live[stream.name] = stream
        self.index.note(stream.name, Standing(head=stream.head, state=CaptureState.LIVE))
        return stream

    async def open(self) -> None:
        """Take over what ended processes left, and begin to write."""
        await self._adopt()
        self._tasks = [
            asyncio.create_task(_every(WRITE_SECONDS, self.write)),
            asyncio.create_task(_every(LEAVE_SECONDS, self.leaving.leave)),
            asyncio.create_task(_every(ADOPT_SECONDS, self._adopt)),
            asyncio.create_task(_every(ADOPT_SECONDS, self.index.catch_up)),
            asyncio.create_task(_every(SETTLE_SECONDS, lambda: asyncio.to_thread(self.sounds.settle))),
            asyncio.create_task(self.index.run(lambda: list(self._live))),
        ]

    async def close(self) -> None:
        """Write down what has come, and hand in what there is time for; the next process does the rest."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for stream in self._live.values():
            stream.end()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(CLOSING_SECONDS):
                await self.write()
                await self.leaving.leave(at_once=True)
                await self.index.write()
        self._thread.shutdown()
        self._thread = _writer()
        self.sounds.close()

    async def write(self) -> None:
        """Everything that has come until now is durable when this returns, or waits to be written again."""
        async with self._writing:
            streams = list(self._live.values())
            over = [stream for stream in streams if stream.is_over]
            self._unwritten += [piece for stream in streams for piece in stream.taken()]
            try:
                await self._append(self._unwritten)
            except OSError as error:
                log.error("the sound of %d streams waits to be written: %s", len(streams), type(error).__name__)
                self._unwritten = _within_bounds(self._unwritten)
                return
            self.kept_seconds += sum(len(piece.sound) for piece in self._unwritten if piece.number) / BYTES_A_SECOND
            self._unwritten = []
            for stream in over:
                self._end(stream)

    async def _append(self, pieces: list[Piece]) -> None:
        if pieces:
            await asyncio.get_running_loop().run_in_executor(self._thread, self.sounds.append, list(pieces))

    def _end(self, stream: LiveStream) -> None:
        del self._live[stream.name]
        ended = Standing(
            head=stream.head, state=CaptureState.ENDED, ended_at=self._clock(),
            seconds=round(stream.length / BYTES_A_SECOND, 1),
        )  # fmt: skip
        self.index.note(stream.name, ended)
        self.leaving.add(stream.name)

    async def _adopt(self) -> None:
        try:
            adopted = await asyncio.to_thread(self.sounds.adopt)
        except OSError as error:
            log.error("what another process heard cannot be taken over: %s", type(error).__name__)
            return
        if adopted:
            log.warning("%d streams were left by a process that ended", len(adopted))
        for name in adopted:
            self.leaving.add(name)


def _writer() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, thread_name_prefix="streams")


def _within_bounds(pieces: list[Piece]) -> list[Piece]:
    """All, or the newest if the disk has refused so much that memory would run out; heads are never given up."""
    size, kept = 0, []
    for piece in reversed(pieces):
        size += len(piece.sound)
        if size <= MOST_UNWRITTEN or piece.number == 0:
            kept.append(piece)
    return kept[::-1]


async def _every(seconds: float, do: Callable[[], Awaitable[None]]) -> None:
    """Until cancelled, begun so often however long it takes; whatever goes wrong once is tried again."""
    loop = asyncio.get_running_loop()
    due = loop.time() + seconds
    while True:
        await asyncio.sleep(max(0.0, due - loop.time()))
        due = max(due, loop.time()) + seconds
        try:
            await do()
        except Exception as error:
            log.error("streams: %s", type(error).__name__)
