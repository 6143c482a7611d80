"""What staff write about the desk itself, and notes of this system's own, stand in the queue as what they are."""

from __future__ import annotations

from datetime import datetime

from channels.contract import Inbound
from channels.note import ABOUT_DESK, BY_MACHINE
from gateway import working_days
from gateway.desk_words import DESK_QUEUE, NOT_A_REPORT, OWN_QUEUE
from gateway.ladder import start_clock
from storage.referral import Kind, Referral

DAYS = 5
NEXT = "An administrator answers whoever wrote it"


def set_apart_if_so(row: Referral, inbound: Inbound, start: datetime) -> None:
    """Only what came by the box for it: no sender outside can make theirs one, whatever they write.

    Answered within five working days, so that it never stands before a child for want of time.
    """
    if inbound.cannot_answer == BY_MACHINE:
        row.queue = OWN_QUEUE
    if inbound.cannot_answer != ABOUT_DESK:
        return
    due = working_days.close_of(working_days.add_working_days(working_days.in_london(start).date(), DAYS))
    row.kind, row.queue, row.treated_as = Kind.ENQUIRY, DESK_QUEUE, NOT_A_REPORT
    row.look_by, row.next_action = due, NEXT
    start_clock(row, due, start)
