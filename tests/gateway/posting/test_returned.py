"""A letter of ours that came back: known by its code on a scan, or said by a person; never the same address again."""

from __future__ import annotations

import hashlib
from datetime import date
from io import BytesIO

import pikepdf
import pytest
from sqlmodel import select

from channels.letter.codes import Code, OnPaper, written
from channels.letter.scanned import BACK_OR_ANSWER, BACK_WITHOUT_CODE
from gateway.core import Core
from gateway.deciding import Actor
from gateway.life_cycle import Incomplete, NotAllowed
from gateway.posting.returned import came_back, letters_meant
from gateway.separators import SheetFor, separator_sheets
from storage import attachment, message, notice
from storage.identity import Identity
from storage.notice import Notice, NoticeKind
from storage.referral import Referral
from storage.staff import Role
from tests.builders import a_message, read_all
from tests.gateway.posting.post import HOME, a_letter_out, a_scan, is_safe, notices, of, tasks, the_letter

CLERK = Actor(name="casey", role=Role.CALL_TAKER)
ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def code_of(row: Notice) -> str:
    return written(Code(says=OnPaper.LETTER, notice_id=row.id))


async def comes_back_scanned(core: Core, **envelope: str) -> str:
    """A scan as the desk that divides scans hands it on."""
    receipt = await core.intake.accept(a_scan("returned", **envelope))
    await read_all(core)
    return receipt.reference


async def test_a_scan_with_our_code_fails_its_letter_and_leaves_the_sender_to_a_person(core: Core) -> None:
    sent = await a_letter_out(core, HOME)
    reference = await comes_back_scanned(core, came_back="yes", code=code_of(sent))
    failed = of(core, sent)
    assert (failed.state, failed.reason) == ("failed", "the letter came back")
    assert tasks(core) == ["receipt by letter could not be delivered (the letter came back): tell the sender by hand"]
    with core.database.reading() as session:
        assert session.get_one(Identity, failed.identity_id).blocked_reason == "a notice came back for good"
        (brought,) = message.numbered(session, [reference])
        assert brought.referral_id == failed.referral_id
        (kept,) = [p for p in attachment.of_referrals(session, [failed.referral_id]) if p.message_id == brought.id]
        assert kept.sha256 == hashlib.sha256(a_scan("returned").body).hexdigest()
        assert (kept.text_state, kept.note) == (
            "none", "A letter of ours that came back: its words are ours and are not read.",
        )  # fmt: skip
        assert len(session.exec(select(Referral)).all()) == 1


@ON_SQLITE
async def test_a_clerk_scans_the_days_post_with_letters_of_ours_that_came_back_behind_their_sheet(core: Core) -> None:
    ours = [await a_letter_out(core, HOME.replace("3 ", f"{n} "), mark=str(n)) for n in range(2)]
    returned = separator_sheets(
        SheetFor.RETURNED, copies=1, organisation="Northshire Council", printed_on=date(2026, 11, 20)
    )
    with pikepdf.new() as scan:
        for pdf in (returned, *((core.settings.letters_dir / str(each.provider_id)).read_bytes() for each in ours)):
            with pikepdf.open(BytesIO(pdf)) as pages:
                scan.pages.extend(pages.pages[:1])
        scan.save(out := BytesIO())
    raw = a_message(out.getvalue(), channel="letter", media_type="application/pdf", envelope={"name": "post.pdf"})
    await core.intake.accept(raw)
    await read_all(core)
    assert [of(core, each).state for each in ours] == ["failed", "failed"]
    with core.database.reading() as session:
        assert len(session.exec(select(Referral)).all()) == 2
        for each in ours:
            (page,) = [p for p in attachment.of_referrals(session, [each.referral_id]) if p.is_put_together]
            assert (page.media_type, page.text_state) == ("application/pdf", "none")


@ON_SQLITE
async def test_what_came_back_without_a_code_we_know_stands_in_the_queue_at_once(core: Core) -> None:
    for number, code in enumerate(["", written(Code(says=OnPaper.LETTER, notice_id="f" * 32))]):
        await core.intake.accept(a_scan(str(number), came_back="yes", code=code))
    await read_all(core)
    with core.database.reading() as session:
        unmatched, unknown = session.exec(select(Referral).order_by(Referral.ledger_no)).all()  # type: ignore[arg-type]
    assert [t for t in tasks(core) if BACK_WITHOUT_CODE in t] == [f"acknowledge by hand: {BACK_WITHOUT_CODE}"]
    assert (unmatched.kind, unknown.kind) == ("concern", "unclear")
    assert len(tasks(core)) == 2


