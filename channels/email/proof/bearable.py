"""Says which mails would cost too much to check: the library's time grows with the square of some of what they hold."""

from __future__ import annotations

import re

from channels.email.proof.author import end_of_header

MOST_BYTES = 10 * 1024 * 1024
LONGEST_HEADER = 128 * 1024
MOST_FIELDS = 2000
LONGEST_SIGNATURE = 10_000
WIDEST_GAP = 100
MOST_NAMES = 200
MOST_SEALS = 10
MOST_STEPS = 500_000_000
TOO_LARGE = "its signatures were not checked: it is too large"
TOO_WIDE = "its signatures were not checked: that would take too long"
_SIGNATURES = re.compile(
    rb"^(dkim-signature|arc-[a-z-]{1,40}):([^\n]*(?:\n[ \t][^\n]*)*)", re.IGNORECASE | re.MULTILINE
)


def why_unbearable(mail: bytes) -> str:
    """Why its signatures are not checked; empty where they can be, in a second or two at most."""
    if len(mail) > MOST_BYTES:
        return TOO_LARGE
    header = mail[: end_of_header(mail, LONGEST_HEADER)]
    if len(header) >= LONGEST_HEADER or header.count(b"\n") > MOST_FIELDS:
        return TOO_WIDE
    signatures = [(name.lower(), value) for name, value in _SIGNATURES.findall(header)]
    if sum(name == b"arc-seal" for name, _ in signatures) > MOST_SEALS:
        return TOO_WIDE
    if any(_is_too_wide(value) for _, value in signatures):
        return TOO_WIDE
    widest = max(WIDEST_GAP, MOST_STEPS // max(len(mail), 1))
    return TOO_WIDE if widest < len(mail) and b" " * widest in mail.replace(b"\t", b" ") else ""


def is_sealed(mail: bytes) -> bool:
    """Whether anybody who passed it on sealed it."""
    header = mail[: end_of_header(mail, LONGEST_HEADER)]
    return any(name.lower() == b"arc-seal" for name, _ in _SIGNATURES.findall(header))


def _is_too_wide(value: bytes) -> bool:
    gap = b" " * WIDEST_GAP
    plain = value.translate(bytes.maketrans(b"\t\r\n\v\f", b"     "))
    return len(value) > LONGEST_SIGNATURE or gap in plain or value.count(b":") > MOST_NAMES
