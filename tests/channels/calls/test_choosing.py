"""A caller who does not want to be recorded is understood in the words people use."""

import pytest

from channels.calls.choosing import is_refusal


@pytest.mark.parametrize(
    "said",
    [
        "Don't record me.", "I don’t want you to record this", "I do not want this recorded", "No recording, please.",
        "Please don't record this call", "Can you stop recording", "I'd rather you didn't record",
        "I dont want recording", "I can't have this recorded", "Can I not be recorded",
        "Turn the recorder off", "Do not tape me",
    ],
)  # fmt: skip
def test_a_refusal_in_plain_words_is_one(said: str) -> None:
    assert is_refusal(said)


@pytest.mark.parametrize(
    "said",
    [
        "", "No", "Hello, is anybody there?", "Do you record calls?", "I want to record a complaint",
        "There is not a drop of water from the tap", "I am not sure whom to talk to",
    ],
)  # fmt: skip
def test_other_words_are_none(said: str) -> None:
    assert not is_refusal(said)
