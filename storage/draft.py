"""A call that somebody is taking: what is written down so far, sealed, until it is handed in as a message."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Index, and_, delete, not_, or_, text, update
from sqlmodel import Column, Field, LargeBinary, Session, SQLModel, col, select
from sqlmodel.sql.expression import SelectOfScalar

from storage.columns import UtcDateTime, locked, new_id

PAGE = 25  # calls
OWED = text("wrapped_at IS NULL AND handed_by <> ''")


class DraftState(StrEnum):
    """How far it is."""

    OPEN = "open"
    HANDING_IN = "handing_in"  # its words are settled and on their way in
    HANDED_IN = "handed_in"  # a message like any other; the words are kept with that alone


class Draft(SQLModel, table=True):
    """One call. ``sealed`` holds the fields as JSON; ``version`` counts the saves, 0: nothing was written yet.

    ``page`` is the open page that saved last and ``turn`` which of its saves that was: they may come in any order.

    ``reference`` is set aside with the row, so it may be told as soon as the row is kept. ``call`` is the stream of the
    line, where there is one. ``is_sent``: what stood there has become a message before the end of the call.
    ``manager_asked_at``: a manager is wanted; ``manager_told_at``: their task stands. ``wrapped_at``: the minute after
    the call is done with; ``is_parked``: put off.
    """

    __table_args__ = (
        Index("draft_to_wrap_up", "handed_by", "is_parked", "handed_at", sqlite_where=OWED, postgresql_where=OWED),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    reference: str = Field(unique=True)
    state: str = Field(default=DraftState.OPEN, index=True)
    taken_by: str = Field(index=True)
    began_at: datetime = Field(sa_type=UtcDateTime)
    saved_at: datetime = Field(sa_type=UtcDateTime)
    saved_by: str
    version: int = 0
    page: str = ""
    turn: int = 0
    sealed: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    call: str | None = None
    is_sent: bool = False
    manager_asked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    manager_told_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    handed_by: str = ""
    handed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    is_parked: bool = False
    wrapped_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


def by_id(session: Session, draft_id: str, *, lock: bool = False) -> Draft | None:
    """The draft with this id; ``lock`` holds it until the transaction ends, as it is by then."""
    query = select(Draft).where(Draft.id == draft_id)
    return session.exec(locked(query) if lock else query).first()


def open_drafts(session: Session, *, unwritten_since: datetime | None = None) -> Sequence[Draft]:
    """The calls that are being taken or were left unfinished, the longest first.

    Without those that nobody touched since ``unwritten_since`` and of which nothing was written.
    """
    query = select(Draft).where(col(Draft.state).in_((DraftState.OPEN, DraftState.HANDING_IN)))
    if unwritten_since is not None:
        query = query.where(not_(and_(_is_unwritten(), col(Draft.saved_at) <= unwritten_since)))
    return session.exec(query.order_by(col(Draft.began_at), col(Draft.id))).all()


def left_alone(
    session: Session, *, since: datetime, unwritten_since: datetime, settled_since: datetime
) -> Sequence[str]:
    """Ids of those nobody has touched since the time for such a call, and of those settled but not handed in."""
    is_over = or_(not_(_is_unwritten()), col(Draft.saved_at) <= unwritten_since)
    untouched = and_(col(Draft.state) == DraftState.OPEN, col(Draft.saved_at) <= since, is_over)
    stuck = and_(col(Draft.state) == DraftState.HANDING_IN, col(Draft.handed_at) <= settled_since)
    return session.exec(select(Draft.id).where(or_(untouched, stuck)).order_by(col(Draft.began_at))).all()


def _is_unwritten() -> ColumnElement[bool]:
    """Nobody wrote a word, nor asked for a manager: its reference was shown to nobody."""
    return and_(col(Draft.version) == 0, col(Draft.manager_asked_at).is_(None))


def managers_wanted(session: Session) -> Sequence[str]:
    """Ids of the calls for which a manager was asked who has not been told yet."""
    asked = col(Draft.manager_asked_at).is_not(None), col(Draft.manager_told_at).is_(None)
    return session.exec(select(Draft.id).where(*asked)).all()


def unfinished(session: Session, *, unwritten_since: datetime, page: int = 1) -> Sequence[Draft]:
    """One page, and one more where there is another, of the calls somebody has still to finish, the newest first.

    Without those that nobody touched since ``unwritten_since`` and of which nothing was written.
    """
    query = select(Draft).where(Draft.state == DraftState.OPEN)
    query = query.where(not_(and_(_is_unwritten(), col(Draft.saved_at) <= unwritten_since)))
    return session.exec(_page(query.order_by(col(Draft.began_at).desc(), col(Draft.id).desc()), page)).all()


def to_wrap_up(session: Session, name: str, *, page: int = 1) -> Sequence[Draft]:
    """One page, and one more where there is another, of the calls this person handed in and has not wrapped up.

    Those they put off come after the others, of either the newest first.
    """
    query = select(Draft).where(OWED, Draft.handed_by == name).order_by(
        col(Draft.is_parked), col(Draft.handed_at).desc(), col(Draft.id).desc()
    )  # fmt: skip
    return session.exec(_page(query, page)).all()


def put_off(session: Session, name: str) -> None:
    """What this person has to wrap up waits: the phone rings."""
    owed = update(Draft).where(OWED, col(Draft.handed_by) == name, col(Draft.is_parked).is_(False))
    session.execute(owed.values(is_parked=True))


def ended_by_nobody(session: Session, name: str) -> Sequence[Draft]:
    """The calls this person began and left, which became reports by themselves or are about to, the newest first."""
    query = select(Draft).where(Draft.taken_by == name, Draft.handed_by == "", col(Draft.state) != DraftState.OPEN)
    return session.exec(query.order_by(col(Draft.handed_at).desc(), col(Draft.id).desc()).limit(PAGE)).all()


def _page(query: SelectOfScalar[Draft], page: int) -> SelectOfScalar[Draft]:
    return query.limit(PAGE + 1).offset((page - 1) * PAGE)


def forget_wrapped(session: Session, *, before: datetime) -> None:
    """Those that are done with, and those nobody is to wrap up, need no row any more."""
    done = and_(col(Draft.state) == DraftState.HANDED_IN, col(Draft.handed_at) < before)
    is_told = or_(col(Draft.manager_asked_at).is_(None), col(Draft.manager_told_at).is_not(None))
    is_nobodys = or_(col(Draft.wrapped_at).is_not(None), col(Draft.handed_by) == "")
    session.execute(delete(Draft).where(done, is_told, is_nobodys))
