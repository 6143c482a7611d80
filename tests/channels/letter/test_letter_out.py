"""Letters out, into a real print folder."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from channels.contract import Address, AddressClass, Outgoing, SendFailed
from channels.letter import Letter


def a_notice(reference: str = "KMR-4729-HX", notice_id: str = "7f0a") -> Outgoing:
    return Outgoing(
        notice_id=notice_id,
        reference=reference,
        kind="receipt",
        address=Address(kind=AddressClass.POSTAL, value="2 Example Lane"),
        text="Thank you for your letter.",
        written_at=datetime(2026, 11, 23, 10, 15, tzinfo=UTC),
    )


def a_printing(folder: Path) -> Letter:
    return Letter(scan_dir=None, print_dir=folder, render=lambda notice: b"%PDF " + notice.text.encode())


async def test_a_letter_stands_in_the_print_folder_whole_and_alone(tmp_path: Path) -> None:
    name = await a_printing(tmp_path / "out").send(a_notice())
    assert name == "KMR-4729-HX-receipt-7f0a.pdf"
    assert [path.name for path in (tmp_path / "out").iterdir()] == [name]
    assert (tmp_path / "out" / name).read_bytes() == b"%PDF Thank you for your letter."


async def test_the_same_notice_sent_twice_is_printed_once(tmp_path: Path) -> None:
    letter = a_printing(tmp_path)
    assert await letter.send(a_notice()) == await letter.send(a_notice())
    assert len(list(tmp_path.iterdir())) == 1


async def test_a_notice_cannot_name_a_file_outside_the_folder(tmp_path: Path) -> None:
    name = await a_printing(tmp_path / "out").send(a_notice(reference="../../KMR", notice_id="a/b"))
    assert (tmp_path / "out" / name).exists()
    assert "/" not in name


async def test_a_print_folder_that_cannot_be_written_is_tried_again_later(tmp_path: Path) -> None:
    (tmp_path / "out").write_bytes(b"a file where the folder should be")
    with pytest.raises(SendFailed) as failed:
        await a_printing(tmp_path / "out").send(a_notice())
    assert not failed.value.permanent
    assert str(tmp_path) not in failed.value.reason


async def test_a_watching_printer_never_sees_half_a_letter(tmp_path: Path) -> None:
    letter = Letter(scan_dir=None, print_dir=tmp_path, render=lambda notice: bytes(20_000_000))
    sending = asyncio.create_task(letter.send(a_notice()))
    while not sending.done():
        assert {path.stat().st_size for path in tmp_path.glob("[!.]*.pdf")} <= {20_000_000}
        await asyncio.sleep(0)
    await sending
