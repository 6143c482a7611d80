"""What the holder of a reference and its code may see, and nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from selectolax.lexbor import LexborHTMLParser

from gateway import reference
from gateway.core import Core
from storage import referral
from storage.referral import Referral, State
from tests.builders import a_note, a_referral, read_all
from tests.gateway.public.site import PublicSite, words_of

WRONG = "We cannot find that reference with that code. Check both, or call us on 01632 960 001."


async def answer_to(site: PublicSite, told: str, code: str) -> str:
    answer = await site.browser.post("/track", data={"reference": told, "code": code})
    assert answer.status_code == 200
    return words_of(LexborHTMLParser(answer.text))


@contextmanager
def changing(core: Core, told: str) -> Iterator[Referral]:
    with core.database.transaction() as session:
        row = referral.by_reference(session, told)
        assert row is not None
        yield row
        session.add(row)


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (State.RECEIVED, "We have received it"),
        (State.IN_TRIAGE, "We have read it"),
        (State.AWAITING_INFORMATION, "We have a question for you"),
        (State.DECIDED, "We have read it"),
        (State.CLOSED, "We have finished"),
        (State.REOPENED, "We have read it"),
    ],
)
async def test_each_state_is_one_of_four_words(core: Core, state: State, said: str) -> None:
    told = (await a_referral(core)).reference
    with changing(core, told) as row:
        row.state = state
    shown = await answer_to(PublicSite(core), told, core.owing.code(told))
    assert said in shown
    assert "shouting" not in shown


async def test_a_message_that_nobody_has_read_yet_is_received(core: Core) -> None:
    receipt = await core.intake.accept(a_note())
    shown = await answer_to(PublicSite(core), receipt.reference, core.owing.code(receipt.reference))
    assert "We have received it" in shown


async def test_a_report_that_joined_an_older_one_shares_its_progress(core: Core) -> None:
    older = (await a_referral(core)).reference
    added = await core.intake.accept(a_note("More of the same", reference=older))
    await read_all(core)
    with changing(core, older) as row:
        row.state = State.CLOSED
    assert added.reference != older
    assert "We have finished" in await answer_to(PublicSite(core), added.reference, core.owing.code(added.reference))


async def test_a_reference_and_code_may_be_typed_as_people_type_them(core: Core) -> None:
    told = (await a_referral(core)).reference
    code = core.owing.code(told)
    typed = told.lower().replace("-", " ")
    assert "We have received it" in await answer_to(PublicSite(core), typed, f" {code[:2]} {code[2:]} ")


async def test_a_wrong_code_a_wrong_reference_and_no_reference_get_one_answer(core: Core) -> None:
    told = (await a_referral(core)).reference
    nobodys, example = reference.draw(), "KMR-4729-HX"
    code_of = core.owing.code
    wrong = f"{(int(code_of(told)) + 1) % 10_000:04d}"
    tries = (
        (told, wrong),
        (told, ""),
        (nobodys, code_of(nobodys)),
        (example, code_of(example)),
        ("x", wrong),
        ("", ""),
    )
    site = PublicSite(core)
    answers = set()
    for typed, code in tries:
        answer = await site.browser.post("/track", data={"reference": typed, "code": code})
        answers.add((answer.status_code, answer.text.replace(f' value="{typed}"', "")))
    assert len(answers) == 1
    assert WRONG in answers.pop()[1]


async def test_one_caller_has_few_tries_and_then_not_even_the_right_code_helps(core: Core) -> None:
    told = (await a_referral(core)).reference
    site = PublicSite(core)
    for _ in range(10):
        await answer_to(site, reference.draw(), "0000")
    answer = await site.browser.post("/track", data={"reference": told, "code": core.owing.code(told)})
    assert answer.status_code == 429
    assert "There have been too many tries" in answer.text and "We have received it" not in answer.text


async def test_the_code_of_one_reference_cannot_be_guessed_from_many_places(core: Core) -> None:
    told = (await a_referral(core)).reference
    right, site = core.owing.code(told), PublicSite(core)
    wrong = f"{(int(right) + 1) % 10_000:04d}"
    for place in range(11):
        await site.browser.post(
            "/track", data={"reference": told, "code": wrong}, headers={"X-Forwarded-For": f"198.18.0.{place}"}
        )
    answer = await site.browser.post(
        "/track", data={"reference": told, "code": right}, headers={"X-Forwarded-For": "198.18.1.1"}
    )
    assert "We cannot find that reference with that code" in answer.text


async def test_right_answers_do_not_use_up_the_tries(core: Core) -> None:
    told = (await a_referral(core)).reference
    site = PublicSite(core)
    for _ in range(15):
        assert "We have received it" in await answer_to(site, told, core.owing.code(told))


async def test_what_was_typed_cannot_change_the_page(core: Core) -> None:
    answer = await PublicSite(core).browser.post("/track", data={"reference": '"><script>', "code": "1"})
    assert "<script>" not in answer.text
