"""The questions of the public form: none must be answered."""

from __future__ import annotations

CONCERN = "concern"
REFERENCE = "reference"
FILES = "files"
SAME_HOME = "same_home"
TOKEN = "token"  # noqa: S105 - the name of a hidden field
TRAP = "website"  # people never see this field; a filled one is told to staff and blocks nothing

ABOUT = {
    "child": "Child or children",
    "where": "Where",
    "when": "When",
    "relation": "How they know the child",
    SAME_HOME: "Lives in the same home as the child",
    "name": "Name",
    "keep_name_from": "Must not know who told us",
    "organisation": "Organisation",
    "role": "Role",
    "parents_told": "Whether the parents know of this report",
}
REACHED_AT = {
    "contact_email": "Email",
    "contact_phone": "Phone",
    "contact_address": "Address",
}
SAFETY = {
    "safe_email": "Safe to email",
    "safe_text": "Safe to text",
    "safe_phone": "Safe to call",
    "safe_post": "Safe to write by post",
    "safe_words": "How to reach them safely",
}
LABELS = {**ABOUT, **REACHED_AT, **SAFETY}
TEXT_FIELDS = (CONCERN, *LABELS, REFERENCE)
NOT_WORDS = frozenset({TOKEN, TRAP, REFERENCE, CONCERN})
