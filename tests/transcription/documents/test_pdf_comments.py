"""What people wrote beside the pages of a PDF, filled into its forms or attached to it is not lost."""

import io

import pypdf
import typst
from pypdf.annotations import FreeText, Highlight, Text
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    TextStringObject,
)

from tests.transcription.paper import form_pdf
from transcription.documents.inside import attached_to
from transcription.documents.pdf import Look, read_pdf

LETTER = typst.compile(b"#set page(width: 400pt, height: 300pt)\nReferral from Thornmere Primary School")
PLACE = (50, 50, 200, 100)


def never() -> Look:
    raise AssertionError("no page had to be read as a picture")


def changed(writer: pypdf.PdfWriter) -> bytes:
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def letter_writer() -> pypdf.PdfWriter:
    return pypdf.PdfWriter(clone_from=io.BytesIO(LETTER))


def test_comments_are_read_with_their_page_and_author() -> None:
    writer = letter_writer()
    writer.add_annotation(0, Text(rect=PLACE, text="Ring the school", title_bar="A. Carter"))
    corners = ArrayObject([FloatObject(each) for each in (50, 100, 200, 100, 50, 50, 200, 50)])
    marked = Highlight(rect=PLACE, quad_points=corners)
    marked[NameObject("/Contents")] = TextStringObject("Is this so?")
    writer.add_annotation(0, marked)
    assert read_pdf(changed(writer), never).text == (
        "Referral from Thornmere Primary School\n\nComments:\nPage 1, A. Carter: Ring the school\nPage 1: Is this so?"
    )


def test_a_note_typed_onto_the_page_is_read_once() -> None:
    writer = letter_writer()
    writer.add_annotation(0, FreeText(rect=PLACE, text="Seen on Friday"))
    assert read_pdf(changed(writer), never).text.count("Seen on Friday") == 1


def test_values_of_a_form_that_were_never_drawn_are_read() -> None:
    drawn = form_pdf({"Name of child": "Jaydon Pellworth"})
    assert "Filled in" not in read_pdf(drawn, never).text
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(drawn))
    for field in writer.pages[0].annotations or ():
        field.get_object()[NameObject("/V")] = TextStringObject("Zo\u00eb Reed")
        del field.get_object()["/AP"]
    assert read_pdf(changed(writer), never).text.count("Zo\u00eb Reed") == 1


def test_values_of_a_form_in_xml_are_read_although_its_page_says_nothing() -> None:
    writer = letter_writer()
    data = DecodedStreamObject()
    data.set_data(
        b"<xfa:datasets xmlns:xfa='u'><xfa:data><form><Child>Jane Pellworth</Child></form></xfa:data></xfa:datasets>"
    )
    form = DictionaryObject()
    form[NameObject("/Fields")] = ArrayObject()
    form[NameObject("/XFA")] = ArrayObject([TextStringObject("datasets"), writer._add_object(data)])
    writer._root_object[NameObject("/AcroForm")] = form
    assert "Filled in:\nChild: Jane Pellworth" in read_pdf(changed(writer), never).text


def test_files_attached_to_a_pdf_are_found() -> None:
    writer = letter_writer()
    writer.add_attachment("visits.csv", b"Name,Seen\n")
    found = attached_to(changed(writer))
    assert [(file.name, file.data) for file in found] == [("visits.csv", b"Name,Seen\n")]
    assert attached_to(LETTER) == ()
