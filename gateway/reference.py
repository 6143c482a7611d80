"""The reference every sender is given: nine symbols that survive a bad line, a hurried pen and a slip of the eye."""

import hashlib
import hmac
import re
from random import Random, SystemRandom

LETTERS = "FHKLMQRWXYZ"
DIGITS = "2346789"
SHAPE = "LLLDDDDLL"
WEIGHTS = (2, 3, 4, 5, 6, 7, 8, 9, 1)
MODULUS = 11
EXAMPLE = "KMR-4729-HX"

WRITTEN_FOR_A_DIGIT = {"Z": "2", "B": "8", "G": "6", "A": "4", "T": "7"}
WRITTEN_FOR_A_LETTER = {"2": "Z"}
NEVER_DRAWN = ("KKK", "FKK", "FML", "MLF", "WHR", "KLL", "KLR", "XXX", "666", "HH", "FK", EXAMPLE.replace("-", ""))

DASHES_AND_SPACES = r"[\s\-‐‑‒–—−_./·>\u00ad\u200b-\u200d\u2060\ufeff]"
"""Also what mail puts between: the mark of a quoted line where the line was broken, and signs that nobody sees."""
QUOTED = re.compile(
    rf"(?<![A-Z0-9])([A-Z2]{{3}}){DASHES_AND_SPACES}{{0,6}}([2346789ZBGAT]{{4}}){DASHES_AND_SPACES}{{0,6}}([A-Z2]{{2}})(?![A-Z0-9])",
    re.IGNORECASE,
)
MISREAD_DIGITS_ALLOWED = 1
SYSTEM_RANDOM = SystemRandom()


def draw(random: Random = SYSTEM_RANDOM) -> str:
    """A new reference such as KMR-4729-HX, one of 35 million; the caller draws again if it is already in use."""
    while True:
        body = "".join(random.choice(LETTERS if place == "L" else DIGITS) for place in SHAPE[:-1])
        symbols = body + check_letter(body)
        if not any(word in symbols for word in NEVER_DRAWN):
            return _spaced(symbols)


def check_letter(body: str) -> str:
    """The ninth symbol: with it, the weighted sum of all nine is a multiple of 11.

    Eleven is prime and every weight differs, so any single wrong symbol and any swap of two letters or of two
    digits breaks the sum.
    """
    return LETTERS[-sum(map(_weigh, body, WEIGHTS)) % MODULUS]


def parse(text: str) -> str | None:
    """The reference `text` stands for, in its one written form, or None if it is not a reference.

    Case, spaces and dashes do not matter. Where a letter stands in the place of a digit that looks like it, or a
    digit in the place of a letter, it is read as meant. The check letter must agree.
    """
    bare = re.sub(DASHES_AND_SPACES, "", text).upper()
    if len(bare) != len(SHAPE):
        return None
    symbols = "".join(map(_as_meant, bare, SHAPE))
    if not all(symbol in (LETTERS if place == "L" else DIGITS) for symbol, place in zip(symbols, SHAPE, strict=True)):
        return None
    return _spaced(symbols) if check_letter(symbols[:-1]) == symbols[-1] else None


def find_in(text: str) -> list[str]:
    """The references quoted anywhere in a subject, a text or a letter, each once, in the order they appear."""
    found = (parse("".join(match.groups())) for match in QUOTED.finditer(text) if _was_meant(match[2]))
    return list(dict.fromkeys(reference for reference in found if reference))


def code(reference: str, key: bytes) -> str:
    """Four digits that go with `reference` and let its holder see whether we have read the report; made from `key`."""
    digest = hmac.digest(key, b"tracking code of " + reference.encode("ascii"), hashlib.sha256)
    return f"{int.from_bytes(digest) % 10_000:04d}"


def _weigh(symbol: str, weight: int) -> int:
    return weight * (LETTERS.index(symbol) if symbol in LETTERS else DIGITS.index(symbol) + 1)


def _as_meant(symbol: str, place: str) -> str:
    return (WRITTEN_FOR_A_LETTER if place == "L" else WRITTEN_FOR_A_DIGIT).get(symbol, symbol)


def _was_meant(digits: str) -> bool:
    """Words are not references: at most one digit may have been written as a letter."""
    return sum(symbol.isalpha() for symbol in digits) <= MISREAD_DIGITS_ALLOWED


def _spaced(symbols: str) -> str:
    return f"{symbols[:3]}-{symbols[3:7]}-{symbols[7:]}"
