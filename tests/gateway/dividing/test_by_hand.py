"""What a person sorts is saved whole or not at all: pages, files, new letters, and whoever must look again."""

from __future__ import annotations

import asyncio
import io
from datetime import date

import pypdf
import pytest
from sqlmodel import col, select

from gateway import arrival
from gateway.core import Core
from gateway.deciding import Actor
from gateway.dividing.arrangement import Placed
from gateway.dividing.as_it_stands import Scan
from gateway.dividing.by_hand import ByHand, NoScan, Saved, SortedMeanwhile
from gateway.dividing.letter_parts import LetterFile
from gateway.dividing.rearranging import Changes
from gateway.life_cycle import Action, Incomplete, NotAllowed, WrongRole
from gateway.reading.of_a_call import READ_IT
from storage import audit, claim, notice, sheet
from storage.attachment import TextState
from storage.claim import Claim, ClaimStatus, Entity
from storage.message import ArrivedBasis, Message
from storage.notice import Notice, NoticeKind, NoticeState
from storage.referral import Referral, State
from storage.sheet import SheetKind
from storage.staff import Role
from storage.work import Work
from tests.builders import read_all
from tests.gateway.dividing.sorted_scans import a_pdf, a_scan, lines, named, parts_of, referral_of, stands
from tests.gateway.rungs import act, change, now_of

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
CASEY = Actor(name="casey", role=Role.CALL_TAKER)


async def save(core: Core, scan_id: str, text: str, *, version: str = "", actor: Actor = CASEY) -> Saved:
    said = named(core, scan_id, text)
    saved = await ByHand(core).save(actor, scan_id, said, version=version or stands(core, scan_id).version)
    await read_all(core)
    return saved


def history(core: Core, row: Referral) -> list[str]:
    with core.database.reading() as session:
        return [line.what for line in audit.of_referrals(session, [row.id or 0]) if line.who == CASEY.name]


def tasks(core: Core, row: Referral) -> list[str]:
    with core.database.reading() as session:
        owed = notice.open_tasks(session, [row.id or 0])
    return [task.reason or "" for task in owed]


def words(core: Core, sha256: str | None) -> list[str]:
    """What the pages of a file say, by the number each carries."""
    reader = pypdf.PdfReader(io.BytesIO(core.blobs.get(sha256 or "")))
    return [page.extract_text().split()[3] for page in reader.pages]


def every_line(core: Core, row: Referral) -> list[str]:
    with core.database.reading() as session:
        return [line.what for line in audit.of_referrals(session, [row.id or 0])]


def a_claim(core: Core, scan_id: str) -> Claim:
    """Something read from the letter, which nobody has settled."""
    [part] = parts_of(core, scan_id, 0)
    return Claim(
        referral_id=part.referral_id, message_id=scan_id, attachment_id=part.id, entity=Entity.CHILD, field="name",
        extractor="rules", made_at=core.clock(),
    )  # fmt: skip


def claims(core: Core, part_id: str) -> list[str]:
    with core.database.reading() as session:
        return [one.status for one in claim.of_part(session, part_id)]


def everything(core: Core) -> object:
    """All that a saving may change: to see that nothing did."""
    with core.database.reading() as session:
        every = session.exec(select(sheet.Sheet).order_by(col(sheet.Sheet.number)))
        pages = [(s.number, s.message_id, s.place, s.turned, s.kind, s.moved_by) for s in every]
        counts = [len(session.exec(select(kind)).all()) for kind in (Message, Notice, Work)]
    return pages, counts[0], counts[1], counts[2]


