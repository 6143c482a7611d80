"""Up to when we have asked each provider what it has: where the next recall begins."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, Session, SQLModel

from storage.columns import UtcDateTime


class Mark(SQLModel, table=True):
    """One channel's mark."""

    channel: str = Field(primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime)


def of_channel(session: Session, channel: str) -> datetime | None:
    """When this channel was last recalled without an error."""
    row = session.get(Mark, channel)
    return row.at if row else None


def move(session: Session, channel: str, at: datetime) -> None:
    """Everything up to then has been asked for."""
    session.merge(Mark(channel=channel, at=at))
