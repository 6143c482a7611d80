"""A scan of several letters becomes a referral for each, and one that cannot be looked at one as it came."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from typing import cast

import pikepdf
import pypdfium2
import pytest
from PIL import Image
from sqlmodel import col, select

from channels.contract import InFile
from gateway.core import Core
from gateway.dividing.dividing import LARGEST
from gateway.scan_view import ScanView
from gateway.view import unrecorded_views
from gateway.wiring import wire_channels, wire_reading
from storage import sheet
from storage.attachment import Attachment, TextState
from storage.message import ArrivedBasis, Message
from storage.notice import Notice, NoticeKind
from storage.referral import Referral
from storage.sheet import Sheet, SheetKind
from storage.work import Claim, Work
from tests.builders import a_message, read_all
from tests.fakes import MovableClock
from tests.gateway.dividing.scans import BLANK, NEXT, letters_with_separators, locked, of_many_pages, pdf_of
from tests.transcription.sheets import made_pages as made

PDF = "application/pdf"


async def hand_in(core: Core, body: bytes, media_type: str = PDF, **envelope: str) -> None:
    """Put it through the door and the reading desk."""
    known = {"name": "monday.pdf", **envelope}
    await core.intake.accept(a_message(body, channel="letter", media_type=media_type, envelope=known))
    await read_all(core)


def messages(core: Core) -> list[Message]:
    with core.database.reading() as session:
        return list(session.exec(select(Message).order_by(col(Message.ledger_no))))


def parts(core: Core) -> list[Attachment]:
    with core.database.reading() as session:
        return list(session.exec(select(Attachment).order_by(col(Attachment.position))))


def scans_seen(core: Core) -> list[ScanView]:
    """What programs see of them."""
    with core.database.reading() as session:
        found = session.exec(select(Referral).order_by(col(Referral.ledger_no))).all()
        seen = unrecorded_views(session, found, seal=core.seal, may_identify=False)
    return [message.scan for view in seen for message in view.messages if message.scan]


def words_of(core: Core, part: Attachment) -> list[str]:
    """The first line of each page."""
    document = pypdfium2.PdfDocument(core.blobs.get(part.sha256 or ""))
    return [page.get_textpage().get_text_bounded().splitlines()[0] for page in document]


async def test_each_letter_of_a_scan_is_a_referral_with_its_own_pages_number_and_receipt(core: Core) -> None:
    body = letters_with_separators([1, 2, 1])
    await hand_in(core, body)
    rows = messages(core)
    assert [row.ledger_no for row in rows] == [1, 2, 3]
    assert len({row.reference for row in rows}) == len({row.referral_id for row in rows}) == 3
    assert {(row.sha256, row.size, row.scan_id, row.received_at) for row in rows} == {
        (rows[0].sha256, len(body), rows[0].id, rows[0].received_at)
    }
    assert [words_of(core, part) for part in parts(core)] == [
        ["Letter 1 sheet 1: please look in on Ellis (line 1 of page 2)"],
        ["Letter 2 sheet 1: please look in on Ellis (line 1 of page 4)",
         "Letter 2 sheet 2: please look in on Ellis (line 1 of page 5)"],
        ["Letter 3 sheet 1: please look in on Ellis (line 1 of page 7)"],
    ]  # fmt: skip
    assert [(part.name, part.is_put_together, part.text_state) for part in parts(core)] == [
        ("monday, page 2.pdf", True, TextState.WAITING),
        ("monday, pages 4 to 5.pdf", True, TextState.WAITING),
        ("monday, page 7.pdf", True, TextState.WAITING),
    ]
    with core.database.reading() as session:
        owed = session.exec(select(Notice.referral_id).where(Notice.kind == NoticeKind.RECEIPT)).all()
        pages = sheet.of_scan(session, rows[0].id)
    assert sorted(owed) == sorted(row.referral_id or 0 for row in rows)
    assert [page.kind for page in pages] == [
        SheetKind.SEPARATOR, SheetKind.PAGE, SheetKind.SEPARATOR, SheetKind.PAGE, SheetKind.PAGE, SheetKind.SEPARATOR,
        SheetKind.PAGE,
    ]  # fmt: skip
    ids = [row.id for row in rows]
    assert [(page.message_id and ids.index(page.message_id), page.place) for page in pages] == [
        (None, 0), (0, 1), (None, 0), (1, 1), (1, 2), (None, 0), (2, 1)
    ]  # fmt: skip
    assert [scan.model_dump() for scan in scans_seen(core)] == [
        {"id": ids[0], "letter": number, "letters": 3, "pages": pages, "scanned": 7}
        for number, pages in ((1, [2]), (2, [4, 5]), (3, [7]))
    ]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_file_of_one_letter_stays_as_it_came_also_with_blank_pages(core: Core) -> None:
    body = pdf_of("Please look in on Ellis", "and on his sister", BLANK)
    await hand_in(core, body)
    (row,), (part,) = messages(core), parts(core)
    assert (part.sha256, part.size, part.name, part.is_put_together) == (row.sha256, len(body), "monday.pdf", False)
    with core.database.reading() as session:
        pages = sheet.of_scan(session, row.id)
    assert [(page.message_id, page.place, page.kind) for page in pages] == [
        (row.id, 1, SheetKind.PAGE), (row.id, 2, SheetKind.PAGE), (row.id, 3, SheetKind.BLANK)
    ]  # fmt: skip


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_pictures_are_parted_too_and_not_a_dot_of_them_is_lost(core: Core) -> None:
    frames = [made.written_on(made.paper(seed=n), lines=3)[:500] if n else made.paper()[:500] for n in (1, 0, 2)]
    pictures, out = [Image.fromarray(f).convert("1", dither=Image.Dither.NONE) for f in frames], io.BytesIO()
    pictures[0].save(out, "TIFF", compression="group4", save_all=True, append_images=pictures[1:], dpi=(150, 150))
    await hand_in(core, out.getvalue(), "image/tiff", name="fax.tif")
    assert [part.name for part in parts(core)] == ["fax, page 1.pdf", "fax, page 3.pdf"]
    for part, picture in zip(parts(core), (pictures[0], pictures[2]), strict=True):
        with pikepdf.open(io.BytesIO(core.blobs.get(part.sha256 or ""))) as document:
            (image,) = document.pages[0].get_images().values()
            kept = pikepdf.PdfImage(cast(pikepdf.Stream, image)).as_pil_image()
        assert kept.convert("1").tobytes() == picture.tobytes()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_the_day_on_a_separator_starts_the_clock_and_one_that_cannot_be_does_not(core: Core) -> None:
    codes = [f"{NEXT}:2026-11-19", f"{NEXT}:2026-11-20", f"{NEXT}:2027-01-01", f"{NEXT}:0001-01-01"]
    await hand_in(core, pdf_of("A", codes[0], "B", codes[1], "C", codes[2], "D", codes[3], "E"))
    rows = messages(core)
    assert [(row.arrived_on, row.arrived_basis) for row in rows] == [
        (None, ""),
        (date(2026, 11, 19), ArrivedBasis.SEPARATOR),
        (date(2026, 11, 20), ArrivedBasis.SEPARATOR),
        (None, ""),
        (None, ""),
    ]
    with core.database.reading() as session:
        received = [session.get_one(Referral, row.referral_id).received_at for row in rows]
    assert received[1:3] == [datetime(2026, 11, 19, 9, tzinfo=UTC), datetime(2026, 11, 20, 9, tzinfo=UTC)]
    assert received[0] == received[3] == received[4] == core.clock()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_whoever_hands_in_may_ask_that_nothing_is_parted(core: Core) -> None:
    await hand_in(core, letters_with_separators([1, 1]), split="no")
    assert len(messages(core)) == 1
    assert not parts(core)[0].is_put_together


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_what_cannot_be_looked_at_is_one_letter_as_it_came_and_the_next_scan_is_read(core: Core) -> None:
    hostile = [locked(), letters_with_separators([1, 2])[:2000], of_many_pages(10_000), b"%PDF-1.7\nnothing more"]
    for body in hostile:
        await core.intake.accept(a_message(body, channel="letter", media_type=PDF, envelope={"name": "post.pdf"}))
    await hand_in(core, letters_with_separators([1, 1]))
    assert all(row.read_at for row in messages(core))
    as_they_came = [part.size for part in parts(core) if not part.is_put_together]
    assert as_they_came == [len(body) for body in hostile]
    with core.database.reading() as session:
        scans = set(session.exec(select(Sheet.scan_id)).all())
    assert scans == {messages(core)[4].id}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_file_larger_than_memory_is_never_opened_and_stands_in_the_queue_with_its_bytes(core: Core) -> None:
    is_nowhere = InFile(sha256="ab" * 32, size=LARGEST + 1)
    await core.intake.accept(
        a_message(
            b"", channel="letter", media_type=PDF, in_file=is_nowhere,
            envelope={"name": "film.pdf", "arrived": "2026-11-20"},
        )
    )  # fmt: skip
    await read_all(core)
    (row,), (part,) = messages(core), parts(core)
    assert "too large" in row.unreadable
    assert row.arrived_on == date(2026, 11, 20)
    assert (part.sha256, part.size, part.name, part.text_state) == (
        is_nowhere.sha256, is_nowhere.size, "film.pdf", TextState.FAILED
    )  # fmt: skip


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_of_a_letter_that_fails_each_time_only_its_own_pages_are_shown(core: Core, clock: MovableClock) -> None:
    channels = wire_channels(core)
    desk = wire_reading(core, channels)
    known = {"name": "two.pdf", "arrived": "2026-11-20"}
    await core.intake.accept(
        a_message(letters_with_separators([1, 1]), channel="letter", media_type=PDF, envelope=known)
    )  # fmt: skip
    await desk.step(claimed(core))
    held = claimed(core)
    with core.database.transaction() as session:
        desk.give_up(session, held, "ZeroDivisionError")
    part = parts(core)[-1]
    assert (part.name, part.is_put_together) == ("two, page 4.pdf", True)
    assert [row.arrived_on for row in messages(core)] == [date(2026, 11, 20)] * 2
    assert words_of(core, part) == ["Letter 2 sheet 1: please look in on Ellis (line 1 of page 4)"]


def claimed(core: Core) -> Claim:
    """The one open row of the reading queue, as a desk holds it."""
    with core.database.reading() as session:
        row = session.exec(select(Work).where(Work.queue == "reading", Work.state == "open")).one()
    return Claim(
        id=row.id, queue=row.queue, kind=row.kind, subject=row.subject, attempts=1, max_attempts=3, token=row.token
    )
