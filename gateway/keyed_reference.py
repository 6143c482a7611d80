"""Finds the references that nine keys of a telephone can mean: a key says which letters may be meant, not which is."""

import re
from itertools import product

from gateway.reference import DIGITS, LETTERS, NEVER_DRAWN, SHAPE, check_letter

ON_THE_KEYS = {"2": "ABC", "3": "DEF", "4": "GHI", "5": "JKL", "6": "MNO", "7": "PQRS", "8": "TUV", "9": "WXYZ"}
"""The letters of a telephone's keys (ITU-T E.161)."""
LETTERS_MEANT = {key: "".join(filter(LETTERS.__contains__, on_key)) for key, on_key in ON_THE_KEYS.items()}
KEY_OF = {letter: key for key, on_key in ON_THE_KEYS.items() for letter in on_key}
NO_KEY = re.compile(r"[^0-9]")


def meant_by_keys(keys: str) -> tuple[str, ...]:
    """Every reference that is keyed so, in alphabetical order: at most 95, five in the middle, none where none fits.

    Each letter is one key. What is no digit, such as a hash or a star between the parts, counts for nothing.
    """
    pressed = NO_KEY.sub("", keys)
    if len(pressed) != len(SHAPE):
        return ()
    *places, last = map(_meant, pressed, SHAPE)
    bodies = ("".join(body) for body in product(*places))
    whole = (body + check for body in bodies if (check := check_letter(body)) in last)
    return tuple(sorted(f"{one[:3]}-{one[3:7]}-{one[7:]}" for one in whole if not _is_never_drawn(one)))


def keys_of(reference: str) -> str:
    """The nine keys by which a reference is keyed in."""
    return "".join(KEY_OF.get(symbol, symbol) for symbol in reference.replace("-", ""))


def _meant(key: str, place: str) -> str:
    return LETTERS_MEANT.get(key, "") if place == "L" else key * (key in DIGITS)


def _is_never_drawn(symbols: str) -> bool:
    return any(word in symbols for word in NEVER_DRAWN)
