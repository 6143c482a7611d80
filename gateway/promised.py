"""The referral behind a reference that was told to somebody, also where what they sent joined another referral."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from gateway import reference
from storage import keeping, message, referral, reserve
from storage.referral import Referral


def referral_of(session: Session, references: Sequence[str]) -> Referral | None:
    """The first referral with one of these, or the one that a message told one of these ended in."""
    told = every(session, references)
    if found := referral.by_references(session, told):
        return found
    joined = message.ended_in(session, told)
    return referral.by_id(session, joined) if joined else None


@dataclass(frozen=True, kw_only=True)
class Meant:
    """One thing of ours that was given a reference; ``referral`` is None while its message is kept and not yet read."""

    reference: str
    referral: Referral | None


def every_meant(session: Session, references: Sequence[str]) -> list[Meant]:
    """All that was given any of these, each once: always three questions, whatever there is."""
    told = every(session, references)
    messages = message.numbered(session, told)
    found = [row.referral_id for row in messages if row.referral_id is not None]
    referrals = referral.every_one(session, references=told, ids=found)
    unread = {row.reference for row in messages} - {row.reference for row in messages if row.referral_id is not None}
    waiting = sorted(unread - {row.reference for row in referrals})
    return [
        *(Meant(reference=row.reference, referral=row) for row in referrals),
        *(Meant(reference=each, referral=None) for each in waiting),
    ]


def every(session: Session, references: Sequence[str]) -> list[str]:
    """These, and those they were told instead of while the database could not be asked."""
    return [*references, *reserve.meant_by(session, references)]


def own_reference(session: Session, told: str) -> str:
    """The reference for a new referral: as told, or a fresh one where, by a chance in millions, it is another's."""
    given = told
    while referral.is_there(session, given) or (given != told and _is_taken(session, given)):
        given = reference.draw()
    return given


def _is_taken(session: Session, given: str) -> bool:
    return bool(keeping.look_up(session, keys=(), talks=(), drawn=(given,)).taken)
