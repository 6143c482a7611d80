"""What everything that proposes values from words promises: a rule or a model alike, each value with its words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from storage.claim import Entity


class Kind(StrEnum):
    """How the words came to be: it tells what to expect of them."""

    LETTER = "letter"  # read from paper or a picture
    DOCUMENT = "document"
    MAIL = "mail"
    TEXT = "text"
    FORM = "form"
    NOTE = "note"  # typed by a call taker
    SPEECH = "speech"


@dataclass(frozen=True, kw_only=True)
class Said:
    """Words to look for values in.

    ``on`` is the day they reached us, in London. ``apart`` are stretches (first character, one past the last) that say
    nothing new, such as a quoted mail: nothing is proposed from them. ``signed`` are signatures under a mail.
    """

    text: str
    kind: Kind
    on: date
    apart: tuple[tuple[int, int], ...] = ()
    signed: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Proposed:
    """One value, before it is checked.

    ``start`` and ``end`` are characters of the text and ``words`` exactly what stands there: anything else is dropped.
    ``value`` is what a reader takes from them, ``value_norm`` the same in one written form (ISO 8601 dates, E.164
    numbers), empty where that is not certain. ``entity_no`` tells apart several children, adults and places of these
    words, 0 for the only one or an unknown one. ``confidence`` is 0 to 1. ``identifies_referrer`` is False only for
    what certainly cannot tell who told us: everything else is sealed.
    """

    entity: Entity
    entity_no: int = 0
    field: str
    value: str
    value_norm: str = ""
    words: str
    start: int
    end: int
    confidence: float
    said_by: str = "referrer"
    basis: str = ""
    identifies_referrer: bool = True


class Proposer(Protocol):
    """A set of rules, or a model on this machine. It sends nothing anywhere."""

    name_and_version: str
    """Kept with every claim it makes, such as ``rules 1``; a change of what it finds is another version."""

    def propose(self, said: Said) -> Sequence[Proposed]:
        """What it finds, the same for the same words. It may raise and may be slow: nobody waits for it long."""
