"""Which channels cannot send at the moment: one notice at a time tries whether that is over, the others wait."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

TRYING_TAKES = timedelta(seconds=90)
LOOK_AGAIN = timedelta(seconds=15)
LONGEST = timedelta(hours=1)


@dataclass(kw_only=True)
class Pause:
    """A channel that failed ``failures`` times in a row, last at ``failed_at``; nothing is tried before ``until``.

    ``why`` is for operators and names nobody.
    """

    failures: int
    why: str
    failed_at: datetime
    until: datetime
    is_being_tried: bool = False
    tried_by: str = ""


class Pauses:
    """Of one process. A provider that is away is not asked once for every notice there is, and takes up no slots."""

    def __init__(self) -> None:
        self._paused: dict[str, Pause] = {}

    def waits(self, channel: str, now: datetime, *, who: str = "") -> Pause | None:
        """What a notice on this channel has to wait for; None lets it try, and the others wait for its answer.

        ``who`` asks may ask again: a step of the database may be run twice.
        """
        pause = self._paused.get(channel)
        if pause is None or (pause.is_being_tried and who and pause.tried_by == who):
            return None
        if pause.failed_at <= now < pause.until <= now + LONGEST:  # else the clock was set back
            return replace(pause, until=min(pause.until, now + LOOK_AGAIN)) if pause.is_being_tried else pause
        pause.until, pause.is_being_tried, pause.tried_by = now + TRYING_TAKES, True, who
        return None

    def failed(
        self, channel: str, why: str, now: datetime, wait_after: Callable[[int], timedelta], *, begun_at: datetime
    ) -> datetime:
        """It did not work; returns when to try next, ``wait_after`` so many failures in a row.

        What was begun before the last failure was known is part of that failure.
        """
        before = self._paused.get(channel)
        if before is not None and begun_at <= before.failed_at <= now and not before.is_being_tried:
            return max(before.until, now)
        failures = before.failures + 1 if before else 1
        pause = Pause(failures=failures, why=why, failed_at=now, until=now + wait_after(failures))
        self._paused[channel] = pause
        return pause.until

    def answered(self, channel: str, *, begun_at: datetime) -> None:
        """The provider spoke to us: whatever it said of one notice, it is there.

        An answer to what was begun before the last failure is no news.
        """
        pause = self._paused.get(channel)
        if pause is not None and (pause.is_being_tried or begun_at > pause.failed_at):
            del self._paused[channel]
