"""Tells which words on a page of the paper form stand in which place for an answer, and which beside all of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from gateway.standard_form.laying_over import LaidOver
from gateway.standard_form.layout import Room
from gateway.standard_form.letters import letters
from gateway.standard_form.questions import Kind, known_fields
from gateway.standard_form.seen import Seen, SeenPage, SeenTick

BEYOND = 3.0
"""Points by which a word may stand above or below the edge of its place."""
INSET = 3.0
"""Points that the end of a word may reach into a neighbour before it counts as standing in both."""
NEAR = 8.0
"""Points within which a box to tick is found where the sheet has it."""
AROUND = 4.0
"""Points around a printed line, or a box, within which words are taken for it."""
PAST = 30.0
"""Points from a place for an answer within which words that did not fit into it are written."""
ALIKE = 0.6
"""The share of letters by which a printed line that was read badly is still known."""
TO_WRITE = frozenset({Kind.TEXT, Kind.WORDS, Kind.DATE})


@dataclass(kw_only=True)
class WrittenIn:
    """What stands where on one page: words and ticked boxes by the name of the field, and the words ``beside``."""

    words: dict[str, list[Seen]] = field(default_factory=dict)
    ticks: dict[str, list[tuple[Room, SeenTick]]] = field(default_factory=dict)
    beside: list[Seen] = field(default_factory=list)


def written_in(page: SeenPage, over: LaidOver) -> WrittenIn:
    """Nothing is guessed: a place whose question is not where it should be, or that shares a word, stays empty."""
    found, shared = WrittenIn(), set[str]()
    for word in page.words:
        touched = _touched(word, over)
        if len(touched) == 1:
            found.words.setdefault(touched.pop(), []).append(word)
        elif touched or not _is_printed(word, over):
            found.beside.append(word)
            shared |= touched
    for name in [name for name in found.words if name in shared or not is_certain(name, over)]:
        found.beside += found.words.pop(name)
    for tick in page.ticks:
        room = _room_of(tick, over)
        if room is not None and tick.is_ticked and is_certain(room.name, over):
            found.ticks.setdefault(room.name, []).append((room, tick))
    return found


def is_certain(name: str, over: LaidOver) -> bool:
    """Whether its own question, and the number of the child or adult it is asked of, stand where they should.

    And whether the picture shows all of its place: what was cut off is no answer.
    """
    if not all(over.shows(room.area) for room in over.sheet.rooms if room.name == name):
        return False
    asked = known_fields()[name]
    of_whom = f"{asked.entity}.{asked.row}"
    return over.has_in_place(name) and (not asked.row or over.has_in_place(of_whom) or over.is_by_code)


def next_to(word: Seen, over: LaidOver) -> str:
    """The name of the place for an answer that a word is written past; empty for a word far from all of them."""
    at = over.over(word.middle)
    away, name = min((_distance(room, at), room.name) for room in over.sheet.rooms)
    return name if away <= PAST else ""


def _touched(word: Seen, over: LaidOver) -> set[str]:
    """The places a word stands in: that of its middle, and any other that an end of it reaches into."""
    middle = _holding(over.over(word.middle), over.sheet.rooms)
    ends = (over.over(word.left) + INSET, over.over(word.right) - INSET)
    reached = {name for end in ends for name in _holding(end, over.sheet.rooms)}
    return middle | reached if middle else reached if len(reached) > 1 else set()


def _holding(at: complex, rooms: Iterable[Room]) -> set[str]:
    return {room.name for room in rooms if _is_to_write(room) and room.area.holds(at, beyond=BEYOND)}


def _is_to_write(room: Room) -> bool:
    return known_fields()[room.name].question.kind in TO_WRITE


def _is_printed(word: Seen, over: LaidOver) -> bool:
    """Whether it is what we printed there: a line of the sheet, its code, or the mark in a box to tick."""
    at, sheet, said = over.over(word.middle), over.sheet, letters(word.word.text)
    boxes = [room.area for room in sheet.rooms if not _is_to_write(room)]
    if any(area.holds(at, beyond=AROUND, aside=AROUND) for area in (*boxes, sheet.code)):
        return True
    lines = (line for line in sheet.lines if line.area.holds(at, beyond=AROUND, aside=AROUND))
    return any(_is_of(said, line.letters.row) for line in lines)


def _is_of(said: str, row: str) -> bool:
    if not said or said in row:
        return True
    match = SequenceMatcher(None, said, row, autojunk=False)
    return sum(block.size for block in match.get_matching_blocks()) / len(said) >= ALIKE


def _room_of(tick: SeenTick, over: LaidOver) -> Room | None:
    at = over.over(tick.middle)
    boxes = [room for room in over.sheet.rooms if not _is_to_write(room) and abs(room.area.middle - at) <= NEAR]
    return boxes[0] if len(boxes) == 1 else None


def _distance(room: Room, at: complex) -> float:
    across = max(room.area.left - at.real, at.real - room.area.right, 0.0)
    down = max(room.area.top - at.imag, at.imag - room.area.bottom, 0.0)
    return abs(complex(across, down))
