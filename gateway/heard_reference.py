"""Finds a reference that a caller read out, in the words a machine wrote down."""

import re

from gateway.reference import find_in
from gateway.saying import DIGIT_NAMES, NATO

AS_IN = re.compile(r"\b([a-z])[,.]?\s+(?:for|as in)\s+(\w+(?:-ray)?)", re.IGNORECASE)
SAID = {word.lower(): letter for letter, word in NATO.items()} | {
    "xray": "X",
    "ex-ray": "X",
    "whisky": "W",
    "zed": "Z",
    "zee": "Z",
}
SAID |= {name: str(digit) for digit, name in enumerate(DIGIT_NAMES)}
WORD = re.compile(r"ex-ray|x-ray|[a-z]+|\d", re.IGNORECASE)
SPOKEN_SYMBOLS = re.compile(r"(?:\b[A-Z0-9]\b ?){5,}")
SHAPED = re.compile(r"(?=([A-Z]{3}[0-9]{4}[A-Z]{2}))")
"""What is heard is not misread: a letter in the place of a digit is another reference, or none."""


def find_spoken(transcript: str) -> list[str]:
    """The references in `transcript`, each once: written, spelled in NATO words, or letter by letter.

    "K for Kilo" counts once; "then" and "dash" between the parts count for nothing. The check letter must agree.
    """
    spelled = AS_IN.sub(lambda match: match[1], transcript)
    words = (word for word in WORD.findall(spelled) if word.lower() not in ("then", "dash", "hyphen"))
    symbols = " ".join(SAID.get(word.lower(), word.upper() if len(word) == 1 else word) for word in words)
    runs = (run[0].replace(" ", "") for run in SPOKEN_SYMBOLS.finditer(symbols))
    heard = (reference for run in runs for shape in SHAPED.finditer(run) for reference in find_in(shape[1]))
    return list(dict.fromkeys([*find_in(transcript), *heard]))
