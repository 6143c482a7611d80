"""What a machine suggests of a referral: how serious, what it is, which factors; each with the words it rests on."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Column, Index, Integer
from sqlmodel import Field, Session, SQLModel, col, select

from storage import direct
from storage.columns import UtcDateTime, locked, new_id


class About(StrEnum):
    """What a suggestion is of."""

    SEVERITY = "severity"
    KIND = "kind"
    FACTOR = "factor"


class SuggestionState(StrEnum):
    """``superseded``: the words it rested on were put right, and say it no more."""

    OPEN = "open"
    ACCEPTED = "accepted"
    SET_ASIDE = "set_aside"
    SUPERSEDED = "superseded"


class Suggestion(SQLModel, table=True):
    """One suggestion. ``words`` are a literal piece of what stands at ``place``, which is as ``Claim.place``.

    ``value`` is a severity, a kind or a factor; ``says`` why, in a few plain words of ours; ``rule`` what found it and
    ``extractor`` its version.
    """

    id: str = Field(default_factory=new_id, primary_key=True)
    referral_id: int = Field(index=True)
    message_id: str
    attachment_id: str | None = Field(default=None, index=True)
    about: str
    value: str
    rule: str
    says: str
    words: str
    place: str = "{}"
    extractor: str
    state: str = SuggestionState.OPEN
    made_at: datetime = Field(sa_type=UtcDateTime)
    settled_by: str = ""
    settled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class SuggestionDue(SQLModel, table=True):
    """A referral that was there before anything was suggested; ``was_open`` then, ``tries`` that failed since."""

    __tablename__ = "suggestion_due"
    __table_args__ = (Index("suggestion_due_next", "was_open", "referral_id"),)

    referral_id: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    was_open: bool
    tries: int = 0


GIVEN_UP_AT = 3
STANDS = (SuggestionState.OPEN, SuggestionState.ACCEPTED)


def of_referrals(session: Session, referral_ids: Collection[int]) -> list[Suggestion]:
    """Every suggestion of some referrals but what is superseded, the oldest first."""
    query = select(Suggestion).where(
        col(Suggestion.referral_id).in_(list(referral_ids)), Suggestion.state != SuggestionState.SUPERSEDED
    )
    return list(session.exec(query.order_by(col(Suggestion.made_at), col(Suggestion.id))))


def held(session: Session, suggestion_id: str) -> Suggestion | None:
    """One suggestion, locked until the transaction ends."""
    return session.exec(locked(select(Suggestion).where(Suggestion.id == suggestion_id))).first()


def perhaps(session: Session, referral_ids: Collection[int]) -> dict[int, str]:
    """How serious each of these referrals is by the suggestions that stand, where any says so."""
    query = select(Suggestion.referral_id, Suggestion.value).where(
        col(Suggestion.referral_id).in_(list(referral_ids)), Suggestion.about == About.SEVERITY,
        col(Suggestion.state).in_(STANDS),
    )  # fmt: skip
    found: dict[int, str] = {}
    for referral_id, value in session.exec(query):
        found[referral_id] = max(found.get(referral_id, ""), value, key=_rank)
    return found


def still_due(session: Session, *, limit: int) -> list[int]:
    """Referrals to be looked at for the first time: what was open first, the newest before the others."""
    query = select(SuggestionDue.referral_id).where(SuggestionDue.tries < GIVEN_UP_AT)
    order = (col(SuggestionDue.was_open).desc(), col(SuggestionDue.referral_id).desc())
    return list(session.exec(query.order_by(*order).limit(limit)))


def done(session: Session, referral_id: int) -> bool:
    """It is due no more; whether it was."""
    return direct.change(session, "DELETE FROM suggestion_due WHERE referral_id = ?", (referral_id,)) == 1


def failed(session: Session, referral_id: int) -> None:
    """It is tried again, and in the end left."""
    direct.change(session, "UPDATE suggestion_due SET tries = tries + 1 WHERE referral_id = ?", (referral_id,))


def _rank(severity: str) -> int:
    return ("", "blue", "green", "amber", "red").index(severity)
