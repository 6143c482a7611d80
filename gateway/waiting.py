"""One message on its way in: what was computed for it beforehand, and the one reference it will be told."""

from __future__ import annotations

import asyncio
import hashlib
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from channels.contract import RawMessage, Receipt
from gateway import working_days


@dataclass(kw_only=True, eq=False)
class Waiting:
    """An accept that waits to be kept. The writer's thread and the spool's may both want it; ``told`` is settled once.

    ``in_file``: the body lies in a sealed file already. ``is_bound``: ``told`` may have been told, whatever follows.
    ``is_held``: it was handed to the spool, whatever the database says later.
    """

    raw: RawMessage
    captured_at: datetime
    sha256: str
    future: asyncio.Future[Receipt] | None = None
    in_file: bool = False
    told: str | None = None
    is_bound: bool = False
    is_held: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @classmethod
    def of(cls, raw: RawMessage, at: datetime, *, told: str | None = None) -> Waiting:
        """A message that came at this moment; ``told``: its sender was told this reference before."""
        sha256 = raw.in_file.sha256 if raw.in_file else hashlib.sha256(raw.body).hexdigest()
        is_bound, in_file = told is not None, raw.in_file is not None
        return cls(raw=raw, captured_at=at, sha256=sha256, in_file=in_file, told=told, is_bound=is_bound)

    @property
    def key(self) -> tuple[str, str]:
        """What makes a second one a repeat."""
        return self.raw.channel, self.raw.source_key

    @property
    def size(self) -> int:
        """Bytes, wherever they lie."""
        return self.raw.in_file.size if self.raw.in_file else len(self.raw.body)

    @property
    def received_at(self) -> datetime:
        """When it reached us; a time in the future is not believed."""
        return min(self.raw.received_at or self.captured_at, self.captured_at)

    def offered(self, reference: str) -> str:
        """The database's transaction would give it this reference; returns the one it is bound to, if it is."""
        with self._lock:
            if not self.is_bound or self.told is None:
                self.told = reference
            return self.told

    def bound(self, draw: Callable[[], str]) -> str:
        """From now on this reference counts as told: the one of a commit whose outcome is unknown, or a new one."""
        with self._lock:
            self.is_bound = True
            if self.told is None:
                self.told = draw()
            return self.told

    def settle(self, receipt: Receipt) -> None:
        """Answer whoever waits, once."""
        if self.future is not None and not self.future.done():
            self.future.set_result(receipt)

    def refuse(self, error: Exception) -> None:
        """Tell whoever waits that it was not kept."""
        if self.future is not None and not self.future.done():
            self.future.set_exception(error)
            self.future.exception()


def receipt(reference: str, received_at: datetime, *, repeated: bool) -> Receipt:
    """What may be told, with the time by which somebody looks."""
    look_by = working_days.look_by(received_at)
    return Receipt(reference=reference, received_at=received_at, look_by=look_by, repeated=repeated)
