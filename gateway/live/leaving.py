"""What an ended stream leaves goes in as a message of its call, once; only then is its file forgotten."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from channels.contract import Accept, NotKept
from channels.streams.kept import StreamHead, message_of
from channels.streams.whole import Whole, whole
from gateway.clock import Clock
from gateway.live.index import Index, Standing
from storage.capture import CaptureState
from storage.sealing import Seal, SealBroken
from storage.stream_sound import StreamSound, pieces_of

AGAIN_SECONDS = 5.0
TOGETHER = 8  # that share a commit
log = logging.getLogger(__name__)


class Leaving:
    """A stream waits ``settle_seconds`` first, so that the call's own webhooks tell who rang and what was promised.

    Of a caller who refused to be recorded nothing is kept but that they rang; while nobody can say whether one did, the
    sound stays sealed on the disk of this host. ``is_behind``: what the call said may not be in the database yet.
    """

    def __init__(
        self,
        *,
        sounds: StreamSound,
        seal: Seal,
        accept: Accept,
        index: Index,
        clock: Clock,
        is_behind: Callable[[], bool],
    ) -> None:
        self._sounds, self._seal, self._accept, self._index, self._clock = sounds, seal, accept, index, clock
        self._is_behind = is_behind
        self._due: dict[str, float] = {}
        self._turn = asyncio.Lock()
        self.settle_seconds = 5.0

    @property
    def waiting(self) -> int:
        """How many have not gone in yet."""
        return len(self._due)

    def add(self, name: str) -> None:
        """This stream has ended, and all of it is on the disk."""
        self._due[name] = asyncio.get_running_loop().time() + self.settle_seconds

    async def leave(self, *, at_once: bool = False) -> None:
        """Hand in those whose time has come."""
        async with self._turn:
            now = asyncio.get_running_loop().time()
            names = [name for name, due in self._due.items() if at_once or due <= now]
            for begin in range(0, len(names), TOGETHER):
                await asyncio.gather(*map(self._leave_or_wait, names[begin : begin + TOGETHER]))

    async def _leave_or_wait(self, name: str) -> None:
        if await self._leave(name):
            self._due.pop(name, None)
        else:
            self._due[name] = asyncio.get_running_loop().time() + AGAIN_SECONDS

    async def _leave(self, name: str) -> bool:
        """Whether nothing more is to be done for it."""
        try:
            head, heard = await asyncio.to_thread(self._read, name)
            is_behind = self._is_behind()
            is_refused = await self._index.is_refused(head.conversation)
            if is_refused is None or (is_behind and not is_refused):
                return False
            if is_refused:
                heard = Whole(sound=b"", gaps=())
            await self._accept(await asyncio.to_thread(message_of, head, heard))
            await asyncio.to_thread(self._sounds.forget, name)
        except FileNotFoundError:
            return True
        except (SealBroken, ValueError, KeyError) as error:
            log.error("the sound of a stream cannot be read back and is set aside: %s", type(error).__name__)
            await asyncio.to_thread(self._sounds.set_aside, name)
            return True
        except (NotKept, OSError) as error:
            log.warning("the sound of a stream waits to be kept: %s", type(error).__name__)
            return False
        ended_at, gaps = self._clock(), len(heard.gaps)
        kept = Standing(
            head=head, state=CaptureState.KEPT, ended_at=ended_at, seconds=round(heard.seconds, 1), gaps=gaps
        )
        self._index.note(name, kept)
        return True

    def _read(self, name: str) -> tuple[StreamHead, Whole]:
        head, *pieces = pieces_of(self._sounds.root, self._seal, name)
        return StreamHead.from_bytes(head.sound), whole((piece.at, piece.sound) for piece in pieces)
