"""Draws the n-th mail of a run: the same seed and number give the same mail, so that any can be made again."""

import json
import random
from collections.abc import Sequence
from pathlib import Path

from tests.channels.email.fuzz.grammar import a_mail
from tests.channels.email.fuzz.hostile import a_hostile_mail

SAMPLES = Path(__file__).parents[3] / "samples"
_LARGEST = 200_000
_TELLING = (
    b"\r\n", b"\n", b"\r", b"\x00", b"--", b";", b"\"", b"=", b"?=", b"=?", b":", b"<", b">", b"\xff", b"\xe9", b" ",
    b"Content-Type: multipart/mixed\r\n", b"Content-Transfer-Encoding: base64\r\n", b"\r\n\r\n", b"boundary=",
    b"Content-Type: message/rfc822\r\n\r\n", b"charset=utf-16", b"=\r\n", b"\x1b$B", b"(", b"%", b"*0*=",
)  # fmt: skip


def published(cases: Path | None) -> list[bytes]:
    """The mails to start from: our own samples, and those of a folder with ``manifest.json``, if there is one."""
    files = sorted([*(SAMPLES / "email").glob("*.eml"), *(SAMPLES / "voicemail_mail").glob("*.eml")])
    if cases is not None and (cases / "manifest.json").exists():
        files += [cases / entry["file"] for entry in json.loads((cases / "manifest.json").read_text())]
    found = [file.read_bytes() for file in files if file.is_file()]
    return [mail for mail in found if 0 < len(mail) <= _LARGEST]


def drawn_mail(seed: int, number: int, begun_from: Sequence[bytes]) -> bytes:
    """One mail: built, made to do harm, or a real one damaged."""
    drawn = random.Random(f"{seed}:{number}")
    way = drawn.random()
    if way < 0.35:
        return a_mail(drawn)
    if way < 0.45:
        return damaged(drawn, a_mail(drawn), begun_from)
    if way < 0.55:
        return a_hostile_mail(drawn)
    return damaged(drawn, drawn.choice(begun_from), begun_from)


def damaged(drawn: random.Random, mail: bytes, others: Sequence[bytes]) -> bytes:
    """Bytes changed, inserted, cut, doubled or taken from another mail, up to a dozen times."""
    hurt = bytearray(mail)
    for _ in range(drawn.randrange(1, 12)):
        at = drawn.randrange(len(hurt) + 1)
        length = int(10 ** drawn.uniform(0, 3))
        match drawn.randrange(6):
            case 0:
                hurt[at : at + 1] = drawn.randbytes(1)
            case 1:
                hurt[at:at] = drawn.choice(_TELLING)
            case 2:
                del hurt[at : at + length]
            case 3:
                hurt[at:at] = hurt[at : at + length]
            case 4:
                other = drawn.choice(others)
                start = drawn.randrange(len(other))
                hurt[at:at] = other[start : start + length]
            case _:
                hurt[at : at + 1] = drawn.choice(_TELLING)
    return bytes(hurt)
