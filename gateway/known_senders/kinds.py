"""The kinds of professionals that can be told by their domain, and what each suggests to whoever records a contact."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from storage.referral import ToldAs


class Kind(StrEnum):
    """As they stand in the list of domains."""

    POLICE = "police"
    HEALTH = "health"
    SCHOOL = "school"
    EDUCATION = "education"
    JUSTICE = "justice"
    COUNCIL = "council"
    GOVERNMENT = "government"
    VOLUNTARY = "voluntary"
    HOUSING = "housing"
    PARLIAMENT = "parliament"


@dataclass(frozen=True, kw_only=True)
class Meaning:
    """``source`` is the DfE's contact source code (domain.md 2.2) and ``source_words`` what it stands for."""

    label: str
    source: str
    source_words: str
    told_as: ToldAs = ToldAs.PROFESSIONAL


MEANING = {
    Kind.POLICE: Meaning(label="Police", source="6", source_words="police"),
    Kind.HEALTH: Meaning(label="Health service", source="3F", source_words="other health services"),
    Kind.SCHOOL: Meaning(label="School", source="2A", source_words="schools"),
    Kind.EDUCATION: Meaning(label="Education", source="2B", source_words="education services"),
    Kind.JUSTICE: Meaning(label="Court or justice", source="7", source_words="other legal agency"),
    Kind.COUNCIL: Meaning(label="Council", source="5C", source_words="an external local authority"),
    Kind.GOVERNMENT: Meaning(label="Government", source="8", source_words="other"),
    Kind.VOLUNTARY: Meaning(label="Voluntary organisation", source="8", source_words="other"),
    Kind.HOUSING: Meaning(label="Housing", source="4", source_words="housing"),
    Kind.PARLIAMENT: Meaning(
        label="Member of parliament", source="1D", source_words="individual, other", told_as=ToldAs.PUBLIC
    ),
}


def meaning_of(known_as: str) -> Meaning | None:
    """What a kind suggests; None where it is nobody known."""
    return MEANING[Kind(known_as)] if known_as in tuple(Kind) else None
