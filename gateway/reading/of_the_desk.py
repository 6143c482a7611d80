"""What staff write about the desk itself stands in the queue as an enquiry of its own, and is no report of a child."""

from __future__ import annotations

from datetime import datetime

from channels.contract import Inbound
from channels.note import ABOUT_DESK
from gateway import working_days
from gateway.desk_words import DESK_QUEUE, NOT_A_REPORT
from gateway.ladder import start_clock
from storage.referral import Kind, Referral

DAYS = 5
NEXT = "An administrator answers whoever wrote it"


def set_apart_if_so(row: Referral, inbound: Inbound, start: datetime) -> None:
    """Only what came by the box for it: no sender outside can make theirs one, whatever they write.

    Answered within five working days, so that it never stands before a child for want of time.
    """
    if inbound.cannot_answer != ABOUT_DESK:
        return
    due = working_days.close_of(working_days.add_working_days(working_days.in_london(start).date(), DAYS))
    row.kind, row.queue, row.treated_as = Kind.ENQUIRY, DESK_QUEUE, NOT_A_REPORT
    row.look_by, row.next_action = due, NEXT
    start_clock(row, due, start)
