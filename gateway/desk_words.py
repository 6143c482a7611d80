"""What staff write about the desk itself is called, wherever it must be told from a report about a child."""

from __future__ import annotations

NOT_A_REPORT = "desk"
"""``Referral.treated_as`` of it: neither a contact nor a referral, in no count of them and in no sample."""
DESK_QUEUE = "desk_feedback"
"""``Referral.queue`` of it."""
