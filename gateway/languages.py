"""The other languages the phone line can ask in: one plain file each, which speakers of it edit."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from channels.spoken import Language
from gateway.staff.language_names import NAMES
from gateway.words import WORDING, WordingFault

FOLDER = WORDING / "languages"
FIELD = re.compile(r"^([a-z_]+|[A-Z][a-z]+):[ \t]*(.*(?:\n(?![a-z_]+:|[A-Z][a-z]+:).*)*)", re.MULTILINE)
NEEDED = ("Language", "Code", "Voice", "offer", "choose", "put_through", "prompt", "receipt")
SAYS_999 = ("put_through", "prompt")
MOST = 9  # one key each
CODE, VOICE = re.compile(r"[a-z]{2,3}"), re.compile(r"[a-z]{2,3}(-[A-Za-z]{2,4})?")
EMERGENCY = "9 9 9"
ONCE, TOO_MANY = "has the Code: of another file", f"is one too many: there are {MOST} keys"
log = logging.getLogger(__name__)


def languages(folder: Path = FOLDER) -> tuple[Language, ...]:
    """All that may be used, by the names of their files; one that breaks a rule is left out, and said to be."""
    told = language_faults(folder)
    for fault in told:
        log.error("a language is not offered: %s", fault)
    left_out = {fault.file for fault in told}
    return tuple(_language(path) for path in _files(folder) if _name(path) not in left_out)


@cache
def name_of(code: str) -> str:
    """The English name of a language, first as we ask in it; its code where it has none here."""
    return next((each.name for each in languages() if each.code == code), NAMES.get(code, code))


def language_faults(folder: Path = FOLDER) -> list[WordingFault]:
    """Every rule that one of the files breaks."""
    found, codes = [], set[str]()
    for key, path in enumerate(_files(folder), start=1):
        says = _says(path)
        faults = [*_faults(says), *([ONCE] if says.get("Code") in codes else []), *([TOO_MANY] if key > MOST else [])]
        codes.add(says.get("Code", ""))
        found += [WordingFault(_name(path), what) for what in faults]
    return found


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.txt"))


def _name(path: Path) -> str:
    return f"languages/{path.name}"


def _says(path: Path) -> dict[str, str]:
    return {name: " ".join(words.split()) for name, words in FIELD.findall(path.read_text(encoding="utf-8"))}


def _language(path: Path) -> Language:
    says = _says(path)
    return Language(
        code=says["Code"], name=says["Language"], voice=says["Voice"], offer=says["offer"], choose=says["choose"],
        put_through=says["put_through"], prompt=says["prompt"], receipt=says["receipt"],
    )  # fmt: skip


def _faults(says: dict[str, str]) -> Iterator[str]:
    yield from (f"does not say {name}:" for name in NEEDED if not says.get(name))
    yield from (f"says {name}:, which nobody asks for" for name in says if name not in NEEDED)
    if not CODE.fullmatch(says.get("Code", "")):
        yield "has a Code: that is not ISO 639, such as pl"
    if not VOICE.fullmatch(says.get("Voice", "")):
        yield "has a Voice: that is not BCP 47, such as pl-PL"
    if "{key}" not in says.get("choose", "") or says.get("choose", "").count("{") != 1:
        yield "does not say {key}, and nothing else in braces, in choose:"
    if "9" not in says.get("offer", ""):
        yield "does not say 9 in offer:"
    yield from (f"does not say {EMERGENCY} in {name}:" for name in SAYS_999 if EMERGENCY not in says.get(name, ""))
