"""The buttons by which pages of a scan are sorted without a script: each gives the page again, with one thing moved."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from gateway.dividing import moving
from gateway.dividing.arrangement import Arrangement, NotWhole
from gateway.life_cycle import Incomplete

Step = Callable[[Arrangement, int], Arrangement]
STEPS: Mapping[str, Step] = {
    "left": lambda given, page: moving.turned(given, page, 270),
    "right": lambda given, page: moving.turned(given, page, 90),
    "begin": moving.begun,
    "join": moving.joined,
    "out": moving.left_out,
    "back": moving.put_back,
    "envelope": moving.marked,
}
SAVE, MOVE = "save", "move"


def sorted_once(given: Arrangement, typed: Mapping[str, str]) -> Arrangement:
    """The arrangement after the button that was pressed, ``do``: such as ``begin 3``; raises ``Incomplete``."""
    what, _, number = typed.get("do", "").partition(" ")
    try:
        if what == MOVE:
            return _moved(given, typed)
        if what in STEPS:
            return STEPS[what](given, int(number))
    except (ValueError, NotWhole):
        raise Incomplete("do", "There is no such page") from None
    raise Incomplete("do", "Press one of the buttons")


def _moved(given: Arrangement, typed: Mapping[str, str]) -> Arrangement:
    """Page, letter and place as typed; a letter one past the last is a new one, no place is the end."""
    page = _number(typed, "move_page", "Say which page")
    if page not in given.numbers():
        raise Incomplete("move_page", f"There is no page {page}")
    letter = _number(typed, "move_letter", "Say to which letter")
    if letter > len(given.letters) + 1:
        raise Incomplete(
            "move_letter", f"There are {len(given.letters)} letters; {len(given.letters) + 1} is a new one"
        )
    place = _number(typed, "move_place", "Say at which place") if typed.get("move_place", "").strip() else 10**6
    return moving.moved(given, page, letter - 1, place)


def _number(typed: Mapping[str, str], field: str, missing: str) -> int:
    said = typed.get(field, "").strip()
    if not (said.isascii() and said.isdigit()) or not 0 < int(said[:7]) < 10**6:
        raise Incomplete(field, missing)
    return int(said)
