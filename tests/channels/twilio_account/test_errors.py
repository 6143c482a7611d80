"""What each of the provider's codes means for a notice, in words staff can act on."""

from __future__ import annotations

import httpx
import pytest
from twilio.base.exceptions import TwilioRestException, TwilioServiceException

from channels.contract import FOR_GOOD, SendError, SendFailed, SendUnknown
from channels.twilio_account import refusal
from channels.twilio_account.errors import MEANINGS, Throttled, one_request, seconds_asked_for


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


@pytest.mark.parametrize(
    ("code", "error"),
    [
        (21211, SendError.BAD_ADDRESS), (30005, SendError.BAD_ADDRESS), (30006, SendError.BAD_ADDRESS),
        (21610, SendError.OPTED_OUT), (30004, SendError.BLOCKED), (30007, SendError.BLOCKED),
        (21612, SendError.BLOCKED), (21617, SendError.NOT_TAKEN), (30003, SendError.UNREACHABLE),
        (30008, SendError.UNREACHABLE), (30036, SendError.UNREACHABLE), (20429, SendError.THROTTLED),
        (21611, SendError.THROTTLED), (30001, SendError.THROTTLED), (20503, SendError.AWAY),
        (20003, SendError.NOT_SET_UP), (30002, SendError.NOT_SET_UP), (21606, SendError.NOT_SET_UP),
        (77777, SendError.UNNAMED),
    ],
)  # fmt: skip
def test_each_code_has_the_name_of_what_follows_from_it(code: int, error: SendError) -> None:
    assert refusal(code).error is error


def test_no_code_condemns_an_address_and_is_tried_again() -> None:
    assert {error in FOR_GOOD for error, _ in MEANINGS.values()} == {True, False}
    assert all(refusal(code).permanent is (error in FOR_GOOD) for code, (error, _) in MEANINGS.items())


@pytest.mark.parametrize(
    ("status", "error"),
    [(401, SendError.NOT_SET_UP), (403, SendError.NOT_SET_UP), (429, SendError.THROTTLED), (500, SendError.AWAY),
     (503, SendError.AWAY), (400, SendError.UNNAMED)],
)  # fmt: skip
def test_an_answer_without_a_code_is_named_by_its_status(status: int, error: SendError) -> None:
    with pytest.raises(SendFailed) as caught, one_request():
        raise TwilioRestException(status, "/", "no code")
    assert caught.value.error is error


def test_how_long_to_wait_is_passed_on() -> None:
    with pytest.raises(SendFailed) as caught, one_request():
        raise Throttled(17.0)
    assert (caught.value.error, caught.value.retry_after) == (SendError.THROTTLED, 17.0)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("7", 7.0), (" 120 ", 120.0), (None, None), ("soon", None), ("-3", None), ("", None),
     ("Mon, 23 Nov 2026 10:16:00 GMT", 60.0), ("Mon, 23 Nov 2026 10:14:00 GMT", 0.0)],
)  # fmt: skip
def test_retry_after_is_seconds_or_a_time(header: str | None, seconds: float | None) -> None:
    assert seconds_asked_for(header, date="Mon, 23 Nov 2026 10:15:00 GMT") == seconds


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
