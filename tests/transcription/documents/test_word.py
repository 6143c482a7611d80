"""Every word of a Word document is read, wherever Word keeps it."""

import io
import zipfile

import pytest

from tests.transcription.paper import packed, paragraph, with_part, word_document
from transcription.contract import CannotRead
from transcription.documents.packed import LARGEST_UNPACKED
from transcription.documents.word import CHANGES_LISTED, read_word


def test_paragraphs_tabs_and_breaks_keep_their_lines() -> None:
    body = "<w:p><w:r><w:t>Name:</w:t><w:tab/><w:t>Jane</w:t><w:br/><w:t>Age: 6</w:t></w:r></w:p>" + paragraph("End")
    assert read_word(word_document(body)).text == "Name:\tJane\nAge: 6\nEnd"


def test_headers_and_footers_are_read_once_each() -> None:
    document = word_document(
        paragraph("Dear team"), header1=paragraph("Northshire Council"), header2=paragraph("Northshire Council"),
        footer1=paragraph("Page 1"),
    )  # fmt: skip
    assert read_word(document).text == "Northshire Council\n\nDear team\n\nPage 1"


def test_content_controls_hold_words_too() -> None:
    control = "<w:sdtPr><w:alias w:val='School'/></w:sdtPr>"
    body = f"<w:sdt>{control}<w:sdtContent>{paragraph('Thornmere')}</w:sdtContent></w:sdt>"
    assert read_word(word_document(body)).text == "Thornmere"


def test_tracked_changes_are_listed_below_the_text_as_it_reads_now() -> None:
    by = "w:author='A. Carter' w:date='2026-05-03T10:00:00Z'"
    body = (
        f"<w:p><w:r><w:t>He has a </w:t></w:r><w:ins {by}><w:r><w:t>bruise</w:t></w:r></w:ins>"
        f"<w:del {by}><w:r><w:delText>scra</w:delText></w:r><w:r><w:delText>tch</w:delText></w:r></w:del></w:p>"
    )
    transcript = read_word(word_document(body))
    assert transcript.text == (
        "He has a bruise\n\nTracked changes:\nAdded by A. Carter on 2026-05-03: bruise\n"
        "Deleted by A. Carter on 2026-05-03 after “He has a bruise”: scratch"
    )
    assert transcript.note == CHANGES_LISTED


def test_a_long_addition_is_not_said_twice() -> None:
    body = f"<w:p><w:ins><w:r><w:t>{'He is cold. ' * 100}</w:t></w:r></w:ins></w:p>"
    assert read_word(word_document(body)).text.count("He is cold.") < 120


def test_who_wrote_a_comment_stands_before_it() -> None:
    comment = f"<w:comment w:author='A. Carter'>{paragraph('Check the date')}</w:comment>"
    assert read_word(word_document(paragraph("Dear team"), comments=comment)).text.endswith(
        "Comments: A. Carter: Check the date"
    )


def test_the_entry_chosen_in_a_drop_down_field_is_read() -> None:
    entries = "<w:listEntry w:val='Nobody'/><w:listEntry w:val='A teacher'/>"
    field = f"<w:fldChar><w:ffData><w:ddList><w:result w:val='1'/>{entries}</w:ddList></w:ffData></w:fldChar>"
    assert read_word(word_document(f"<w:p><w:r>{field}</w:r></w:p>")).text == "A teacher"


def test_macros_are_named_and_not_run() -> None:
    document = with_part(word_document(paragraph("Dear team")), "word/vbaProject.bin", b"Sub AutoOpen()")
    assert "macros, which were not run" in read_word(document).note


def test_a_document_without_deletions_carries_no_note() -> None:
    assert read_word(word_document(paragraph("Dear team"))).note == ""


def test_a_text_box_is_read_once_although_word_stores_it_twice() -> None:
    box = f"<w:txbxContent>{paragraph('Seen by GP')}</w:txbxContent>"
    body = (
        f"<w:p><w:r><mc:AlternateContent><mc:Choice>{box}</mc:Choice>"
        f"<mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    assert read_word(word_document(body)).text.split("\n")[0] == "Seen by GP"
    assert read_word(word_document(body)).text.count("Seen by GP") == 1


def test_cells_of_a_table_stand_in_their_row() -> None:
    def row(*cells: str) -> str:
        return "<w:tr>" + "".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in cells) + "</w:tr>"

    body = f"<w:tbl>{row('Name', 'Jane Pellworth')}{row('Born', '7 June 2014')}</w:tbl>"
    assert read_word(word_document(body)).text == "Name\tJane Pellworth\nBorn\t7 June 2014"


@pytest.mark.parametrize(
    ("box", "shown"),
    [
        ("<w:sym w:font='Wingdings' w:char='F0FE'/>", "☒"),
        ("<w:sym w:font='Wingdings' w:char='F0A8'/>", "☐"),
        ("<w:fldChar><w:ffData><w:checkBox><w:checked/></w:checkBox></w:ffData></w:fldChar>", "☒"),
        ("<w:fldChar><w:ffData><w:checkBox><w:checked w:val='0'/></w:checkBox></w:ffData></w:fldChar>", "☐"),
        ("<w:fldChar><w:ffData><w:checkBox><w:default w:val='1'/></w:checkBox></w:ffData></w:fldChar>", "☒"),
    ],
)
def test_ticks_are_read(box: str, shown: str) -> None:
    body = f"<w:p><w:r>{box}<w:t> Neglect</w:t></w:r></w:p>"
    assert " ".join(read_word(word_document(body)).text.split()) == f"{shown} Neglect"


def test_field_codes_are_no_words_but_their_results_are() -> None:
    body = "<w:p><w:r><w:instrText>FORMTEXT </w:instrText></w:r><w:r><w:t>07700 900213</w:t></w:r></w:p>"
    assert read_word(word_document(body)).text == "07700 900213"


def test_notes_and_comments_follow_the_text() -> None:
    document = word_document(
        paragraph("Dear team"), comments=paragraph("Check date"), footnotes=paragraph("Seen twice")
    )
    assert read_word(document).text == "Dear team\n\nFootnotes: Seen twice\n\nComments: Check date"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"PK\x03\x04 cut off", "broken"),
        (packed(xl__workbook_xml="<a/>"), "broken"),
        (packed(word__document_xml="<w:document"), "broken"),
        (packed(word__document_xml="<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"), "broken"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "unsupported"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
    ],
)
def test_what_cannot_be_read_says_why(data: bytes, reason: str) -> None:
    with pytest.raises(CannotRead) as refused:
        read_word(data)
    assert refused.value.reason == reason


def test_a_package_that_unfolds_without_end_is_refused_before_it_is_unpacked() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as out, out.open("word/document.xml", "w") as part:
        for _ in range(LARGEST_UNPACKED // 2**20 + 1):
            part.write(b" " * 2**20)
    assert len(file.getvalue()) < 2**20
    with pytest.raises(CannotRead) as refused:
        read_word(file.getvalue())
    assert refused.value.reason == "too_large"
