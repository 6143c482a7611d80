"""What comes soon after our answer and reads like a machine's is told from what people write."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from channels.contract import Address, AddressClass, Inbound
from gateway.budgets import MOST_OF_ONE, Given
from gateway.core import Core
from gateway.reading.machines_answer import SOON, answers_soon
from tests.fakes import MovableClock
from tests.gateway.mail_house import a_mail, comes_in, notices, tasks

AT = datetime(2026, 11, 23, 10, 15, tzinfo=UTC)
ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
GIVEN = (Given(at=AT, words_hash="x"),)


def a_text(words: str, subject: str = "Hello") -> Inbound:
    return Inbound(sender=Address(kind=AddressClass.EMAIL, value="a@example.org"), text=words, subject=subject)


@pytest.mark.parametrize(
    "words",
    [
        "Thank you for your email. We aim to reply within two days.", "We have received your message.",
        "I am currently away and back on Monday.", "I'm on annual leave.", "I no longer work for the school.",
        "Your request [IT #4711] has been registered.", "This is an automated response.",
        "Ich bin bis Montag im Urlaub.",
        "Je suis actuellement absent.", "Thank you for contacting us. We have your message.",
    ],
)  # fmt: skip
def test_what_machines_say_is_known_for_it_for_an_hour(words: str) -> None:
    assert answers_soon(a_text(words), GIVEN, AT + timedelta(seconds=30))
    assert answers_soon(a_text("Hi", words), GIVEN, AT + SOON)
    assert not answers_soon(a_text(words), GIVEN, AT + SOON + timedelta(seconds=1))
    assert not answers_soon(a_text(words), GIVEN, AT - timedelta(seconds=1))
    assert not answers_soon(a_text(words), (), AT)


@pytest.mark.parametrize(
    "words",
    [
        "Please keep the child away from her father.", "Mum is on maternity leave and dad works out of town.",
        "Incident number 4711: officers attended at 10:15.", "A report has been received from a neighbour.",
        "The family is on holiday until Monday, then she is in danger again.", "This is what I forgot to say.",
        "This is a notification of a domestic incident. Please do not reply to this address.", "Case 12 of today",
        "> Thank you for your email\n> We have your message\nShe fell.", "Please reply as soon as you can.",
    ],
)  # fmt: skip
def test_what_people_and_the_police_write_in_a_row_is_not(words: str) -> None:
    assert not answers_soon(a_text(words), GIVEN, AT + timedelta(seconds=30))


@pytest.mark.parametrize(
    "above",
    ["---------- Forwarded message ---------\n", "-----Original Message-----\n", "Begin forwarded message:\n\n"],
)
def test_who_sends_our_notice_on_is_not_taken_for_a_machine_by_its_words(above: str) -> None:
    ours = "Subject: We have your message - KMR-4729-HX\n\nThank you for contacting us. We have your message."
    sent_on = a_text(f"My daughter got this. I saw it too.\n\n{above}{ours}", "Fwd: We have your message - KMR-4729-HX")
    assert not answers_soon(sent_on, GIVEN, AT + timedelta(seconds=30))
    away = a_text(f"I am away until Monday.\n\n{above}{ours}", "Re: We have your message - KMR-4729-HX")
    assert answers_soon(away, GIVEN, AT + timedelta(seconds=30))


@ON_SQLITE
async def test_a_machine_behind_an_answer_of_ours_is_left_to_a_person_for_a_day(
    core: Core, clock: MovableClock
) -> None:
    await comes_in(core, a_mail())
    clock.move(minutes=10)
    await comes_in(core, a_mail("Thank you for your email. We will reply soon."))
    clock.move(minutes=10)
    await comes_in(core, a_mail("Something else, again and again"))
    assert [n.state for n in notices(core, kind="receipt")] == ["owed", "cancelled", "cancelled"]
    assert len(tasks(core)) == 1 and "perhaps a machine" in tasks(core)[0]
    clock.move(days=1)
    await comes_in(core, a_mail("The boy limps."))
    assert notices(core, kind="receipt")[-1].state == "owed"


@ON_SQLITE
async def test_who_adds_in_the_thread_and_thanks_us_is_not_taken_for_a_machine(core: Core, clock: MovableClock) -> None:
    first = await comes_in(core, a_mail())
    clock.move(minutes=1)
    await comes_in(core, a_mail("Thank you for your email. It is number 12.", Subject=f"Re: {first.reference}"))
    clock.move(minutes=1)
    await comes_in(core, a_mail("Another child now"))
    assert [n.state for n in notices(core, kind="receipt")] == ["owed", "owed"]


async def test_a_desk_that_answers_from_another_address_is_known_by_its_mail_system(core: Core) -> None:
    desk, person = "case-1@example.org", "sam@example.org"
    await comes_in(core, a_mail())
    await comes_in(core, a_mail("Your request has been registered.", sender=desk), sender=desk)
    await comes_in(core, a_mail("The boy next door limps.", sender=person), sender=person)
    assert [n.state for n in notices(core, kind="receipt")] == ["owed", "cancelled", "owed"]


@ON_SQLITE
async def test_so_many_answers_about_one_report_are_enough(core: Core) -> None:
    first = await comes_in(core, a_mail())
    for number in range(MOST_OF_ONE + 1):
        sender = f"neighbour@street{number}.example"
        await comes_in(core, a_mail(f"Number {number} on {first.reference}", sender=sender), sender=sender)
    assert [n.state for n in notices(core, kind="receipt")] == ["owed"] * MOST_OF_ONE + ["cancelled"] * 2
    assert sum("many automatic answers about one report" in task for task in tasks(core)) == 2
