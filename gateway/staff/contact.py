"""Safe contact of one referral, by whatever reference it is known: read only on record, changed in a transaction."""

from __future__ import annotations

from collections.abc import Callable

from sqlmodel import Session

from gateway import view
from gateway.contacting import ContactsView, contacts_of
from gateway.core import Core
from gateway.deciding import Actor
from gateway.staff import finding
from gateway.staff.showing import may_identify
from storage import audit
from storage.referral import Referral

Write = Callable[[Session, Referral], None]


def read(core: Core, actor: Actor, typed: str) -> ContactsView:
    """What is known, its read on record before it is given; raises ``NotFound`` or ``NotAllowed``."""
    with core.database.transaction() as session:
        row = finding.to_act_on(session, typed)
        return _shown(session, core, actor, row)


def change(core: Core, actor: Actor, typed: str, write: Write) -> ContactsView:
    """Write something down and show what is known now; raises ``NotFound``, ``NotAllowed`` or ``Incomplete``."""
    with core.database.transaction() as session:
        row = finding.to_act_on(session, typed)
        write(session, row)
        return _shown(session, core, actor, row)


def _shown(session: Session, core: Core, actor: Actor, row: Referral) -> ContactsView:
    if may_identify(actor):
        what = view.identities_read([row]) or f"Read how to reach the sender of ledger number {row.ledger_no}"
        audit.record(session, at=core.clock(), who=actor.name, what=what, is_private=True)
    return contacts_of(session, core, row, may_identify=may_identify(actor))
