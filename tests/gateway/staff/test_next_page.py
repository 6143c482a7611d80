"""Next for me: a press that comes twice, one after the other or at the same time, takes one report."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlmodel import col, select

from gateway.core import Core
from gateway.deciding import Actor
from gateway.life_cycle import Action
from gateway.staff.next_page import REMEMBERED, take_next
from storage.pressed import Pressed
from storage.referral import Referral
from tests.builders import a_referral
from tests.fakes import MovableClock
from tests.gateway.office import Office

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SAM, KIM = Actor(name="sam", role="social_worker"), Actor(name="kim", role="social_worker")


def held(core: Core) -> list[str]:
    """What somebody has, in the order it came."""
    with core.database.reading() as session:
        rows = select(Referral.reference).where(col(Referral.owner).is_not(None)).order_by(col(Referral.id))
        return list(session.exec(rows))


@ON_SQLITE
async def test_one_page_takes_one_report_however_often_its_button_is_pressed(core: Core, office: Office) -> None:
    first, second = [(await a_referral(core)).reference for _ in range(2)]
    sam = await office.browser(name="sam")
    page = await sam.see("/queue")
    answers = [await sam.send(page, "/next") for _ in range(3)]
    assert {answer.headers["location"] for answer in answers} == {f"/referrals/{first}?done=claim"}
    assert held(core) == [first]
    again = await sam.send(await sam.see("/queue"), "/next")
    assert again.headers["location"] == f"/referrals/{second}?done=claim"
    assert held(core) == [first, second]


@ON_SQLITE
async def test_a_page_that_was_left_open_takes_the_next_one_and_never_leads_to_what_another_has_by_now(
    core: Core,
) -> None:
    first, second, third = [(await a_referral(core)).reference for _ in range(3)]
    assert take_next(core, SAM, page="left open") == first
    with core.database.transaction() as session:
        core.deciding.act(session, first, Action.RELEASE, SAM, {})
    assert take_next(core, KIM, page="hers") == first
    assert take_next(core, SAM, page="left open") == second
    assert take_next(core, SAM, page="left open") == second
    assert held(core) == [first, second] and third not in held(core)


async def test_two_presses_of_one_page_at_the_same_time_take_one_report(core: Core) -> None:
    first, *_ = [(await a_referral(core)).reference for _ in range(4)]
    with ThreadPoolExecutor(4) as threads:
        taken = list(threads.map(lambda _: take_next(core, SAM, page="one page"), range(4)))
    assert taken == [first] * 4
    assert held(core) == [first]
    with core.database.transaction() as session:
        core.deciding.act(session, first, Action.RELEASE, SAM, {})
    take_next(core, KIM)
    with ThreadPoolExecutor(4) as threads:
        taken = list(threads.map(lambda _: take_next(core, SAM, page="one page"), range(4)))
    assert len(set(taken)) == 1 and len(held(core)) == 2 and taken[0] != first


@ON_SQLITE
async def test_a_mark_is_its_users_own_finds_nothing_again_where_it_found_nothing_and_is_forgotten(
    core: Core, clock: MovableClock
) -> None:
    first, second = [(await a_referral(core)).reference for _ in range(2)]
    assert take_next(core, SAM, page="one page") == first
    assert take_next(core, KIM, page="one page") == second
    assert take_next(core, SAM, page="another") is None
    third = (await a_referral(core)).reference
    assert take_next(core, SAM, page="another") is None
    assert take_next(core, SAM) == third, "without a mark each press counts"
    clock.move(minutes=(REMEMBERED + timedelta(minutes=1)).total_seconds() / 60)
    take_next(core, SAM, page="of today")
    with core.database.reading() as session:
        assert [row.at for row in session.exec(select(Pressed))] == [clock()]
