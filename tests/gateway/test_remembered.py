"""Memory of what was kept lately is bounded, and a conversation keeps its first reference."""

from gateway.remembered import Remembered
from tests.fakes import MONDAY_MORNING


def test_only_the_last_events_are_remembered() -> None:
    recent = Remembered(most=2)
    for number in range(3):
        recent.note(("sms", str(number)), None, f"reference {number}", MONDAY_MORNING)
    assert recent.event(("sms", "0")) is None
    assert recent.event(("sms", "2")) == ("reference 2", MONDAY_MORNING)


def test_a_conversation_keeps_its_first_reference_as_long_as_it_goes_on() -> None:
    recent = Remembered(most=2)
    for number, call in enumerate(("one", "two", "one", "three")):
        recent.note(("phone", str(number)), call, f"reference {number}", MONDAY_MORNING)
    assert (recent.talk("one"), recent.talk("two"), recent.talk("three")) == ("reference 0", None, "reference 3")
