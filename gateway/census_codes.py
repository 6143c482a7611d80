"""The codes of the children in need census and of Annex A, with the words staff and inspectors know them by."""

from __future__ import annotations

UNKNOWN_SOURCE = "10"
NEED_NOT_STATED = "N0"
CONTACT_SOURCES = {
    "1A": "Family member, relative or carer",
    "1B": "Acquaintance: neighbour, child minder",
    "1C": "Self",
    "1D": "Other individual: stranger, MP",
    "2A": "School",
    "2B": "Education service",
    "3A": "GP",
    "3B": "Health visitor",
    "3C": "School nurse",
    "3D": "Other primary health service",
    "3E": "A&E (emergency department)",
    "3F": "Other health service",
    "4": "Housing",
    "5A": "Local authority: social care",
    "5B": "Local authority: other",
    "5C": "Local authority: another council",
    "5D": "Local authority: early help",
    "6": "Police",
    "7": "Other legal agency: court, probation, Cafcass, prison",
    "8": "Other: children's centre, voluntary organisation",
    "9": "Anonymous",
    "10": "Unknown",
}
"""Who told us, by ``contact_source_code`` (domain.md 2.2): 8 is other, 9 anonymous, 10 unknown."""
PRIMARY_NEEDS = {
    "N1": "Abuse or neglect",
    "N2": "Child's disability or illness",
    "N3": "Parental disability or illness",
    "N4": "Family in acute stress",
    "N5": "Family dysfunction",
    "N6": "Socially unacceptable behaviour",
    "N7": "Low income",
    "N8": "Absent parenting",
    "N9": "Cases other than children in need",
    "N0": "Not stated",
}
"""By ``primary_need_code``; where more than one fits, the highest in this list is chosen."""
ANNEX_A_SOURCES = {
    "1A": "a) 1A: Individual", "1B": "b) 1B: Individual", "1C": "c) 1C: Individual", "1D": "d) 1D: Individual",
    "2A": "e) 2A: Schools", "2B": "f) 2B: Education services", "3A": "g) 3A: Health services",
    "3B": "h) 3B: Health services", "3C": "i) 3C: Health services", "3D": "j) 3D: Health services",
    "3E": "k) 3E: Health services", "3F": "l) 3F: Health services", "4": "m) 4: Housing", "5A": "n) 5A: LA services",
    "5B": "o) 5B: LA services", "5C": "p) 5C: LA services", "5D": "p1) 5D: LA services", "6": "q) 6: Police",
    "7": "r) 7: Other legal agency", "8": "s) 8: Other", "9": "t) 9: Anonymous", "10": "u) 10: Unknown",
}  # fmt: skip
"""The labels of Annex A, lists 1 and 2, as councils' open scripts write them."""
ANNEX_A_OUTCOMES = {
    "nfa": "No Further Action",
    "advice": "Information and Advice",
    "early_help": "EH Referral",
    "s17": "CIN Referral",
    "s47": "CIN Referral",
}
NEXT_STEPS = {"s17": "Assessment required", "s47": "Strategy discussion and/or Section 47 enquiry"}
PROFESSIONAL_SOURCES = frozenset(code for code in CONTACT_SOURCES if code[0] in "234567")
"""Who tells us as part of their work; 8, 9 and 10 are neither one nor the other."""
