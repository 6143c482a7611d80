"""A letter beside its picture: words at their places, doubt in words too, lines put right without losing anything."""

from __future__ import annotations

import io
import re

import pytest
from PIL import Image
from selectolax.lexbor import LexborHTMLParser

from gateway import versions
from gateway.core import Core
from storage import transcript
from storage.attachment import Attachment, TextState, VirusState
from storage.staff import Role
from tests.builders import a_referral
from tests.gateway.office import Browser, Office, words_of
from tests.gateway.pages_read import HIGH, WIDE, a_letter, a_line
from tests.gateway.staff.test_referral_page import with_part
from transcription.contract import PageShape, Transcript

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
LETTER = a_letter(
    a_line("The bqy has a bruise", sure=(0.9, 0.4, 0.9, 0.9, 0.9)),
    a_line("at Harrow Way", row=1, sure=(0.2, 0.9, 0.9), by_hand=True),
    a_line("Yours faithfully", page=2),
)


def a_picture() -> bytes:
    """Taller than wide, its upper left quarter black."""
    picture = Image.new("RGB", (40, 60), "white")
    picture.paste("black", (0, 0, 20, 30))
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


async def a_part(core: Core, read: Transcript = LETTER, **given: object) -> tuple[str, str]:
    """The reference and id of a scan that was read."""
    row = await a_referral(core)
    values = {"name": "letter.png", "media_type": "image/png", "sha256": core.blobs.put(a_picture())} | given
    part = with_part(core, row, text_state=TextState.WAITING, **values)
    with core.database.transaction() as session:
        versions.add_read(session, part, read, at=core.clock())
    return row.reference, part


async def opened(core: Core, office: Office, rest: str = "") -> tuple[Browser, str, LexborHTMLParser]:
    _, part = await a_part(core)
    browser = await office.browser()
    return browser, part, await browser.see(f"/parts/{part}/read/1{rest}")


async def test_each_word_stands_where_it_was_read_and_each_line_leads_there_without_a_script(
    core: Core, office: Office
) -> None:
    _, part, page = await opened(core, office)
    drawing = page.css_first("svg.page-drawing")
    assert drawing and [float(side) for side in (drawing.attributes["viewBox"] or "").split()] == [0, 0, WIDE, HIGH]
    picture = drawing.css_first("image")
    assert picture and picture.attributes["href"] == f"/parts/{part}/pages/1?turn=0&widest=2000"
    words = drawing.css("tspan")
    assert [word.text() for word in words] == [*["The", "bqy", "has", "a", "bruise"], *["at", "Harrow", "Way"]]
    first = LETTER.segments[0].written[1]
    assert float(words[1].attributes["x"] or 0) == pytest.approx(first.box[0] * WIDE, abs=0.1)
    assert float(words[1].attributes["textLength"] or 0) == pytest.approx((first.box[2] - first.box[0]) * WIDE, abs=0.1)
    assert len(page.css("a.page-line__place")) == 2
    for link in page.css("a.page-line__place"):
        assert page.css_first(link.attributes["href"] or "") is not None
    assert page.css("[style]") == [] and page.css("style") == []


async def test_what_is_not_sure_and_what_is_handwriting_is_said_in_words_and_drawn(core: Core, office: Office) -> None:
    _, _, page = await opened(core, office)
    lines = [" ".join(line.text(separator=" ").split()) for line in page.css(".page-line")]
    assert lines == ["1 The bqy ? unclear has a bruise", "2 at Harrow Way unclear handwriting Correct line 2"]
    first, second = page.css(".page-place")
    assert len(first.css(".page-place__unsure")) == 1 and len(second.css(".page-place__unsure")) == 3
    assert not first.css(".page-place__hand") and second.css(".page-place__hand")
    assert "Dotted: the machine is not sure." in words_of(page) and "read as handwriting" in words_of(page)


