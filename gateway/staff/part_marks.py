"""What stands on the files of a message: which came in which, what may do harm, and names that hide nothing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from gateway.part_view import PartView
from storage.attachment import Active, VirusState

SHOWN_AT_ONCE, NAMED = 8, 6
DEEPEST, ROUNDS = 4, 30
TURNS = "\u21c4"
TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")  # not the marks that Arabic, Hebrew and Urdu are typed with
ACTIVE = {
    Active.PROGRAM: "This file is a program, or its name makes a computer treat it as one. It is never run here.",
    Active.MACRO: "This document holds a macro: a small program. Read its words here rather than open it.",
    Active.SCRIPT: "This PDF holds a script: a small program. Look at its pages here rather than open it.",
    Active.PAGE: "A browser would run this as a page. It is only saved, never opened here.",
}


@dataclass(frozen=True, kw_only=True)
class Placed:
    """A part, how deep within others it was packed (0: it came by itself), and whether files of it stand below."""

    part: PartView
    depth: int
    holds: bool = False


def may_do_harm(virus_state: str, active: str) -> bool:
    """Whether somebody must be told, and say that they want it all the same, before they are given it."""
    return virus_state == VirusState.FOUND or active == Active.PROGRAM


def placed(parts: Sequence[PartView]) -> list[Placed]:
    """Every part once: those that were packed in a file directly under it, each level in the order they came."""
    under: dict[tuple[str, str], list[PartView]] = {}
    for part in parts:
        under.setdefault((part.message_id, part.within), []).append(part)
    found: list[Placed] = []
    known: set[str] = set()

    def place(part: PartView, depth: int) -> None:
        if part.id in known:
            return
        known.add(part.id)
        inside = [inner for inner in under.get((part.message_id, part.name), ()) if inner.id not in known and part.name]
        found.append(Placed(part=part, depth=min(depth, DEEPEST), holds=bool(inside)))
        for inner in inside if depth < ROUNDS else ():
            place(inner, depth + 1)

    for part in parts:
        if not part.within:
            place(part, 0)
    for part in parts:
        place(part, 0)
    return found


def shown_name(name: str) -> str:
    """A name without the signs that turn or hide letters: ``fdp.exe`` must not read as ``exe.pdf``."""
    return "".join(sign for sign in name if not unicodedata.category(sign).startswith("C"))


def shown_words(words: str) -> str:
    """Words with ``TURNS`` in place of every sign that turns letters round: they stand in the order they came in."""
    return TURNING.sub(TURNS, words)


def called_together(rest: Sequence[Placed]) -> str:
    """How many files those are and what they are called, the first of them where they are many."""
    names = [shown_name(each.part.name) or "File" for each in rest]
    many = f"{len(names)} more files" if len(names) > 1 else "1 more file"
    return f"{many}: {', '.join(names[:NAMED])}{', …' if len(names) > NAMED else ''}"


IN_TEMPLATES = {
    "called_together": called_together, "ACTIVE": ACTIVE, "placed": placed, "may_do_harm": may_do_harm,
    "shown_name": shown_name, "shown_words": shown_words, "TURNS": TURNS, "SHOWN_AT_ONCE": SHOWN_AT_ONCE,
}  # fmt: skip
