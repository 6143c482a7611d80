"""What became of everything the script sent: which of it is in the queue, and whether its sender has an answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from gateway.demo.outside import Sent
from gateway.demo.script import Scene
from storage import attachment, notice, referral
from storage.attachment import Attachment, TextState
from storage.message import Message
from storage.notice import Notice, NoticeKind, NoticeState

TOLD = (NoticeState.SENT, NoticeState.DELIVERED)


@dataclass(frozen=True, kw_only=True)
class Played:
    """A scene that was played: what went over the wire, or how it failed."""

    scene: Scene
    sent: Sent | None
    failure: str = ""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """A scene and what the gateway made of it; ``joined``: it continues an older referral."""

    channel: str
    what: str
    missing: str
    joined: bool = False
    receipts: tuple[Notice, ...] = ()
    parts: tuple[Attachment, ...] = ()

    @property
    def is_answered(self) -> bool:
        """Its sender was told, or it is on record why that cannot be."""
        return not self.missing

    def is_read(self, *, hears: bool) -> bool:
        """Nothing of it waits for a machine to read it; recordings wait for ever where no model is."""
        waiting = [part for part in self.parts if part.text_state == TextState.WAITING]
        return all(part.media_type.startswith("audio/") and not hears for part in waiting)


def outcomes(session: Session, played: Sequence[Played]) -> list[Outcome]:
    """One for each scene, in the same order."""
    return [_outcome(session, one) for one in played]


def _outcome(session: Session, one: Played) -> Outcome:
    what = one.scene.what
    if one.sent is None:
        return Outcome(channel="", what=what, missing=one.failure)
    channel, letters = one.sent.channel, one.sent.letters
    query = select(Message).where(Message.channel == channel, Message.sha256 == one.sent.sha256)
    messages = session.exec(
        query.order_by(col(Message.captured_at).desc(), col(Message.ledger_no)).limit(letters)
    ).all()
    if len(messages) < letters:
        return Outcome(channel=channel, what=what, missing="it did not arrive" if not messages else "not all arrived")
    abouts = [referral.by_id(session, message.referral_id or 0) for message in messages]
    ids = [about.id or 0 for about in abouts if about is not None]
    if len(ids) < letters:
        return Outcome(channel=channel, what=what, missing="it has not been read")
    notices = notice.of_referrals(session, ids)
    receipts = tuple(n for n in notices if n.kind == NoticeKind.RECEIPT)
    kept = {message.id for message in messages}
    parts = tuple(part for part in attachment.of_referrals(session, ids) if part.message_id in kept)
    is_settled = all(_is_settled([n for n in notices if n.referral_id == each]) for each in ids)
    missing = "" if is_settled else "its sender has no acknowledgement, and no reason is on record"
    joined = any(
        about is not None and about.reference != message.reference
        for about, message in zip(abouts, messages, strict=True)
    )
    return Outcome(channel=channel, what=what, missing=missing, joined=joined, receipts=receipts, parts=parts)


def _is_settled(notices: Sequence[Notice]) -> bool:
    receipts = [n for n in notices if n.kind == NoticeKind.RECEIPT]
    told = any(n.state in TOLD for n in receipts)
    explained = any(n.state == NoticeState.CANCELLED and n.reason for n in receipts)
    owed_by_person = any(n.kind == NoticeKind.STAFF_TASK and n.reason for n in notices)
    waiting = any(n.state == NoticeState.OWED for n in receipts)
    return not waiting and (told or explained or owed_by_person)
