"""What referrals may have in common: in words, how much it says, and from how many on it says nothing."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from storage.likeness import LINKED


class Same(StrEnum):
    """What is the same in two referrals."""

    PHONE = "phone"
    EMAIL = "email"
    HOME = "home"
    STREET_NAME = "street_name"
    BORN = "born"
    SCHOOL_NAME = "school_name"
    NUMBER = "number"
    FILE = "file"
    WORDS = "words"
    LINKED = LINKED


@dataclass(frozen=True, kw_only=True)
class Meaning:
    """``says`` completes "Same …"; ``is_strong`` alone makes two referrals a cluster.

    ``beyond``: when more referrals than this have it, it is a school's number or a police mailbox and says nothing.
    """

    says: str
    is_strong: bool
    beyond: int


FEW, MANY = 20, 200
MEANINGS = {
    Same.PHONE: Meaning(says="Same phone number", is_strong=True, beyond=FEW),
    Same.EMAIL: Meaning(says="Same email address", is_strong=True, beyond=FEW),
    Same.HOME: Meaning(says="Same house", is_strong=True, beyond=MANY),
    Same.STREET_NAME: Meaning(says="Same street and first name", is_strong=False, beyond=FEW),
    Same.BORN: Meaning(says="Same family name and date of birth", is_strong=True, beyond=MANY),
    Same.SCHOOL_NAME: Meaning(says="Same child's name and school", is_strong=True, beyond=FEW),
    Same.NUMBER: Meaning(says="Same NHS or pupil number", is_strong=True, beyond=MANY),
    Same.FILE: Meaning(says="Same picture or letter", is_strong=True, beyond=FEW),
    Same.WORDS: Meaning(says="Same words", is_strong=True, beyond=FEW),
    Same.LINKED: Meaning(says="Linked by one of us", is_strong=True, beyond=MANY),
}  # fmt: skip
BEYOND = {str(kind): meaning.beyond for kind, meaning in MEANINGS.items()}
SAME_SENDER = "Same sender"
UNCHECKED = "not checked yet"
