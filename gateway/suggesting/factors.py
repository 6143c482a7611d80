"""The factors a suggestion may name: the groups of the Department for Education, kept as tags, not census values."""

from __future__ import annotations

from enum import StrEnum


class Factor(StrEnum):
    """A group of assessment factors (domain.md 2.2, concern_tags)."""

    ALCOHOL = "1"
    DRUGS = "2"
    DOMESTIC_ABUSE = "3"
    MENTAL_HEALTH = "4"
    MISSING = "10A"
    SEXUAL_EXPLOITATION = "11A"
    TRAFFICKING = "12A"
    GANGS = "13A"
    SELF_HARM = "15A"
    NEGLECT = "16A"
    EMOTIONAL_ABUSE = "17A"
    PHYSICAL_ABUSE = "18"
    SEXUAL_ABUSE = "19"
    OTHER = "20"
    FGM = "22A"
    FAITH_OR_BELIEF = "23A"
    CRIMINAL_EXPLOITATION = "24A"


NAMES = {
    Factor.ALCOHOL: "Alcohol", Factor.DRUGS: "Drugs", Factor.DOMESTIC_ABUSE: "Domestic abuse",
    Factor.MENTAL_HEALTH: "Mental health", Factor.MISSING: "Missing",
    Factor.SEXUAL_EXPLOITATION: "Sexual exploitation", Factor.TRAFFICKING: "Trafficking", Factor.GANGS: "Gangs",
    Factor.SELF_HARM: "Self-harm", Factor.NEGLECT: "Neglect", Factor.EMOTIONAL_ABUSE: "Emotional abuse",
    Factor.PHYSICAL_ABUSE: "Physical abuse", Factor.SEXUAL_ABUSE: "Sexual abuse", Factor.OTHER: "Other",
    Factor.FGM: "Female genital mutilation", Factor.FAITH_OR_BELIEF: "Faith or belief",
    Factor.CRIMINAL_EXPLOITATION: "Criminal exploitation",
}  # fmt: skip