async def test_pages_lead_to_one_another(core: Core, office: Office) -> None:
    browser, part, page = await opened(core, office)
    onward = page.css_first("a[rel=next]")
    assert onward and page.css_first("a[rel=prev]") is None
    second = await browser.see(onward.attributes["href"] or "")
    assert "Yours faithfully" in words_of(second) and "Page 2 of 2" in words_of(second)
    assert (await browser.client.get(f"/parts/{part}/read/3")).status_code == 404
    answer = await browser.client.get(f"/parts/{part}/read")
    assert answer.headers["location"] == f"/parts/{part}/read/1"


async def test_a_page_that_lay_on_its_side_is_shown_upright_and_the_look_is_on_record(
    core: Core, office: Office
) -> None:
    shape = PageShape(number=1, turn=90, width=HIGH, height=WIDE)
    reference, part = await a_part(core, a_letter(a_line("Help"), pages=[shape]))
    browser = await office.browser()
    page = await browser.see(f"/parts/{part}/read/1")
    source = page.css_first("svg image")
    assert source
    answer = await browser.client.get(source.attributes["href"] or "")
    with Image.open(io.BytesIO(answer.content)) as drawn:
        assert drawn.width > drawn.height
        assert drawn.getpixel((drawn.width - 5, 5))[0] < 50 and drawn.getpixel((5, 5))[0] > 200  # type: ignore[index]
    assert office.private_history() == [(browser.name, "Opened part 1 of number 1")]
    [blurred] = (await browser.see(f"/referrals/{reference}")).css(".staff-picture img")
    assert blurred.attributes["src"] == f"/parts/{part}/pages/1?turn=90"
    for asked in ("turn=45", "widest=9000", "widest=1"):
        assert (await browser.client.get(f"/parts/{part}/pages/1?{asked}")).status_code == 400


async def test_a_place_that_is_asked_for_is_marked(core: Core, office: Office) -> None:
    _, _, page = await opened(core, office, "?box=0.1,0.2,0.5,0.25#marked")
    mark = page.css_first("rect#marked")
    assert mark
    x, width = float(mark.attributes["x"] or 0), float(mark.attributes["width"] or 0)
    assert x < 0.1 * WIDE < 0.5 * WIDE < x + width < 0.52 * WIDE


async def test_a_line_is_put_right_in_its_place_and_a_missed_one_added_and_the_version_says_by_whom(
    core: Core, office: Office
) -> None:
    browser, part, _ = await opened(core, office)
    page = await browser.see(f"/parts/{part}/read/1?correct=yes")
    assert [field.text() for field in page.css(".page-line textarea")] == [
        "The bqy has a bruise", "at Harrow Way",
    ]  # fmt: skip
    answer = await browser.send(
        page, f"/parts/{part}/read/1", **{"line-0": "The boy has a bruise", "missed": "Please come"}
    )
    assert answer.headers["location"] == f"/parts/{part}/read/1?done=corrected"
    saved = await browser.see(answer.headers["location"])
    added, seen = saved.css(".page-line")[-1], words_of(saved)
    assert "Please come" in added.text() and added.css_first("a.page-line__place") is None
    assert "Saved as version 2." in seen and f"Put right by {browser.name}" in seen
    assert "The boy has a bruise typed by one of us" in seen
    with core.database.reading() as session:
        assert session.get_one(Attachment, part).text.startswith("The boy has a bruise\nat Harrow Way")


async def test_saving_what_is_the_same_saves_nothing(core: Core, office: Office) -> None:
    browser, part, page = await opened(core, office, "?correct=yes")
    answer = await browser.send(page, f"/parts/{part}/read/1", **{"line-0": "The bqy has a bruise", "missed": " "})
    assert "Nothing was changed" in words_of(await browser.see(answer.headers["location"]))
    with core.database.reading() as session:
        assert len(transcript.of_parts(session, [part])) == 1


