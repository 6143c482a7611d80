"""One concern, request or message, whatever it came by: its state, its clock and who has it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, bindparam, text
from sqlmodel import Field, Session, SQLModel, col, func, or_, select

from storage import direct
from storage.columns import UtcDateTime, locked

OPEN, CLOSED = text("state <> 'closed'"), text("state = 'closed'")
OF_THE_DESK = text("treated_as = 'desk'")
HELD = text("held_until IS NOT NULL")
TOLD_APART_BY = ("channel", "severity", "state")
NOT_LOOKED_AT = text("state <> 'closed' AND looked_at IS NULL")
LOOKED_AT = text("state <> 'closed' AND state <> 'awaiting_information' AND looked_at IS NOT NULL")
AWAITING = text("state = 'awaiting_information'")
PROMISED = text("state <> 'closed' AND state <> 'awaiting_information' AND promised_at IS NOT NULL")
UNCLOCKED = text("state <> 'closed' AND (next_action = '' OR queue = '' OR rung_at IS NULL OR clock_from IS NULL)")
BROKEN_BY = {
    "referral_not_looked_at": ("look_by", NOT_LOOKED_AT), "referral_looked_at": ("due_at", LOOKED_AT),
    "referral_awaiting": ("due_at", AWAITING), "referral_promised": ("promised_at", PROMISED),
    "referral_unclocked": ("captured_at", UNCLOCKED),
}  # fmt: skip
"""Indexes of what a promise can be broken of, each in the order in which it would be."""


class Kind(StrEnum):
    """What it is (domain.md 2.2)."""

    CONCERN = "concern"
    EXTRA_INFO = "extra_info"
    MESSAGE_FOR_WORKER = "message_for_worker"
    REQUEST_FOR_HELP = "request_for_help"
    NOTIFICATION = "notification"
    COMPLAINT = "complaint"
    ENQUIRY = "enquiry"
    NOT_FOR_US = "not_for_us"
    UNCLEAR = "unclear"


class State(StrEnum):
    """The work track (domain.md 2.8)."""

    RECEIVED = "received"
    IN_TRIAGE = "in_triage"
    AWAITING_INFORMATION = "awaiting_information"
    DECIDED = "decided"
    CLOSED = "closed"
    REOPENED = "reopened"


class Severity(StrEnum):
    """Rated by a person; ``unrated`` until then."""

    UNRATED = "unrated"
    BLUE = "blue"
    GREEN = "green"
    AMBER = "amber"
    RED = "red"


class ToldAs(StrEnum):
    """Who the sender is to us: it decides how much of the outcome they are told (domain.md 1.8)."""

    PUBLIC = "public"
    PARENT = "parent"
    PROFESSIONAL = "professional"


class Reached(StrEnum):
    """How far a call got, in this order."""

    NOTHING = ""
    MENU = "menu"
    CHOSE = "chose"
    RANG = "rang"
    MESSAGE = "message"
    SPOKE = "spoke"


class Referral(SQLModel, table=True):
    """One referral. Who told us is only a key here; words of the sender stay with the messages.

    ``look_by`` is by when a social worker must have looked, counted from receipt: what the sender was told, unless the
    day a letter arrived was found out later; ``due_at`` is when ``next_action`` is due, never empty while open.
    ``clock_from`` is when the clock that runs out at ``due_at`` began, ``ladder`` how many rungs of the escalation
    ladder it has climbed, ``rung_at`` when the next one is due.
    ``language`` is the one the sender asked for (ISO 639-1); empty: none was asked for.
    ``promised_at`` is when the sender was told to hear from us next; ``still_open_at`` when the director hears that it
    is still open.
    ``asked_for`` is what a caller chose by key and ``reached`` how far the call got; ``call_seconds`` how long it was,
    None until it is known to be over.
    ``perhaps_spam``: each of its messages may be unwanted mail.
    ``held_by`` is who is at it, in force until ``held_until``; ``held_since`` is when they took it, ``held_seen_at``
    when they last did or looked.
    """

    __table_args__ = (
        Index(
            "referral_rung",
            "rung_at",
            sqlite_where=text("state <> 'closed'"),
            postgresql_where=text("state <> 'closed'"),
        ),
        Index("referral_desk", "ledger_no", sqlite_where=OF_THE_DESK, postgresql_where=OF_THE_DESK),
        Index("referral_ageing", "ledger_no", *TOLD_APART_BY, sqlite_where=OPEN, postgresql_where=OPEN),
        *(Index(name, at, sqlite_where=those, postgresql_where=those) for name, (at, those) in BROKEN_BY.items()),
        Index("referral_open_since", "received_at", sqlite_where=OPEN, postgresql_where=OPEN),
        Index("referral_closed", "closed_at", "received_at", sqlite_where=CLOSED, postgresql_where=CLOSED),
        Index("referral_held", "held_until", sqlite_where=HELD, postgresql_where=HELD),
    )

    id: int | None = Field(default=None, primary_key=True)
    reference: str = Field(unique=True)
    ledger_no: int = Field(unique=True)
    channel: str
    kind: str = Kind.CONCERN
    state: str = State.RECEIVED
    severity: str = Severity.UNRATED
    severity_floor: str = Severity.UNRATED
    contact_source_code: str = "10"
    treated_as: str = "referral"
    received_at: datetime = Field(sa_type=UtcDateTime)
    captured_at: datetime = Field(sa_type=UtcDateTime, index=True)
    look_by: datetime = Field(sa_type=UtcDateTime)
    looked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    looked_by: str | None = None
    due_at: datetime = Field(sa_type=UtcDateTime)
    next_action: str
    queue: str = "front_door"
    owner: str | None = None
    child_known: bool = False
    summary: str = ""
    identity_id: str | None = Field(default=None, index=True)
    decision_code: str | None = None
    decision_reason: str = ""
    decision_level: int | None = None
    decided_by: str | None = None
    agreed_by: str | None = None
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    close_reason: str = ""
    linked_to: str | None = None
    last_message_at: datetime = Field(sa_type=UtcDateTime)
    clock_from: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ladder: int = 0
    rung_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    still_open_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    promised_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    late_count: int = 0
    told_as: str = ToldAs.PUBLIC
    severity_highest: str = Severity.UNRATED
    asked_who_acts: str = ""
    child_told_us: bool = False
    may_be_malicious: bool = False
    handed_to: str = ""
    handed_receipt: str = ""
    language: str = ""
    recording_refused: bool = False
    asked_for: str = ""
    reached: str = Reached.NOTHING
    call_seconds: int | None = None
    primary_need_code: str = "N0"
    perhaps_spam: bool = False
    held_by: str | None = None
    held_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    held_seen_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    held_until: datetime | None = Field(default=None, sa_type=UtcDateTime)


_SPAM = """
UPDATE referral SET perhaps_spam = NOT perhaps_spam WHERE id IN ({some}) AND perhaps_spam <> (
 EXISTS (SELECT 1 FROM message WHERE referral_id = referral.id AND ledger_no IS NOT NULL AND spam <> '')
 AND NOT EXISTS (SELECT 1 FROM message WHERE referral_id = referral.id AND ledger_no IS NOT NULL AND spam = '')
)
"""
_ITS_OWN = select(Referral).where(Referral.id == bindparam("referral_id"))
_ITS_OWN_LOCKED = locked(_ITS_OWN)


def by_reference(session: Session, reference: str, *, lock: bool = False) -> Referral | None:
    """The referral with this reference; ``lock`` holds it until the transaction ends, as it is by then."""
    query = select(Referral).where(Referral.reference == reference)
    return session.exec(locked(query) if lock else query).first()


def is_there(session: Session, reference: str) -> bool:
    """Whether a referral has this reference."""
    return bool(direct.ask(session, "SELECT 1 FROM referral WHERE reference = ?", (reference,)))


def by_id(session: Session, referral_id: int, *, lock: bool = False) -> Referral | None:
    """The referral with this id; ``lock`` holds it until the transaction ends, as it is by then."""
    return session.exec(_ITS_OWN_LOCKED if lock else _ITS_OWN, params={"referral_id": referral_id}).first()


def settle_spam(session: Session, ids: frozenset[int]) -> None:
    """What was said in these has changed: whether all of it may be unwanted mail is kept with each."""
    direct.ask(session, _SPAM.format(some=direct.marks(len(ids))), sorted(ids))


def in_order_of_receipt(session: Session, *, after: int, limit: int) -> list[Referral]:
    """Referrals whose first message has a ledger number above ``after``."""
    query = select(Referral).where(col(Referral.ledger_no) > after)
    return list(session.exec(query.order_by(col(Referral.ledger_no)).limit(limit)))


def newest(session: Session, *, limit: int, as_at: datetime) -> list[Referral]:
    """The last ``limit`` referrals captured up to a time, newest first, in strict order of receipt."""
    query = select(Referral).where(col(Referral.captured_at) <= as_at)
    return list(session.exec(query.order_by(col(Referral.ledger_no).desc()).limit(limit)))


def in_working_order(
    session: Session, *, limit: int, offset: int = 0, unwanted: bool | None = None, now: datetime | None = None
) -> list[Referral]:
    """Everything open: what has climbed highest first, then the least time left.

    ``unwanted`` leaves out what is not, or is, all unwanted mail as far as it was marked; never what is overdue
    ``now``.
    """
    order = (col(Referral.ladder).desc(), col(Referral.due_at), col(Referral.id))
    query = select(Referral).where(text("state <> 'closed'")).order_by(*order)
    if unwanted is not None:
        query = query.where(or_(col(Referral.perhaps_spam) == unwanted, col(Referral.due_at) < now))
    return list(session.exec(query.limit(limit).offset(offset)))


def count(session: Session) -> int:
    """How many there are, whatever became of them."""
    ((found,),) = direct.ask(session, "SELECT count(*) FROM referral")
    return int(found)


def open_count(session: Session) -> int:
    """How many are open."""
    return session.exec(select(func.count()).select_from(Referral).where(text("state <> 'closed'"))).one()


def overdue_count(session: Session, now: datetime) -> int:
    """How many open ones are past their due time."""
    query = select(func.count()).select_from(Referral).where(text("state <> 'closed'"), col(Referral.due_at) < now)
    return session.exec(query).one()


def open_up_to(session: Session, most: int, *, due_before: datetime | None = None) -> int:
    """How many are open, or open and past due, counted no further than ``most``: cheap however many there are."""
    query = select(Referral.id).where(text("state <> 'closed'"))
    if due_before is not None:
        query = query.where(col(Referral.due_at) < due_before)
    return session.exec(select(func.count()).select_from(query.limit(most).subquery())).one()


def latest_of_sender(session: Session, identity_id: str, *, channel: str, since: datetime) -> Referral | None:
    """The newest open referral of this address on this channel that had a message since a time."""
    query = select(Referral).where(
        Referral.identity_id == identity_id,
        Referral.channel == channel,
        text("state <> 'closed'"),
        col(Referral.last_message_at) >= since,
    )
    return session.exec(query.order_by(col(Referral.ledger_no).desc()).limit(1)).first()


def newest_of_sender(session: Session, identity_id: str) -> Referral | None:
    """The newest referral of this address, finished or not."""
    query = select(Referral).where(Referral.identity_id == identity_id)
    return session.exec(query.order_by(col(Referral.ledger_no).desc()).limit(1)).first()


def others_open(session: Session, identity_id: str, *, beside: int) -> int:
    """How many open referrals this address has beside one."""
    query = select(func.count()).select_from(Referral).where(text("state <> 'closed'"), Referral.id != beside)
    return session.exec(query.where(Referral.identity_id == identity_id)).one()


def by_references(session: Session, references: Sequence[str]) -> Referral | None:
    """The first of these references that exists."""
    if not references:
        return None
    rows = {r.reference: r for r in session.exec(select(Referral).where(col(Referral.reference).in_(references)))}
    return next((rows[r] for r in references if r in rows), None)


def every_one(session: Session, *, references: Sequence[str], ids: Sequence[int]) -> list[Referral]:
    """All that have one of these references or ids; one question, whatever there is."""
    query = select(Referral).where(or_(col(Referral.reference).in_(references), col(Referral.id).in_(ids)))
    return list(session.exec(query.order_by(col(Referral.id))))
