"""What kind of file some bytes are."""

from __future__ import annotations

import io
import zipfile

import pytest
from PIL import Image

from channels.media_type import fetched_media_type, is_document_or_picture, media_type_of

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def zipped(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return out.getvalue()


@pytest.mark.parametrize("kind", ["png", "jpeg", "tiff", "gif", "bmp", "webp"])
def test_pictures_are_known_by_their_bytes_whatever_they_are_called(kind: str) -> None:
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, kind)
    assert media_type_of(out.getvalue(), name="letter.pdf", claimed="application/pdf") == f"image/{kind}"


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"some mail gateway's line\n%PDF-1.7 and so on", "application/pdf"),
        (zipped("[Content_Types].xml", "word/document.xml"), WORD),
        (zipped("mimetype", "content.xml"), "application/vnd.oasis.opendocument.text"),
        (zipped("photo.jpg"), "application/zip"),
        (b"PK\x03\x04 cut short", "application/zip"),
        (b"{\\rtf1 words}", "application/rtf"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", "image/heic"),
        (b"RIFF\x24\x00\x00\x00WAVEfmt " + bytes(40), "audio/wave"),
    ],
)
def test_documents_and_sound_are_known_by_their_bytes(content: bytes, media_type: str) -> None:
    assert media_type_of(content) == media_type


def test_a_claim_the_bytes_do_not_bear_out_is_not_believed() -> None:
    assert media_type_of(b"\x00\x01\x02", name="a.pdf", claimed="application/pdf") == "application/octet-stream"
    assert media_type_of(b"\x00\x01\x02", claimed="image/png") == "application/octet-stream"
    assert media_type_of(b"\x00\x01\x02", claimed="application/x-own; v=1") == "application/x-own"


def test_text_is_text_only_when_the_bytes_agree() -> None:
    assert media_type_of("Zoë\r\n".encode(), name="a.TXT") == "text/plain"
    assert media_type_of(b"<p>words</p>", claimed="text/html; charset=utf-8") == "text/html"
    assert media_type_of(b"words\x00", name="a.txt") == "application/octet-stream"
    assert media_type_of(b"words", name="a.exe") == "text/plain"


def test_a_letter_is_a_document_or_a_picture() -> None:
    assert is_document_or_picture("image/tiff") and is_document_or_picture(WORD)
    assert is_document_or_picture("application/encrypted") and not is_document_or_picture("image/svg+xml")
    assert not is_document_or_picture("audio/wave") and not is_document_or_picture("application/zip")


def test_a_film_file_that_holds_only_sound_is_what_its_sender_says() -> None:
    film = b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isommp41"
    assert media_type_of(film, claimed="audio/mp4") == "audio/mp4"
    assert media_type_of(film, claimed="audio/mpeg") == "video/mp4"


def test_what_a_provider_says_stands_unless_the_bytes_show_otherwise() -> None:
    assert fetched_media_type(b"some sound", claimed="audio/x-wav") == "audio/x-wav"
    assert fetched_media_type(b"%PDF-1.7", claimed="image/jpeg") == "application/pdf"
    assert fetched_media_type(b"MZ" + bytes(100), claimed="image/jpeg") == "application/x-dosexec"
