"""Somebody who works the desk by keyboard alone: single keys where there are scripts, else Tab and Enter."""

from __future__ import annotations

from dataclasses import dataclass, field

from playwright.sync_api import Page

MOST_TABS = 250
HAS_FOCUS = "css => document.activeElement !== null && document.activeElement.matches(css)"
IS_OPEN = "css => document.querySelector(css).open"


@dataclass(kw_only=True)
class Hands:
    """On the keys of one browser; ``pressed`` counts keys, ``pages`` what they led to."""

    page: Page
    scripts: bool = True
    pressed: int = 0
    pages: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("framenavigated", lambda frame: self.pages.append(frame.url))

    def press(self, *keys: str) -> None:
        """Each once."""
        for key in keys:
            self.page.keyboard.press(key)
            self.pressed += 1

    def type(self, words: str) -> None:
        """Sign by sign, where the focus is."""
        self.page.keyboard.type(words)
        self.pressed += len(words)

    def to(self, css: str) -> None:
        """Tab on until what matches has the focus."""
        for _ in range(MOST_TABS):
            if self.page.evaluate(HAS_FOCUS, css):
                return
            self.press("Tab")
        raise AssertionError(f"the keyboard does not reach {css}")

    def go(self, key: str, css: str) -> None:
        """Press what the key stands for, or reach it and press Enter."""
        if self.scripts:
            self.press(key)
        else:
            self.to(css)
            self.press("Enter")

    def open(self, key: str, step: str) -> None:
        """A step of a referral, open and about to be filled in."""
        if self.scripts:
            self.press(key)
        elif not self.page.evaluate(IS_OPEN, f"#step-{step}"):
            self.to(f"#step-{step} > summary")
            self.press("Enter")

    def send(self, css: str) -> None:
        """Reach a button and press it; the page it leads to is there afterwards."""
        self.to(css)
        with self.page.expect_navigation():
            self.press("Enter")
