"""A refusal by the relay is named after what follows from it, by its numbers alone."""

from __future__ import annotations

import aiosmtplib
import pytest

from channels.contract import SendError
from channels.email.refusals import Said, refused

E = SendError


@pytest.mark.parametrize(
    ("said", "answer", "error"),
    [
        (Said.RECIPIENT, "550 5.1.1 unknown", E.BAD_ADDRESS),
        (Said.RECIPIENT, "550 no such user", E.BAD_ADDRESS),
        (Said.RECIPIENT, "553 5.1.2 no such domain", E.BAD_ADDRESS),
        (Said.RECIPIENT, "550 5.2.1 disabled", E.BAD_ADDRESS),
        (Said.RECIPIENT, "552 5.2.2 full", E.UNREACHABLE),
        (Said.RECIPIENT, "552 full", E.UNREACHABLE),
        (Said.RECIPIENT, "452 4.2.2 full", E.UNREACHABLE),
        (Said.RECIPIENT, "450 4.2.0 greylisted", E.UNREACHABLE),
        (Said.RECIPIENT, "451 4.7.1 greylisted", E.UNREACHABLE),
        (Said.RECIPIENT, "450 try later", E.UNREACHABLE),
        (Said.RECIPIENT, "451 try later", E.UNREACHABLE),
        (Said.RECIPIENT, "450 4.1.2 domain not found now", E.UNREACHABLE),
        (Said.RECIPIENT, "450 4.4.1 no answer from host", E.UNREACHABLE),
        (Said.RECIPIENT, "452 4.5.3 too many recipients", E.THROTTLED),
        (Said.RECIPIENT, "421 4.3.0 closing", E.AWAY),
        (Said.RECIPIENT, "554 5.7.1 blocked", E.BLOCKED),
        (Said.RECIPIENT, "554 5.7.1 Relay access denied", E.NOT_SET_UP),
        (Said.RECIPIENT, "550 5.7.1 Unable to relay", E.NOT_SET_UP),
        (Said.RECIPIENT, "550 relaying denied", E.NOT_SET_UP),
        (Said.RECIPIENT, "530 5.7.0 sign in first", E.NOT_SET_UP),
        (Said.RECIPIENT, "503 out of order", E.NOT_SET_UP),
        (Said.MAIL, "554 5.7.1 spam", E.BLOCKED),
        (Said.MAIL, "554 no", E.BLOCKED),
        (Said.MAIL, "552 5.3.4 too large", E.NOT_TAKEN),
        (Said.MAIL, "552 too large", E.NOT_TAKEN),
        (Said.MAIL, "550 5.6.0 malformed", E.NOT_TAKEN),
        (Said.MAIL, "451 try later", E.AWAY),
        (Said.MAIL, "451 4.3.0 disk", E.AWAY),
        (Said.MAIL, "452 4.3.1 no room", E.AWAY),
        (Said.MAIL, "452 4.3.2 too busy", E.THROTTLED),
        (Said.MAIL, "450 4.7.28 rate", E.THROTTLED),
        (Said.SENDER, "553 5.7.1 not your sender", E.NOT_SET_UP),
        (Said.SENDER, "550 5.1.7 bad sender", E.NOT_SET_UP),
        (Said.SENDER, "451 4.3.0 later", E.AWAY),
        (Said.SENDER, "421 4.7.0 too many", E.THROTTLED),
        (Said.HELLO, "535 5.7.8 wrong password", E.NOT_SET_UP),
        (Said.HELLO, "554 no service here", E.NOT_SET_UP),
        (Said.HELLO, "421 busy", E.AWAY),
    ],
)
def test_a_refusal_is_named(said: Said, answer: str, error: SendError) -> None:
    code, _, words = answer.partition(" ")
    failed = refused(aiosmtplib.SMTPResponseException(int(code), words), said)
    assert failed.error is error


@pytest.mark.parametrize("answer", ["550 5.1.1 <jo@school.example.org> unknown", "451 <jo@school.example.org> later"])
def test_the_words_of_the_relay_are_not_told_on(answer: str) -> None:
    code, _, words = answer.partition(" ")
    assert "jo" not in refused(aiosmtplib.SMTPResponseException(int(code), words), Said.RECIPIENT).reason


@pytest.mark.parametrize("code", range(400, 600))
@pytest.mark.parametrize("said", Said)
def test_every_code_has_a_meaning_and_what_is_for_now_is_never_for_good(code: int, said: Said) -> None:
    failed = refused(aiosmtplib.SMTPResponseException(code, ""), said)
    assert failed.error is not E.UNNAMED
    assert not (failed.permanent and (code < 500 or said in (Said.HELLO, Said.SENDER)))
