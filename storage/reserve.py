"""References set aside for a host, to be given out while the database cannot be reached."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from storage.columns import UtcDateTime


class Reserved(SQLModel, table=True):
    """One reference that nobody else may be given. ``host`` is the data folder's own id."""

    reference: str = Field(primary_key=True)
    host: str = Field(index=True)
    at: datetime = Field(sa_type=UtcDateTime)
