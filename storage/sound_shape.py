"""How loud a recording is from its beginning to its end, worked out once so that its wave can be drawn at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Field, Session, SQLModel, col, select

from storage import direct
from storage.columns import UtcDateTime


class SoundShape(SQLModel, table=True):
    """Of one part: ``levels``, two hexadecimal digits for each stretch of equal length (00 silent, ff its loudest).

    ``seconds`` is how long it plays. Both are empty of a file without sound, which is not asked again. ``sha256`` is of
    the bytes it was worked out from: those of a part can still change while a call is being put together.
    """

    __tablename__ = "sound_shape"

    attachment_id: str = Field(primary_key=True)
    sha256: str
    levels: str = ""
    seconds: float = 0.0
    made_at: datetime = Field(sa_type=UtcDateTime)


def of_parts(session: Session, part_ids: Sequence[str]) -> dict[str, SoundShape]:
    """What is known of some parts, by the part's id."""
    if not part_ids:
        return {}
    rows = session.exec(select(SoundShape).where(col(SoundShape.attachment_id).in_(part_ids)))
    return {row.attachment_id: row for row in rows}


def keep(session: Session, shape: SoundShape) -> None:
    """In place of what was kept of that part before, by one statement: two may have worked it out at once."""
    names = ("attachment_id", "sha256", "levels", "seconds", "made_at")
    anew = ", ".join(f"{name} = excluded.{name}" for name in names[1:])
    insert = f"INSERT INTO sound_shape ({', '.join(names)}) VALUES ({direct.marks(len(names))})"  # noqa: S608
    values = [getattr(shape, name) for name in names]
    direct.change(session, f"{insert} ON CONFLICT (attachment_id) DO UPDATE SET {anew}", values)
