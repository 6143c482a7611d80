"""Whatever arrives is read or refused with a reason: no damaged file brings the reader down."""

import io
import random
from collections.abc import Callable

import pypdf
import pytest
from PIL import Image

from tests.transcription.new_office import binary_workbook, presentation, row, words_in, workbook, zipped
from tests.transcription.old_office import old_slides, old_word, old_workbook, outlook_mail
from tests.transcription.paper import (
    damaged,
    form_pdf,
    letter,
    letter_image,
    packed,
    paragraph,
    saved,
    with_picture,
    word_document,
)
from tests.transcription.recordings import VOICEMAILS, said_in
from transcription.contract import CannotRead
from transcription.reading import Reader

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ODT = "application/vnd.oasis.opendocument.text"


def snippet(form: str) -> bytes:
    return saved(letter_image("jpg_03.jpg").resize((120, 160)).convert("RGB"), form)


KINDS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "pdf": ("application/pdf", lambda: letter("dig_01.pdf")),
    "form": ("application/pdf", lambda: form_pdf({"Name": "Jane"})),
    "word": (WORD, lambda: word_document(paragraph("Dear team"))),
    "open document": (ODT, lambda: packed(content_xml='<o xmlns:t="u"><t:p>Dear team</t:p></o>')),
    "rich text": ("application/rtf", lambda: rb"{\rtf1\ansi{\fonttbl{\f0 Arial;}} Zo\'eb is \u8211?cold}"),
    "web page": ("text/html", lambda: b"<html><body><p>Dear &amp; <b>team</b></p></body></html>"),
    "text": ("text/plain", lambda: "Zoë is cold – please ring. ".encode() * 5),
    "fax": ("image/tiff", lambda: letter("fax_03.tif")),
    "jpeg": ("image/jpeg", lambda: snippet("JPEG")),
    "png": ("image/png", lambda: snippet("PNG")),
    "heic": ("image/heic", lambda: snippet("HEIF")),
    "webp": ("image/webp", lambda: snippet("WEBP")),
    "recording": ("audio/wav", VOICEMAILS[0].read_bytes),
    "old word": ("application/msword", lambda: old_word("Dear team\r", "Seen twice\r")),
    "old workbook": ("application/vnd.ms-excel", lambda: old_workbook([["Dear team", 6.0]])),
    "workbook": ("", lambda: workbook({"Visits": row(1, words_in("A1", "Dear team"))})),
    "binary workbook": ("", lambda: binary_workbook({(0, 0): 1.5})),
    "slides": ("", lambda: presentation(["Dear team"], notes={1: "Ask"})),
    "old slides": ("application/vnd.ms-powerpoint", lambda: old_slides("Dear team", "cold")),
    "saved mail": ("message/rfc822", lambda: b"From: a@example.org\nDate: x\nSubject: y\n\nDear team\n"),
    "outlook mail": ("", lambda: outlook_mail(attached=("note.txt", b"Dear team"))),
    "table": ("text/csv", lambda: b"Name;Seen\nJane;Dear team\n" * 5),
    "card": ("text/vcard", lambda: b"BEGIN:VCARD\nFN:Dear team\nEND:VCARD\n"),
    "calendar": ("text/calendar", lambda: b"BEGIN:VCALENDAR\nSUMMARY:Dear team\nEND:VCALENDAR\n"),
    "preview": ("", lambda: zipped({"Index/Document.iwa": b"", "QuickLook/Preview.pdf": letter("dig_01.pdf")})),
}


CRASH_THEIR_READER = {"old workbook", "workbook", "binary workbook"}
"""Their damaged forms are read in a process of their own, in `test_limits`."""


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("kind", sorted(KINDS.keys() - CRASH_THEIR_READER))
def test_a_damaged_file_is_read_or_refused_with_a_reason(reader: Reader, kind: str) -> None:
    media_type, whole = KINDS[kind]
    chance = random.Random(kind)
    data = whole()
    for _ in range(5 if kind in {"fax", "recording"} else 20):
        try:
            reader.read(damaged(data, chance), media_type, "")
        except CannotRead as refused:
            assert refused.reason in {"broken", "empty", "encrypted", "too_large", "unsupported"}


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("pdf", "Brackenhurst"),
        ("form", "Jane"),
        ("word", "Dear team"),
        ("open document", "Dear team"),
        ("rich text", "Zoë"),
        ("web page", "Dear & team"),
        ("text", "Zoë"),
        ("recording", said_in(VOICEMAILS[0])),
        ("fax", "Westmarch"),
        ("old word", "Footnotes: Seen twice"),
        ("old workbook", "Dear team\t6"),
        ("workbook", "Dear team"),
        ("binary workbook", "1.5"),
        ("slides", "Slide 1\nDear team\nNotes: Ask"),
        ("old slides", "Dear team"),
        ("saved mail", "Subject: y\n\nDear team"),
        ("outlook mail", "File 1 inside: note.txt\nDear team"),
        ("table", "Jane\tDear team"),
        ("card", "Name: Dear team"),
        ("calendar", "Event: Dear team"),
        ("preview", "Brackenhurst"),
    ],
)
def test_each_kind_reaches_its_own_reader(reader: Reader, kind: str, words: str) -> None:
    media_type, whole = KINDS[kind]
    assert words in reader.read(whole(), media_type, "").text


def test_a_note_photographed_and_pasted_into_a_word_document_is_read(reader: Reader) -> None:
    note = saved(letter_image("jpg_03.jpg").crop((0, 0, 1654, 1100)), "PNG")
    document = with_picture(word_document(paragraph("Please see the note.")), note)
    transcript = reader.read(document, WORD, "")
    assert transcript.text.startswith("Please see the note.\n\nPicture 1:\n38 Tollgate Street")
    assert transcript.confidence is not None


def test_logos_and_broken_pictures_in_a_word_document_add_nothing(reader: Reader) -> None:
    plain = word_document(paragraph("Dear team"))
    logo = with_picture(plain, saved(Image.new("RGB", (400, 300), "navy"), "PNG"))
    assert reader.read(with_picture(logo, b"no picture", "image2.png"), WORD, "").text == "Dear team"


def test_nothing_is_empty_and_nonsense_is_broken_or_unsupported(reader: Reader) -> None:
    for data, media_type, reason in (
        (b"", "image/png", "empty"),
        (random.Random(1).randbytes(3000), "application/pdf", "broken"),
        (random.Random(1).randbytes(3000), WORD, "broken"),
        (random.Random(1).randbytes(3000), "image/jpeg", "broken"),
        (random.Random(1).randbytes(3000), "audio/ogg", "broken"),
        (random.Random(1).randbytes(3000), "text/plain", "broken"),
        (random.Random(1).randbytes(3000), "application/x-unknown", "unsupported"),
    ):
        with pytest.raises(CannotRead) as refused:
            reader.read(data, media_type, "")
        assert refused.value.reason == reason


def test_files_attached_to_a_pdf_and_to_a_saved_mail_are_read(reader: Reader) -> None:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(letter("dig_01.pdf")))
    writer.add_attachment("visits\n.csv", b"Name;Seen\nJane;Friday\n")
    portfolio = io.BytesIO()
    writer.write(portfolio)
    transcript = reader.read(portfolio.getvalue(), "application/pdf", "")
    assert transcript.text.endswith("File 1 inside: visits .csv\nName\tSeen\nJane\tFriday")
    assert transcript.note == "It carries a file inside."
    saved_mail = outlook_mail(attached=("portfolio.pdf", portfolio.getvalue()))
    assert "Jane\tFriday" in reader.read(saved_mail, "", "mail.msg").text
