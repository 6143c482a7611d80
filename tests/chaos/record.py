"""The outside observer's record: one line an event, appended and flushed before the observer acts on it."""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path


class What(StrEnum):
    """What happened, seen from outside.

    ``sent``: about to be sent for the first time. ``taken``: somebody said it was received. ``told``: the sender was
    told something, in ``words``. ``twice``: the answer to a telling was lost on its way to the gateway.
    ``backwards``: a notice was seen in a lower state than before. ``began`` and ``ended``: a fault.
    """

    SENT = "sent"
    TAKEN = "taken"
    TOLD = "told"
    LOST = "lost"
    FORGED = "forged"
    BACKWARDS = "backwards"
    BEGAN = "began"
    ENDED = "ended"


@dataclass(frozen=True, kw_only=True)
class Line:
    """One event. ``number`` is the message's, 0 for none.

    ``way``: the way of the message, the fault's name or by what somebody was told. ``key``: by which the database
    knows it (a sha256, a provider's id), or the notice's own id. ``who``: the address or number of the sender.
    ``marker``: a word that only this message has. ``answers``: the id of the mail this one answers.
    """

    what: What
    number: int = 0
    way: str = ""
    key: str = ""
    who: str = ""
    marker: str = ""
    words: str = ""
    answers: str = ""
    at: float = 0.0


class Record:
    """Appends to a file; ``lines`` are what it holds."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lines: list[Line] = []
        self._file = path.open("a", encoding="utf-8", buffering=1)

    def write(
        self, what: What, *, number: int = 0, way: str = "", key: str = "", who: str = "", marker: str = "",
        words: str = "", answers: str = "",
    ) -> None:  # fmt: skip
        """Append one event, now."""
        line = Line(
            what=what, number=number, way=way, key=key, who=who, marker=marker, words=words, answers=answers,
            at=time.time(),
        )  # fmt: skip
        self._file.write(json.dumps(asdict(line)) + "\n")
        self.lines.append(line)

    def close(self) -> None:
        """Write no more."""
        self._file.close()


def read_record(path: Path) -> list[Line]:
    """Every event of a record on disk."""
    with path.open(encoding="utf-8") as lines:
        return [Line(**{**(told := json.loads(line)), "what": What(told["what"])}) for line in lines]
