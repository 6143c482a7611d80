"""What was asked about by the keys of a telephone: for the limits on asking, and for what a call leaves afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, LargeBinary, case, delete, or_
from sqlmodel import Field, Session, SQLModel, col, func, select

from storage.columns import UtcDateTime, locked, new_id


class Enquiry(SQLModel, table=True):
    """One asking: the same keys in the same call are one, however often the provider posts them.

    ``conversation`` is the call's, ``caller_hash`` a keyed hash, empty where no number was shown.
    ``reference`` is the one that the keys meant, None where they meant none or several. ``is_alarm``: with this one
    there were so many wrong ones that a person must know. ``is_heeded``: a message of the call was read since.
    """

    id: str = Field(default_factory=new_id, primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime, index=True)
    conversation: str = Field(index=True)
    caller_hash: str
    keys_hash: str
    sealed_keys: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    reference: str | None = None
    is_alarm: bool = False
    is_heeded: bool = False


@dataclass(frozen=True, kw_only=True)
class Asked:
    """How many other keys this call tried, and how many were wrong since a time: by this caller, and in all."""

    by_call: int
    wrong_by_caller: int
    wrong_in_all: int
    alarms: int


def asked(session: Session, *, conversation: str, caller_hash: str, keys_hash: str, since: datetime) -> Asked:
    """One question, whatever is found."""
    lately, wrong = col(Enquiry.at) >= since, col(Enquiry.reference).is_(None)
    by_call = (col(Enquiry.conversation) == conversation) & (col(Enquiry.keys_hash) != keys_hash)
    by_caller = (col(Enquiry.caller_hash) == caller_hash) & (col(Enquiry.caller_hash) != "")
    counts = (by_call, lately & wrong & by_caller, lately & wrong, lately & col(Enquiry.is_alarm))
    query = select(*(func.coalesce(func.sum(case((one, 1), else_=0)), 0) for one in counts))
    found = session.exec(query.where(or_(lately, by_call))).one()
    return Asked(by_call=found[0], wrong_by_caller=found[1], wrong_in_all=found[2], alarms=found[3])


def same(session: Session, *, conversation: str, keys_hash: str) -> Enquiry | None:
    """The one of this call with these keys."""
    query = select(Enquiry).where(Enquiry.conversation == conversation, Enquiry.keys_hash == keys_hash)
    return session.exec(query.limit(1)).first()


def of_call(session: Session, conversation: str) -> list[Enquiry]:
    """What a call asked about, the last first."""
    query = select(Enquiry).where(Enquiry.conversation == conversation)
    return list(session.exec(query.order_by(col(Enquiry.at).desc(), col(Enquiry.id).desc())))


def unheeded_of_call(session: Session, conversation: str) -> list[Enquiry]:
    """What a call asked about since a message of it was last read, held, the last first."""
    query = select(Enquiry).where(Enquiry.conversation == conversation, col(Enquiry.is_heeded).is_(False))
    return list(session.exec(locked(query.order_by(col(Enquiry.at).desc(), col(Enquiry.id).desc()))))


def forget_before(session: Session, at: datetime) -> None:
    """What was asked before then is forgotten; that a referral was asked about stays in its history."""
    session.execute(delete(Enquiry).where(col(Enquiry.at) < at))
