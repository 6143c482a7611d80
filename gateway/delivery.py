"""What became of a notice: receipts ranked, failures passed to the next safe channel or to a person."""

from __future__ import annotations

from sqlmodel import Session

from channels.contract import DeliveryReport, DeliveryState
from gateway import notices
from gateway.clock import Clock
from gateway.owing import About, Owing
from gateway.reaching import Reaching
from storage import audit, notice, referral
from storage.notice import Notice, NoticeKind, NoticeState
from storage.referral import Severity

RANK = {
    NoticeState.OWED: 0,
    NoticeState.SENT: 1,
    NoticeState.FAILED: 2,
    NoticeState.DELIVERED: 3,
    NoticeState.CANCELLED: 4,
}
HEARD = "the caller may have left before the reference was read out"


class Delivery:
    """All of it in the transaction it is given."""

    def __init__(self, *, owing: Owing, reaching: Reaching, clock: Clock) -> None:
        self._owing, self._reaching, self._clock = owing, reaching, clock

    def reported(self, session: Session, report: DeliveryReport) -> Notice | None:
        """Apply a provider's report to its notice, never backwards; None when no notice has this id."""
        row = notice.by_provider_id(session, [report.provider_id], lock=True)
        if row is None:
            return None
        if RANK[NoticeState(report.state)] <= RANK[NoticeState(row.state)]:
            return row
        at = report.at or self._clock()
        if report.state is DeliveryState.FAILED:
            self.failed(session, row, report.reason)
        elif report.state is DeliveryState.DELIVERED:
            row.state, row.delivered_at = NoticeState.DELIVERED, at
            self._settle_tasks(session, row)
        else:
            row.state, row.sent_at = NoticeState.SENT, row.sent_at or at
        session.add(row)
        return row

    def failed(self, session: Session, row: Notice, reason: str) -> Notice:
        """This address will not work: the next safe channel is owed, and if there is none, a person's task.

        An address is only ever used on the channel it was given for, so the next safe way is a person's to find.
        """
        row.state, row.reason, row.sending_at = NoticeState.FAILED, reason, None
        session.add(row)
        about = referral.by_id(session, row.referral_id)
        if about is None:
            raise LookupError("a notice without its referral")
        what = (
            f"{row.kind.replace('_', ' ')} by {row.channel} could not be delivered ({reason}): tell the sender by hand"
        )
        owed = notices.task(what, self._clock(), is_red=about.severity == Severity.RED)
        audit.record(
            session, at=self._clock(), who="frontdoor", referral_id=row.referral_id,
            what=f"The {row.kind.replace('_', ' ')} notice by {row.channel} failed; a person owes it",
        )  # fmt: skip
        return self._owing.write(session, about, owed, About(), instead_of=row.id)

    def _settle_tasks(self, session: Session, told: Notice) -> None:
        """Good news after all: the task made because the caller might not have heard falls away."""
        for task in notice.open_tasks(session, [told.referral_id]):
            if told.kind == NoticeKind.RECEIPT and task.reason == HEARD:
                task.state, task.reason = NoticeState.CANCELLED, "the caller heard the reference"
                session.add(task)
