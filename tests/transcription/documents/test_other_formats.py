"""OpenDocument and rich text are read whole, and locked or broken ones say so."""

import pytest

from tests.transcription.paper import packed
from transcription.contract import CannotRead
from transcription.documents.open_document import read_open_document
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
