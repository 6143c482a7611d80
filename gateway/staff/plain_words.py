"""Codes and times as staff read them: channels, states, ratings, decisions, and how much time is left."""

from __future__ import annotations

from datetime import datetime, timedelta

from gateway import census_codes, saying, working_days
from gateway.desk_words import DESK_QUEUE, OWN_QUEUE
from gateway.part_view import PartView, SegmentView
from gateway.staff.language_names import language_name
from gateway.staff.page_pictures import PICTURED
from gateway.staff.times import clock_time, moment, moment_and_year, short_day, short_moment
from gateway.translating import Worded, said, said_of
from gateway.unread import why_unread
from transcription.contract import Segment, Unreadable, Word
from transcription.marking import Piece, pieces

MOST_PAGES = 20
NO_PICTURE = (Unreadable.ENCRYPTED, Unreadable.BROKEN, Unreadable.EMPTY)

CHANNELS = Worded({
    "phone": "Phone", "voicemail": "Voicemail", "sms": "Text", "email": "Email", "letter": "Letter",
    "web_form": "Web form", "note": "Call taker", "voice": "Spoken", "web": "Web page", "staff": "Staff",
})  # fmt: skip
QUEUES = Worded({DESK_QUEUE: "Staff feedback", OWN_QUEUE: "Note by this system"})
STATES = Worded({
    "received": "Not looked at yet", "in_triage": "Being looked at", "awaiting_information": "Waiting for an answer",
    "decided": "Decided", "closed": "Closed", "reopened": "Reopened",
})  # fmt: skip
RATINGS = Worded({
    "red": "Red", "amber": "Amber", "green": "Green", "blue": "Blue", "unrated": "Not rated",
})  # fmt: skip
RATING_HINTS = Worded(
    {
        "red": "A child may be in danger now. Act within 4 hours, day or night.",
        "amber": "Serious worry. Act within 24 hours.",
        "green": "Needs a response within one working day.",
        "blue": "Advice or a message. No sign of harm.",
    }
)
TOLD_AS_HINTS = Worded(
    {
        "public": "As a rule they hear that we looked, and no more.",
        "parent": "As a rule they hear whether we act.",
        "professional": "As a rule they hear what was decided, and the reasons you write for them.",
    }
)
KINDS = Worded({
    "concern": "Concern", "extra_info": "More about a report", "message_for_worker": "Message for a worker",
    "request_for_help": "Request for help", "notification": "Notification", "complaint": "Complaint",
    "enquiry": "Enquiry", "not_for_us": "Not for us", "unclear": "Could not be read by machine",
})  # fmt: skip
DECISIONS = Worded(
    {
        "nfa": "No further action",
        "advice": "Information and advice",
        "early_help": "Early help",
        "s17": "Assessment: child in need (section 17)",
        "s47": "Child protection enquiries (section 47)",
        "linked": "Belongs to an open case",
        "passed_on": "Passed on to another council or service",
        "worker_message": "Message for a worker",
        "lado": "About somebody who works with children (LADO)",
        "private_fostering": "Private fostering",
        "adult_safeguarding": "Adult safeguarding",
        "complaint": "Complaint",
        "not_about_a_child": "Not about a child",
        "duplicate": "Same as another referral",
    }
)
LEVELS = Worded({
    "1": "1 Universal", "2": "2 Early help", "3": "3 Targeted or complex", "4": "4 Specialist or safeguarding",
})  # fmt: skip
LEVEL_HINTS = Worded(
    {
        "1": "Family, school, nursery and GP meet what the child needs.",
        "2": "A little more than these is needed early: one service, with the family's consent.",
        "3": "Several or complex needs: help from more than one service, or as a child in need (section 17).",
        "4": "Significant harm, or likely to suffer it: specialist or safeguarding work, consent or not (section 47).",
    }
)
"""What a level means, as most partnerships' threshold documents put it; each publishes its own."""
NOTICES = Worded({
    "receipt": "We have it", "looked_at": "Looked at", "need_more": "A question", "closed": "Closed",
    "passed_on": "Passed on", "worker_message": "Message passed on", "late": "We are late",
    "staff_task": "Task for staff",
})  # fmt: skip
NOTICE_STATES = Worded({
    "owed": "Not sent yet", "sent": "Sent", "delivered": "Delivered", "failed": "Failed", "cancelled": "Not sent",
})  # fmt: skip
SENDERS = Worded({
    "mobile": "A mobile phone", "landline": "A landline", "withheld": "A withheld number", "email": "An email address",
    "postal": "A postal address", "none": "No address was given",
})  # fmt: skip
ROLES = Worded({
    "readonly": "Reader", "call_taker": "Call taker", "social_worker": "Social worker", "manager": "Manager",
    "administrator": "Administrator",
})  # fmt: skip

