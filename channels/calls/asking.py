"""What a caller may ask by the keys of a telephone, and the constant few words they may be answered with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from channels.contract import Address

KEYS_OF_A_REFERENCE = 9
"""Each letter and each digit of a reference is one key: a letter is keyed once, wherever it stands on its key."""
TRIES_IN_A_CALL = 3


class Standing(StrEnum):
    """All that is ever said of a reference on the telephone; the words are the wording ``asking_<value>``.

    ``NOT_SAID`` stands for a reference that does not exist, one that its keys do not tell from another, too many
    tries, and a failure of ours: which of them it was is never heard.
    """

    HAVE_IT = "have_it"
    READ = "read"
    QUESTION = "question"
    FINISHED = "finished"
    NOT_SAID = "not_said"


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What is said now. ``may_try_again`` depends on nothing but how often this call has asked."""

    standing: Standing
    may_try_again: bool


class Asking(Protocol):
    """Answers by reference. ``call`` is the conversation its messages share, such as ``call:CA…``; times are aware."""

    async def standing(self, keys: str, *, call: str, caller: Address, at: datetime) -> Answer:
        """How what was given this reference stands; what is no digit in ``keys`` counts for nothing. Never raises.

        Answers within two seconds, also while the database is away. What this call leaves afterwards is joined to
        the referral that it last asked about, if the keys were those of one.
        """
