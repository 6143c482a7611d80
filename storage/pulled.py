"""What was taken out of mailboxes that others keep for us, so that nothing is taken twice or passed over."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice

from sqlalchemy import delete
from sqlmodel import Field, Session, SQLModel, col, select

from storage import direct
from storage.columns import UtcDateTime

AT_ONCE = 500
_NOTE = "INSERT INTO pulled (mailbox, item, pulled_at) VALUES (?, ?, ?) ON CONFLICT (mailbox, item) DO NOTHING"


class Pulled(SQLModel, table=True):
    """One item of a mailbox that is durably kept here.

    ``mailbox`` names the source so that its items' ids are unique in it (an IMAP folder with its UIDVALIDITY, a
    mailbox of Microsoft 365); ``item`` is the id there.
    """

    mailbox: str = Field(primary_key=True)
    item: str = Field(primary_key=True)
    pulled_at: datetime = Field(sa_type=UtcDateTime)


def not_yet(session: Session, mailbox: str, items: Collection[str]) -> list[str]:
    """Those of the items that were never taken, in the order given."""
    wanted, taken = list(items), set[str]()
    for some in _some(wanted):
        query = select(Pulled.item).where(Pulled.mailbox == mailbox, col(Pulled.item).in_(some))
        taken.update(session.exec(query))
    return [item for item in wanted if item not in taken]


def note(session: Session, mailbox: str, items: Iterable[str], at: datetime) -> None:
    """They are kept; saying so twice is no error."""
    for item in items:
        direct.change(session, _NOTE, (mailbox, item, at))


def forget(session: Session, mailbox: str, items: Iterable[str]) -> None:
    """They are no longer there: what comes back under such an id is looked at anew."""
    for some in _some(items):
        session.connection().execute(delete(Pulled).where(col(Pulled.mailbox) == mailbox, col(Pulled.item).in_(some)))


def _some(items: Iterable[str]) -> Iterator[Sequence[str]]:
    left = iter(items)
    while some := list(islice(left, AT_ONCE)):
        yield some
