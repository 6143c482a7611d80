"""The pretend provider's memory and scene: who answers, who is busy, what was sent and what was kept."""

from __future__ import annotations

import asyncio
import random
import time
from collections import deque
from collections.abc import Callable, Coroutine

from gateway.demo.twilio_sim.asked import REMEMBERED, Asked
from gateway.demo.twilio_sim.caller import Action
from gateway.demo.twilio_sim.fates import Fate
from gateway.demo.twilio_sim.numbers import OwnNumber
from gateway.demo.twilio_sim.records import CallRecord, Recording, Text, account_path, new_sid
from gateway.demo.twilio_sim.webhooks import WebhookSender


class Provider(WebhookSender):
    """Attributes set the scene and remember what happened.

    ``ours`` is the gateway's number; ``fallback_url`` and ``status_callback`` are its. ``open_recordings``: their
    sound is had without credentials. ``dial_outcome`` is the DialCallStatus and the seconds of talk; who is rung
    presses ``callee_presses`` when asked for a key, a mailbox none. ``fates`` are
    those of the next texts, used up; then ``outcomes`` gives a text's recipient its final status and error code.
    ``callees`` gives an outgoing call's outcome (answer, busy or no-answer) and script. ``messages`` are the texts the
    gateway sent, ``incoming`` those it was sent; ``asked`` the last requests to the API.
    ``on_message`` is called with every text a phone received.
    """

    def __init__(self, gateway: str, public: str, token: str, speed: float) -> None:
        super().__init__(gateway, public, token)
        self.account, self.port, self.speed = "AC" + "0" * 31 + "1", 0, speed
        self.ours, self.country = OwnNumber(number="+441632960000", account=self.account), "GB"
        self.numbers = {self.ours.sid: self.ours}
        self.open_recordings = False
        self.dial_outcome: tuple[str, float] = ("no-answer", 0.0)
        self.callee_presses = "1"
        self.queue_result, self.advanced_opt_out = "bridged", False
        self.fates: deque[Fate] = deque()
        self.asked: deque[Asked] = deque(maxlen=REMEMBERED)
        self.outcomes: dict[str, tuple[str, int]] = {}
        self.callees: dict[str, tuple[str, list[Action]]] = {}
        self.random = random.Random(1)  # noqa: S311  # the same failures every time
        self.messages: dict[str, Text] = {}
        self.incoming: dict[str, Text] = {}
        self.calls: dict[str, CallRecord] = {}
        self.recordings: dict[str, Recording] = {}
        self.media: dict[str, tuple[str, bytes]] = {}
        self.opted_out: set[str] = set()
        self.on_message: Callable[[Text], None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def number(self) -> str:
        """The gateway's number."""
        return self.ours.number

    @property
    def fallback_url(self) -> str:
        """What is asked when a voice webhook fails."""
        return self.ours.voice_fallback_url

    @fallback_url.setter
    def fallback_url(self, url: str) -> None:
        self.ours.voice_fallback_url = url

    @property
    def status_callback(self) -> str:
        """Where the end of a call is posted."""
        return self.ours.status_callback

    @status_callback.setter
    def status_callback(self, url: str) -> None:
        self.ours.status_callback = url

    @property
    def url(self) -> str:
        """Base URL of the simulated API."""
        return f"http://127.0.0.1:{self.port}"

    def later(self, work: Coroutine[object, object, None]) -> None:
        """Run something in the background; ``settle`` waits for it."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def settle(self) -> None:
        """Wait until every pending callback has been sent."""
        while self._tasks:
            await asyncio.gather(*self._tasks)

    async def abandon(self) -> None:
        """Send no more callbacks."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def record(self, call_sid: str, pcm: bytes, source: str, channels: int = 1) -> Recording:
        """Keep a recording; its media answers 404 for ``Faults.recording_delay`` seconds."""
        sid = new_sid("RE")
        recording = Recording(
            sid=sid,
            account=self.account,
            call_sid=call_sid,
            pcm=pcm,
            source=source,
            channels=channels,
            ready_at=time.monotonic() + self.faults.recording_delay,
            media_url=f"{self.url}{account_path(self.account)}/Recordings/{sid}",
        )
        self.recordings[sid] = recording
        return recording
