"""One press instead of a letter typed by hand: the usual acknowledgement, sent because a person says it may be."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session

from channels.contract import Inbound
from gateway import notices
from gateway.addresses import address_of
from gateway.core import Core
from gateway.deciding import Actor, NotFound
from gateway.in_thread import open_handle
from gateway.life_cycle import NotAllowed
from gateway.owing import About
from gateway.staff import finding, tasks
from gateway.staff.showing import shown_after
from gateway.view import ReferralView
from storage import notice
from storage.identity import Identity
from storage.message import Message
from storage.notice import Notice, NoticeKind, NoticeState
from storage.referral import Referral

BY_HAND = "acknowledge by hand"
SENDABLE = frozenset({"email", "sms"})
SENT = "had the usual acknowledgement sent"


@dataclass(frozen=True, kw_only=True)
class Withheld:
    """The acknowledgement that no machine sent of itself, whom it was for, and which message it answers."""

    receipt: Notice
    who: Identity
    message: Message


def offered(core: Core, session: Session, row: Referral) -> frozenset[str]:
    """The ids of the tasks that one press does."""
    open_ = notice.open_tasks(session, [row.id or 0])
    return frozenset(task.id for task in open_ if _withheld(core, session, row, task))


def acknowledge(core: Core, actor: Actor, typed: str, task_id: str) -> ReferralView:
    """Owe the acknowledgement now, and finish the task; raises as ``acting.finish`` does, and changes nothing then."""
    with core.database.transaction() as session:
        row = finding.to_act_on(session, typed)
        task = notice.by_id(session, task_id, lock=True)
        if task is None or task.referral_id != row.id:
            raise NotFound(task_id)
        withheld = _withheld(core, session, row, task)
        tasks.finish(session, row, task_id, actor, SENT, at=core.clock())
        if withheld is None:
            raise NotAllowed("it cannot be sent: find another way to tell them", ())
        _owe(core, session, row, withheld)
        return shown_after(session, core, actor, row)


def _withheld(core: Core, session: Session, row: Referral, task: Notice) -> Withheld | None:
    """What this task asks a person to send, if it may go to where it was to go."""
    if not (task.reason or "").startswith(BY_HAND) or task.message_id is None:
        return None
    receipts = (
        each
        for each in notice.of_referrals(session, [row.id or 0])
        if each.kind == NoticeKind.RECEIPT and each.message_id == task.message_id and each.channel in SENDABLE
    )
    receipt = next((each for each in receipts if each.state == NoticeState.CANCELLED), None)
    who = session.get(Identity, receipt.identity_id) if receipt and receipt.identity_id else None
    message = session.get(Message, task.message_id)
    if receipt is None or who is None or message is None or not address_of(core.seal, who).value:
        return None
    why = notices.why_not(core.reaching.safety(session, row, who), receipt.channel)
    return None if why else Withheld(receipt=receipt, who=who, message=message)


def _owe(core: Core, session: Session, row: Referral, withheld: Withheld) -> None:
    """As the machine would have owed it, in the thread of the message it answers."""
    to, handle = address_of(core.seal, withheld.who), open_handle(core.seal, withheld.receipt)
    channel, safety = withheld.receipt.channel, core.reaching.safety(session, row, withheld.who)
    owed = notices.Owed(
        kind=NoticeKind.RECEIPT, channel=channel, state=NoticeState.OWED, words=notices.words_for(channel, safety),
        due_at=core.clock() + notices.RECEIPT_WITHIN,
    )  # fmt: skip
    inbound = Inbound(sender=to, reply_handle=handle)
    core.owing.write(session, row, owed, About(identity=withheld.who, message=withheld.message, inbound=inbound))
