"""Watches the queue once for everybody who looks at it: each view is drawn once, and only what changed is sent."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session

from gateway.core import Core
from gateway.staff.queue_drawn import Outline, change, event, outline
from gateway.staff.queue_list import Ground, View, ground, listed
from gateway.staff.queue_rows import Row
from gateway.translating import WRITTEN_IN
from storage import staff
from storage.news import News

TOGETHER_SECONDS = 0.05
"""What is committed one after the other is looked at together."""
BETWEEN_SECONDS = 0.25
SHARE = 4
"""After a look there is a rest of this many times its processor time: however many views, it takes a fifth at most."""
AGAIN_SECONDS = 5.0
"""Time alone makes things late, and a process that tells nobody may have written something."""
HEARTBEAT_SECONDS = 15.0
REMEMBERED = 128
LOOK_SECONDS = 0.05
HELLO = b"retry: 2000\n\n"
STILL_HERE = b": still here\n\n"
log = logging.getLogger(__name__)


class TooManyWatch(Exception):
    """No further stream is opened: the page asks for itself again instead."""


@dataclass(kw_only=True, eq=False)
class Room:
    """One view: how it stands, and the events that lead there from what somebody has, made when they are wanted."""

    watchers: int = 0
    now: Outline | None = None
    rows: Mapping[str, Row] = field(default_factory=dict)
    ground: Ground | None = None
    events: dict[tuple[str, str], bytes] = field(default_factory=dict)
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def wake(self) -> None:
        """Whoever waits looks again."""
        self.changed.set()
        self.changed = asyncio.Event()

    def put(self, seen: Seen) -> None:
        """How it stands from now on."""
        self.now, self.rows, self.ground = seen.outline, seen.rows, seen.ground
        self.events.clear()
        self.wake()


@dataclass(frozen=True, kw_only=True)
class Seen:
    """One view as a look found it."""

    ground: Ground
    outline: Outline
    rows: Mapping[str, Row]


@dataclass(frozen=True, kw_only=True, eq=False)
class Watcher:
    """One browser: whose, by which sign-in, what it has (the version of the page it was drawn or told last), and the
    language of its pages."""

    name: str
    token_hash: str
    has: str
    language: str = WRITTEN_IN


class Newsroom:
    """One for a process. Watchers cost a coroutine each: no thread, no connection, and nothing is kept for the slow.

    ``draw_row`` and ``draw_banner`` make HTML that is the same for everybody who reads one language.
    """

    def __init__(self, core: Core, draw_row: Callable[[Row, datetime], str], draw_banner: Callable[[Ground], str]):
        self._core, self._draw_row, self._draw_banner = core, draw_row, draw_banner
        self._spoken = core.page_words.spoken
        self._rooms: dict[View, Room] = {}
        self._watchers: set[Watcher] = set()
        self._ended: Set[str] = frozenset()
        self._is_away = False
        self._stood: OrderedDict[str, Outline] = OrderedDict()
        self._remembering = threading.Lock()
        self._html: dict[tuple[str, str], str] = {}
        self._stir = asyncio.Event()
        self._attending: asyncio.Task[None] | None = None

    def enter(self, watcher: Watcher, view: View) -> AsyncIterator[bytes]:
        """The news for one more, if it is read at once; raises ``TooManyWatch``."""
        settings, theirs = self._core.settings, sum(each.name == watcher.name for each in self._watchers)
        if len(self._watchers) >= settings.queue_streams or theirs >= settings.queue_streams_each:
            raise TooManyWatch
        return self._news(watcher, view)

    def remember(self, drawn: Outline) -> None:
        """Of a page that was drawn like this only what changed since is told; of one too long ago, all."""
        with self._remembering:
            self._stood[drawn.version] = drawn
            self._stood.move_to_end(drawn.version)
            while len(self._stood) > REMEMBERED:
                self._stood.popitem(last=False)

    async def _news(self, watcher: Watcher, view: View) -> AsyncIterator[bytes]:
        """Events until the sign-in or the gateway ends, a comment now and then where there is no news."""
        with self._entered(watcher, view) as room, self._core.ending.told(room.wake):
            yield HELLO
            has, is_away = watcher.has, False
            while not self._core.ending.has_begun:
                changed = room.changed
                if watcher.token_hash in self._ended:
                    yield event("signed-out", "{}")
                    return
                if is_away != self._is_away:
                    is_away = self._is_away
                    yield event("away" if is_away else "back", "{}")
                    continue
                if room.now is not None and room.now.version != has:
                    told, has = self._event(room, has, watcher.language), room.now.version
                    yield told
                    continue
                try:
                    await asyncio.wait_for(changed.wait(), HEARTBEAT_SECONDS)
                except TimeoutError:
                    yield STILL_HERE

    @contextlib.contextmanager
    def _entered(self, watcher: Watcher, view: View) -> Iterator[Room]:
        """Watching for the time of the block; the first to come starts the looking, the last to go ends it."""
        room = self._rooms.setdefault(view, Room())
        room.watchers += 1
        self._watchers.add(watcher)
        self._stir.set()
        if self._attending is None or self._attending.done():
            self._attending = asyncio.create_task(self._attend())
        try:
            yield room
        finally:
            self._watchers.discard(watcher)
            room.watchers -= 1
            if not room.watchers:
                self._rooms.pop(view, None)
            if not self._watchers and self._attending is not None:
                self._attending.cancel()
                self._attending = None

    def _event(self, room: Room, has: str, language: str) -> bytes:
        """Made once for everybody who has the same and reads the same language."""
        wanted = (language, has)
        if wanted not in room.events and room.now and room.ground:
            now = room.ground.now
            with self._spoken(language):
                room.events[wanted] = change(
                    self._stood.get(has), room.now, room.rows, draw=lambda row: self._drawn(row, now, language),
                    banner=self._draw_banner(room.ground), now=now,
                )  # fmt: skip
        return room.events[wanted]

    def _drawn(self, row: Row, now: datetime, language: str) -> str:
        """Once for all views it stands in."""
        wanted = (language, row.mark)
        if wanted not in self._html:
            self._html[wanted] = self._draw_row(row, now)
        return self._html[wanted]

    async def _attend(self) -> None:
        """While anybody watches."""
        loop = asyncio.get_running_loop()

        def committed(_: set[str]) -> None:
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(self._stir.set)

        others = News(self._core.database, lambda _: self._stir.set(), look_seconds=LOOK_SECONDS, announces=False)
        listening = asyncio.create_task(others.run())
        self._core.database.listeners.append(committed)
        try:
            while True:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._stir.wait(), AGAIN_SECONDS)
                await asyncio.sleep(TOGETHER_SECONDS)
                self._stir.clear()
                await asyncio.sleep(max(BETWEEN_SECONDS - TOGETHER_SECONDS, SHARE * await self._look()))
        finally:
            self._core.database.listeners.remove(committed)
            listening.cancel()

    async def _look(self) -> float:
        """At every view once, and how much of a processor it took (s); what fails is tried again in a moment."""
        views, tokens = list(self._rooms), {each.token_hash for each in self._watchers}
        try:
            found, in_force, took = await self._core.database.read(lambda session: self._seen(session, views, tokens))
        except Exception as error:
            log.warning("the queue could not be looked at: %s", type(error).__name__)
            self._tell_away(True)
            return 0.0
        self._tell_away(False)
        self._ended = tokens - in_force
        for view, seen in found.items():
            room = self._rooms.get(view)
            if room and (room.now is None or room.now.version != seen.outline.version):
                self.remember(seen.outline)
                room.put(seen)
            elif room and self._ended:
                room.wake()
        shown = {row.mark for room in self._rooms.values() for row in room.rows.values()}
        self._html = {wanted: html for wanted, html in self._html.items() if wanted[1] in shown}
        return took

    def _tell_away(self, is_away: bool) -> None:
        """Whoever watches is told once that what they see may be old, and once that it is not any more."""
        if is_away != self._is_away:
            self._is_away = is_away
            for room in self._rooms.values():
                room.wake()

    def _seen(
        self, session: Session, views: Sequence[View], tokens: Set[str]
    ) -> tuple[dict[View, Seen], Set[str], float]:
        """In a reader's thread: every view, which sign-ins are in force, and the processor time that took (s)."""
        now, began = self._core.clock(), time.thread_time()
        on, found = ground(session, now), {}
        for view in views:
            seen = listed(session, on, view)
            rows = {row.reference: row for row in seen.rows}
            drawn = outline(on, seen, is_everything=view.filters.is_everything)
            found[view] = Seen(ground=on, outline=drawn, rows=rows)
        return found, staff.in_force(session, tokens, now), time.thread_time() - began
