"""Has attachments read in a child process, so that the gateway stays small, quick and alive whatever is in them."""

import asyncio
import contextlib
import os
from pathlib import Path

from transcription.begun import Begun
from transcription.choose import Kind, can_read, kind_of_bytes
from transcription.contract import CannotRead, EngineFailed, NoEngine, Transcript, Unreadable
from transcription.models import ModelState, SpeechEngineName, fetch_model, model_state
from transcription.process import ChildEnded, ChildProcess, MemoryExceeded, Told
from transcription.wire import Setup, Task

__all__ = ["ModelState", "TranscriptionWorker", "can_read", "fetch_model", "model_state"]

LARGEST_BYTES = 512 * 1024 * 1024
MOST_THREADS = 4

DOCUMENT_SECONDS = 120.0
"""How long a document may take that holds its own words; pages to be looked at and sound to be heard take longer."""

TAKES_ITS_TIME = frozenset({Kind.RECORDING, Kind.PICTURE, Kind.PDF, Kind.WITH_PREVIEW})

SLICE_SECONDS = 30.0
"""How long a recording is heard before others have their turn; it ends with the windows that are being heard."""


class TranscriptionWorker:
    """One child process that reads attachments one after another: started at the first, restarted after a crash, and
    stopped when idle for `idle_seconds` so that its memory is given back.

    `speech_model` is a model's name or its folder or file; `threads` is for speech (0: as many as the machine has, at
    most four). A child that passes `memory_limit_mb` of resident memory or `seconds_limit` is killed; documents that
    hold their own words have `document_seconds`.
    """

    def __init__(
        self,
        *,
        speech_model: str,
        speech_engine: str = SpeechEngineName.FASTER_WHISPER,
        models_dir: Path,
        memory_limit_mb: int = 4096,
        seconds_limit: float = 3600.0,
        document_seconds: float = DOCUMENT_SECONDS,
        idle_seconds: float = 300.0,
        threads: int = 0,
        translates: bool = False,
    ) -> None:
        self._setup = Setup(
            speech_model=_on_disk(speech_model),
            speech_engine=SpeechEngineName(speech_engine),
            models_dir=str(models_dir.expanduser().absolute()),
            threads=threads or min(os.cpu_count() or 1, MOST_THREADS),
            memory_limit_mb=memory_limit_mb,
            translates=translates,
        )
        self._seconds_limit, self._document_seconds = seconds_limit, min(document_seconds, seconds_limit)
        self._idle_seconds = idle_seconds
        self._turn = asyncio.Lock()
        self._child: ChildProcess | None = None
        self._closed = False
        self._rest: asyncio.TimerHandle | None = None
        self._stopping: set[asyncio.Task[None]] = set()

    async def transcribe(self, data: bytes, media_type: str, name: str = "") -> Transcript:
        """The text of an attachment; calls wait for each other.

        Raises CannotRead (the bytes are at fault), NoEngine (no speech model at present) or EngineFailed (a crash, too
        much memory or time: try again). Cancelling ends the child, so nothing goes on unseen.
        """
        read = await self._in_turn(Task(media_type=media_type, name=name, data=data), None)
        if isinstance(read, Begun):
            raise EngineFailed("the reading process put aside what it should have finished")
        return read

    async def hear_on(
        self,
        data: bytes,
        media_type: str,
        name: str = "",
        *,
        begun: str = "",
        told: Told | None = None,
        slice_seconds: float = SLICE_SECONDS,
    ) -> Transcript | Begun:
        """As `transcribe`, but a recording is put aside after `slice_seconds`, so that others have their turn: hand in
        the `begun` returned (as JSON) to go on. `told` is awaited with what has been heard so far, step by step; what
        it raises ends the reading and is raised here.
        """
        task = Task(media_type=media_type, name=name, data=data, begun=begun, slice_seconds=slice_seconds)
        return await self._in_turn(task, told)

    async def _in_turn(self, task: Task, told: Told | None) -> Transcript | Begun:
        kind = self._kind_unless_refused(task.data, task.media_type, task.name)
        async with self._turn:
            self._wake()
            try:
                return await self._read(task, told, kind)
            finally:
                self._rest_later()

    async def close(self) -> None:
        """Ends the child for good, at once even in the middle of its work; whatever still waits fails."""
        self._closed = True
        self._wake()
        await self._end_child()
        if self._stopping:
            await asyncio.wait(self._stopping)

    @property
    def child_pid(self) -> int | None:
        """The child's process number while one is running."""
        return self._child.pid if self._child else None

    @property
    def is_busy(self) -> bool:
        """Whether an attachment is being read at this moment."""
        return self._turn.locked()

    def speech_state(self) -> ModelState:
        """Whether recordings can be transcribed at present."""
        return model_state(self._setup.speech_model, Path(self._setup.models_dir), self._setup.speech_engine)

    def _kind_unless_refused(self, data: bytes, media_type: str, name: str) -> Kind:
        if not data:
            raise CannotRead(Unreadable.EMPTY)
        if len(data) > LARGEST_BYTES:
            raise CannotRead(Unreadable.TOO_LARGE, f"more than {LARGEST_BYTES // 1024**2} MB")
        kind = kind_of_bytes(data, media_type, name)
        if kind is None:
            raise CannotRead(Unreadable.UNSUPPORTED)
        if kind is Kind.RECORDING and not (state := self.speech_state()).is_ready:
            raise NoEngine(state.why)
        return kind

    async def _read(self, task: Task, told: Told | None, kind: Kind) -> Transcript | Begun:
        seconds = self._seconds_limit if kind in TAKES_ITS_TIME else self._document_seconds
        try:
            async with asyncio.timeout(seconds):
                return await (await self._living_child()).ask(task, told)
        except (CannotRead, NoEngine, EngineFailed):
            raise
        except TimeoutError:
            await self._end_child()
            raise EngineFailed(f"not read within {seconds:g} seconds") from None
        except MemoryExceeded:
            await self._end_child()
            raise EngineFailed(f"more than {self._setup.memory_limit_mb} MB of memory needed") from None
        except (ChildEnded, OSError) as ended:
            await self._end_child()
            if kind not in TAKES_ITS_TIME and isinstance(ended, ChildEnded) and ended.gave_up:
                raise CannotRead(Unreadable.BROKEN, "its reader gave up") from None
            raise EngineFailed(f"the reading process ended ({ended})") from None
        except (asyncio.CancelledError, Exception):
            await asyncio.shield(self._end_child())
            raise

    async def _living_child(self) -> ChildProcess:
        if self._closed:
            raise ChildEnded("closed")
        if self._child and not self._child.is_alive:
            await self._end_child()
        if self._child is None:
            self._child = await ChildProcess.start(self._setup)
        return self._child

    async def _end_child(self) -> None:
        child, self._child = self._child, None
        if child:
            await child.end()

    def _wake(self) -> None:
        if self._rest:
            self._rest.cancel()
            self._rest = None

    def _rest_later(self) -> None:
        if self._child:
            self._rest = asyncio.get_running_loop().call_later(self._idle_seconds, self._rest_now)

    def _rest_now(self) -> None:
        if self._turn.locked():
            return
        stopping = asyncio.ensure_future(self._end_child())
        self._stopping.add(stopping)
        stopping.add_done_callback(self._stopping.discard)


def _on_disk(model: str) -> str:
    """A model given as a path is made absolute, for the child works in another folder; a name stays a name."""
    with contextlib.suppress(OSError):
        if Path(model).expanduser().exists():
            return str(Path(model).expanduser().absolute())
    return model
