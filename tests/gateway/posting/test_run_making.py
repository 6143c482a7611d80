"""Print runs: everything that waits and may still go, once, in an order a person can work by."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import pikepdf
import pypdfium2
import pytest
from sqlmodel import select

from gateway.contacting import write_household
from gateway.core import Core
from gateway.life_cycle import NotAllowed
from gateway.posting.run_making import make_run
from gateway.posting.run_pdf import run_pdf
from storage import print_run, referral
from storage.audit import Audit
from storage.notice import Notice, NoticeKind
from storage.print_run import PrintRun
from storage.referral import Referral
from tests.builders import read_all
from tests.gateway.posting.post import (
    HOME,
    SAM,
    a_letter_out,
    a_scan,
    is_safe,
    notices,
    of,
    sent_out,
    tasks,
    the_letter,
)

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def run_of(core: Core) -> PrintRun:
    made = make_run(core, "casey")
    assert made is not None
    return made


def pages_of(pdf: bytes) -> list[str]:
    return [str(page.get_textpage().get_text_range()) for page in pypdfium2.PdfDocument(pdf)]


async def test_a_run_takes_every_letter_once_even_if_two_people_make_one_at_once(core: Core) -> None:
    letters = [await a_letter_out(core, mark=f"letter {n}") for n in range(3)]
    with ThreadPoolExecutor(2) as both:
        made = [run for run in both.map(lambda who: make_run(core, who), ["casey", "robin"]) if run]
    assert [(run.number, run.letters) for run in made] == [(1, 3)]
    assert sorted(the_letter(core, each).place for each in letters) == [1, 2, 3]
    assert {of(core, each).run_id for each in letters} == {made[0].id}
    assert make_run(core, "casey") is None


async def test_two_people_at_once_take_everything_though_more_waits_than_one_run_holds(core: Core) -> None:
    letters = [await a_letter_out(core, mark=f"letter {n}") for n in range(3)]
    with ThreadPoolExecutor(2) as both:
        made = [run for run in both.map(lambda who: make_run(core, who, most=2), ["casey", "robin"]) if run]
    assert sorted(run.letters for run in made) == [1, 2]
    assert {of(core, each).run_id for each in letters} == {run.id for run in made}


@ON_SQLITE
async def test_each_letter_begins_on_a_fresh_sheet_and_those_without_an_address_come_last(core: Core) -> None:
    by_hand = await a_letter_out(core, mark="by hand")
    addressed = await a_letter_out(core, HOME, mark="addressed")
    run = run_of(core)
    assert [the_letter(core, each).place for each in (addressed, by_hand)] == [1, 2]
    pages = pages_of(run_pdf(core, run, "casey"))
    first = [number for number, text in enumerate(pages) if "page 1 of" in text]
    assert first == [0, 2] and len(pages) == 4
    assert "3 High Street" in pages[0] and the_letter(core, by_hand).reference in pages[2]
    assert len(pages_of(run_pdf(core, run, "casey", both_sides=False))) == 2
    with core.database.reading() as session:
        opened = session.exec(select(Audit).where(Audit.what == "Opened print run 1 with the addresses of 2 letters"))
        assert len(opened.all()) == 2


@ON_SQLITE
async def test_an_address_written_down_later_stands_in_the_window_and_in_large_print_if_they_want_it(
    core: Core,
) -> None:
    letter = await a_letter_out(core)
    assert (the_letter(core, letter).has_address, the_letter(core, letter).large_print) == (False, False)
    is_safe(core, the_letter(core, letter).about, HOME, "post", large_print=True)
    assert (the_letter(core, letter).has_address, the_letter(core, letter).large_print) == (True, True)
    run = run_of(core)
    seen = the_letter(core, letter)
    assert (seen.has_address, seen.large_print, seen.pages) == (True, True, 2)
    assert "3 High Street" in pages_of(run_pdf(core, run, "casey"))[0]


@ON_SQLITE
async def test_who_asked_for_no_letters_gets_none_though_theirs_had_no_address(core: Core) -> None:
    letter = await a_letter_out(core)
    is_safe(core, the_letter(core, letter).about, HOME, "post", safe=False)
    assert make_run(core, "casey") is None
    assert (of(core, letter).state, of(core, letter).reason) == (
        "cancelled", "it is not safe to write by post to them",
    )  # fmt: skip
    assert len(tasks(core)) == 1
    with core.database.reading() as session:
        about = session.get_one(Referral, letter.referral_id)
        owed, to = core.reaching.to_sender(session, about, NoticeKind.CLOSED, None)
    assert (owed.channel, to) == ("staff", None)


@ON_SQLITE
async def test_a_letter_to_what_proved_to_be_the_childs_home_is_never_in_a_run(core: Core) -> None:
    letter = await a_letter_out(core, HOME)
    file = core.settings.letters_dir / str(letter.provider_id)
    assert file.exists()
    with core.database.transaction() as session:
        row = referral.by_id(session, letter.referral_id)
        assert row is not None
        write_household(session, core, row, SAM, address="3 High Street, NT1 2AB")
    assert make_run(core, "casey") is None
    assert (of(core, letter).state, of(core, letter).run_id, file.exists()) == ("cancelled", None, False)
    assert [task for task in tasks(core) if "find a safe way" in task]


@ON_SQLITE
async def test_a_letter_that_no_font_can_print_waits_and_keeps_no_other_waiting(core: Core) -> None:
    good, bad = await a_letter_out(core, mark="good"), await a_letter_out(core, mark="bad")
    with core.database.transaction() as session:
        session.get_one(Notice, bad.id).text = "\U0010fffd"
    assert run_of(core).letters == 1
    assert (of(core, good).run_place, of(core, bad).run_id) == (1, None)
    with core.database.reading() as session:
        assert [row.id for row in print_run.to_print(session, limit=9)] == [bad.id]


@ON_SQLITE
async def test_the_pages_of_a_run_are_those_of_its_letters(core: Core) -> None:
    letter = await a_letter_out(core)
    run = run_of(core)
    with pikepdf.open(BytesIO(run_pdf(core, run, "casey"))) as whole:
        sizes = {tuple(round(float(side)) for side in page.mediabox) for page in whole.pages}
    assert sizes == {(0, 0, 595, 842)}
    alone = (core.settings.letters_dir / str(letter.provider_id)).read_bytes()
    assert pages_of(run_pdf(core, run, "casey"))[0] == pages_of(alone)[0]
    assert [n.kind for n in notices(core, letter.referral_id)] == ["receipt"]


async def a_neighbours_letter(core: Core, first: Notice) -> Notice:
    """The acknowledgement of a letter by somebody else, which a clerk scanned with the reference of the first."""
    about = the_letter(core, first).about
    await core.intake.accept(a_scan("another", words=f"This adds to {about}, and is from somebody else."))
    await read_all(core)
    await sent_out(core)
    (other,) = [n for n in notices(core, first.referral_id) if n.kind == "receipt" and n.id != first.id]
    return other


@ON_SQLITE
async def test_who_adds_a_letter_to_anothers_report_is_never_written_to_at_the_others_address(core: Core) -> None:
    first = await a_letter_out(core, HOME, also="jo@example.org")
    other = await a_neighbours_letter(core, first)
    run = run_of(core)
    assert [the_letter(core, each).has_address for each in (first, other)] == [True, False]
    assert "".join(pages_of(run_pdf(core, run, "casey"))).count("3 High Street") == 1
    with core.database.transaction() as session:
        core.delivery.failed(session, session.get_one(Notice, other.id), "it came back")
    (instead,) = [n for n in notices(core, first.referral_id) if n.substitute_for == other.id]
    assert (instead.channel, instead.identity_id) == ("staff", None)


@ON_SQLITE
async def test_what_is_learnt_after_a_run_was_made_is_heeded_before_it_is_printed(core: Core) -> None:
    unsafe, gone = await a_letter_out(core, HOME), await a_letter_out(core, HOME.replace("3 ", "4 "), mark="gone")
    good = await a_letter_out(core, HOME.replace("3 ", "5 "), mark="good")
    run = run_of(core)
    file = core.settings.letters_dir / str(unsafe.provider_id)
    with core.database.transaction() as session:
        row = referral.by_id(session, unsafe.referral_id)
        assert row is not None
        write_household(session, core, row, SAM, address="3 High Street, NT1 2AB")
        core.delivery.failed(session, session.get_one(Notice, gone.id), "it came back")
    printed = "".join(pages_of(run_pdf(core, run, "casey")))
    assert [f"{house} High Street" in printed for house in (3, 4, 5)] == [False, False, True]
    assert (of(core, unsafe).state, of(core, good).state, file.exists()) == ("cancelled", "sent", False)
    assert [task for task in tasks(core) if "find a safe way" in task]


@ON_SQLITE
async def test_a_run_of_which_no_letter_may_go_any_more_is_not_printed(core: Core) -> None:
    letter = await a_letter_out(core, HOME)
    run = run_of(core)
    with core.database.transaction() as session:
        core.delivery.failed(session, session.get_one(Notice, letter.id), "it came back")
    with pytest.raises(NotAllowed):
        run_pdf(core, run, "casey")
