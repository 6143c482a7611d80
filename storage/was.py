"""What a field of a referral held until it was changed: so that any past moment can be told again as it was."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Field, Session, SQLModel, col, select

from storage import direct
from storage.columns import UtcDateTime
from storage.referral import Referral

KEPT = (
    "severity", "contact_source_code", "primary_need_code", "decision_code", "decided_at", "received_at", "look_by",
    "looked_at", "looked_by", "treated_as",
)  # fmt: skip
"""The fields whose past is told: those of the inspector's pack."""


class Was(SQLModel, table=True):
    """One change. ``value`` is what the field held before ``at``, times in ISO 8601; None where it held nothing."""

    id: int | None = Field(default=None, primary_key=True)
    referral_id: int = Field(index=True)
    at: datetime = Field(sa_type=UtcDateTime)
    field: str
    value: str | None = None


def as_it_is(row: Referral) -> dict[str, object]:
    """The fields whose past is told, to be handed to ``changed`` after a step."""
    return {name: getattr(row, name) for name in KEPT}


def changed(session: Session, row: Referral, before: dict[str, object], at: datetime) -> None:
    """Write down what a step changed, in its transaction."""
    values = [
        {"referral_id": row.id, "at": at, "field": name, "value": _as_text(value)}
        for name, value in before.items()
        if getattr(row, name) != value
    ]
    if values:
        direct.insert(session, "was", values)


def later_than(session: Session, referral_ids: Sequence[int], at: datetime) -> list[Was]:
    """Every change of some referrals after a moment, the last first: undone in this order they give that moment."""
    query = select(Was).where(col(Was.referral_id).in_(referral_ids), col(Was.at) > at)
    return list(session.exec(query.order_by(col(Was.id).desc())))


def value_of(field: str, value: str | None) -> object:
    """As the referral held it."""
    if value is None or not field.endswith(("_at", "_by")) or field == "looked_by":
        return value
    return datetime.fromisoformat(value)


def _as_text(value: object) -> str | None:
    if value is None:
        return None
    return value.isoformat() if isinstance(value, datetime) else str(value)
