"""What each of the provider's codes means for a notice, in words staff can act on."""

from __future__ import annotations

import httpx
import pytest
from twilio.base.exceptions import TwilioRestException, TwilioServiceException

from channels.contract import SendFailed, SendUnknown
from channels.twilio_account import refusal
from channels.twilio_account.errors import PERMANENT, TEMPORARY, one_request


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (21211, "not a telephone number"),
        (21604, "not a telephone number"),
        (21610, "opted out"),
        (21614, "landline"),
        (21635, "landline"),
        (30006, "landline"),
        (21617, "longer"),
        (30004, "does not let our texts through"),
        (30007, "does not let our texts through"),
    ],
)
def test_an_address_that_will_not_work_is_permanent(code: int, words: str) -> None:
    meaning = refusal(code)
    assert meaning.permanent
    assert words in meaning.reason
    assert f"(provider code {code})" in meaning.reason


@pytest.mark.parametrize("code", [30003, 30008, 30001, 21611, 20429, 20003, 30036, 99999, "30003", "x", "", None])
def test_everything_else_is_tried_again(code: int | str | None) -> None:
    assert not refusal(code).permanent
    assert refusal(code).reason


def test_no_code_is_both() -> None:
    assert not PERMANENT.keys() & TEMPORARY.keys()


def test_a_code_means_the_same_as_text_and_as_number() -> None:
    assert refusal("21610") == refusal(21610)


@pytest.mark.parametrize(
    ("raised", "expected"),
    [
        (TwilioRestException(400, "/", "To +447700900123", 21610), SendFailed),
        (TwilioServiceException("t", "+447700900123", 400, 21610), SendFailed),
        (TwilioRestException(504, "/", "late", 504), SendUnknown),
        (httpx.ConnectTimeout("+447700900123"), SendFailed),
        (httpx.ReadError("+447700900123"), SendUnknown),
        (httpx.WriteTimeout("+447700900123"), SendUnknown),
        (ValueError("+447700900123"), SendUnknown),
    ],
)
def test_the_providers_own_words_are_not_passed_on(raised: Exception, expected: type[Exception]) -> None:
    with pytest.raises(expected) as caught, one_request():
        raise raised
    assert "7700900123" not in str(caught.value)


def test_a_mistake_of_ours_stays_one() -> None:
    with pytest.raises(AttributeError), one_request():
        raise AttributeError
