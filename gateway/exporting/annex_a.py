"""Annex A lists 1 (contacts) and 2 (referrals) as CSV, with the labels that councils' open scripts write."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date

from gateway.census_codes import ANNEX_A_OUTCOMES, ANNEX_A_SOURCES, NEXT_STEPS, PRIMARY_NEEDS, UNKNOWN_SOURCE
from gateway.exporting.cases import Case

SEXES = {"female": "a) Female", "male": "b) Male"}
NOT_STATED = "c) Not stated/recorded (or unborn)"
CHILD = ("Child Unique ID", "Gender", "Ethnicity", "Date of Birth", "Age of Child (Years)")
CONTACTS = (*CHILD, "Date of Contact", "Contact Source", "Contact Outcome", "Reference")
REFERRALS = (
    *CHILD, "Date of Referral", "Referral Source", "Referral Outcome", "Next Step", "No Further Action",
    "Primary Need", "Reference",
)  # fmt: skip
ETHNICITIES = (
    "WBRI", "WIRI", "WIRT", "WOTH", "WROM", "MWBC", "MWBA", "MWAS", "MOTH", "AIND", "APKN", "ABAN", "AOTH", "BCRB",
    "BAFR", "BOTH", "CHNE", "OOTH", "REFU", "NOBT",
)  # fmt: skip
NOT_OBTAINED = "NOBT"


def contacts(cases: Iterable[Case]) -> str:
    """List 1: every report, whatever became of it; the outcome is empty where none of the list's labels fits it."""
    return _csv(
        CONTACTS,
        (
            (
                *_child(case), _day(case.received_on), source_of(case),
                ANNEX_A_OUTCOMES.get(case.decision, ""), case.reference,
            )
            for case in cases
        ),
    )  # fmt: skip


def referrals(cases: Iterable[Case]) -> str:
    """List 2: what was decided on as children's social care decides."""
    return _csv(
        REFERRALS,
        (
            (
                *_child(case), _day(case.received_on), source_of(case), ANNEX_A_OUTCOMES[case.decision],
                NEXT_STEPS.get(case.decision, ""), "Yes" if case.decision == "nfa" else "No",
                f"{case.need} {PRIMARY_NEEDS[case.need]}", case.reference,
            )
            for case in cases
            if case.is_referral
        ),
    )  # fmt: skip


def source_of(case: Case) -> str:
    """The label of who told us."""
    return ANNEX_A_SOURCES.get(case.source, ANNEX_A_SOURCES[UNKNOWN_SOURCE])


def ethnicity_of(case: Case) -> str:
    """The code of what was confirmed, where it is one."""
    said = case.child.ethnicity if case.child else ""
    return said if said in ETHNICITIES else NOT_OBTAINED


def _child(case: Case) -> tuple[str, ...]:
    child, code = case.child, ethnicity_of(case)
    born = child.born if child else None
    letter = "abcdefghijklmnopqrst"[ETHNICITIES.index(code)]
    age = _age(born, case.received_on) if born else ""
    sex = SEXES.get(child.sex, NOT_STATED) if child else NOT_STATED
    return case.child_id, sex, f"{letter}) {code}", _day(born) if born else "", age


def _age(born: date, on: date) -> str:
    """In whole years; empty for who was not born yet."""
    years = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    return str(years) if years >= 0 else ""


def _day(day: date) -> str:
    return day.strftime("%d/%m/%Y")


def _csv(headings: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(headings)
    writer.writerows(lines)
    return out.getvalue()
