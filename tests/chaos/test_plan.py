"""The seed replays the run: the same faults at the same times, the same bytes in every message."""

from collections import Counter

from tests.chaos.content import a_form, a_letter, a_machine_mail, a_mail, a_note, a_poison_mail
from tests.chaos.plan import Fault, PlannedMessage, Way, plan


def every_content(message: PlannedMessage) -> list[bytes]:
    kinds = ("auto-replied", "null-sender", "bulk", "list")
    mails = [a_mail(message), a_poison_mail(message), *(a_machine_mail(message, kind=kind) for kind in kinds)]
    return [*(mail.content for mail in mails), a_form(message, "token"), a_note(message), a_letter(message)[1]]


def test_the_same_seed_gives_the_same_plan_and_the_same_bytes() -> None:
    first, second = (plan(7, messages=12, faults=50) for _ in range(2))
    assert first == second
    assert [every_content(m) for m in first.messages] == [every_content(m) for m in second.messages]


def test_another_seed_gives_another_plan() -> None:
    assert plan(7, messages=60, faults=50) != plan(8, messages=60, faults=50)


def test_every_kind_of_fault_strikes_and_the_second_host_vanishes_once() -> None:
    counted = Counter(planned.fault for planned in plan(1, messages=10, faults=60).faults)
    assert set(counted) == set(Fault)
    assert counted[Fault.VANISH] == 1
    assert counted.total() == 60


def test_what_is_impossible_here_is_not_drawn() -> None:
    impossible = frozenset({Fault.POWER_CUT, Fault.DISK_FULL})
    assert impossible.isdisjoint({p.fault for p in plan(1, messages=10, faults=400, impossible=impossible).faults})


def test_no_two_messages_share_their_bytes() -> None:
    messages = plan(3, messages=20, faults=5).messages
    contents = [content for message in messages for content in every_content(message)]
    assert len(set(contents)) == len(contents)
    assert {message.way for message in messages} >= {Way.MAIL, Way.TEXT, Way.FORM}
