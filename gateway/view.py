"""A referral as programs and pages see it: the JSON of the public surface, as typed values."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TypeVar

from pydantic import BaseModel, Field
from sqlmodel import Session

from channels.contract import AddressClass, Proof
from gateway import sender_proof, working_days
from gateway.arrival import clock_start
from gateway.claim_view import ClaimView, claim_views, tells_who
from gateway.part_view import PartView, part_view, versions_of
from gateway.reading.as_read import folds_of, proof_of
from gateway.scan_view import ScanView, scan_views
from gateway.sender_proof import SenderProofView
from gateway.texts_as_one import runs
from gateway.traces import traces
from storage import attachment, audit, claim, identity, message, notice
from storage.attachment import Attachment
from storage.audit import Audit
from storage.claim import Claim
from storage.identity import Identity
from storage.message import Message
from storage.notice import Notice
from storage.referral import Referral, Severity, State, ToldAs
from storage.sealing import Seal

Row = TypeVar("Row", Attachment, Audit, Claim, Message, Notice)


class SenderView(BaseModel):
    """Who told us, as far as the reader may know: ``address`` is null without the role."""

    address_class: str = Field(serialization_alias="class")
    address: str | None


class FoldView(BaseModel):
    """Characters ``start`` to ``end`` of a message's text, ``quoted`` or ``signature``: shown folded, not left out."""

    start: int
    end: int
    kind: str


class MessageView(BaseModel):
    """One thing received. ``goes_on``: the id of the text it is read as one with, which stands before it; else null.

    ``sender_mark``: "School, proven", "Sender not proven" or nothing; ``spam``: why it may be unwanted mail, or empty;
    ``sender_proof``: what is known of who really sent it, null for readers who may not know who told us; ``trace``, the
    trace fields of ours that the bytes do not hold, likewise.
    ``subject``: that of a mail, where ``text`` does not say it already;
    ``folds``: what of ``text`` repeats or says nothing new, in order; ``has_page``: it was laid out as a page too.
    Of a letter, ``scan_id``: the message that brought the file it was scanned in; ``arrived_on``: the day it reached
    the council, null while nobody has said, how that is known and who said so.
    """

    id: str
    goes_on: str | None = None
    channel: str
    received_at: datetime
    sha256: str
    size: int
    text: str
    subject: str = ""
    unreadable: str | None
    sender_mark: str = ""
    spam: str = ""
    sender_proof: SenderProofView | None = None
    trace: str | None = None
    folds: list[FoldView] = []
    has_page: bool = False
    scan: ScanView | None = None
    scan_id: str | None = None
    arrived_on: date | None = None
    arrived_basis: str = ""
    arrived_by: str = ""


class NoticeView(BaseModel):
    """One notice owed, sent or not possible; ``times``: how often the same came up, so that one task stands for all.

    ``posted_at``: of a letter printed here, when it was posted, as a person said; until then it ``is_to_be_posted``.
    """

    id: str
    kind: str
    channel: str
    state: str
    due_at: datetime
    sent_at: datetime | None
    delivered_at: datetime | None
    posted_at: datetime | None = None
    is_to_be_posted: bool = False
    attempts: int
    reason: str | None
    for_role: str | None
    text: str
    times: int


class HistoryView(BaseModel):
    """One line of history."""

    at: datetime
    who: str
    what: str


