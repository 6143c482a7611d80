"""No mail makes the check of its signatures take long, whatever its sender made it of."""

from __future__ import annotations

import time

import pytest

from channels.email.proof.bearable import MOST_BYTES, TOO_LARGE, TOO_WIDE, is_sealed, why_unbearable
from channels.email.proof.signatures import chain_of, signatures_of
from tests.channels.email.northshire import a_mail
from tests.channels.email.proof.zone import a_zone, signed

MAIL = a_mail("Please look at this child.\r\n", From="Jo <jo@school.example>")
SIGNED = signed(MAIL)
GOOD = b"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=school.example; s=s1; bh=AAAA; "
COSTLY = {
    "spaces": SIGNED + b" " * 5_000_000,
    "tabs and spaces": SIGNED + b" \t" * 1_000_000 + b"x",
    "many fields": b"X: y\r\n" * 3000 + SIGNED,
    "a long header": b"X: " + b"y" * 200_000 + b"\r\n" + SIGNED,
    "folds": b"X: " + b"\r\n y" * 60_000 + b"\r\n" + SIGNED,
    "a gap in a signature": GOOD + b"h=from; b" + b" " * 9000 + b"=!\r\n" + MAIL,
    "folds in a signature": GOOD + b"h=from; b=" + b"\r\n \t" * 2000 + b"!\r\n" + MAIL,
    "many names": GOOD + b"h=" + b":".join(b"x%d" % place for place in range(900)) + b"; b=AAAA\r\n" + MAIL,
    "many seals": b"".join(b"ARC-Seal: i=%d\r\n" % place for place in range(60)) + SIGNED,
}


@pytest.mark.parametrize("mail", COSTLY.values(), ids=COSTLY)
def test_what_would_cost_too_much_is_left_unchecked(mail: bytes) -> None:
    begun = time.process_time()
    assert why_unbearable(mail) == TOO_WIDE
    assert time.process_time() - begun < 1


def test_what_is_too_large_is_told_apart() -> None:
    assert why_unbearable(SIGNED + b"x" * MOST_BYTES) == TOO_LARGE


@pytest.mark.parametrize(
    "mail",
    [
        SIGNED,
        MAIL,
        b"",
        SIGNED + b" " * 5000 + b"x",
        SIGNED + (b" " * 90 + b"x\r\n") * 60_000,
        b"X: y\r\n" * 1900 + SIGNED,
        SIGNED * 3,
        b"DKIM-Signature: " + b"a=b; " * 1900 + b"\r\n" + MAIL,
    ],
)
def test_whatever_is_checked_takes_no_more_than_a_few_seconds(mail: bytes) -> None:
    assert why_unbearable(mail) == ""
    begun = time.process_time()
    signatures_of(mail, a_zone().questions())
    chain_of(mail, a_zone().questions())
    assert time.process_time() - begun < 4


def test_a_seal_is_looked_for_in_the_header_alone() -> None:
    assert is_sealed(b"ARC-Seal: i=1\r\n" + MAIL) and not is_sealed(MAIL + b"\r\nARC-Seal: i=1\r\n")
