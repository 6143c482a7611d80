"""Files that people hand in become the messages their channel would have received, byte for byte."""

import hashlib
from datetime import date
from pathlib import Path

from sqlmodel import select

from channels.contract import InFile, RawMessage
from channels.letter.in_pieces import HELD_BYTES
from gateway.core import Core
from gateway.dividing.plan import Split
from gateway.handing_in.said import Said
from gateway.ingesting import as_messages, taken_in
from storage.message import Message
from tests.builders import read_all
from tests.channels.email.northshire import a_mail
from tests.channels.email.outlook_files import an_outlook_mail

BETWEEN = b"From jo@school.example.org Mon Nov 23 10:15:00 2026\n"


def handed_in(path: Path, content: bytes, channel: str = "email") -> list[RawMessage]:
    path.write_bytes(content)
    return list(as_messages(path, channel))


def test_a_mail_saved_by_outlook_is_one_message_as_it_is(tmp_path: Path) -> None:
    saved = an_outlook_mail(subject="A worry", words="He was hungry.", sender="jo@school.example.org")
    [message] = handed_in(tmp_path / "worry.msg", saved)
    assert (message.body, message.media_type) == (saved, "application/vnd.ms-outlook")


def test_a_mailbox_file_is_a_message_for_each_mail_in_it(tmp_path: Path) -> None:
    first, second = a_mail("One\n\nFrom where I sit I saw it.\n"), a_mail("Two", Message_ID="<2@example.org>")
    box = BETWEEN + first + b"\n" + BETWEEN + second + b"\n\n"
    messages = handed_in(tmp_path / "box", box)
    assert [each.body for each in messages] == [first, second + b"\n"]
    assert {each.media_type for each in messages} == {"message/rfc822"}
    assert len({each.source_key for each in messages}) == 2


def test_one_mail_below_such_a_line_is_kept_with_it(tmp_path: Path) -> None:
    assert [each.body for each in handed_in(tmp_path / "one.eml", BETWEEN + a_mail())] == [BETWEEN + a_mail()]


def test_the_same_file_twice_is_the_same_message(tmp_path: Path) -> None:
    first, second = (handed_in(tmp_path / "a.eml", a_mail())[0].source_key for _ in range(2))
    assert first == second


def test_a_letter_that_begins_with_from_is_a_letter(tmp_path: Path) -> None:
    [letter] = handed_in(tmp_path / "a.txt", BETWEEN + b"\n" + BETWEEN + b"\n", "letter")
    assert letter.channel == "letter"


async def test_what_outlook_saved_is_read_as_the_mail_it_is_and_kept_byte_for_byte(core: Core, tmp_path: Path) -> None:
    saved = an_outlook_mail(subject="A worry", words="He was hungry.", sender="jo@school.example.org")
    [message] = handed_in(tmp_path / "worry.msg", saved)
    await core.intake.accept(message)
    await read_all(core)
    with core.database.reading() as session:
        [kept] = session.exec(select(Message)).all()
    assert kept.sha256 == hashlib.sha256(saved).hexdigest()
    assert kept.text == "He was hungry."


async def test_a_long_letter_goes_in_pieces_under_the_key_it_would_have_whole(core: Core, tmp_path: Path) -> None:
    content = b"%PDF-1.4\n" + bytes(HELD_BYTES) + b"%%EOF"
    [whole] = handed_in(tmp_path / "long.pdf", content, "letter")
    said = Said(arrived=date(2026, 11, 20), split=Split.CODES)
    [taken] = [each async for each in taken_in(tmp_path / "long.pdf", "letter", core.shelving, said)]
    assert taken.source_key == whole.source_key and taken.media_type == whole.media_type
    assert taken.in_file == InFile(sha256=hashlib.sha256(content).hexdigest(), size=len(content))
    assert core.blobs.get(taken.in_file.sha256) == content
    assert {name: taken.envelope[name] for name in ("split", "arrived", "arrived_basis")} == {
        "split": "codes", "arrived": "2026-11-20", "arrived_basis": "staff_entered",
    }  # fmt: skip
    (tmp_path / "short.txt").write_bytes(b"A letter")
    [short] = [each async for each in taken_in(tmp_path / "short.txt", "letter", core.shelving)]
    assert (short.body, "arrived" in short.envelope) == (b"A letter", False)
