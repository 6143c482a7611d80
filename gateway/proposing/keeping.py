"""Keeps what was found in words as claims that wait for a person, in the transaction that keeps the words."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlmodel import Session, select

from channels.contract import Answerable, FoldKind, Inbound
from gateway import segments, working_days
from gateway.claims import Opened, Source, Stated, new_claim, write_value
from gateway.clock import Clock
from gateway.proposing.contract import Kind, Proposed, Said
from gateway.proposing.gate import Found, Gate
from gateway.proposing.known import Known
from gateway.proposing.places import Places
from gateway.storable import clean
from gateway.suggesting.gate import Found as Suggestions
from gateway.suggesting.keeping import Suggesting, Where
from gateway.suggesting.of_form import found_in_form
from storage import claim, searching
from storage.attachment import Attachment
from storage.claim import Claim, ClaimStatus, Entity
from storage.message import Message
from storage.sealing import Seal
from storage.transcript import Transcript
from transcription.contract import Segment
from transcription.contract import Transcript as Read

MAIL = "email"
MOST, MOST_UNSETTLED = 100, 500  # of one part or message, and of a referral; beyond that a person reads
KINDS = {
    "letter": Kind.LETTER, "email": Kind.MAIL, "sms": Kind.TEXT, "web_form": Kind.FORM, "note": Kind.NOTE,
    "phone": Kind.SPEECH, "voicemail": Kind.SPEECH,
}  # fmt: skip
GONE = frozenset({ClaimStatus.SUPERSEDED})


@dataclass(frozen=True, kw_only=True)
class Values:
    """What was found in one text, ready to be kept; ``text`` is the one it was found in, ``subject`` a mail's.

    ``suggested`` and ``suggested_in_subject`` are what the same words suggest of the referral.
    """

    text: str = ""
    found: tuple[Found, ...] = ()
    segments: tuple[Segment, ...] = ()
    subject: str = ""
    found_in_subject: tuple[Found, ...] = ()
    suggested: tuple[Suggestions, ...] = ()
    suggested_in_subject: tuple[Suggestions, ...] = ()


class Proposing:
    """Looks before a transaction is open, and keeps in it."""

    def __init__(self, *, gate: Gate, seal: Seal, clock: Clock, suggesting: Suggesting) -> None:
        self._gate, self._seal, self._clock = gate, seal, clock
        self._suggesting = suggesting

    @property
    def may_take_long(self) -> bool:
        """Whether more than the rules are asked."""
        return self._gate.asks_others

    def in_message(self, channel: str, inbound: Inbound) -> Values:
        """Of a message's own words, without what it quotes; of a machine's mail no values, but what it suggests."""
        text, subject = clean(inbound.text), clean(inbound.subject).strip() if channel == MAIL else ""
        said = Said(
            text=text, kind=KINDS.get(channel, Kind.DOCUMENT), on=self._today(),
            apart=_folds(inbound, FoldKind.QUOTED), signed=_folds(inbound, FoldKind.SIGNATURE),
        )  # fmt: skip
        titled = replace(said, text=subject, apart=(), signed=()) if subject != text.strip() else None
        suggested = self._suggesting.found_in(said)
        in_subject = self._suggesting.found_in(titled) if titled else ()
        if inbound.answerable is Answerable.MACHINE:
            return Values(text=text, subject=subject, suggested=suggested, suggested_in_subject=in_subject)
        return Values(
            text=text, found=self._gate.found_in(said), subject=subject,
            found_in_subject=self._gate.found_in(titled) if titled else (),
            suggested=suggested, suggested_in_subject=in_subject,
        )  # fmt: skip

    def in_part(self, read: Read) -> Values:
        """Of what an engine read or heard of a part."""
        heard = read.seconds is not None or any(segment.start is not None for segment in read.segments)
        of_paper = any(segment.page is not None for segment in read.segments)
        kind = Kind.SPEECH if heard else Kind.LETTER if of_paper else Kind.DOCUMENT
        return self._in_words(clean(read.text), kind, read.segments)

    def keep_of_message(self, session: Session, message_id: str, values: Values) -> int:
        """In the referral the message ended in; how many are new."""
        suggests = values.suggested or values.suggested_in_subject
        if not (values.found or values.found_in_subject or suggests):
            return 0
        ended_in = session.exec(select(Message.referral_id).where(Message.id == message_id)).first()
        if ended_in is None:
            return 0
        self._suggest_of_message(session, Where(referral_id=ended_in, message_id=message_id), values)
        if not (values.found or values.found_in_subject):
            return 0
        source = Source(referral_id=ended_in, message_id=message_id, attachment_id=None, extractor="")
        added = self._keep(session, source, values, self._clock())
        titled = Values(text=values.subject, found=values.found_in_subject)
        return added + self._keep(session, source, titled, self._clock(), within="subject")

    def _suggest_of_message(self, session: Session, where: Where, values: Values) -> None:
        self._suggesting.keep(session, where, values.text, values.suggested)
        titled = replace(where, within="subject")
        self._suggesting.keep(session, titled, values.subject, values.suggested_in_subject)

    def keep_of_part(self, session: Session, version: Transcript, values: Values) -> int:
        """In place of what was found in an earlier version and nobody has settled; how many are new."""
        part = session.get_one(Attachment, version.attachment_id)
        source = Source(referral_id=part.referral_id, message_id=part.message_id, attachment_id=part.id, extractor="")
        fits = values if values.text == version.text else Values()
        where = Where(referral_id=part.referral_id, message_id=part.message_id, attachment_id=part.id)
        self._suggesting.keep(session, where, fits.text, fits.suggested, fits.segments)
        return self._keep(session, source, fits, version.made_at)

    def keep_of_typed(self, session: Session, version: Transcript) -> int:
        """The same of words that a person typed or put right; a form's answers are claims of their own already."""
        part = session.get_one(Attachment, version.attachment_id)
        if any("field" in json.loads(each.place) for each in claim.of_part(session, part.id)):
            return 0
        said = Said(text=version.text, kind=KINDS.get(part.channel, Kind.DOCUMENT), on=self._today())
        found = self._gate.found_at_once(said)
        values = Values(
            text=version.text, found=found, segments=segments.read(version.segments),
            suggested=self._suggesting.found_in(said),
        )  # fmt: skip
        return self.keep_of_part(session, version, values)

    def suggest_of_form(self, session: Session, part: Attachment, stated: Sequence[Stated]) -> None:
        """What the answers of our own form suggest; its values are claims already."""
        where = Where(referral_id=part.referral_id, message_id=part.message_id, attachment_id=part.id)
        self._suggesting.keep_placed(session, where, found_in_form(self._suggesting, stated, self._today()))

    def _in_words(self, text: str, kind: Kind, stretches: tuple[Segment, ...]) -> Values:
        said = Said(text=text, kind=kind, on=self._today())
        return Values(
            text=text, found=self._gate.found_in(said), segments=stretches, suggested=self._suggesting.found_in(said)
        )

    def _today(self) -> date:
        return working_days.in_london(self._clock()).date()

    def _keep(self, session: Session, source: Source, values: Values, at: datetime, *, within: str = "") -> int:
        """What is known of this referral is not proposed again; of this part, what is found no more is superseded.

        What a person settled stays settled, and what they rejected is not proposed again.
        """
        rows = [each for each in claim.of_referrals(session, [source.referral_id]) if each.status not in GONE]
        known = Known(self._seal, rows)
        stale = {each.id: each for each in rows if not within and _is_unsettled_of(each, source)}
        places = Places(values.text, values.segments, within=within)
        numbers, added = known.numbers_for(values.found), 0
        room = min(MOST, MOST_UNSETTLED - sum(each.status == ClaimStatus.PROPOSED for each in rows))
        for one in values.found:
            stated = _stated(one.proposed, numbers, places)
            same = known.same(stated)
            if same is not None:
                if stale.pop(same.id, None) is not None:
                    _stands_elsewhere(self._seal, same, stated)
            elif added < room:
                session.add(made := new_claim(self._seal, stated, replace(source, extractor=one.extractor), at=at))
                known.add(made)
                added += 1
        for each in stale.values():
            each.status = ClaimStatus.SUPERSEDED
            session.add(each)
        session.flush()
        searching.index(session, source.referral_id)
        return added


