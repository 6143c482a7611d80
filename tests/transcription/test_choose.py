"""An attachment's reader is chosen by what it is, not only by what it is called."""

import pytest

from transcription.choose import Kind, can_read, kind_of, kind_of_bytes


@pytest.mark.parametrize(
    ("media_type", "name", "kind"),
    [
        ("audio/x-wav", "", Kind.RECORDING),
        ("audio/mpeg", "message.mp3", Kind.RECORDING),
        ("video/3gpp", "", Kind.RECORDING),
        ("image/jpeg", "", Kind.PICTURE),
        ("image/heic", "IMG_1.HEIC", Kind.PICTURE),
        ("application/pdf", "", Kind.PDF),
        ("APPLICATION/PDF; name=x.pdf", "", Kind.PDF),
        ("application/octet-stream", "Referral.PDF", Kind.PDF),
        ("application/octet-stream", "form.docx", Kind.WORD),
        ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "", Kind.WORD),
        ("application/vnd.oasis.opendocument.text", "", Kind.OPEN_DOCUMENT),
        ("application/rtf", "", Kind.RICH_TEXT),
        ("text/plain", "letter.rtf", Kind.RICH_TEXT),
        ("text/html", "", Kind.WEB_PAGE),
        ("text/plain; charset=utf-8", "", Kind.PLAIN_TEXT),
        ("text/calendar", "", Kind.CALENDAR),
        ("", "notes.txt", Kind.PLAIN_TEXT),
    ],
)
def test_what_can_be_read_has_its_kind(media_type: str, name: str, kind: Kind) -> None:
    assert kind_of(media_type, name) is kind
    assert can_read(media_type, name)


@pytest.mark.parametrize(
    ("media_type", "name"),
    [
        ("application/vnd.rar", "photos.rar"),
        ("application/x-msdownload", "setup.exe"),
        ("application/octet-stream", "setup.exe"),
        ("application/octet-stream", ""),
        ("image/svg+xml", "logo.svg"),
        ("text/x-msdos-batch", "run.bat"),
        ("", ""),
    ],
)
def test_what_nothing_here_reads_has_none(media_type: str, name: str) -> None:
    assert kind_of(media_type, name) is None
    assert not can_read(media_type, name)


@pytest.mark.parametrize(
    ("data", "media_type", "kind"),
    [
        (b"%PDF-1.7 ...", "application/octet-stream", Kind.PDF),
        (b"\r\n\r\n%PDF-1.4", "image/jpeg", Kind.PDF),
        (b"\xff\xd8\xff\xe0", "application/pdf", Kind.PICTURE),
        (b"\0\0\0\x18ftypheic", "application/octet-stream", Kind.PICTURE),
        (b"\0\0\0\x18ftypM4A ", "application/octet-stream", Kind.RECORDING),
        (b"RIFF\0\0\0\0WEBPVP8 ", "application/octet-stream", Kind.PICTURE),
        (b"RIFF\0\0\0\0WAVEfmt ", "application/octet-stream", Kind.RECORDING),
        (b"{\\rtf1 hello}", "text/plain", Kind.RICH_TEXT),
        (b"hello", "text/plain", Kind.PLAIN_TEXT),
        (b"\0\1\2", "application/octet-stream", None),
    ],
)
def test_the_first_bytes_outweigh_what_the_sender_says(data: bytes, media_type: str, kind: Kind | None) -> None:
    assert kind_of_bytes(data, media_type) is kind
