"""Who takes a call's referral reads at once who rang, what they chose and how far the call got."""

from __future__ import annotations

import pytest

from channels.calls.steps import Choice
from gateway.core import Core
from gateway.staff.call_facts import CHOSE, GOT_TO, facts, marks
from storage import referral
from storage.referral import Reached, Referral
from tests.builders import a_referral
from tests.gateway.office import Office, words_of

on_one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def a_call(core: Core, **known: object) -> Referral:
    row = await a_referral(core)
    with core.database.transaction() as session:
        found = referral.by_reference(session, row.reference, lock=True)
        assert found is not None
        for name, value in known.items():
            setattr(found, name, value)
        session.add(found)
    return found


@on_one_database
async def test_the_page_says_who_rang_and_how_far_they_got(core: Core, office: Office) -> None:
    row = await a_call(
        core, asked_for="under-18", child_told_us=True, language="pl", recording_refused=True, reached="rang",
        call_seconds=187,
    )  # fmt: skip
    browser = await office.browser()
    words = words_of(await browser.see(f"/referrals/{row.reference}"))
    for said in (
        "Caller Under 18", "Language Polish: get an interpreter, never family", "Recording Refused: write notes",
        "Chose Under 18, wants help", "Call 3 min 7 s, nobody could take the call",
    ):  # fmt: skip
        assert said in words


@on_one_database
async def test_the_queue_says_what_must_be_known_before_it_is_opened(core: Core, office: Office) -> None:
    await a_call(core, asked_for="under-18", language="ar", recording_refused=True)
    browser = await office.browser()
    words = words_of(await browser.see("/queue"))
    for said in ("Under 18", "Asked for Arabic", "Not to be recorded"):
        assert said in words


@on_one_database
async def test_what_came_by_no_call_says_nothing_of_one(core: Core) -> None:
    row = await a_referral(core)
    assert (facts(row), marks(row)) == ((), ())


def test_every_choice_and_every_place_a_call_gets_to_has_its_words() -> None:
    assert set(CHOSE) == set(Choice) - {Choice.NOTHING}
    assert set(GOT_TO) == set(Reached) - {Reached.NOTHING}
