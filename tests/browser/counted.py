"""Counts what a task takes: keys that steer, words that are typed, pages that load, and the machine's time."""

from __future__ import annotations

import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import groupby

from playwright.sync_api import Browser

from tests.browser.hands import Hands
from tests.browser.looking import Seat, seated


@dataclass(kw_only=True)
class Counted(Hands):
    """Hands whose keys that steer (``steered``, one chord is one) stand apart from the words they type."""

    steered: list[str] = field(default_factory=list)
    words: int = 0
    signs: int = 0
    loads: int = 0

    def __post_init__(self) -> None:
        super().__post_init__()
        self.page.on("load", lambda _: self._loaded())

    def _loaded(self) -> None:
        self.loads += 1

    def begin(self) -> None:
        """Nothing is counted yet."""
        self.steered, self.words, self.signs, self.loads, self.pressed = [], 0, 0, 0, 0

    def press(self, *keys: str) -> None:
        """Each once, in order."""
        super().press(*keys)
        self.steered += keys

    def type(self, words: str) -> None:
        """Words with meaning; keys that only choose from a list are pressed."""
        super().type(words)
        self.words += len(words.split())
        self.signs += len(words)

    def leads(self, key: str) -> None:
        """Press what loads another page, and wait for it."""
        with self.page.expect_navigation():
            self.press(key)


@dataclass(frozen=True, kw_only=True)
class Count:
    """What one task took; ``steered`` are the keys in order, ``seconds`` those of the machine."""

    steered: tuple[str, ...]
    words: int
    signs: int
    loads: int
    seconds: float

    @property
    def keys(self) -> int:
        """How many keys steered."""
        return len(self.steered)

    def typed(self) -> str:
        """How much was typed as words."""
        return f"{self.words} ({self.signs} signs)" if self.words else "none"

    def order(self) -> str:
        """The keys as a person would read them out."""
        runs = [(key, len(list(run))) for key, run in groupby(self.steered)]
        return " ".join(f"`{key}`" + (f" x{many}" if many > 1 else "") for key, many in runs)


class Seats:
    """The keyboards of everybody at the desk, each in a window of its own that ``stack`` closes."""

    def __init__(self, browser: Browser, address: str, stack: ExitStack) -> None:
        self._browser, self._address, self._stack = browser, address, stack
        self._known: dict[str, Counted] = {}
        self._used: list[Counted] = []
        self._since = 0.0

    def begin(self) -> None:
        """A new task."""
        self._used = []

    def at(self, name: str, path: str) -> Counted:
        """``name`` with the page in front of them; how they came there is not counted."""
        if name not in self._known:
            window = seated(self._browser, self._address, Seat(name=name))
            self._known[name] = Counted(page=self._stack.enter_context(window))
        hands = self._known[name]
        hands.page.goto(path)
        hands.begin()
        self._used.append(hands)
        self._since = time.monotonic()
        return hands

    def count(self) -> Count:
        """What everybody pressed and loaded since the task began."""
        return Count(
            steered=tuple(key for hands in self._used for key in hands.steered),
            words=sum(hands.words for hands in self._used),
            signs=sum(hands.signs for hands in self._used),
            loads=sum(hands.loads for hands in self._used),
            seconds=time.monotonic() - self._since,
        )