async def test_a_letter_divided_by_hand_becomes_two_referrals_each_with_its_pages_and_joined_again_keeps_both(
    core: Core,
) -> None:
    scan_id = await a_scan(core, 4)
    before = stands(core, scan_id).message
    with core.database.transaction() as session:
        message = session.get_one(Message, scan_id)
        arrival.set_arrival(session, message, date(2026, 11, 20), ArrivedBasis.POSTMARK, "sam", at=core.clock())
        session.add(a_claim(core, scan_id))
    saved = await save(core, scan_id, "a 2 1+90\nnew 3\nout 4")
    assert (saved.changed, len(saved.begun)) == (1, 1)
    assert lines(core, scan_id) == "a 2 1+90\nb 3\nout 4"
    first, second = referral_of(core, scan_id, 0), referral_of(core, scan_id, 1)
    letters = stands(core, scan_id).letters
    assert second.reference == saved.begun[0] == letters[1].reference
    assert letters[1].sha256 == before.sha256 and (letters[1].ledger_no or 0) == (before.ledger_no or 0) + 1
    assert (letters[1].arrived_on, letters[1].arrived_by) == (date(2026, 11, 20), "sam")
    assert second.due_at == first.due_at, "it arrived when the letter did that its pages were in"
    assert words(core, parts_of(core, scan_id, 0)[0].sha256) == ["2", "1"]
    assert words(core, parts_of(core, scan_id, 1)[0].sha256) == ["3"]
    new, old = parts_of(core, scan_id, 0)
    assert (new.is_put_together, new.text_state, old.second_to) == (True, TextState.WAITING, new.id)
    assert (new.name, old.name, old.sha256) == ("post, pages 2 and 1.pdf", "post.pdf", before.sha256)
    assert claims(core, old.id) == [ClaimStatus.SUPERSEDED]
    assert f"pages 3 to 4 of the scan moved, most to {second.reference}" in history(core, first)[-1]
    with core.database.reading() as session:
        receipts = [n for n in notice.of_referrals(session, [second.id or 0]) if n.kind == NoticeKind.RECEIPT]
        waiting = session.exec(select(Work).where(col(Work.subject) == new.id)).all()
        moved = {s.number: s.moved_by for s in sheet.of_scan(session, scan_id)}
        over = session.exec(select(Work).where(col(Work.subject) == old.id, col(Work.queue) == "transcribing")).all()
    assert len(receipts) == 1 and [row.kind for row in waiting] == ["transcribe"]
    assert old.text_state == TextState.NONE and [row.state for row in over] == ["cancelled"], "nothing comes of it now"
    assert set(moved.values()) == {"casey"}

    act(core, first, Action.OPEN)
    await save(core, scan_id, "a 1 2 3 4")
    assert lines(core, scan_id) == "a 1 2 3 4\nb\nout"
    assert parts_of(core, scan_id, 0)[0].sha256 == before.sha256, "all of it is the file just as it came"
    assert not parts_of(core, scan_id, 0)[0].is_put_together
    bare = now_of(core, second)
    assert (bare.state, bare.linked_to) == (State.RECEIVED, first.reference)
    assert bare.next_action == f"Check and close it: its pages belong to {first.reference}"
    assert f"check and close it: its pages belong to {first.reference}" in tasks(core, second)
    assert parts_of(core, scan_id, 1)[0].second_to == parts_of(core, scan_id, 0)[0].id
    assert "look at it again: its pages are others than they were when it was looked at" in tasks(core, first)
    with core.database.reading() as session:
        [receipt] = [n for n in notice.of_referrals(session, [second.id or 0]) if n.kind == NoticeKind.RECEIPT]
        assert receipt.state == NoticeState.CANCELLED, "nobody is told twice"
        assert core.contents.of_message(session, before) == a_pdf(4), "the original is untouched"


@ON_SQLITE
async def test_of_two_who_sort_at_once_the_second_is_told_and_nothing_is_lost(core: Core) -> None:
    scan_id = await a_scan(core, 3)
    version, text = stands(core, scan_id).version, named(core, scan_id, "a 3 2 1")
    saves = [ByHand(core).save(CASEY, scan_id, text, version=version) for _ in range(2)]
    ended = await asyncio.gather(*saves, return_exceptions=True)
    assert sorted(type(each).__name__ for each in ended) == ["Saved", "SortedMeanwhile"]
    before = everything(core)
    with pytest.raises(SortedMeanwhile):
        await save(core, scan_id, "a 1\nnew 2 3", version=version)
    assert everything(core) == before


