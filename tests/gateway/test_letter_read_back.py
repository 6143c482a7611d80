"""A printed letter says what we kept of it: our own reader reads it off the paper word for word."""

from __future__ import annotations

from collections import Counter
from datetime import date

import numpy as np
import pypdfium2
import pytest

from channels.letter import codes
from gateway.letter_pdf import render_letter
from gateway.paragraphs import blocks_of
from storage.columns import new_id
from tests.gateway.test_letter_pdf import RECIPIENT, a_notice
from transcription.scans.page import PageReader

DPI = 300
SHORT = "What happens next\n-----------------\n\nA social worker has read it. Call 01632 960 001 by 24 November."


@pytest.fixture(scope="module")
def reader() -> PageReader:
    return PageReader()


@pytest.mark.parametrize(("text", "large_print"), [(a_notice(), False), (SHORT, True)], ids=["usual", "large print"])
def test_a_letter_scanned_again_reads_back_exactly(reader: PageReader, text: str, large_print: bool) -> None:
    notice_id = new_id()
    pdf = render_letter(
        text, organisation="Northshire Council", return_address="1 County Square, Northtown, NT1 1AA",
        recipient=RECIPIENT, reference="KMR-4729-HX", date=date(2026, 11, 24), notice_id=notice_id,
        large_print=large_print,
    )  # fmt: skip
    (page,) = pypdfium2.PdfDocument(pdf)
    picture = np.ascontiguousarray(page.render(scale=DPI / 72).to_numpy()[:, :, :3])
    read = reader.read(picture, 1)
    assert Counter(read.text.split()) == Counter(str(page.get_textpage().get_text_range()).split())
    said = " ".join(" ".join(" ".join(block.lines) for block in blocks_of(text)).split())
    assert said in " ".join(read.text.split())
    assert said in " ".join(str(page.get_textpage().get_text_range()).split())
    (found,) = [codes.read(field.value) for field in read.fields if field.kind == "code"]
    assert found == codes.Code(says=codes.OnPaper.LETTER, notice_id=notice_id)