def _folds(inbound: Inbound, kind: FoldKind) -> tuple[tuple[int, int], ...]:
    return tuple((fold.start, fold.end) for fold in inbound.folds if fold.kind is kind)


def _is_unsettled_of(row: Claim, source: Source) -> bool:
    """Whether it was proposed from this very part before. A form's answers have a field as their place."""
    is_of_it = row.attachment_id == source.attachment_id and row.message_id == source.message_id
    return is_of_it and row.status == ClaimStatus.PROPOSED and "from" in json.loads(row.place)


def _stated(proposed: Proposed, numbers: Mapping[tuple[Entity, int], int], places: Places) -> Stated:
    sure = places.sure(proposed.start, proposed.end)
    return Stated(
        entity=proposed.entity, entity_no=numbers.get((proposed.entity, proposed.entity_no), proposed.entity_no),
        field=proposed.field, value=proposed.value, value_norm=proposed.value_norm, words=proposed.words,
        place=places.place(proposed.start, proposed.end), is_open=not proposed.identifies_referrer,
        confidence=round(proposed.confidence * sure, 3), said_by=proposed.said_by, basis=proposed.basis,
    )  # fmt: skip


def _stands_elsewhere(seal: Seal, row: Claim, stated: Stated) -> None:
    """The same value in another version of the words: its words and place are those of the newest."""
    row.place = json.dumps(dict(stated.place))
    write_value(seal, row, Opened(value=stated.value, value_norm=stated.value_norm, words=stated.words))
