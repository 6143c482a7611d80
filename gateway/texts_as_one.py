"""Pure: which texts are one text, because somebody or their network sent it in pieces, and in what order it is read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta

from storage.message import Message

IN_ONE_GO = timedelta(minutes=5)
"""Texts of one number that follow each other within this are read as one."""
_BRACKETED = r"[(\[]\s*(\d{1,2})\s*(?:/|of)\s*(\d{1,2})\s*[)\]]"
_AT_ITS_START = re.compile(rf"\s*(?:{_BRACKETED}|part\s+(\d{{1,2}})\s+of\s+(\d{{1,2}})\b)", re.IGNORECASE)
_AT_ITS_END = re.compile(rf"{_BRACKETED}\Z", re.IGNORECASE)
_MARK = 40  # characters at either end in which a mark may stand


def runs(received: Sequence[Message]) -> list[list[Message]]:
    """Messages in order of receipt as they are read: each text with those it goes on, pieces by their number."""
    found: list[list[Message]] = []
    latest: dict[str, list[Message]] = {}
    for message in received:
        sender = message.identity_id if message.channel == "sms" else None
        run = latest.get(sender) if sender else None
        if run is None or abs(message.received_at - run[-1].received_at) > IN_ONE_GO:
            run = []
            found.append(run)
        run.append(message)
        if sender:
            latest[sender] = run
    return [_by_number(run) for run in found]


def piece_of(text: str) -> tuple[int, int] | None:
    """Which piece of how many a text says it is, such as ``(2/3)`` at either end of it; None if it does not say."""
    match = _AT_ITS_START.match(text[:_MARK]) or _AT_ITS_END.search(text[-_MARK:].rstrip())
    number, of = (int(each) for each in match.groups() if each) if match else (0, 0)
    return (number, of) if 1 <= number <= of and of > 1 else None


def comes_before(text: str, other: str) -> bool:
    """Whether both are pieces of one text and this is the earlier one."""
    piece, later = piece_of(text), piece_of(other)
    return piece is not None and later is not None and piece[1] == later[1] and piece[0] < later[0]


def _by_number(run: list[Message]) -> list[Message]:
    """Pieces change places among themselves alone; two that say the same number stay as they came."""
    if len(run) == 1:
        return run
    pieces = [piece_of(message.text) for message in run]
    read = list(run)
    for of in {piece[1] for piece in pieces if piece}:
        places = [place for place, piece in enumerate(pieces) if piece and piece[1] == of]
        ordered = sorted(places, key=lambda place: pieces[place] or (0, 0))
        for place, came in zip(places, ordered, strict=True):
            read[place] = run[came]
    return read
