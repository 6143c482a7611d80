"""Keeps what a filled form says as claims, in the transaction that keeps its words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlmodel import Session

from gateway import versions
from gateway.claims import Source, Stated, new_claim, opened
from gateway.clock import Clock
from gateway.owing import Owing
from gateway.proposing.keeping import Proposing, Values
from gateway.standard_form.following import Following
from gateway.standard_form.from_paper import from_paper, may_be_ours
from gateway.standard_form.layout import Sheet
from gateway.standard_form.reading import FilledForm, filled_form
from gateway.standard_form.telling_apart import told_apart, told_apart_on_paper
from storage import audit, claim, searching, transcript
from storage.attachment import Attachment
from storage.claim import Claim, ClaimStatus
from storage.referral import Referral
from storage.sealing import Seal
from storage.transcript import Transcript
from transcription.contract import Transcript as Read

EXTRACTOR = "standard form"
UNSETTLED = frozenset({ClaimStatus.PROPOSED})
GONE = frozenset({ClaimStatus.SUPERSEDED})


class Forms:
    """What machines read of parts, kept: of our form with its answers, of anything else with what its words propose.

    ``printed`` gives the lines of the empty form, ``sheets`` where they stand on paper; either may take a second when
    it is first asked.
    """

    def __init__(
        self, *, seal: Seal, owing: Owing, clock: Clock, printed: Callable[[], frozenset[str]],
        sheets: Callable[[], Sequence[Sheet]], proposing: Proposing,
    ) -> None:  # fmt: skip
        self._seal, self._printed, self._sheets, self._proposing = seal, printed, sheets, proposing
        self._following = Following(seal=seal, owing=owing, clock=clock)

    def prepare(self, read: Read) -> Values:
        """What keeping this needs, found before a transaction is open: of a form nothing, for its answers say it."""
        form, told = self._told_apart(read)
        return Values() if form is not None else self._proposing.in_part(told)

    def add_read(
        self, session: Session, part_id: str, read: Read, *, at: datetime, values: Values | None = None
    ) -> Transcript:
        """The part's next version; of a form, without who told us, and with its answers as claims.

        ``values`` are those that ``prepare`` found in it; it is looked at now where they are not given.
        """
        form, told = self._told_apart(read)
        version = versions.add_read(session, part_id, told, at=at)
        if form is not None:
            self._keep(session, transcript.held(session, part_id), form, at)
        else:
            found = values if values is not None else self._proposing.in_part(told)
            self._proposing.keep_of_part(session, version, found)
        return version

    def _told_apart(self, read: Read) -> tuple[FilledForm | None, Read]:
        """By the names of its fields, else by where words stand on paper; as it is where it is no form of ours."""
        form = filled_form(read.fields)
        if form is not None:
            return form, told_apart(read, form, self._printed())
        found = from_paper(read, self._sheets()) if may_be_ours(read) else None
        return (found.form, told_apart_on_paper(read, found)) if found else (None, read)

    def _keep(self, session: Session, part: Attachment, form: FilledForm, at: datetime) -> None:
        """A value read before and read again the same way is left as it is; another one takes its place.

        What a person settled stays settled: where it is read otherwise later, the new value is proposed beside it.
        """
        earlier = [each for each in claim.of_part(session, part.id) if each.extractor.startswith(EXTRACTOR)]
        source = Source(
            referral_id=part.referral_id, message_id=part.message_id, attachment_id=part.id,
            extractor=f"{EXTRACTOR} on paper v{form.version}" if form.is_paper else f"{EXTRACTOR} {form.version}",
        )  # fmt: skip
        stated = form.stated()
        added = sum(self._propose(session, each, earlier, source, at) for each in stated)
        said = {each.key for each in stated}
        for each in earlier:
            if each.status in UNSETTLED and key_of(each) not in said:
                _supersede(session, each)
        self._proposing.suggest_of_form(session, part, stated)
        row = session.get_one(Referral, part.referral_id)
        searching.index(session, row.id or 0)
        if added:
            what = f"{added} values were read from a form: stated, not checked"
            audit.record(session, at=at, who="frontdoor", what=what, referral_id=row.id)
        if not earlier:
            self._following.follow(session, row, form)

    def _propose(self, session: Session, stated: Stated, earlier: list[Claim], source: Source, at: datetime) -> bool:
        same = [each for each in earlier if key_of(each) == stated.key and each.status not in GONE]
        if any(opened(self._seal, each).value == stated.value for each in same):
            return False
        unsettled = next((each for each in same if each.status in UNSETTLED), None)
        if unsettled is not None:
            _supersede(session, unsettled)
        before = unsettled.id if unsettled else None
        session.add(new_claim(self._seal, stated, source, at=at, supersedes=before))
        session.flush()
        return True


def key_of(row: Claim) -> tuple[str, int, str]:
    """What a claim is a value of."""
    return row.entity, row.entity_no, row.field


def _supersede(session: Session, row: Claim) -> None:
    row.status = ClaimStatus.SUPERSEDED
    session.add(row)
