"""The post room's pages: a run is made, printed, listed and marked, and a letter that came back is said so."""

from __future__ import annotations

import csv
import io

import pytest

from channels.letter.codes import Code, OnPaper, written
from gateway.core import Core
from storage.staff import Role
from tests.gateway.office import Office, words_of
from tests.gateway.posting.post import HOME, a_letter_out, is_safe, of, tasks, the_letter

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def test_a_clerk_makes_a_run_prints_it_and_marks_it_posted(core: Core) -> None:
    by_hand, addressed = await a_letter_out(core, mark="1"), await a_letter_out(core, HOME, mark="2")
    casey = await Office(core).browser(Role.CALL_TAKER, name="casey")
    page = await casey.see("/post/letters")
    assert "To be addressed by hand" in words_of(page) and the_letter(core, by_hand).reference in words_of(page)
    made = await casey.send(page, "/post/runs")
    assert made.headers["location"] == "/post/runs/1"
    page = await casey.see("/post/runs/1")
    assert "Print run 1 2 letters" in words_of(page) and "High Street" not in page.html  # type: ignore[operator]
    assert all(cell.attributes.get("data-label") for cell in page.css(".staff-plain[role] td"))
    pdf = await casey.client.get("/post/runs/1/letters.pdf")
    assert (pdf.headers["content-type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")
    referral = f"/referrals/{the_letter(core, addressed).about}"
    assert "Letter, to be posted by 5pm Mon 23 Nov" in words_of(await casey.see(referral)).replace(" , ", ", ")
    assert "Run 1 10:15am Mon 23 Nov casey 2 2 to post" in words_of(await casey.see("/post/letters"))
    done = await casey.send(page, "/post/runs/1/posted", on="")
    assert "It is marked." in words_of(await casey.see(done.headers["location"]))
    assert [of(core, each).posted_by for each in (by_hand, addressed)] == ["casey", "casey"]
    assert "Letter, posted 10:15am Mon 23 Nov" in words_of(await casey.see(referral))
    assert "Nothing waits to be printed." in words_of(await casey.see("/post/letters"))


async def test_a_printed_letter_that_proved_unsafe_before_it_was_posted_says_so_in_its_run(core: Core) -> None:
    letter = await a_letter_out(core, HOME)
    casey = await Office(core).browser(Role.CALL_TAKER)
    await casey.send(await casey.see("/post/letters"), "/post/runs")
    await casey.client.get("/post/runs/1/letters.pdf")
    is_safe(core, the_letter(core, letter).about, HOME, "post", safe=False)
    assert "Not sent: do not post it" in words_of(await casey.see("/post/runs/1"))


async def test_the_list_names_references_and_nobody(core: Core) -> None:
    letter = await a_letter_out(core, HOME)
    casey = await Office(core).browser(Role.CALL_TAKER)
    await casey.send(await casey.see("/post/letters"), "/post/runs")
    answer = await casey.client.get("/post/runs/1/list.csv")
    _, line = csv.reader(io.StringIO(answer.text))
    reference = the_letter(core, letter).reference
    assert line == ["1", reference, "receipt", "1", "no", "in the window", "5pm on Monday 23 November", ""]
    assert "Example" not in answer.text


async def test_a_spoilt_letter_leaves_its_run_and_a_wrong_day_changes_nothing(core: Core) -> None:
    letter = await a_letter_out(core)
    casey = await Office(core).browser(Role.CALL_TAKER)
    await casey.send(await casey.see("/post/letters"), "/post/runs")
    page = await casey.see("/post/runs/1")
    for day in ("2026-11-24", "soon"):
        refused = await casey.send(page, "/post/runs/1/posted", on=day)
        assert refused.status_code == 422 and "the day it was posted" in words_of(refused)
    assert "taken back" not in words_of(page)
    await casey.send(page, "/post/runs/1/posted", on="")
    page = await casey.see("/post/runs/1")
    asked = page.css_first("details:not([open]) form[action$='/again']")
    assert asked is not None
    assert "That it was posted is taken back. Take posted back and print it" in " ".join(asked.text().split())
    await casey.send(page, f"/post/letters/{letter.id}/again")
    assert "No letter is left in this run" in words_of(await casey.see("/post/runs/1"))
    page = await casey.see("/post/letters")
    await casey.send(page, f"/post/letters/{letter.id}/posted", on="2026-11-23")
    again = await casey.send(page, f"/post/letters/{letter.id}/posted", on="2026-11-23")
    assert (again.status_code, of(core, letter).posted_at) == (409, core.clock())


@pytest.mark.parametrize("by_code", [True, False])
async def test_a_letter_that_came_back_is_found_and_settled(core: Core, by_code: bool) -> None:
    letter = await a_letter_out(core, HOME)
    reference = the_letter(core, letter).reference
    typed = written(Code(says=OnPaper.LETTER, notice_id=letter.id)) if by_code else reference.lower()
    casey = await Office(core).browser(Role.CALL_TAKER)
    page = await casey.see(f"/post/returned?letter={typed}")
    nothing_said = await casey.send(page, "/post/returned/came-back", notice_id=letter.id)
    assert nothing_said.status_code == 422 and "Choose what stands on the envelope" in words_of(nothing_said)
    done = await casey.send(page, "/post/returned/came-back", notice_id=letter.id, why="gone away")
    assert reference in words_of(await casey.see(done.headers["location"]))
    assert (of(core, letter).state, of(core, letter).reason) == ("failed", "the letter came back: gone away")
    assert tasks(core)[0].startswith("receipt by letter could not be delivered")
    assert "No letter of ours has this code" in words_of(await casey.see(f"/post/returned?letter={typed}"))


async def test_who_only_reads_can_do_nothing_with_the_post(core: Core) -> None:
    await a_letter_out(core, HOME)
    reader = await Office(core).browser(Role.READONLY)
    page = await reader.see("/post/letters")
    assert page.css_first('form[action="/post/runs"]') is None
    casey = await Office(core).browser(Role.CALL_TAKER)
    await casey.send(await casey.see("/post/letters"), "/post/runs")
    for path in ("/post/runs/1/letters.pdf", "/post/runs/1/list.csv"):
        assert (await reader.client.get(path)).status_code == 403
    assert (await casey.client.get("/post/runs/7")).status_code == 404
