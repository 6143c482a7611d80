"""Each choice of the menus leads where it says: by day and by night, for a child, in another language, unrecorded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import pytest

from channels.calls.asking import Answer, Standing
from channels.calls.choosing import Numbers
from channels.contract import Address, Inbound, Purpose
from channels.spoken import Language
from gateway.demo.twilio_sim import Action, HangUp, Press, Silent, Speak, tone
from tests.channels.telephone import DUTY, Telephone, Words, telephone

NIGHT, INTERPRETERS = "+441632960112", "+441632960113"
EVERYBODY = Numbers(duty=DUTY, night=NIGHT, language_line=INTERPRETERS)
MESSAGE: tuple[Action, ...] = (Speak(tone(3)), Press("#"))
TOLD = ["[beep]", "Receipt KMR-4729-HX.", "Goodbye."]
POLISH = Language(
    code="pl", name="Polish", voice="pl-PL", offer="Po polsku 9.", choose="Po polsku {key}.", put_through="Proszę.",
    prompt="Po sygnale.", receipt="Dziękujemy.",
)  # fmt: skip


def words(*, closed: bool = False, languages: tuple[Language, ...] = ()) -> Words:
    spoken = Words()
    spoken.closed, spoken.languages = closed, languages
    return spoken


@dataclass
class Answers:
    """Says the same of every reference, and remembers what it was asked."""

    standing_of_all: Standing

    def __post_init__(self) -> None:
        self.asked: list[str] = []

    async def standing(self, keys: str, *, call: str, caller: Address, at: datetime) -> Answer:
        self.asked.append(keys)
        return Answer(standing=self.standing_of_all, may_try_again=len(self.asked) < 3)


def left_by(line: Telephone) -> Inbound:
    """The message that was left, as it is read."""
    [left] = [raw for raw in line.ledger.kept if raw.purpose is Purpose.MESSAGE]
    read = line.voicemail.parse(left)
    assert isinstance(read, Inbound)
    return read


@pytest.mark.parametrize(
    ("key", "closed", "heard"),
    [
        ("1", False, [f"[dial {DUTY}]", "Prompt."]),
        ("2", False, ["Put through child.", f"[dial {DUTY}]", "Prompt child."]),
        ("4", False, ["Prompt worker."]),
        ("7", False, [f"[dial {DUTY}]", "Prompt."]),
        ("#", False, [f"[dial {DUTY}]", "Prompt."]),
        ("*", False, [f"[dial {DUTY}]", "Prompt."]),
        ("1", True, [f"[dial {NIGHT}]", "Prompt."]),
        ("2", True, ["Prompt."]),
        ("0", True, [f"[dial {NIGHT}]", "Prompt."]),
    ],
)
async def test_every_key_leads_to_a_person_or_the_recorder_and_then_to_the_reference(
    key: str, closed: bool, heard: list[str]
) -> None:
    async with telephone(numbers=EVERYBODY, words=words(closed=closed)) as line:
        call = await line.sim.call("/twilio/voice", [Press(key), *MESSAGE])
        assert call.heard == ["Greeting at 12:00.", *heard, *TOLD]
        assert (call.ended_by, call.warnings) == ("hangup", [])


async def test_what_was_chosen_is_kept_with_the_message() -> None:
    async with telephone(numbers=EVERYBODY) as line:
        await line.sim.call("/twilio/voice", [Press("2"), *MESSAGE])
        facts = left_by(line).facts
        assert (facts["child_told_us"], facts["asked_for"]) == ("yes", "under-18")


async def test_a_message_for_a_worker_is_read_as_one() -> None:
    async with telephone(numbers=EVERYBODY) as line:
        await line.sim.call("/twilio/voice", [Press("4"), *MESSAGE])
        assert left_by(line).facts["for_worker"] == "yes"


@pytest.mark.parametrize("refusal", [Press("5"), Speak(tone(2), text="I do not want to be recorded")])
async def test_who_refuses_by_key_or_by_voice_is_put_through_unrecorded_and_then_called_back(refusal: Action) -> None:
    async with telephone(numbers=EVERYBODY) as line:
        call = await line.sim.call("/twilio/voice", [refusal, Press("1")])
        await line.sim.settle()
        assert call.heard == [
            "Greeting at 12:00.", "Refused.", f"[dial {DUTY}]", "Unrecorded.", "Receipt KMR-4729-HX.", "Goodbye.",
        ]  # fmt: skip
        assert line.sim.recordings == {}
        facts = left_by(line).facts
        assert (facts["recording"], facts["callback"]) == ("refused", "yes")


async def test_nothing_is_recorded_of_a_talk_with_who_refused() -> None:
    async with telephone(numbers=EVERYBODY) as line:
        line.sim.dial_outcome = ("completed", 30)
        call = await line.sim.call("/twilio/voice", [Press("5")])
        await line.sim.settle()
        assert call.heard[-2:] == [f"[dial {DUTY}]", "Talked KMR-4729-HX."]
        assert line.sim.recordings == {}


async def test_who_refused_may_leave_a_recorded_message_after_all() -> None:
    async with telephone(numbers=EVERYBODY) as line:
        call = await line.sim.call("/twilio/voice", [Press("5"), Press("2"), *MESSAGE])
        assert call.heard[3:] == ["Unrecorded.", "Prompt.", *TOLD]


async def test_who_refused_and_says_nothing_more_is_asked_twice_and_told_a_reference() -> None:
    async with telephone(numbers=EVERYBODY) as line:
        call = await line.sim.call("/twilio/voice", [Press("5")], frm=None)
        assert call.heard[3:] == ["Unrecorded withheld."] * 2 + ["Receipt KMR-4729-HX.", "Goodbye."]


async def test_nobody_is_promised_a_person_where_nobody_can_be_rung() -> None:
    async with telephone(numbers=Numbers()) as line:
        call = await line.sim.call("/twilio/voice", [*MESSAGE, Press("3"), Press("5"), Press("1")])
        assert "Refused." not in call.heard
        assert call.heard[-3:] == ["Unrecorded.", "Receipt KMR-4729-HX.", "Goodbye."]


@pytest.mark.parametrize(("frm", "asked", "keys"), [("+447700900123", "", "77"), (None, " withheld", "17")])
async def test_only_a_clear_yes_has_a_caller_called_back(frm: str | None, asked: str, keys: str) -> None:
    async with telephone(numbers=EVERYBODY) as line:
        call = await line.sim.call("/twilio/voice", [Press("5"), *(Press(key) for key in keys)], frm=frm)
        assert call.heard[3:] == [f"Unrecorded{asked}."] * 2 + ["Receipt KMR-4729-HX.", "Goodbye."]
        assert ("quiet", Purpose.MESSAGE) in line.ledger.steps()
        assert "call-back" not in {step for step, _ in line.ledger.steps()}


async def test_another_language_is_offered_in_its_own_words_and_stays_with_the_call() -> None:
    async with telephone(numbers=EVERYBODY, words=words(languages=(POLISH,))) as line:
        call = await line.sim.call("/twilio/voice", [Press("9"), Press("1"), *MESSAGE])
        assert call.heard == [
            "Greeting at 12:00.", "Po polsku 9.", "Po polsku 1.", "Proszę.", f"[dial {INTERPRETERS}]", f"[dial {DUTY}]",
            "Po sygnale.", "[beep]", "Dziękujemy.", "Receipt KMR-4729-HX.", "Goodbye.",
        ]  # fmt: skip
        assert left_by(line).facts["language"] == "pl"


@pytest.mark.parametrize("then", [[Press("8")], [Silent(30)]])
async def test_no_language_chosen_leads_to_a_person(then: list[Action]) -> None:
    async with telephone(numbers=EVERYBODY, words=words(languages=(POLISH,))) as line:
        call = await line.sim.call("/twilio/voice", [Press("9"), *then, *MESSAGE])
        assert call.heard[2:] == ["Po polsku 1.", f"[dial {DUTY}]", "Prompt.", *TOLD]


@pytest.mark.parametrize(
    ("way", "says"),
    [
        ("choice=under-18", "Whisper. A child."),
        ("refused=yes", "Whisper. Unrecorded."),
        ("language=pl", "Whisper. Polish"),
    ],
)
async def test_whoever_is_rung_hears_who_waits_before_they_take_the_call(way: str, says: str) -> None:
    async with telephone(numbers=EVERYBODY, words=words(languages=(POLISH,))) as line:
        reply = await line.sim.deliver(f"/twilio/voice/whisper?{way}", {"CallSid": "CA2"})
        assert reply is not None
        assert says in reply.text


async def test_a_caller_keys_in_a_reference_hears_how_it_stands_and_adds_to_it() -> None:
    asking = Answers(Standing.READ)
    async with telephone(numbers=EVERYBODY, asking=asking) as line:
        call = await line.sim.call("/twilio/voice", [Press("3"), Press("567472949#"), Press("1"), *MESSAGE])
        assert call.heard == ["Greeting at 12:00.", "Asking.", "It stands: read.", "Prompt addition.", *TOLD]
        assert asking.asked == ["567472949"]
        assert not any("567472949" in hook.url for hook in line.sim.sent)


async def test_a_caller_who_keys_in_nothing_or_waits_comes_to_a_person() -> None:
    async with telephone(numbers=EVERYBODY, asking=Answers(Standing.NOT_SAID)) as line:
        call = await line.sim.call("/twilio/voice", [Press("3"), Silent(30), *MESSAGE])
        assert call.heard == ["Greeting at 12:00.", "Asking.", f"[dial {DUTY}]", "Prompt.", *TOLD]


async def test_nobody_keys_in_references_without_end() -> None:
    asking = Answers(Standing.NOT_SAID)
    async with telephone(numbers=EVERYBODY, asking=asking) as line:
        guesses = [Press("2223334#"), Press("2")] * 6
        call = await line.sim.call("/twilio/voice", [Press("3"), *guesses])
        assert len(asking.asked) == 3
        assert f"[dial {DUTY}]" in call.heard


async def test_after_the_reference_there_is_more_to_choose_even_where_nobody_can_be_rung() -> None:
    async with telephone() as line:
        call = await line.sim.call("/twilio/voice", [*MESSAGE, Press("3"), Press("4"), *MESSAGE])
        assert call.heard[2:] == ["Receipt KMR-4729-HX.", "Choices.", "Prompt worker.", *TOLD]


async def test_a_caller_who_hangs_up_after_choosing_is_known_by_what_they_chose() -> None:
    async with telephone(numbers=EVERYBODY) as line:
        await line.sim.call("/twilio/voice", [Press("2"), HangUp(at=3.0)])
        await line.sim.settle()
        steps = line.ledger.steps()
        assert steps[0] == ("chosen", Purpose.ASIDE)
        assert steps[-1] == ("call-status", Purpose.REPORT)
        assert {raw.conversation for raw in line.ledger.kept} == {line.ledger.kept[0].conversation}


async def test_a_choice_that_cannot_be_kept_delays_nobody() -> None:
    async with telephone(numbers=EVERYBODY) as line:
        line.ledger.failures = 2
        call = await line.sim.call("/twilio/voice", [Press("2"), *MESSAGE])
        assert call.heard[1:] == ["Put through child.", f"[dial {DUTY}]", "Prompt child.", *TOLD]


async def test_who_does_not_understand_us_and_says_nothing_is_offered_other_languages_before_the_recorder() -> None:
    async with telephone(words=words(languages=(POLISH,))) as line:
        again = await line.sim.deliver("/twilio/voice/silent", {"CallSid": "CA1"})
        assert again is not None
        assert again.text.index("Silence.") < again.text.index("Po polsku 9.") < again.text.index("<Record")


async def test_other_languages_are_offered_after_the_reference_where_nobody_can_be_rung() -> None:
    async with telephone(words=words(languages=(POLISH,))) as line:
        call = await line.sim.call("/twilio/voice", [*MESSAGE, Press("3"), Press("9"), Press("1"), *MESSAGE])
        assert call.heard[2:] == [
            "Receipt KMR-4729-HX.", "Choices.", "Po polsku 9.", "Po polsku 1.", "Po sygnale.", "[beep]", "Dziękujemy.",
            "Receipt KMR-4729-HX.", "Goodbye.",
        ]  # fmt: skip
