"""How what is no report about a child is called: what staff write of the desk, and notes of this system's own."""

from __future__ import annotations

NOT_A_REPORT = "desk"
"""``Referral.treated_as`` of it: neither a contact nor a referral, in no count of them and in no sample."""
DESK_QUEUE = "desk_feedback"
"""``Referral.queue`` of it."""
OWN_QUEUE = "own_note"
"""``Referral.queue`` of what this system itself puts before a person: a file or a mail that it cannot take."""
