"""References keyed in by telephone: guessing ends soon for a caller and for all, and nobody hears of the case."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from gateway.demo.twilio_sim import Call, HangUp, Press
from gateway.keyed_reference import keys_of
from tests.channels.edge_cases.line import Line, a_line

DUTY = "+441632960111"
NOT_SAID, HAVE_IT = "We can say nothing about that here", "We have it. We will read it."
THERE_ARE_NONE = "2" * 9, "1" * 9, "0" * 9


@pytest.fixture
async def line(tmp_path: Path, sqlite_template: Path) -> AsyncIterator[Line]:
    """A gateway with a duty worker, and so with a menu."""
    (tmp_path / "data").mkdir()
    path = tmp_path / "data" / "frontdoor.db"
    path.write_bytes(sqlite_template.read_bytes())
    async with a_line(tmp_path, f"sqlite:///{path}", duty_number=DUTY) as opened:
        yield opened


async def asks(line: Line, *keyed: str, frm: str | None) -> Call:
    """A call that asks by these keys, one after the other."""
    tries = [action for keys in keyed for action in (Press(keys), Press("2"))]
    call = await line.sim.call("/twilio/voice", [Press("3"), *tries[:-1], HangUp()], frm)
    await line.sim.settle()
    return call


def answers(call: Call) -> list[str]:
    """What was said of the references, without what may be done next."""
    kinds = (NOT_SAID, HAVE_IT)
    return [next(kind for kind in kinds if kind in said) for said in call.heard if any(kind in said for kind in kinds)]


async def reported(line: Line) -> str:
    """The keys of a report."""
    await line.text("My dad hits me and I am scared", frm="+447700900150")
    (told,) = line.referrals()
    return keys_of(told.reference)


async def test_who_guesses_hears_one_answer_for_everything_and_after_ten_nothing_else(line: Line) -> None:
    right = await reported(line)
    assert answers(await asks(line, right, THERE_ARE_NONE[0], right, frm="+447700900160")) == [
        HAVE_IT,
        NOT_SAID,
        HAVE_IT,
    ]
    for _ in range(4):
        assert answers(await asks(line, *THERE_ARE_NONE, frm="+447700900161")) == [NOT_SAID] * 3
    assert answers(await asks(line, right, frm="+447700900161")) == [NOT_SAID]
    assert answers(await asks(line, right, frm="+447700900162")) == [HAVE_IT]


async def test_a_call_may_try_three_times_whatever_number_it_says_it_is_from(line: Line) -> None:
    right = await reported(line)
    heard = answers(await asks(line, *THERE_ARE_NONE, right, frm=None))
    assert heard == [NOT_SAID] * 3


async def test_guesses_from_ever_new_numbers_silence_the_line_for_all(line: Line) -> None:
    right = await reported(line)
    for guess in range(34):
        await asks(line, *THERE_ARE_NONE, frm=f"+4477009002{guess:02}")
    assert answers(await asks(line, right, frm="+447700900299")) == [NOT_SAID]


async def test_nothing_of_the_case_is_read_out(line: Line) -> None:
    right = await reported(line)
    said = " ".join((await asks(line, right, frm="+447700900150")).heard).lower()
    assert HAVE_IT.lower() in said
    assert not {"dad", "hits", "scared", "900150"} & set(said.replace(",", " ").replace(".", " ").split())
