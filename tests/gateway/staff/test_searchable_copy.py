"""A searchable copy for staff and programs: of the words shown, beside an untouched original, and put on record."""

from __future__ import annotations

import io

import pypdfium2 as pdfium
import pytest

from gateway import versions
from gateway.core import Core
from storage.attachment import VirusState
from storage.staff import Role
from tests.gateway.office import Office
from tests.gateway.staff.test_part_page import a_part, a_picture

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def test_staff_save_a_copy_that_holds_the_words_shown_and_the_original_stays(core: Core, office: Office) -> None:
    reference, part = await a_part(core)
    browser = await office.browser()
    page = await browser.see(f"/parts/{part}/read/1?correct=yes")
    await browser.send(page, f"/parts/{part}/read/1", **{"line-0": "The boy has a bruise"})
    assert page.css_first(f'a[href="/parts/{part}/searchable"]') is not None
    answer = await browser.client.get(f"/parts/{part}/searchable")
    assert f'filename="{reference}-1.pdf"' in answer.headers["content-disposition"]
    [first] = (sheet.get_textpage().get_text_range() for sheet in pdfium.PdfDocument(io.BytesIO(answer.content)))
    assert " ".join(first.split()) == "The boy has a bruise at Harrow Way"
    assert (await browser.client.get(f"/parts/{part}")).content == a_picture()
    assert (browser.name, "Took a searchable copy of part 1 of number 1") in office.private_history()


async def test_programs_get_the_same_copy(core: Core, office: Office) -> None:
    reference, part = await a_part(core)
    [told] = (await office.program().get(f"/api/v1/referrals/{reference}")).json()["parts"]
    assert told["searchable"] == f"/api/v1/parts/{part}/searchable"
    answer = await office.program().get(told["searchable"])
    assert answer.headers["content-type"] == "application/pdf" and answer.content.startswith(b"%PDF-1.7")
    assert (await office.program(Role.CALL_TAKER).get(f"/api/v1/parts/{part}/searchable")).status_code == 403


async def test_where_no_word_has_a_place_or_a_virus_was_found_there_is_no_copy(core: Core, office: Office) -> None:
    reference, part = await a_part(core)
    infected_in, infected = await a_part(core, virus_state=VirusState.FOUND, virus_name="Eicar")
    with core.database.transaction() as session:
        versions.add_typed(session, part, "All of it anew", who="robin", at=core.clock())
    program = office.program()
    for without in (part, infected, "nothing"):
        assert (await program.get(f"/api/v1/parts/{without}/searchable")).status_code == 404
    for about in (reference, infected_in):
        told = (await program.get(f"/api/v1/referrals/{about}")).json()["parts"]
        assert [each["searchable"] for each in told] == [None]
    seen = await (await office.browser()).see(f"/referrals/{reference}")
    assert seen.css_first(f'a[href="/parts/{part}/searchable"]') is None
