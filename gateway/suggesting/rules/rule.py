"""What one rule is: words, how serious they are, which factor they name, and what takes it away."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from gateway.suggesting.factors import Factor
from storage.referral import Severity


@dataclass(frozen=True, kw_only=True)
class Rule:
    """``name`` is kept with what it finds; ``says`` why in plain words.

    ``now``: how serious it is where the words say that it happens at this moment, else it is ``told``; ``past``: where
    it is long ago. ``secrets_deny``: that somebody was told never to say it denies it.
    ``says_no``: its own words may deny something, such as food; else a denial within them makes them nothing.
    ``unless``: what in the same sentence makes it nothing; ``holds``: what must be true of the sentence.
    """

    name: str
    says: str
    words: re.Pattern[str]
    told: Severity
    now: Severity
    past: Severity
    factor: Factor
    secrets_deny: bool = True
    says_no: bool = False
    unless: re.Pattern[str] | None = None
    holds: Callable[[str], bool] | None = None