class ReferralView(BaseModel):
    """One referral with everything that belongs to it; ``texts_stopped_at``: since when they want no more texts.

    ``held_by`` is at it while ``held_until`` lies ahead: nobody else can act on it then.
    """

    reference: str
    ledger_no: int
    channel: str
    kind: str
    state: str
    received_at: datetime
    captured_at: datetime
    look_by: datetime
    looked_at: datetime | None
    due_at: datetime
    ladder: int
    promised_at: datetime | None
    late_count: int
    next_action: str
    queue: str
    severity: str
    severity_floor: str
    owner: str | None
    held_by: str | None = None
    held_until: datetime | None = None
    child_known: bool
    told_as: str = ToldAs.PUBLIC
    contact_source_code: str = "10"
    primary_need_code: str = "N0"
    child_told_us: bool = False
    may_be_malicious: bool = False
    language: str = ""
    recording_refused: bool = False
    asked_for: str = ""
    reached: str = ""
    call_seconds: int | None = None
    sender: SenderView
    texts_stopped_at: datetime | None = None
    summary: str
    text: str
    decision: str | None
    linked_to: str | None
    messages: list[MessageView]
    parts: list[PartView]
    claims: list[ClaimView] = []
    notices: list[NoticeView]
    history: list[HistoryView]


def views(
    session: Session, rows: Sequence[Referral], *, seal: Seal, who: str, at: datetime, may_identify: bool
) -> list[ReferralView]:
    """Whole referrals in the order given; ``may_identify`` opens addresses, and that read is recorded."""
    seen = unrecorded_views(session, rows, seal=seal, may_identify=may_identify)
    if may_identify and (what := identities_read(rows, seen)):
        audit.record(session, at=at, who=who, what=what, is_private=True)
    return seen


def identities_read(rows: Sequence[Referral], seen: Sequence[ReferralView] = ()) -> str:
    """What the audit says of a look at these referrals with their addresses open; empty if there is none to see.

    Of those ``seen``, what they state of who told us counts too.
    """
    told = {one.ledger_no for one in seen if tells_who(one.claims)}
    numbers = sorted({row.ledger_no for row in rows if row.identity_id} | told)
    listed = ", ".join(map(str, numbers))
    return f"Read who told us of {len(numbers)} referrals, ledger numbers {listed}" if numbers else ""


def unrecorded_views(
    session: Session, rows: Sequence[Referral], *, seal: Seal, may_identify: bool, words_of: int | None = None
) -> list[ReferralView]:
    """The same for whoever records ``identities_read`` before anybody sees them; ``words_of`` as of ``part_view``."""
    ids = [row.id or 0 for row in rows]
    shown = message.of_referrals(session, ids)
    messages, scans = _grouped(shown), scan_views(session, shown)
    named = {row.id for row in rows if row.identity_id} if may_identify else set()
    fields = traces(session, seal, [each for each in shown if each.referral_id in named])
    parts = attachment.of_referrals(session, ids)
    calls = message.of_same_talk(session, [part.message_id for part in parts], shown)
    words = versions_of(session, parts)
    parts_of = _grouped(parts)
    views_of = {p.id: part_view(p, words.get(p.id, ()), calls.get(p.message_id), words_of=words_of) for p in parts}
    claims = _grouped(claim.of_referrals(session, ids))
    notices = _grouped(notice.of_referrals(session, ids))
    history = _grouped(audit.of_referrals(session, ids))
    people = identity.by_ids(session, [row.identity_id for row in rows if row.identity_id])
    return [
        _view(
            row,
            messages=messages.get(row.id or 0, ()),
            parts=[views_of[p.id] for p in parts_of.get(row.id or 0, ())],
            claims=claim_views(claims.get(row.id or 0, ()), seal, with_referrer=may_identify),
            notices=notices.get(row.id or 0, ()),
            history=history.get(row.id or 0, ()),
            who=people.get(row.identity_id or ""),
            proofs=_proofs(seal, messages.get(row.id or 0, ())) if may_identify and row.identity_id else {},
            traced=fields,
            scans=scans,
            sender=sender_view(seal, people.get(row.identity_id or ""), row.channel, may_identify=may_identify),
        )
        for row in rows
    ]


