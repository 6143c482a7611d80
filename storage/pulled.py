"""What was taken out of mailboxes that others keep for us, so that nothing is taken twice or passed over."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlmodel import Field, Session, SQLModel, col, select

from storage.columns import UtcDateTime

AT_ONCE = 500


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
    for start in range(0, len(wanted), AT_ONCE):
        some = wanted[start : start + AT_ONCE]
        query = select(Pulled.item).where(Pulled.mailbox == mailbox, col(Pulled.item).in_(some))
        taken.update(session.exec(query))
    return [item for item in wanted if item not in taken]


def note(session: Session, mailbox: str, item: str, at: datetime) -> None:
    """It is kept; saying so twice is no error."""
    session.merge(Pulled(mailbox=mailbox, item=item, pulled_at=at))
