"""Referrals as one reader may see them; a look at identities is on record before anybody sees them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlmodel import Session

from gateway import view
from gateway.core import Core
from gateway.deciding import Actor, NotFound
from gateway.life_cycle import SOCIAL_WORK
from gateway.staff import finding
from gateway.staff.finding import Item
from gateway.view import ReferralView
from storage import audit
from storage.referral import Referral


def may_identify(actor: Actor) -> bool:
    """Whether addresses are shown to this role."""
    return actor.role in SOCIAL_WORK


def shown(core: Core, actor: Actor, choose: Callable[[Session], Sequence[Item]]) -> list[ReferralView]:
    """Whole referrals in the order chosen. Reading holds no lock; the record of it commits before they are given."""
    with core.database.reading() as session:
        items = choose(session)
        rows, _ = finding.read_and_unread(items)
        views = view.unrecorded_views(session, rows, seal=core.seal, may_identify=may_identify(actor))
    what = view.identities_read(rows, views) if may_identify(actor) else ""
    if what:
        with core.database.transaction() as session:
            audit.record(session, at=core.clock(), who=actor.name, what=what, is_private=True)
    whole = {one.ledger_no: one for one in views}
    return [whole[item.ledger_no] if isinstance(item, Referral) else view.waiting_view(item) for item in items]


def shown_one(core: Core, actor: Actor, reference: str) -> ReferralView:
    """One referral, or the message still unread under this reference; raises ``NotFound``."""

    def choose(session: Session) -> Sequence[Item]:
        item = finding.find(session, reference)
        return [item] if item else []

    found = shown(core, actor, choose)
    if not found:
        raise NotFound(reference)
    return found[0]


def shown_after(session: Session, core: Core, actor: Actor, row: Referral) -> ReferralView:
    """A referral as it stands in the transaction that changed it."""
    session.flush()
    seen = view.views(session, [row], seal=core.seal, who=actor.name, at=core.clock(), may_identify=may_identify(actor))
    return seen[0]
