"""What follows when the pages of a scan were sorted by hand: pages, parts, new letters, and who must look again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlmodel import Session

from gateway import arrival, notices
from gateway.arrival import Arrived
from gateway.core import Core
from gateway.dividing.arrangement import Arrangement, Placed
from gateway.dividing.as_it_stands import Scan
from gateway.dividing.letter_parts import LetterFile, LetterParts, named, pages_in_words, parts_shown, put_behind
from gateway.dividing.letters import NewLetter, enter_letters
from gateway.dividing.rearranging import Begun, Change, Changes
from gateway.entering import Entering
from gateway.life_cycle import Event
from gateway.owing import About
from gateway.posting.pages_elsewhere import need_no_receipt, owe_receipt_again
from gateway.reading.of_a_call import READ_IT
from gateway.reopening import reopen
from storage import audit, notice, referral
from storage import message as messages
from storage.attachment import Attachment
from storage.message import ArrivedBasis, Message
from storage.referral import Referral, State
from storage.sheet import SheetKind

OTHER_PAGES = "look at it again: its pages are others than they were when it was looked at"
TO_CLOSE = "Check and close it: "
MOVED_INTO_CLOSED = "pages were moved to it after it was closed"


@dataclass(frozen=True, kw_only=True)
class Rearranged:
    """A scan that is held, how it is to be, the files that were made for it by their pages, and who sorted it."""

    scan: Scan
    wanted: Arrangement
    changes: Changes
    files: Mapping[tuple[Placed, ...], LetterFile]
    envelope: Mapping[str, str]
    by: str


class Following:
    """All of it in the transaction it is given."""

    def __init__(self, core: Core, parts: LetterParts) -> None:
        self._core, self._parts = core, parts
        self._entering = Entering(core.seal)

    def write(self, session: Session, done: Rearranged) -> list[str]:
        """Pages stand where they were put, letters have their files; the references of the new letters."""
        begun = self._begin(session, done)
        places = {place: each.message_id for place, each in enumerate(done.wanted.letters) if each.message_id}
        places |= {each.place: id_ for each, id_ in zip(done.changes.begun, begun, strict=True)}
        self._move(session, done, places)
        letters = {each.id: each for each in done.scan.letters} | {id_: session.get_one(Message, id_) for id_ in begun}
        to = {place: letters[id_] for place, id_ in places.items()}
        made = {each.letter.message_id: self._give_file(session, done, each) for each in done.changes.changed}
        for each in sorted(done.changes.changed, key=lambda change: change.is_emptied):
            letter = letters[each.letter.message_id]
            goes_to = to[each.goes_to] if each.goes_to is not None else None
            self._tell(session, done, each, letter, goes_to, first=made.get(goes_to.id) if goes_to else None)
        return [letters[id_].reference for id_ in begun]

    def _begin(self, session: Session, done: Rearranged) -> list[str]:
        """The messages of letters that are new; they arrived when those arrived that their pages were in."""
        known = {each.id: each for each in done.scan.letters}
        new = [_new_letter(done, each) for each in done.changes.begun]
        at = self._core.clock()
        ids = enter_letters(session, self._entering, done.scan.message, done.envelope, new, at=at)
        for id_, each in zip(ids, done.changes.begun, strict=True):
            source = known.get(each.comes_from, done.scan.message)
            if source.arrived_on is not None:
                same = Arrived(on=source.arrived_on, basis=ArrivedBasis(source.arrived_basis))
                arrival.write(session, session.get_one(Message, id_), same, who=source.arrived_by)
        return ids

    def _move(self, session: Session, done: Rearranged, places: Mapping[int, str]) -> None:
        at = self._core.clock()
        stands = {
            page.number: (places[n], place, page)
            for n, letter in enumerate(done.wanted.letters)
            for place, page in enumerate(letter.pages, start=1)
        } | {page.number: (None, 0, page) for page in done.wanted.left_out}
        for sheet in done.scan.sheets:
            message_id, place, page = stands[sheet.number]
            before = (sheet.message_id, sheet.place, sheet.turned, sheet.kind)
            sheet.message_id, sheet.place, sheet.turned = message_id, place, page.turned
            if page.is_envelope != (sheet.kind == SheetKind.ENVELOPE):
                sheet.kind = SheetKind.ENVELOPE if page.is_envelope else SheetKind.PAGE
            if before != (sheet.message_id, sheet.place, sheet.turned, sheet.kind):
                sheet.moved_by, sheet.moved_at = done.by, at
                session.add(sheet)

    def _give_file(self, session: Session, done: Rearranged, change: Change) -> Attachment | None:
        letter = next(each for each in done.scan.letters if each.id == change.letter.message_id)
        file = done.files.get(change.letter.pages)
        if letter.referral_id is None or file is None:
            return None
        name = done.envelope.get("name", "scan")
        if file.is_put_together:
            name = named(name, [page.number for page in change.letter.pages])
        return self._parts.put_in_place(
            session, letter, letter.referral_id, file, name=name, at=self._core.clock()
        )  # fmt: skip

    def _tell(
        self, session: Session, done: Rearranged, change: Change, letter: Message, to: Message | None,
        *, first: Attachment | None,
    ) -> None:  # fmt: skip
        """The history of its referral, and whoever looked at it or will."""
        row = referral.by_id(session, letter.referral_id, lock=True) if letter.referral_id else None
        if row is None:
            return
        audit.record(
            session, at=self._core.clock(), who=done.by, what=in_words(change, letter, to), referral_id=row.id
        )  # fmt: skip
        if change.is_emptied:
            if first is not None:
                put_behind(session, parts_shown(session, letter), first)
            self._is_bare(session, row, letter, to, done.by)
        elif change.gained or change.lost:
            if change.gained:
                _is_bare_no_more(session, row)
                reopen(session, row, Event.NEW_MESSAGE, MOVED_INTO_CLOSED, self._core.clock())
                owe_receipt_again(session, self._core, row, done.by)
            if row.state not in (State.RECEIVED, State.CLOSED):
                self._owe(session, row, OTHER_PAGES)
        session.add(row)

    def _is_bare(self, session: Session, row: Referral, letter: Message, to: Message | None, who: str) -> None:
        """A letter without a page keeps its referral, which says where the pages are; no second receipt is posted."""
        others = [each for each in messages.of_referrals(session, [row.id or 0]) if each.id != letter.id]
        if others or (to is not None and to.referral_id == row.id):
            return
        where = "its pages were left out of every letter"
        if to is not None:
            held = referral.by_id(session, to.referral_id) if to.referral_id else None
            row.linked_to = held.reference if held else to.reference
            where = f"its pages belong to {row.linked_to}"
            if held is not None:
                need_no_receipt(session, self._core, row, held, who)
        if row.state == State.CLOSED:
            return
        row.next_action = f"{TO_CLOSE}{where}"
        self._owe(session, row, row.next_action[:1].lower() + row.next_action[1:])

    def _owe(self, session: Session, row: Referral, what: str) -> None:
        self._core.owing.write(session, row, notices.task(what, self._core.clock()), About())


def _is_bare_no_more(session: Session, row: Referral) -> None:
    """Pages came back to a letter that had none: nobody is asked to close it any more."""
    if not row.next_action.startswith(TO_CLOSE):
        return
    notice.withdraw_tasks(
        session, row.id or 0, given=row.next_action[:1].lower() + row.next_action[1:], why="it has pages again"
    )  # fmt: skip
    row.linked_to, row.next_action = None, READ_IT


def _new_letter(done: Rearranged, begun: Begun) -> NewLetter:
    """A code of ours on one of its pages says what it answers."""
    file, of = done.files[begun.pages], {sheet.number: sheet for sheet in done.scan.sheets}
    ours = (of[page.number].code for page in begun.pages if of[page.number].kind == SheetKind.OURS)
    refs = done.scan.refs(begun.pages)
    return NewLetter(pages=refs, file_sha256=file.sha256, size=file.size, code=next(filter(None, ours), ""))


def in_words(change: Change, letter: Message, to: Message | None) -> str:
    """For the history: which pages of the scan came and went, by their numbers in it."""
    told = []
    if change.gained:
        told.append(f"{pages_in_words(change.gained)} of the scan moved to it")
    if change.lost:
        where = f"moved, most to {to.reference}" if to else "left out"
        told.append(f"{pages_in_words(change.lost)} of the scan {where}")
    in_place = "which page is its envelope" if change.is_same_file else "its pages were turned or put in another order"
    said = "; ".join(told) or in_place
    return f"Sorted by hand, letter {letter.ledger_no}: {said}"
