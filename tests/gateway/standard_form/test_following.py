"""What follows from a form that was read: people are told, nobody at home is written to, no rating changes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from channels.contract import Address, AddressClass
from gateway.addresses import home_key
from gateway.core import Core
from gateway.standard_form.following import DANGER, REACHED
from storage import audit, identity, notice
from storage.notice import Notice
from storage.referral import Referral, Severity
from tests.builders import a_referral
from tests.gateway.standard_form.filled import WHO, a_mail, receive, word
from tests.gateway.standard_form.test_keeping import row_of

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # the journey is on both


async def after(core: Core, **values: str) -> tuple[Referral, list[Notice], set[str]]:
    """The referral, the tasks, and the hashed addresses of the household, after a form with these answers."""
    named = {name.replace("__", "."): value for name, value in values.items()}
    reference = await receive(core, a_mail(("form.docx", word(named))))
    with core.database.reading() as session:
        row = row_of(session, reference)
        tasks = [each for each in notice.of_referrals(session, [row.id or 0]) if each.channel == "staff"]
        return row, tasks, identity.homes_of(session, row.id or 0)


async def test_danger_now_is_a_task_for_at_once_and_hastens_the_clock_but_rates_nothing(core: Core) -> None:
    row, tasks, _ = await after(core, concern__immediate_danger="yes")
    (task,) = [each for each in tasks if each.reason == DANGER]
    assert task.due_at == row.due_at == core.clock() + timedelta(minutes=30)
    assert row.severity == row.severity_floor == Severity.UNRATED


@pytest.mark.parametrize("said", ["no", "not_sure", "", "perhaps"])
async def test_no_alarm_is_raised_for_anything_but_yes(core: Core, said: str) -> None:
    row, tasks, _ = await after(core, concern__immediate_danger=said, child__1__dob="6")
    assert not [each for each in tasks if each.reason == DANGER] and row.due_at == row.look_by
    assert not row.child_known


async def test_how_to_reach_the_sender_is_a_persons_to_write_down_and_nothing_is_sent_there(core: Core) -> None:
    row, tasks, _ = await after(core, **{name.replace(".", "__"): value for name, value in WHO.items()})
    assert [each.reason for each in tasks if each.reason == REACHED] == [REACHED]
    with core.database.reading() as session:
        assert identity.all_ways(session, row.id or 0) == []
        assert {each.channel for each in notice.of_referrals(session, [row.id or 0])} <= {"email", "staff"}


async def test_the_childs_home_is_where_no_machine_writes(core: Core) -> None:
    _, _, homes = await after(
        core, place__address="7 Harrow Way\nNorthtown", place__postcode="NT1 4QQ", place__phone="01632 960555"
    )
    post = Address(kind=AddressClass.POSTAL, value="7 Harrow Way, Northtown, NT1 4QQ")
    number = Address(kind=AddressClass.LANDLINE, value="+441632960555")
    assert {core.seal.blind(home_key(each)) for each in (post, number)} <= homes


async def test_a_sender_who_lives_there_too_is_not_written_to_there(core: Core) -> None:
    given = {"referrer__same_home": "yes", "referrer__address": "9 Elm Row\nNT1 4RR", "referrer__phone": "07700 900321"}
    _, _, homes = await after(core, **given)
    number = Address(kind=AddressClass.MOBILE, value="+447700900321")
    assert core.seal.blind(home_key(number)) in homes and len(homes) == 2


async def test_a_reference_on_the_form_links_both_and_joins_neither(core: Core) -> None:
    earlier = await a_referral(core)
    row, _, _ = await after(core, concern__reference=earlier.reference.lower())
    assert row.linked_to == earlier.reference and row.id != earlier.id
    with core.database.reading() as session:
        lines = [line.what for line in audit.of_referrals(session, [earlier.id or 0])]
    assert f"A form of {row.reference} gives this reference: see there too" in lines


async def test_a_reference_of_nobody_links_nothing(core: Core) -> None:
    row, _, _ = await after(core, concern__reference="KMR-4729-HX")
    assert row.linked_to is None
