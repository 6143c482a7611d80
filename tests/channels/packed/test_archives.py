"""Archives are opened within limits, and what stays shut is said."""

import base64
import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
from collections.abc import Mapping

import pytest

from channels.contract import Enclosure
from channels.email.parts import unpack
from channels.packed.archives import open_archive
from channels.packed.opened import Inner, LeftShut
from channels.packed.room import MOST_FAILURES, Room
from tests.channels.email.northshire import a_mail, read

KILO = 1024


def a_zip(files: Mapping[str, bytes], *, packed: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", packed) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def a_tar(files: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
        link = tarfile.TarInfo("link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    return out.getvalue()


def a_locked_zip() -> bytes:
    plain = bytearray(a_zip({"secret.txt": b"words"}, packed=zipfile.ZIP_STORED))
    plain[6] |= 1
    plain[plain.index(b"PK\x01\x02") + 8] |= 1
    return bytes(plain)


def file(content: bytes, name: str = "a.zip") -> Enclosure:
    return Enclosure(name=name, media_type="application/zip", content=content)


def inside(content: bytes, name: str = "a.zip") -> tuple[list[tuple[str, str]], str]:
    found = unpack(file(content, name))
    return [(each.name, each.within) for each in found.enclosures], found.text


def test_the_files_of_a_zip_are_files_of_the_message_packed_in_it() -> None:
    assert inside(a_zip({"folder/one.txt": b"1", "two.pdf": b"%PDF-1.4", "empty/": b""})) == (
        [("one.txt", "a.zip"), ("two.pdf", "a.zip")], ""
    )  # fmt: skip


@pytest.mark.parametrize("compress", [gzip.compress, bz2.compress, lzma.compress])
def test_a_compressed_tar_is_opened_in_one_go_and_its_link_is_no_file(compress: object) -> None:
    assert callable(compress)
    names, text = inside(compress(a_tar({"one.txt": b"1"})), "a.tar.gz")
    assert names == [("one.txt", "a.tar.gz")]
    assert text == "[1 more file in a.tar.gz was not opened: a link or a device, not a file. It is kept as it came.]"


def test_a_compressed_file_has_the_name_it_had_before() -> None:
    assert inside(gzip.compress(b"words"), "notes.txt.gz") == ([("notes.txt", "notes.txt.gz")], "")
    assert inside(gzip.compress(b"words"), "notes") == ([("notes-unpacked", "notes")], "")


def test_a_mail_in_an_archive_is_read() -> None:
    mail = b"From: jo@example.org\r\nSubject: Inner\r\n\r\nHe was hungry."
    names, text = inside(a_zip({"mail.eml": mail}))
    assert names == [("mail.eml", "a.zip")]
    assert text == "Attached message\nFrom: jo@example.org\nSubject: Inner\n\nHe was hungry."


def test_an_office_document_is_no_archive() -> None:
    assert open_archive(a_zip({"[Content_Types].xml": b"<x/>", "word/document.xml": b""}), "a.docx", Room()) is None
    assert open_archive(a_zip({"mimetype": b"x", "content.xml": b""}), "a.odt", Room()) is None
    assert open_archive(b"words", "a.txt", Room()) is None


def test_a_locked_archive_and_one_of_another_kind_are_said_to_be_so() -> None:
    assert "1 more file in a.zip was not opened: locked with a password" in inside(a_locked_zip())[1]
    assert "packed in a way that is not opened here" in inside(b"7z\xbc\xaf\x27\x1c" + bytes(50), "a.7z")[1]
    assert "damaged" in inside(a_zip({"a": b"words"})[:-10])[1]
    assert "damaged" in inside(gzip.compress(b"words" * 99)[:12] + b"\xff" * 30, "a.gz")[1]


def test_a_file_changed_inside_an_archive_is_damaged_and_the_others_are_opened() -> None:
    content = bytearray(a_zip({"one.txt": b"words", "two.txt": b"more"}, packed=zipfile.ZIP_STORED))
    content[content.index(b"words")] ^= 1
    names, text = inside(bytes(content))
    assert names == [("two.txt", "a.zip")]
    assert "1 more file in a.zip was not opened: damaged" in text


def test_two_hundred_files_are_opened_and_the_others_counted() -> None:
    names, text = inside(a_zip({f"{number}.txt": b"x" for number in range(212)}))
    assert len(names) == 200
    assert text == (
        "[12 more files in a.zip were not opened: more than is opened from one message. It is kept as it came.]"
    )


def test_a_file_packed_a_hundred_times_tighter_than_it_is_stays_shut_beyond_a_megabyte() -> None:
    assert inside(a_zip({"zeros": bytes(1024 * KILO)}))[0] == [("zeros", "a.zip")]
    names, text = inside(a_zip({"zeros": bytes(1025 * KILO), "one.txt": b"1"}))
    assert names == [("one.txt", "a.zip")]
    assert "packed far tighter than real files are" in text
    assert "packed far tighter" in inside(gzip.compress(bytes(2000 * KILO)), "a.gz")[1]


def test_what_an_archive_says_of_its_sizes_is_not_believed() -> None:
    content = a_zip({"zeros": bytes(3000 * KILO)})
    size = (3000 * KILO).to_bytes(4, "little")
    assert content.count(size) == 2
    names, text = inside(content.replace(size, (5).to_bytes(4, "little")))
    assert names == []
    assert "not opened" in text


def test_all_files_of_a_message_together_have_so_much_room() -> None:
    room = Room(size=1500)
    opened = open_archive(a_zip({"a": b"x" * 1000, "b": b"y" * 1000, "c": b"z" * 400}), "a.zip", room)
    assert opened is not None
    assert [each.name for each in opened.files] == ["a", "c"]
    assert opened.left_shut == (LeftShut.NO_ROOM,)
    assert room.size == 100


def test_archives_in_archives_are_opened_three_deep() -> None:
    content = b"words"
    for depth in range(5):
        content = a_zip({f"{depth}.zip" if depth else "a.txt": content})
    names, text = inside(content, "outer.zip")
    assert names == [("4.zip", "outer.zip"), ("3.zip", "4.zip"), ("2.zip", "3.zip")]
    assert "1 more file in 2.zip was not opened: an archive inside archives, deeper than is opened" in text


def test_what_a_mac_notes_beside_files_is_left_out_and_names_keep_their_letters() -> None:
    content = a_zip({"__MACOSX/._a": b"x", "Zoë.txt": b"1"})
    opened = open_archive(content, "a.zip", Room())
    assert opened is not None
    assert opened.files == (Inner(name="Zoë.txt", content=b"1"),)


def test_a_hundred_archives_of_one_mail_are_opened_and_the_others_said() -> None:
    small = base64.b64encode(a_zip({"a.txt": b"1"}))
    part = b"--m\r\nContent-Type: application/zip\r\nContent-Transfer-Encoding: base64\r\n\r\n" + small + b"\r\n"
    inbound = read(a_mail(part * 120, Content_Type="multipart/mixed; boundary=m"))
    assert len([each for each in inbound.enclosures if each.within]) == 100
    assert inbound.text == "[100 files that hold others were opened. The others were not looked into.]"
    assert inbound.unopened


def test_files_that_turn_out_damaged_are_not_unpacked_one_after_the_other_for_ever() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(200):
            archive.writestr(f"{number}.txt", b"a" * 1_000_000)
    content, at = bytearray(packed.getvalue()), 0
    while (at := content.find(b"PK\x01\x02", at) + 1) > 0:
        content[at + 15] ^= 0xFF  # of the checksum in the list of files
    room = Room()
    opened = open_archive(bytes(content), "holiday.zip", room)
    assert opened is not None
    assert opened.files == ()
    assert opened.left_shut.count(LeftShut.DAMAGED) == MOST_FAILURES
    assert opened.left_shut.count(LeftShut.NO_ROOM) == 200 - MOST_FAILURES
