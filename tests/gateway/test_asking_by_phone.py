"""A caller who keys in a reference hears one of four words, or what everybody hears who has none; and not often."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event
from sqlmodel import Session, col, select

from channels.calls.asking import Answer, Asking, Standing
from channels.contract import Address, AddressClass
from gateway.asking_by_phone import FORGOTTEN_AFTER, WRONG_BY_A_CALLER, WRONG_IN_ALL, AskingByPhone
from gateway.core import Core
from gateway.keyed_reference import keys_of, meant_by_keys
from storage import audit, referral
from storage.audit import Audit
from storage.database import Database
from storage.enquiry import Enquiry
from storage.referral import Referral, State
from storage.sealing import Seal
from tests.builders import a_note, a_referral, read_all
from tests.fakes import MovableClock

MOBILE = Address(kind=AddressClass.MOBILE, value="+447700900123")
WITHHELD = Address(kind=AddressClass.WITHHELD)
NOTHING = Answer(standing=Standing.NOT_SAID, may_try_again=True)
NO_REFERENCE = "567472949"  # the example on our pages, which nobody is given


class Line:
    """Calls to one gateway: each asking is a call of its own, from a number of its own, unless it is said."""

    def __init__(self, core: Core, asking: Asking | None = None) -> None:
        self._core, self._calls = core, 0
        self._asking = asking or AskingByPhone(database=core.database, seal=core.seal, patience_seconds=30)

    async def ask(self, keys: str, *, call: str = "", caller: Address | None = None) -> Answer:
        self._calls += 1
        anybody = Address(kind=AddressClass.MOBILE, value=f"+4477009{self._calls:05d}")
        return await self._asking.standing(
            keys, call=f"call:{call or self._calls}", caller=caller or anybody, at=self._core.clock()
        )


@pytest.fixture
def line(core: Core) -> Line:
    return Line(core)


def set_to(core: Core, row: Referral, *, reference: str = "", state: str = "") -> None:
    with core.database.transaction() as session:
        found = referral.by_reference(session, row.reference)
        assert found is not None
        found.reference, found.state = reference or found.reference, state or found.state
        session.add(found)


def history(core: Core, row: Referral) -> list[str]:
    with core.database.reading() as session:
        return [each.what for each in audit.of_referrals(session, [row.id or 0])]


def enquiries(core: Core) -> list[Enquiry]:
    with core.database.reading() as session:
        return list(session.exec(select(Enquiry)))


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    """What the database is asked meanwhile, and told."""
    said: list[str] = []

    def note(_: object, __: object, statement: str, *___: object) -> None:
        said.append(" ".join(statement.split()[:4]))

    event.listen(database.engine, "before_cursor_execute", note)
    yield said
    event.remove(database.engine, "before_cursor_execute", note)


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (State.RECEIVED, Standing.HAVE_IT),
        (State.IN_TRIAGE, Standing.READ),
        (State.AWAITING_INFORMATION, Standing.QUESTION),
        (State.DECIDED, Standing.READ),
        (State.CLOSED, Standing.FINISHED),
        (State.REOPENED, Standing.READ),
    ],
)
async def test_each_state_is_one_of_four_words(core: Core, line: Line, state: State, said: Standing) -> None:
    row = await a_referral(core)
    set_to(core, row, state=state)
    assert await line.ask(keys_of(row.reference)) == Answer(standing=said, may_try_again=True)


async def test_what_nobody_has_read_yet_is_had_all_the_same(core: Core, line: Line) -> None:
    told = (await core.intake.accept(a_note())).reference
    assert (await line.ask(keys_of(told))).standing == Standing.HAVE_IT


async def test_what_joined_an_older_report_stands_as_that_does(core: Core, line: Line) -> None:
    row = await a_referral(core)
    told = (await core.intake.accept(a_note(f"{row.reference} it happened again"))).reference
    await read_all(core)
    set_to(core, row, state=State.IN_TRIAGE)
    assert (await line.ask(keys_of(told))).standing == Standing.READ


async def test_every_asking_stands_in_the_history_without_who_asked(core: Core, line: Line) -> None:
    row = await a_referral(core)
    await line.ask(keys_of(row.reference), caller=MOBILE)
    assert history(core, row)[-1] == "Somebody asked by telephone how it stands and heard: we have it"
    with core.database.reading() as session:
        assert {each.who for each in session.exec(select(Audit).where(col(Audit.what).startswith("Somebody")))} == {
            "frontdoor"
        }


async def test_neither_who_asked_nor_the_keys_can_be_read_in_the_table(core: Core, line: Line) -> None:
    row = await a_referral(core)
    await line.ask(keys_of(row.reference), caller=MOBILE)
    (kept,) = enquiries(core)
    assert keys_of(row.reference).encode() not in kept.sealed_keys
    assert core.seal.open(kept.sealed_keys, f"keys:{kept.id}") == keys_of(row.reference).encode()
    assert "900123" not in kept.model_dump_json(exclude={"sealed_keys"})


async def test_no_reference_several_and_too_many_tries_are_one_answer_after_the_same_questions(
    core: Core, line: Line
) -> None:
    row, one, other = await a_referral(core), await a_referral(core), await a_referral(core)
    first, second, *_ = meant_by_keys("999222299")
    set_to(core, one, reference=first)
    set_to(core, other, reference=second)
    for _ in range(WRONG_BY_A_CALLER):
        await line.ask(NO_REFERENCE, caller=MOBILE)
    asked: list[tuple[Answer, list[str]]] = []
    for keys, caller in (
        (keys_of(row.reference), None), (NO_REFERENCE, None), ("999222299", None), ("", None), ("5", WITHHELD),
        (keys_of(row.reference), MOBILE),
    ):  # fmt: skip
        with statements(core.database) as said:
            asked.append((await line.ask(keys, caller=caller), said))
    right, *others = asked
    assert right[0].standing == Standing.HAVE_IT
    assert [answer for answer, _ in others] == [NOTHING] * 5
    assert [said for _, said in others] == [right[1]] * 5
    assert len(right[1]) > 7


async def test_of_several_it_is_the_one_that_came_from_this_very_number(core: Core, line: Line) -> None:
    one = await a_referral(core, callback=MOBILE.value)
    other = await a_referral(core)
    first, second, *_ = meant_by_keys("999222299")
    set_to(core, one, reference=first, state=State.IN_TRIAGE)
    set_to(core, other, reference=second)
    assert (await line.ask("999222299", caller=MOBILE)).standing == Standing.READ
    assert (await line.ask("999222299")).standing == Standing.NOT_SAID
    assert (await line.ask("999222299", caller=WITHHELD)).standing == Standing.NOT_SAID


async def test_a_call_has_three_tries_right_or_wrong(core: Core, line: Line) -> None:
    row = await a_referral(core)
    right = keys_of(row.reference)
    other = keys_of((await a_referral(core)).reference)
    answers = [await line.ask(keys, call="A") for keys in (NO_REFERENCE, other, "5", right)]
    assert [(each.standing, each.may_try_again) for each in answers] == [
        (Standing.NOT_SAID, True), (Standing.HAVE_IT, True), (Standing.NOT_SAID, False), (Standing.NOT_SAID, False)
    ]  # fmt: skip
    assert history(core, row)[-1] == (
        "Somebody asked by telephone how it stands and heard: nothing of it, for there were too many tries"
    )
    assert (await line.ask(right, call="B")).standing == Standing.HAVE_IT


async def test_the_same_keys_that_the_provider_posts_again_are_the_same_asking(core: Core, line: Line) -> None:
    row, other = await a_referral(core), await a_referral(core)
    keyed = [NO_REFERENCE, keys_of(other.reference), keys_of(row.reference)]
    answers = [[await line.ask(keys, call="A") for _ in range(4)] for keys in keyed]
    assert [[(each.standing, each.may_try_again) for each in told] for told in answers] == [
        [(Standing.NOT_SAID, True)] * 4, [(Standing.HAVE_IT, True)] * 4, [(Standing.HAVE_IT, False)] * 4
    ]  # fmt: skip
    assert len(enquiries(core)) == 3
    assert sum("Somebody asked" in what for what in history(core, row)) == 1


async def test_a_number_that_was_wrong_ten_times_in_an_hour_hears_nothing(
    core: Core, line: Line, clock: MovableClock
) -> None:
    right = keys_of((await a_referral(core)).reference)
    for _ in range(WRONG_BY_A_CALLER - 1):
        await line.ask(NO_REFERENCE, caller=MOBILE)
    assert (await line.ask(right, caller=MOBILE)).standing == Standing.HAVE_IT
    await line.ask(NO_REFERENCE, caller=MOBILE)
    assert await line.ask(right, caller=MOBILE) == NOTHING
    assert (await line.ask(right)).standing == Standing.HAVE_IT
    assert (await line.ask(right, caller=WITHHELD)).standing == Standing.HAVE_IT
    clock.move(hours=1, seconds=1)
    assert (await line.ask(right, caller=MOBILE)).standing == Standing.HAVE_IT


async def test_a_hundred_wrong_ones_in_an_hour_silence_the_line_for_all_and_alarm_once(
    core: Core, line: Line, clock: MovableClock
) -> None:
    right = keys_of((await a_referral(core)).reference)
    for _ in range(WRONG_IN_ALL - 1):
        await line.ask(NO_REFERENCE, caller=WITHHELD)
    assert (await line.ask(right)).standing == Standing.HAVE_IT
    assert not any(each.is_alarm for each in enquiries(core))
    for _ in range(3):
        await line.ask(NO_REFERENCE)
    assert await line.ask(right) == NOTHING
    assert [each.is_alarm for each in enquiries(core)].count(True) == 1
    clock.move(hours=1, seconds=1)
    assert (await line.ask(right)).standing == Standing.HAVE_IT


async def test_two_processes_allow_no_more_than_one(core: Core, database_url: str) -> None:
    row = await a_referral(core)
    there = Database(database_url)
    both = [Line(core), Line(core, AskingByPhone(database=there, seal=core.seal, patience_seconds=30))]
    for turn in range(WRONG_BY_A_CALLER):
        await both[turn % 2].ask(NO_REFERENCE, call=f"call {turn}", caller=MOBILE)
    for each in both:
        assert await each.ask(keys_of(row.reference), caller=MOBILE) == NOTHING
    there.close()


async def test_what_was_asked_long_ago_is_forgotten(core: Core, line: Line, clock: MovableClock) -> None:
    await line.ask(NO_REFERENCE)
    clock.move(days=FORGOTTEN_AFTER / timedelta(days=1), seconds=1)
    await line.ask(NO_REFERENCE)
    assert len(enquiries(core)) == 1


async def test_a_database_that_hangs_is_not_waited_for(core: Core) -> None:
    row = await a_referral(core)
    line = Line(core, AskingByPhone(database=core.database, seal=core.seal, patience_seconds=0.2))

    def hang(session: Session) -> None:
        time.sleep(0.6)

    holding = [asyncio.create_task(core.database.write(hang)) for _ in range(4)]
    await asyncio.sleep(0.05)
    begun = time.monotonic()
    assert await line.ask(keys_of(row.reference)) == Answer(standing=Standing.NOT_SAID, may_try_again=False)
    assert time.monotonic() - begun < 0.5
    await asyncio.gather(*holding)


async def test_while_the_database_is_away_a_caller_hears_what_everybody_hears(
    seal: Seal, clock: MovableClock, caplog: pytest.LogCaptureFixture
) -> None:
    database = Database("postgresql://nobody@127.0.0.1:9/none")
    asking = AskingByPhone(database=database, seal=seal, patience_seconds=30)
    answer = await asking.standing(NO_REFERENCE, call="call:A", caller=MOBILE, at=clock())
    assert answer == Answer(standing=Standing.NOT_SAID, may_try_again=False)
    assert caplog.messages == ["what a caller asked could not be looked up: OperationalError"]
    database.close()