@ON_SQLITE
async def test_words_on_our_letter_join_its_referral_and_a_person_looks_which_it_is(core: Core) -> None:
    sent = await a_letter_out(core, HOME)
    await comes_back_scanned(core, code=code_of(sent))
    assert of(core, sent).state == "sent"
    assert tasks(core) == [f"acknowledge by hand: {BACK_OR_ANSWER}"]
    with core.database.reading() as session:
        assert len(session.exec(select(Referral)).all()) == 1
        assert len(message.of_referrals(session, [sent.referral_id])) == 2


@ON_SQLITE
async def test_the_next_safe_way_is_tried_and_never_the_same_address_again(core: Core) -> None:
    sent = await a_letter_out(core, HOME, also="jo@example.org")
    with core.database.transaction() as session:
        row = notice.by_id(session, sent.id, lock=True)
        assert row is not None
        came_back(session, core, row, CLERK.name, why="gone away")
    _, instead = [n for n in notices(core, sent.referral_id) if n.kind == "receipt"]
    assert (instead.channel, instead.state, instead.substitute_for) == ("email", "owed", sent.id)
    with core.database.transaction() as session:
        again = session.get_one(Notice, instead.id)
        core.delivery.failed(session, again, "no such mailbox")
    assert [n.channel for n in notices(core, sent.referral_id)] == ["letter", "email", "staff"]


@ON_SQLITE
async def test_a_letter_is_found_by_its_code_and_by_its_reference(core: Core) -> None:
    sent = await a_letter_out(core, HOME)
    reference = the_letter(core, sent).about
    with core.database.reading() as session:
        for typed in (code_of(sent), code_of(sent).lower(), reference, reference.replace("-", " ").lower()):
            assert [row.id for row in letters_meant(session, typed)] == [sent.id]
        for unknown in ("", "FRONTDOOR:NEXT", "KMR-4729-HX", "FRONTDOOR:LETTER:00"):
            assert letters_meant(session, unknown) == []


@ON_SQLITE
async def test_a_letter_comes_back_once_and_for_a_reason(core: Core) -> None:
    sent = await a_letter_out(core, HOME)
    with core.database.transaction() as session:
        row = session.get_one(Notice, sent.id)
        with pytest.raises(Incomplete):
            came_back(session, core, row, CLERK.name, why="eaten")
        came_back(session, core, row, CLERK.name, why="refused")
    with core.database.transaction() as session:
        row = session.get_one(Notice, sent.id)
        assert (row.state, row.reason) == ("failed", "the letter came back: refused")
        with pytest.raises(NotAllowed):
            came_back(session, core, row, CLERK.name, why="refused")


@ON_SQLITE
@pytest.mark.parametrize("channel", ["email", "staff"])
async def test_a_code_on_paper_fails_nothing_but_a_letter(core: Core, channel: str) -> None:
    sent = await a_letter_out(core, HOME)
    with core.database.transaction() as session:
        session.get_one(Notice, sent.id).channel = channel
    reference = await comes_back_scanned(core, came_back="yes", code=code_of(sent))
    assert of(core, sent).state == "sent"
    with core.database.reading() as session:
        (scan,) = message.numbered(session, [reference])
        assert session.get_one(Referral, scan.referral_id).kind == "unclear"


@ON_SQLITE
async def test_after_a_letter_addressed_by_hand_came_back_the_next_is_a_persons_until_they_have_asked(
    core: Core,
) -> None:
    sent = await a_letter_out(core)
    await comes_back_scanned(core, came_back="yes", code=code_of(sent))

    def next_way() -> str:
        with core.database.reading() as session:
            about = session.get_one(Referral, sent.referral_id)
            return core.reaching.to_sender(session, about, NoticeKind.CLOSED, None)[0].channel

    assert next_way() == "staff"
    is_safe(core, the_letter(core, sent).about, HOME, "post")
    assert next_way() == "letter"