async def test_who_types_while_another_saves_is_told_and_loses_nothing(core: Core, office: Office) -> None:
    browser, part, page = await opened(core, office, "?correct=yes")
    other = await office.browser(name="Robin")
    await other.send(await other.see(f"/parts/{part}/read/1?correct=yes"), f"/parts/{part}/read/1",
                     **{"line-0": "The boy has a bruise"})  # fmt: skip
    typed = {"line-0": "The bay has a bruise", "line-1": "at Harrow Street", "missed": "Thank you"}
    answer = await browser.send(page, f"/parts/{part}/read/1", **typed)
    assert answer.status_code == 409
    told, words = LexborHTMLParser(answer.text), words_of(answer)
    assert "Nothing was saved yet." in words and "Put right by Robin" in words
    assert "Was: The bqy has a bruise You typed: The bay has a bruise" in words
    fields = [field.text() for field in told.css(".page-line textarea")]
    assert fields == ["The boy has a bruise", "at Harrow Street"]
    assert [field.attributes["name"] for field in told.css("textarea[data-typed]")] == ["line-1"]
    assert "Thank you" in (told.css_first("#missed") or told.body).text()  # type: ignore[union-attr]
    await browser.send(told, f"/parts/{part}/read/1", **{"line-1": fields[1], "missed": "Thank you"})
    with core.database.reading() as session:
        text = session.get_one(Attachment, part).text
    assert text == "The boy has a bruise\nat Harrow Street\nThank you\n\nYours faithfully"


async def test_words_typed_as_a_whole_leave_the_places_to_be_seen_and_nothing_to_be_overwritten(
    core: Core, office: Office
) -> None:
    browser, part, page = await opened(core, office, "?correct=yes")
    with core.database.transaction() as session:
        versions.add_typed(session, part, "All of it anew", who="robin", at=core.clock())
    seen = await browser.see(f"/parts/{part}/read/1?correct=yes")
    assert "These are not the words shown elsewhere" in words_of(seen) and seen.css_first(".page-form") is None
    answer = await browser.send(page, f"/parts/{part}/read/1", **{"line-0": "x"})
    assert answer.status_code == 409
    with core.database.reading() as session:
        assert session.get_one(Attachment, part).text == "All of it anew"


async def test_what_a_version_changed_is_struck_through_and_underlined_one_link_from_the_referral(
    core: Core, office: Office
) -> None:
    reference, part = await a_part(core)
    browser = await office.browser()
    page = await browser.see(f"/parts/{part}/read/1?correct=yes")
    await browser.send(page, f"/parts/{part}/read/1", **{"line-0": "The boy has a bruise"})
    changed = await browser.see(f"/parts/{part}/changes/2")
    [gone], [new] = changed.css(".page-changes del"), changed.css(".page-changes ins")
    assert "bqy" in gone.text() and "taken out" in gone.text() and "boy" in new.text() and "put in" in new.text()
    assert "It rests on version 1." in words_of(changed)
    links = {link.attributes.get("href") for link in (await browser.see(f"/referrals/{reference}")).css("a")}
    assert {f"/parts/{part}/read", f"/parts/{part}/changes/2"} <= links and f"/parts/{part}/changes/1" not in links
    assert (await browser.client.get(f"/parts/{part}/changes/9")).status_code == 404


async def test_who_may_not_open_the_original_sees_and_corrects_no_page_of_it(core: Core, office: Office) -> None:
    reference, part = await a_part(core)
    browser = await office.browser(Role.CALL_TAKER)
    seen = await browser.see(f"/referrals/{reference}")
    assert not [link for link in seen.css("a") if re.search("/read", link.attributes.get("href") or "")]
    assert (await browser.client.get(f"/parts/{part}/read/1")).status_code == 403
    mark = (await browser.see("/queue")).css("input[name=mark]")[0].attributes["value"]
    answer = await browser.client.post(f"/parts/{part}/read/1", data={"mark": mark, "version": "1", "line-0": "x"})
    assert answer.status_code == 403


async def test_a_file_with_a_virus_is_not_drawn_but_warned_of_and_a_recording_has_no_page(
    core: Core, office: Office
) -> None:
    _, part = await a_part(core, virus_state=VirusState.FOUND, virus_name="Eicar")
    browser = await office.browser()
    answer = await browser.client.get(f"/parts/{part}/read/1")
    assert answer.headers["location"] == f"/parts/{part}"
    recording = with_part(core, await a_referral(core))
    assert (await browser.client.get(f"/parts/{recording}/read")).status_code == 404