class Killed(BaseException):
    """The process ends here."""


class EndsOnceFilesAreMade(ByHand):
    """Killed between the files and the commit."""

    async def _files(self, scan: Scan, told: Changes) -> dict[tuple[Placed, ...], LetterFile]:
        await super()._files(scan, told)
        raise Killed


@ON_SQLITE
async def test_a_kill_between_the_files_and_the_commit_changes_nothing_and_it_can_be_saved_again(core: Core) -> None:
    """And once more only when the new letter has been read."""
    scan_id = await a_scan(core, 3)
    before, text = everything(core), named(core, scan_id, "a 1\nnew 2 3")
    with pytest.raises(Killed):
        await EndsOnceFilesAreMade(core).save(CASEY, scan_id, text, version=stands(core, scan_id).version)
    assert everything(core) == before
    saved = await ByHand(core).save(CASEY, scan_id, text, version=stands(core, scan_id).version)
    assert len(saved.begun) == 1 and lines(core, scan_id) == "a 1\nb 2 3\nout"
    before = everything(core)
    with pytest.raises(NotAllowed, match="still being read"):
        text = named(core, scan_id, "a 1 2\nb 3")
        await ByHand(core).save(CASEY, scan_id, text, version=stands(core, scan_id).version)
    assert everything(core) == before


@ON_SQLITE
async def test_pages_moved_to_what_was_closed_open_it_again_and_a_letter_left_out_whole_says_so(core: Core) -> None:
    scan_id = await a_scan(core, 3)
    await save(core, scan_id, "a 1\nnew 2 3")
    first, second = referral_of(core, scan_id, 0), referral_of(core, scan_id, 1)
    change(core, first, state=State.CLOSED, looked_at=core.clock(), clock_from=core.clock())
    await save(core, scan_id, "a 1 2\nb\nout 3")
    assert now_of(core, first).state == State.REOPENED
    assert "Reopened: pages were moved to it after it was closed" in every_line(core, first)
    assert now_of(core, second).linked_to == first.reference
    await save(core, scan_id, "a 1 2\nb 3")
    again = now_of(core, second)
    assert (again.linked_to, again.next_action, tasks(core, second)) == (None, READ_IT, []), "it has pages again"
    third = await a_scan(core, 1)
    await save(core, third, "a\nout 1")
    bare = referral_of(core, third, 0)
    assert (bare.linked_to, bare.next_action) == (None, "Check and close it: its pages were left out of every letter")
    assert parts_of(core, third, 0)[0].second_to is None, "what was said in it stays in sight"


@ON_SQLITE
async def test_what_is_not_whole_or_not_known_or_not_for_this_role_is_refused(core: Core) -> None:
    scan_id = await a_scan(core, 2)
    before = everything(core)
    with pytest.raises(Incomplete):
        await save(core, scan_id, "a 1")
    with pytest.raises(WrongRole):
        await save(core, scan_id, "a 2 1", actor=Actor(name="looks", role=Role.READONLY))
    with pytest.raises(NoScan):
        await ByHand(core).save(CASEY, "0" * 32, "out", version="")
    assert await save(core, scan_id, "a 1 2") == Saved(changed=0, begun=())
    assert everything(core) == before


@ON_SQLITE
async def test_the_envelope_stays_in_the_file_of_its_letter_as_the_last_page(core: Core) -> None:
    scan_id = await a_scan(core, 3)
    await save(core, scan_id, "a 1e 2 3")
    assert lines(core, scan_id) == "a 2 3 1e\nout"
    assert words(core, parts_of(core, scan_id, 0)[0].sha256) == ["2", "3", "1"]
    assert [s.kind for s in stands(core, scan_id).sheets] == [SheetKind.ENVELOPE, SheetKind.PAGE, SheetKind.PAGE]
    shown = parts_of(core, scan_id, 0)[0].id
    await save(core, scan_id, "a 2 3 1")
    assert stands(core, scan_id).sheets[0].kind == SheetKind.PAGE
    assert parts_of(core, scan_id, 0)[0].id == shown, "the same pages in the same order are read once"
