"""Views of the queue that staff keep under a name, their own or everybody's, and which one they begin with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Field, Session, SQLModel, col, delete, or_, select

from storage.columns import UtcDateTime, new_id


class SavedView(SQLModel, table=True):
    """One view. ``filters`` is a query string; ``kept_by`` the name of who made it; ``is_shared``: everybody has it."""

    __tablename__ = "saved_view"

    id: str = Field(default_factory=new_id, primary_key=True)
    name: str
    filters: str
    kept_by: str = Field(index=True)
    is_shared: bool = False
    created_at: datetime = Field(sa_type=UtcDateTime)


class FirstView(SQLModel, table=True):
    """The view somebody begins with; whoever has no row begins with everything."""

    __tablename__ = "first_view"

    staff: str = Field(primary_key=True)
    view_id: str = Field(index=True)


def of(session: Session, name: str) -> Sequence[SavedView]:
    """What this person sees as tabs: what is shared first, each in the order it was made."""
    query = select(SavedView).where(or_(col(SavedView.is_shared), SavedView.kept_by == name))
    return session.exec(query.order_by(col(SavedView.is_shared).desc(), col(SavedView.created_at), SavedView.id)).all()


def by_id(session: Session, view_id: str) -> SavedView | None:
    """The view with this id, whoever made it."""
    return session.get(SavedView, view_id)


def first_of(session: Session, name: str) -> str | None:
    """The id of the view this person begins with."""
    return session.exec(select(FirstView.view_id).where(FirstView.staff == name)).first()


def begin_with(session: Session, name: str, view_id: str | None) -> None:
    """From now on this person begins with this view, or with everything."""
    session.execute(delete(FirstView).where(col(FirstView.staff) == name))
    if view_id:
        session.add(FirstView(staff=name, view_id=view_id))


def remove(session: Session, view_id: str) -> None:
    """It is gone, and whoever began with it begins with everything."""
    session.execute(delete(FirstView).where(col(FirstView.view_id) == view_id))
    session.execute(delete(SavedView).where(col(SavedView.id) == view_id))
