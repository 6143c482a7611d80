"""OpenDocument and rich text are read whole, and locked or broken ones say so."""

import pytest

from tests.transcription.new_office import zipped
from tests.transcription.paper import packed
from transcription.contract import CannotRead
from transcription.documents.archive import MOST_NAMES, open_zip
from transcription.documents.enclosed import MOST_FILES
from transcription.documents.fixed_pages import read_fixed_pages
from transcription.documents.office_xml import read_xml
from transcription.documents.open_document import read_open_document
from transcription.documents.preview import preview_in
from transcription.documents.rich_text import read_rich_text

SPACES = (
    'xmlns:o="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:t="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:s="urn:oasis:names:tc:opendocument:xmlns:style:1.0"'
)


def test_an_open_document_gives_header_body_and_spaces() -> None:
    document = packed(
        content_xml=f"<o:doc {SPACES}><o:body>\n <t:h>Report</t:h>\n <t:p>The <t:span>boy</t:span><t:s t:c='2'/>is"
        "<t:tab/>cold<t:line-break/>now</t:p></o:body></o:doc>",
        styles_xml=f"<o:doc {SPACES}><s:header><t:p>Thornmere School</t:p></s:header></o:doc>",
    )
    assert read_open_document(document).text == "Thornmere School\n\nReport\nThe boy  is\tcold\nnow"


def test_a_locked_open_document_says_so() -> None:
    manifest = "<m><file-entry><encryption-data/></file-entry></m>"
    with pytest.raises(CannotRead) as refused:
        read_open_document(packed(**{"content_xml": "<a/>", "META-INF__manifest_xml": manifest}))
    assert refused.value.reason == "encrypted"


def test_another_package_is_no_open_document() -> None:
    with pytest.raises(CannotRead) as refused:
        read_open_document(packed(word__document_xml="<a/>"))
    assert refused.value.reason == "broken"


def test_rich_text_gives_its_words_and_none_of_its_furniture() -> None:
    source = (
        rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}{\colortbl;\red0;}{\*\generator Word}\f0 Dear team,\par "
        rb"Zo\'eb is \b not\b0  well\u8211?she has a bruise.\line\{see below\}{\pict 0102ab}\par Yours}"
    )
    assert read_rich_text(source).text == "Dear team,\nZoë is not well–she has a bruise.\n{see below}\nYours"


def test_rich_text_from_other_alphabets_is_read_by_its_code_page() -> None:
    assert read_rich_text(rb"{\rtf1\ansi\ansicpg1250 Wi\'9cniewska}").text == "Wiśniewska"


def test_unbalanced_rich_text_is_read_as_far_as_it_goes() -> None:
    assert read_rich_text(rb"{\rtf1 help}}}} me{{{\'e").text.startswith("help")


def test_other_bytes_are_no_rich_text() -> None:
    with pytest.raises(CannotRead) as refused:
        read_rich_text(b"hello")
    assert refused.value.reason == "broken"


SHEET = 'xmlns:b="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'


def test_open_document_sheets_give_names_rows_and_dates_and_no_empty_millions() -> None:
    day = "<b:table-cell o:date-value='2026-05-01'><t:p>1 May</t:p></b:table-cell>"
    document = packed(
        content_xml=f"<o:doc {SPACES} {SHEET}><b:table b:name='Visits'><b:table-row>{day}"
        "<b:table-cell b:number-columns-repeated='3'><t:p>no</t:p></b:table-cell>"
        "<b:table-cell b:number-columns-repeated='16000'/></b:table-row>"
        "<b:table-row b:number-rows-repeated='1048575'><b:table-cell/></b:table-row>"
        "<b:table-row b:number-rows-repeated='900000000'><b:table-cell><t:p>same</t:p></b:table-cell></b:table-row>"
        "</b:table></o:doc>"
    )
    assert read_open_document(document).text == (
        "Visits\n2026-05-01\tno\tno\tno\nsame\nThe same row is repeated: 900000000 times in all."
    )


def test_open_document_slides_give_their_notes_and_deleted_words_are_listed() -> None:
    document = packed(
        content_xml=f"<o:doc {SPACES} xmlns:d='d' xmlns:n='n'><t:tracked-changes><t:deletion><t:p>scratch</t:p>"
        "</t:deletion></t:tracked-changes><d:page d:name='Slide 1'><t:p>He is cold</t:p>"
        "<n:notes><t:p>Ask the school</t:p></n:notes></d:page></o:doc>"
    )
    assert read_open_document(document).text == (
        "Slide 1\nHe is cold\nNotes: Ask the school\n\nDeleted words (tracked changes):\nscratch"
    )


def test_pages_of_an_xps_document_are_read_in_order() -> None:
    def page(*lines: str) -> str:
        drawn = "".join(f"<Glyphs OriginY='{place}' UnicodeString='{line}'/>" for place, line in enumerate(lines))
        return f"<FixedPage xmlns='x'>{drawn}</FixedPage>"

    document = zipped(
        {
            "FixedDocSeq.fdseq": "",
            "Documents/1/Pages/10.fpage": page("last"),
            "Documents/1/Pages/2.fpage": page("He is", "{}cold"),
        }
    )
    assert read_fixed_pages(document).text == "He is\ncold\n\nlast"


def test_the_best_preview_of_a_pages_document_is_taken() -> None:
    assert preview_in(zipped({"Index/Document.iwa": "", "preview.jpg": b"j", "QuickLook/Preview.pdf": b"p"})) == b"p"
    with pytest.raises(CannotRead) as refused:
        preview_in(zipped({"Index/Document.iwa": ""}))
    assert refused.value.reason == "unsupported"


def test_xml_of_an_office_program_gives_its_words_and_other_xml_stays_as_it_is() -> None:
    book = (
        b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook xmlns="u"><Row><Cell><Data>Jane</Data>'
        b"</Cell><Cell><Data>6</Data></Cell></Row></Workbook>"
    )
    assert read_xml(book).text == "Jane\t6"
    assert read_xml(b'<?xml version="1.0"?><child><name>Jane</name></child>').text.endswith("<name>Jane</name></child>")


def test_a_bomb_of_entities_is_refused() -> None:
    bomb = b'<?xml version="1.0"?><?mso-application x?><!DOCTYPE a [<!ENTITY b "c"><!ENTITY d "&b;&b;">]><a>&d;</a>'
    with pytest.raises(CannotRead) as refused:
        read_xml(bomb)
    assert refused.value.reason == "broken"


def test_an_archive_is_listed_and_its_files_handed_on() -> None:
    opened = open_zip(zipped({"visits/list.csv": "Name,Seen", "__MACOSX/._list.csv": "x", "note.txt": "cold"}))
    assert opened.transcript.text == "Files in the archive:\nnote.txt\nvisits/list.csv"
    assert [(file.name, file.data) for file in opened.files] == [
        ("note.txt", b"cold"),
        ("visits/list.csv", b"Name,Seen"),
    ]


def test_an_archive_of_very_many_files_is_listed_in_part() -> None:
    opened = open_zip(zipped({f"{number:04}.txt": "cold" for number in range(MOST_NAMES + 3)}))
    assert opened.transcript.text.endswith("0499.txt\nand 3 more: see the original")
    assert len(opened.files) == MOST_FILES
