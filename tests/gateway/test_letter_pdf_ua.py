"""Every letter passes what of PDF/UA a machine can check, and the check finds what it is there to find."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from io import BytesIO

import pikepdf
import pytest
from pikepdf import Name
from reportlab.pdfgen.canvas import Canvas

from gateway.letter_pdf import Envelope, render_letter
from storage.columns import new_id
from tests.gateway.pdf_ua import alternative_texts, faults, structure
from tests.gateway.test_letter_pdf import RECIPIENT, a_notice

LISTED = "Do you know\n-----------\n\n* the street\n* the school\n\nWrite to us."


def a_letter(text: str = LISTED, *, large_print: bool = False, envelope: Envelope = Envelope.OURS) -> bytes:
    return render_letter(
        text, organisation="Northshire Council", return_address="PO Box 1, Northtown, NT1 1AA", recipient=RECIPIENT,
        reference="KMR-4729-HX", date=date(2026, 11, 24), notice_id=new_id(), large_print=large_print,
        envelope=envelope,
    )  # fmt: skip


def damaged(damage: Callable[[pikepdf.Pdf], None]) -> bytes:
    with pikepdf.open(BytesIO(a_letter())) as pdf:
        damage(pdf)
        out = BytesIO()
        pdf.save(out)
    return out.getvalue()


def without_tags_of_content(pdf: pikepdf.Pdf) -> None:
    drawn = pikepdf.parse_content_stream(pdf.pages[0])
    kept = [each for each in drawn if str(each.operator) not in ("BDC", "BMC", "EMC")]
    pdf.pages[0].Contents = pdf.make_stream(pikepdf.unparse_content_stream(kept))


def with_words_that_nothing_owns(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].contents_add(b"/P <</MCID 9999>> BDC BT (x) Tj ET EMC")


def without_words_for_the_figure(pdf: pikepdf.Pdf) -> None:
    figures = [each for each in pdf.objects if isinstance(each, pikepdf.Dictionary) and each.get("/S") == Name.Figure]
    del figures[0].Alt


def without_headings_above(pdf: pikepdf.Pdf) -> None:
    for each in pdf.objects:
        if isinstance(each, pikepdf.Dictionary) and each.get("/S") == Name.H1:
            each.S = Name.H3


def of_an_unknown_type(pdf: pikepdf.Pdf) -> None:
    for each in pdf.objects:
        if isinstance(each, pikepdf.Dictionary) and each.get("/S") == Name.LBody:
            each.S = Name.Bullet


def without(name: str) -> Callable[[pikepdf.Pdf], None]:
    def damage(pdf: pikepdf.Pdf) -> None:
        del pdf.Root[name]

    return damage


@pytest.mark.parametrize("envelope", Envelope)
@pytest.mark.parametrize("large_print", [False, True])
@pytest.mark.parametrize("text", [LISTED, a_notice()], ids=["listed", "receipt"])
def test_a_letter_has_no_fault(text: str, large_print: bool, envelope: Envelope) -> None:
    assert faults(a_letter(text, large_print=large_print, envelope=envelope)) == []


def test_it_is_read_out_in_the_order_of_a_letter() -> None:
    us, recipient, body = ["P", "Strong", "P", "P"], ["P"], ["H1", "L", *["LI", "Lbl", "LBody"] * 2, "P"]
    assert structure(a_letter()) == ["Document", *us, *recipient, "Figure", *body]
    assert alternative_texts(a_letter()) == ["Code for our post room"]


def test_a_pdf_without_tags_fails() -> None:
    out = BytesIO()
    drawn = Canvas(out)
    drawn.drawString(100, 700, "Hello")
    drawn.save()
    found = " ".join(faults(out.getvalue()))
    for fault in ("not marked as tagged", "no language", "no title", "not embedded", "no structure tree"):
        assert fault in found


@pytest.mark.parametrize(
    ("damage", "fault"),
    [
        (without_tags_of_content, "neither tagged nor an artifact"),
        (with_words_that_nothing_owns, "content 9999 of page 1 belongs to nothing"),
        (without_words_for_the_figure, "a figure has no words"),
        (without_headings_above, "a level of headings is left out before H3"),
        (of_an_unknown_type, "Bullet is no standard type"),
        (without("/Lang"), "it has no language"),
        (without("/StructTreeRoot"), "there is no structure tree"),
        (without("/Metadata"), "it does not say that it is PDF/UA-1"),
        (without("/ViewerPreferences"), "shows the file's name"),
    ],
)
def test_each_damage_is_found(damage: Callable[[pikepdf.Pdf], None], fault: str) -> None:
    assert fault in " ".join(faults(damaged(damage)))