def waiting_view(row: Message) -> ReferralView:
    """A message that is kept but not read yet: it stands in the queue with its clock running all the same."""
    start = clock_start(row)
    look_by = working_days.look_by(start)
    return ReferralView(
        reference=row.reference, ledger_no=row.ledger_no or 0, channel=row.channel, kind="unclear",
        state=State.RECEIVED, received_at=start, captured_at=row.captured_at, look_by=look_by,
        looked_at=None, due_at=look_by, ladder=0, promised_at=look_by, late_count=0,
        next_action="It has just arrived and is being read", queue="front_door",
        severity=Severity.UNRATED, severity_floor=Severity.UNRATED, owner=None, child_known=False,
        sender=SenderView(address_class=AddressClass.NONE, address=None), summary="", text="", decision=None,
        linked_to=None, messages=[_message(row)], parts=[], notices=[], history=[],
    )  # fmt: skip


def sender_view(seal: Seal, who: Identity | None, channel: str, *, may_identify: bool) -> SenderView:
    """The sender's class, and the address if the reader may know it."""
    if who is None:
        return SenderView(address_class=UNKNOWN_SENDER.get(channel, AddressClass.NONE), address=None)
    address = (identity.address_of(seal, who) or None) if may_identify else None
    return SenderView(address_class=who.address_class, address=address)


def as_json(view: ReferralView) -> dict[str, object]:
    """The public JSON: times end in Z, the sender's class is called ``class``."""
    return dict(json.loads(view.model_dump_json(by_alias=True)))


def _view(
    row: Referral, *, messages: Sequence[Message], parts: list[PartView], claims: list[ClaimView],
    notices: Sequence[Notice], history: Sequence[Audit], who: Identity | None, sender: SenderView,
    proofs: Mapping[str, Proof], traced: Mapping[str, str], scans: Mapping[str, ScanView],
) -> ReferralView:  # fmt: skip
    read = runs(messages)
    words = ["\n".join(w for m in run for w in (m.subject, m.text) if w) for run in read]
    words += [p.text for p in parts if not p.second_to]
    return ReferralView(
        **{name: getattr(row, name) for name in SAME}, sender=sender,
        texts_stopped_at=who.texts_stopped_at if who else None,
        text="\n\n".join(w.strip() for w in words if w.strip()), decision=row.decision_code,
        messages=[
            _message(m, run[0], proof=proofs.get(m.id), trace=traced.get(m.id), scan=scans.get(m.id))
            for run in read for m in run
        ], parts=parts, claims=claims,
        notices=[NoticeView.model_validate(n, from_attributes=True) for n in notices],
        history=[HistoryView.model_validate(h, from_attributes=True) for h in history],
    )  # fmt: skip


UNKNOWN_SENDER = {"phone": AddressClass.WITHHELD, "voicemail": AddressClass.WITHHELD, "letter": AddressClass.POSTAL}
SAME = [name for name in ReferralView.model_fields if name in Referral.model_fields]


def _message(
    row: Message, first: Message | None = None, *, proof: Proof | None = None, trace: str | None = None,
    scan: ScanView | None = None,
) -> MessageView:  # fmt: skip
    goes_on = first.id if first and first.id != row.id else None
    return MessageView(
        id=row.id, goes_on=goes_on, channel=row.channel, received_at=row.received_at, sha256=row.sha256, size=row.size,
        text=row.text, subject=row.subject, unreadable=row.unreadable or None,
        sender_mark=row.sender_mark, spam=row.spam, scan_id=row.scan_id, scan=scan,
        arrived_on=row.arrived_on, arrived_basis=row.arrived_basis, arrived_by=row.arrived_by,
        sender_proof=sender_proof.view_of(proof) if proof else None, trace=trace, has_page=row.has_page,
        folds=[FoldView(start=fold.start, end=fold.end, kind=fold.kind) for fold in folds_of(row)],
    )  # fmt: skip


def _proofs(seal: Seal, messages: Sequence[Message]) -> dict[str, Proof]:
    """What is known of who really sent each, opened: only for readers who may know who told us."""
    return {each.id: proof for each in messages if (proof := proof_of(seal, each))}


def _grouped(rows: Sequence[Row]) -> dict[int, list[Row]]:
    groups: dict[int, list[Row]] = {}
    for row in rows:
        groups.setdefault(row.referral_id or 0, []).append(row)
    return groups
