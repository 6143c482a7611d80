"""What a call leaves belongs to the report whose reference it keyed in; asking alone gives nobody anything to do."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from channels.calls.asking import Standing
from channels.contract import Address, AddressClass, Purpose
from gateway.asking_by_phone import WRONG_IN_ALL, AskingByPhone
from gateway.core import Core
from gateway.keyed_reference import keys_of, meant_by_keys
from gateway.saying import spoken_reference
from storage import attachment, audit, notice, referral
from storage.referral import Referral, State
from tests.builders import a_message, a_note, a_referral, read_all
from tests.fakes import MovableClock

MOBILE = Address(kind=AddressClass.MOBILE, value="+447700900123")
CALL = {"CallSid": "CA" + "1" * 32, "From": MOBILE.value, "To": "+441632960001"}
CONVERSATION = f"call:{CALL['CallSid']}"
PURPOSES = {"recorded": Purpose.MESSAGE, "unanswered": Purpose.ASIDE}
KEYED = "the caller keyed in its reference"


async def asks(core: Core, keys: str) -> Standing:
    asking = AskingByPhone(database=core.database, seal=core.seal, patience_seconds=30)
    return (await asking.standing(keys, call=CONVERSATION, caller=MOBILE, at=core.clock())).standing


async def tells(core: Core, channel: str, step: str, **fields: str) -> str:
    purpose = PURPOSES.get(step, Purpose.REPORT)
    raw = a_message(
        urlencode(CALL | fields).encode(), channel=channel, conversation=CONVERSATION, envelope={"step": step},
        purpose=purpose, media_type="application/x-www-form-urlencoded",
    )  # fmt: skip
    return (await core.intake.accept(raw)).reference


async def ends(core: Core) -> str:
    return await tells(core, "phone", "call-status", CallStatus="completed", Direction="inbound", CallDuration="40")


async def leaves(core: Core) -> str:
    sid = "RE" + "2" * 32
    return await tells(core, "voicemail", "recorded", RecordingSid=sid, RecordingDuration="9", Digits="#")


def now_of(core: Core, reference: str) -> Referral:
    with core.database.reading() as session:
        row = referral.by_reference(session, reference)
    assert row is not None
    return row


def is_there(core: Core, reference: str) -> bool:
    with core.database.reading() as session:
        return referral.by_reference(session, reference) is not None


def history(core: Core, row: Referral) -> list[str]:
    with core.database.reading() as session:
        return [each.what for each in audit.of_referrals(session, [row.id or 0])]


def tasks(core: Core, row: Referral) -> list[str]:
    with core.database.reading() as session:
        return [each.reason or "" for each in notice.open_tasks(session, [row.id or 0])]


async def a_closed_report(core: Core, **fields: str) -> Referral:
    row = await a_referral(core, **fields)
    with core.database.transaction() as session:
        found = session.get_one(Referral, row.id)
        found.state, found.closed_at, found.rung_at = State.CLOSED, core.clock(), None
        session.add(found)
    return found


async def test_who_only_asks_opens_nothing_and_gives_nobody_anything_to_do(core: Core) -> None:
    row = await a_closed_report(core)
    assert await asks(core, keys_of(row.reference)) == Standing.FINISHED
    told = await ends(core)
    await read_all(core)
    assert not is_there(core, told)
    assert now_of(core, row.reference).state == State.CLOSED
    assert tasks(core, row) == []
    assert history(core, row)[-2:] == [
        "Somebody asked by telephone how it stands and heard: we have finished", f"More came by phone: {KEYED}"
    ]  # fmt: skip


@pytest.mark.parametrize("ends_first", [False, True])
async def test_a_message_left_after_asking_is_more_for_that_report(core: Core, ends_first: bool) -> None:
    row = await a_closed_report(core)
    await asks(core, keys_of(row.reference))
    first, then = (ends, leaves) if ends_first else (leaves, ends)
    told = await first(core)
    await read_all(core)
    assert await then(core) == told
    await read_all(core)
    assert not is_there(core, told)
    again = now_of(core, row.reference)
    assert (again.state, again.next_action) == (State.REOPENED, "Read what was added")
    assert (again.channel, again.identity_id) == ("note", row.identity_id)
    with core.database.reading() as session:
        assert [part.handle for part in attachment.of_referrals(session, [row.id or 0])] == ["RE" + "2" * 32]
    assert f"More came by voicemail: {KEYED}" in history(core, row)


async def test_what_is_written_down_as_told_is_the_reference_that_the_caller_heard(core: Core) -> None:
    row = await a_referral(core)
    await asks(core, keys_of(row.reference))
    told = await leaves_and_is_read(core)
    with core.database.reading() as session:
        texts = [n.text for n in notice.of_referrals(session, [row.id or 0]) if spoken_reference(told) in n.text]
    assert len(texts) == 1
    assert spoken_reference(row.reference) not in texts[0]


async def waits_in_vain(core: Core) -> str:
    return await tells(core, "phone", "unanswered", DialCallStatus="no-answer")


@pytest.mark.parametrize("ends_first", [False, True])
async def test_who_asked_and_then_waited_for_a_person_in_vain_is_seen_by_one(
    core: Core, clock: MovableClock, ends_first: bool
) -> None:
    row = await a_closed_report(core)
    await asks(core, keys_of(row.reference))
    first, then = (ends, waits_in_vain) if ends_first else (waits_in_vain, ends)
    told = await first(core)
    await read_all(core)
    await then(core)
    await read_all(core)
    clock.move(seconds=30)
    await read_all(core)
    assert not is_there(core, told)
    again = now_of(core, row.reference)
    assert (again.state, again.next_action) == (State.REOPENED, "Read what was added")


async def test_a_stranger_who_adds_never_becomes_who_told_us(core: Core) -> None:
    told = (await core.intake.accept(a_note(told_by="a neighbour"))).reference
    await read_all(core)
    before = now_of(core, told)
    assert before.identity_id is None
    await asks(core, keys_of(told))
    await leaves(core)
    await ends(core)
    await read_all(core)
    assert now_of(core, told).identity_id is None


async def test_what_had_opened_its_own_referral_before_it_asked_is_linked_both_ways(core: Core) -> None:
    row = await a_referral(core)
    own = await leaves(core)
    await read_all(core)
    await asks(core, keys_of(row.reference))
    await ends(core)
    await read_all(core)
    assert now_of(core, own).linked_to == row.reference
    assert f"The same call keyed in the reference {row.reference}" in history(core, now_of(core, own))
    assert history(core, row)[-1] == f"The call of {own} keyed in this reference: see there too"


async def test_keys_that_mean_several_are_for_a_person_to_find_out(core: Core) -> None:
    one, other = await a_referral(core), await a_referral(core)
    first, second, *_ = meant_by_keys("999222299")
    with core.database.transaction() as session:
        for row, reference in ((one, first), (other, second)):
            session.get_one(Referral, row.id).reference = reference
    assert await asks(core, "999222299") == Standing.NOT_SAID
    own = now_of(core, await leaves_and_is_read(core))
    await ends(core)
    await read_all(core)
    which = f"find out which report the caller asked about: the keys mean {first} or {second}"
    assert tasks(core, own).count(which) == 1


async def leaves_and_is_read(core: Core) -> str:
    told = await leaves(core)
    await read_all(core)
    return told


async def test_keys_that_mean_nothing_are_said_in_the_history_of_the_call(core: Core) -> None:
    await asks(core, "567472949")
    own = now_of(core, await leaves_and_is_read(core))
    assert "The caller keyed in nine keys that are no reference of ours" in history(core, own)
    assert own.linked_to is None


async def test_only_the_last_reference_keyed_in_counts(core: Core, clock: MovableClock) -> None:
    one, other = await a_referral(core), await a_referral(core)
    for keys in (keys_of(other.reference), "567472949", keys_of(one.reference), keys_of(other.reference)):
        await asks(core, keys)
        clock.move(seconds=20)
    told = await leaves_and_is_read(core)
    assert not is_there(core, told)
    assert f"More came by voicemail: {KEYED}" in history(core, other)
    assert not any("More came" in line for line in history(core, one))


async def test_too_many_wrong_ones_become_one_task_on_the_call_that_made_them_too_many(core: Core) -> None:
    asking = AskingByPhone(database=core.database, seal=core.seal, patience_seconds=30)
    for turn in range(WRONG_IN_ALL - 1):
        await asking.standing("567472949", call=f"call:{turn}", caller=MOBILE, at=core.clock())
    await asks(core, "567472949")
    own = now_of(core, await leaves_and_is_read(core))
    await ends(core)
    await read_all(core)
    guessing = [each for each in tasks(core, own) if "guesses references" in each]
    assert len(guessing) == 1