FOR_ROLES = Worded({
    "duty_manager": "duty manager", "team_manager": "team manager", "manager": "manager",
    "social_worker": "social worker", "call_taker": "call taker", "administrator": "administrator",
    "second_person": "second person", "head_of_service": "head of service", "director": "director",
    "assistant_director": "assistant director",
})  # fmt: skip


def time_left(due: datetime, now: datetime) -> str:
    """Such as 2 h 10 min left, 1 day 4 h left, or overdue by 5 min: the two largest parts of it."""
    left = due - now
    if abs(left) < timedelta(minutes=1):
        return said("due now")
    length = span(abs(left))
    return said("%(span)s left", span=length) if left > timedelta(0) else said("overdue by %(span)s", span=length)


def span(length: timedelta) -> str:
    """Such as 2 h 10 min."""
    minutes = int(length.total_seconds() // 60)
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = [
        (days, said_of("%(num)s day", "%(num)s days", days)),
        (hours, said("%(num)s h", num=hours)), (rest, said("%(num)s min", num=rest)),
    ]  # fmt: skip
    first = next((place for place, (number, _) in enumerate(parts) if number), 2)
    return " ".join(words for number, words in parts[first : first + 2] if number)


def urgency(due: datetime, now: datetime) -> str:
    """``overdue``, ``soon`` (less than two hours) or ``later``."""
    if due <= now:
        return "overdue"
    return "soon" if due - now < timedelta(hours=2) else "later"


def playing_time(seconds: float | None) -> str:
    """Such as 1:05, a place in a recording."""
    whole = int(seconds or 0)
    return f"{whole // 60}:{whole % 60:02d}"


def size_of_file(octets: int | None) -> str:
    """Such as 12 KB or 3.4 MB."""
    if octets is None:
        return said("size not known yet")
    if octets < 1000:
        return said("%(num)s bytes", num=octets)
    return f"{octets // 1000} KB" if octets < 1_000_000 else f"{octets / 1_000_000:.1f} MB"


def pages_of(part: PartView) -> list[int]:
    """The pages of a scan that are pictured: those with words, or the first; none where nobody can open it."""
    if part.note and part.note in {why_unread(reason, part.media_type, part.name or "") for reason in NO_PICTURE}:
        return []
    return sorted({segment.page for segment in part.segments if segment.page})[:MOST_PAGES] or [1]


def pieces_of(segment: SegmentView) -> tuple[Piece, ...]:
    """A segment cut at its words, nothing of it lost."""
    words = tuple(
        Word(text=word.text, start=word.start, end=word.end, confidence=word.confidence) for word in segment.words
    )
    return pieces(Segment(text=segment.text, words=words))


IN_TEMPLATES = {
    "pieces_of": pieces_of, "language_name": language_name,
    "PICTURED": PICTURED, "pages_of": pages_of,
    "CHANNELS": CHANNELS, "QUEUES": QUEUES, "STATES": STATES, "RATINGS": RATINGS, "RATING_HINTS": RATING_HINTS,
    "TOLD_AS_HINTS": TOLD_AS_HINTS, "KINDS": KINDS,
    "CONTACT_SOURCES": Worded(census_codes.CONTACT_SOURCES), "PRIMARY_NEEDS": Worded(census_codes.PRIMARY_NEEDS),
    "DECISIONS": DECISIONS, "LEVELS": LEVELS, "LEVEL_HINTS": LEVEL_HINTS,
    "NOTICES": NOTICES, "NOTICE_STATES": NOTICE_STATES, "SENDERS": SENDERS,
    "ROLES": ROLES, "FOR_ROLES": FOR_ROLES,
    "time_left": time_left, "span": span, "urgency": urgency, "playing_time": playing_time,
    "size_of_file": size_of_file, "moment": moment, "short_moment": short_moment, "short_day": short_day,
    "moment_and_year": moment_and_year, "clock_time": clock_time,
    "read_out_reference": saying.read_out_reference,
    "in_london": working_days.in_london, "phone_number": saying.phone,
}  # fmt: skip
