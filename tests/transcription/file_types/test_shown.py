"""What a file is shows in its bytes, whatever it is called and whoever claims what."""

import random

import pytest

from channels.media_type import media_type_of
from tests.transcription.compound import compound_file
from tests.transcription.file_types.kinds import KINDS, windows_program
from tests.transcription.new_office import zipped
from tests.transcription.paper import form_pdf
from transcription.choose import Kind, kind_of, kind_of_bytes
from transcription.file_types.shown import is_program, shown_by
from transcription.file_types.zips import LARGEST_LIST

LIES = [("", ""), ("letter.pdf", "application/pdf"), ("photo.jpg", "image/jpeg"), ("notes.bin", "audio/mpeg")]


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_known_whatever_its_name_and_claim(kind: str) -> None:
    media_type, made = KINDS[kind]
    content = made()
    assert shown_by(content) == media_type
    assert {media_type_of(content, name=name, claimed=claim) for name, claim in LIES} == {media_type}


@pytest.mark.parametrize(
    "kind", ["windows program", "linux program", "shortcut", "batch file", "shell script", "jar", "apk", "installer"]
)
def test_programs_are_known_as_such_and_never_read(kind: str) -> None:
    media_type, made = KINDS[kind]
    assert is_program(media_type)
    assert kind_of_bytes(made(), "application/pdf", "letter.pdf") is None


def test_text_that_its_name_makes_a_program_is_one() -> None:
    assert is_program("text/plain", "run.vbs") and is_program("text/plain", "RUN.BAT")
    assert not is_program("text/plain", "notes.txt") and not is_program("image/png", "photo.js")
    assert media_type_of(b"x = 1", name="a.js", claimed="text/plain") == "text/javascript"


@pytest.mark.parametrize(
    ("content", "name", "claim", "media_type"),
    [
        (form_pdf({"a": "b"}), "invoice.exe", "application/x-msdownload", "application/pdf"),
        (windows_program(), "invoice.pdf", "application/pdf", "application/x-dosexec"),
        (windows_program() + form_pdf({"a": "b"}), "a.pdf", "application/pdf", "application/x-dosexec"),
        (zipped({"a.txt": "x"}), "letter.doc", "application/msword", "application/zip"),
        (form_pdf({"a": "b"}) + zipped({"A.class": "x"}), "a.jar", "application/java-archive", "application/pdf"),
        (b"<html><body>x</body></html>", "report.doc", "application/msword", "text/html"),
        (b"<html><script>x</script></html>", "photo.jpg", "image/jpeg", "text/html"),
        (b"\x89PNG\r\n\x1a\n<html><script>x</script>", "a.html", "text/html", "image/png"),
        (b"Name,Seen\nJane,Friday\n", "list.csv", "application/vnd.ms-excel", "text/csv"),
        (b'{"child": "Jane"}', "data", "application/octet-stream", "application/json"),
        ("Zo\u00eb is cold".encode("cp1252"), "note.txt", "", "text/plain"),
        ("He is cold".encode("utf-16"), "note", "application/octet-stream", "text/plain"),
        (b"From: the school\nTo: you\nHe is cold", "note.txt", "text/plain", "text/plain"),
        (b"\x00\x01\x02\x03", "a.docx", "application/msword", "application/octet-stream"),
    ],
)
def test_names_and_claims_that_lie_are_not_believed(content: bytes, name: str, claim: str, media_type: str) -> None:
    assert media_type_of(content, name=name, claimed=claim) == media_type


@pytest.mark.parametrize(
    ("content", "media_type", "name", "kind"),
    [
        (zipped({"a.txt": "x"}), "application/octet-stream", "photos.zip", Kind.ARCHIVE),
        (b"PK\x03\x04 cut off", "application/octet-stream", "letter.docx", Kind.WORD),
        (compound_file({"x": b"y"}), "application/octet-stream", "letter.doc", Kind.OLD_WORD),
        (compound_file({"x": b"y"}), "image/png", "a.png", None),
        (b"<html><body>x</body></html>", "application/vnd.ms-excel", "a.xls", Kind.WEB_PAGE),
        (b"Name,Seen\n", "application/vnd.ms-excel", "a.csv", Kind.TABLE),
        (b"He is cold", "image/jpeg", "a.jpg", Kind.PLAIN_TEXT),
        (b"He is cold", "application/octet-stream", "statement", Kind.PLAIN_TEXT),
        (b"no sound at all", "audio/wav", "voicemail.wav", Kind.RECORDING),
        (b"@echo off", "text/plain", "notes.txt", None),
        (b"del *.*", "text/x-msdos-batch", "run.bat", None),
    ],
)
def test_the_reader_is_chosen_by_what_the_bytes_are(
    content: bytes, media_type: str, name: str, kind: Kind | None
) -> None:
    assert kind_of_bytes(content, media_type, name) is kind


def test_every_kind_a_reader_is_there_for_is_chosen_by_its_media_type_alone() -> None:
    unread = {kind for kind, (media_type, _) in KINDS.items() if kind_of(media_type) is None}
    assert unread == {
        "installer", "unknown compound file", "epub", "jar", "apk",
        "tar", "gzip", "bzip2", "xz", "rar", "7z", "tnef", "svg", "windows program", "linux program", "shortcut",
        "batch file", "shell script",
    }  # fmt: skip


def test_an_archive_whose_list_is_enormous_is_not_listed() -> None:
    end = b"PK\x05\x06" + bytes(8) + (LARGEST_LIST + 1).to_bytes(4, "little") + bytes(6)
    assert shown_by(b"PK\x03\x04" + bytes(100) + end) == "application/zip"


@pytest.mark.parametrize("kind", KINDS)
def test_damaged_and_cut_files_are_still_told_without_an_error(kind: str) -> None:
    whole, chance = KINDS[kind][1](), random.Random(kind)
    for _ in range(20):
        changed = bytearray(whole[: chance.randrange(1, len(whole) + 1)])
        changed[chance.randrange(len(changed))] = chance.randrange(256)
        assert isinstance(media_type_of(bytes(changed)), str)
        kind_of_bytes(bytes(changed), "", "")
