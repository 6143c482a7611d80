"""A signature vouches for its domain only as long as nothing that matters was changed or left out."""

from __future__ import annotations

import base64
import hashlib
import re
import time

import dkim
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from channels.email.proof.signatures import best, chain_of, signatures_of
from tests.channels.email.northshire import a_mail
from tests.channels.email.proof.zone import KEY_NAME, Zone, a_key, a_zone, signed

MAIL = a_mail("Please look at this child.\r\n", From="Jo <jo@school.example>", Date="Mon, 23 Nov 2026 10:15:00 +0000")

# RFC 8463, appendix A: its mail, its keys and its signatures.
RFC_8463_ED25519 = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
RFC_8463_RSA = (
    "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y3F"
    "utACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB"
)
RFC_8463_MAIL = b"""DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;\r
 d=football.example.com; i=@football.example.com;\r
 q=dns/txt; s=brisbane; t=1528637909; h=from : to :\r
 subject : date : message-id : from : subject : date;\r
 bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;\r
 b=/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus\r
 Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==\r
DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;\r
 d=football.example.com; i=@football.example.com;\r
 q=dns/txt; s=test; t=1528637909; h=from : to : subject :\r
 date : message-id : from : subject : date;\r
 bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;\r
 b=F45dVWDfMbQDGHJFlXUNB2HKfbCeLRyhDXgFpEL8GwpsRe0IeIixNTe3\r
 DhCVlUrSjV4BwcVcOF6+FF3Zo9Rpo1tFOeS9mPYQTnGdaSGsgeefOsk2Jz\r
 dA+L10TeYt9BgDfQNZtKdN1WO//KgIqXP7OdEFE4LjFYNcUxZQ4FADY+8=\r
From: Joe SixPack <joe@football.example.com>\r
To: Suzie Q <suzie@shopping.example.net>\r
Subject: Is dinner ready?\r
Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)\r
Message-ID: <20030712040037.46341.5F8J@football.example.com>\r
\r
Hi.\r
\r
We lost the game.  Are you hungry yet?\r
\r
Joe.\r
"""


def results(mail: bytes, zone: Zone) -> list[tuple[str, str]]:
    return [(each.domain, each.result) for each in signatures_of(mail, zone.questions())]


def test_both_signatures_of_the_example_of_rfc_8463_hold() -> None:
    zone = Zone({
        ("brisbane._domainkey.football.example.com", "TXT"): [f"v=DKIM1; k=ed25519; p={RFC_8463_ED25519}"],
        ("test._domainkey.football.example.com", "TXT"): [f"v=DKIM1; k=rsa; p={RFC_8463_RSA}"],
    })  # fmt: skip
    assert results(RFC_8463_MAIL, zone) == [("football.example.com", "pass")] * 2
    assert results(RFC_8463_MAIL.replace(b"hungry", b"Hungry"), zone) == [("football.example.com", "fail")] * 2


def test_a_signature_of_ours_made_by_the_library_holds() -> None:
    assert results(signed(MAIL), a_zone()) == [("school.example", "pass")]


@pytest.mark.parametrize(
    ("before", "after"),
    [(b"this child", b"that child"), (b"Subject: A worry", b"Subject: No worry"), (b"Jo <jo@", b"Al <al@")],
)
def test_what_was_changed_on_the_way_is_no_longer_vouched_for(before: bytes, after: bytes) -> None:
    assert results(signed(MAIL).replace(before, after), a_zone()) == [("school.example", "fail")]


def test_a_second_author_added_on_top_breaks_the_signature() -> None:
    header, rest = signed(MAIL)[: -len(MAIL)], MAIL
    assert results(header + b"From: chief@police.example\r\n" + rest, a_zone()) == [("school.example", "fail")]


def test_each_of_two_signatures_is_told_for_itself() -> None:
    twice = signed(signed(MAIL), domain="lists.example", selector="k")
    zone = a_zone(k___domainkey__lists__example=a_key(2048)[1])
    assert results(twice, zone) == [("lists.example", "fail"), ("school.example", "pass")]
    assert best(signatures_of(twice, zone.questions())) == "pass"


def test_an_expired_signature_fails() -> None:
    def resigned(expires: int) -> bytes:
        signing = dkim.DKIM(MAIL)
        made = signing.gen_header
        signing.gen_header = lambda fields, *rest, **more: made(
            [*fields[:-1], (b"x", str(expires).encode()), fields[-1]], *rest, **more
        )
        return bytes(signing.sign(b"s1", b"school.example", a_key()[0])) + MAIL

    now = int(time.time())
    assert results(resigned(now + 3600), a_zone()) == [("school.example", "pass")]
    assert results(resigned(now - 10 * 86400), a_zone()) == [("school.example", "fail")]


def test_a_signature_that_leaves_a_part_of_the_mail_out_proves_nothing() -> None:
    assert results(signed(MAIL, length=True) + b"and send money", a_zone()) == [("school.example", "policy")]


def test_a_short_key_a_missing_one_and_nonsense_prove_nothing() -> None:
    assert results(signed(MAIL), Zone({})) == [("school.example", "fail")]
    assert results(signed(MAIL), Zone({(KEY_NAME, "TXT"): ["v=DKIM1; k=rsa; p=AAAA"]}))[0][1] in ("fail", "permerror")
    assert results(signed(MAIL), Zone({(KEY_NAME, "TXT"): ["v=DKIM1; p="]}))[0][1] in ("fail", "permerror")
    assert results(b"DKIM-Signature: v=1; d=school.example\r\n" + MAIL, a_zone())[0][1] in ("fail", "permerror")
    assert results(b"DKIM-Signature: ;;==\r\n" + MAIL, a_zone())[0][1] in ("fail", "permerror")
    assert results(MAIL, a_zone()) == [] and best(()) == "none"


def test_a_name_service_that_is_away_is_not_held_against_the_sender() -> None:
    zone = a_zone()
    zone.is_away = True
    assert results(signed(MAIL), zone) == [("school.example", "temperror")]


def test_no_more_than_five_signatures_make_us_ask() -> None:
    zone, header = a_zone(), signed(MAIL)[: -len(MAIL)]
    assert len(results(header * 50 + MAIL, zone)) == 5
    assert len(zone.asked) == 1


def test_a_signature_calculated_by_hand_with_ed25519_holds() -> None:
    key = Ed25519PrivateKey.generate()
    body = MAIL.partition(b"\r\n\r\n")[2]
    digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
    field = f"v=1; a=ed25519-sha256; c=relaxed/relaxed; d=school.example; s=hand; h=from:subject; bh={digest}; b="
    hashed = f"from:Jo <jo@school.example>\r\nsubject:A worry\r\ndkim-signature:{field}".encode()
    made = base64.b64encode(key.sign(hashlib.sha256(hashed).digest())).decode()
    public = base64.b64encode(key.public_key().public_bytes_raw()).decode()
    zone = a_zone(hand___domainkey__school__example=f"k=ed25519; p={public}")
    assert results(f"DKIM-Signature: {field}{made}\r\n".encode() + MAIL, zone) == [("school.example", "pass")]


def a_list_mail() -> bytes:
    """The school's mail as a mailing list passes it on: changed, and sealed by the list."""
    found = b"Authentication-Results: lists.example; dkim=pass header.d=school.example\r\n"
    passed_on = found + signed(MAIL).replace(b"A worry", b"[heads] A worry")
    seals = dkim.arc_sign(passed_on, b"s1", b"lists.example", a_key()[0], b"lists.example")
    assert seals
    return b"".join(seals) + passed_on


def test_the_seals_of_a_mailing_list_hold_where_the_signature_it_broke_does_not() -> None:
    zone = a_zone(s1___domainkey__lists__example=a_key()[1])
    mail = a_list_mail()
    assert results(mail, zone) == [("school.example", "fail")]
    assert chain_of(mail, zone.questions()) == "pass"
    assert chain_of(mail.replace(b"this child", b"that child"), zone.questions()) == "fail"
    assert chain_of(re.sub(rb"cv=none", b"cv=pass", mail), zone.questions()) == "fail"
    assert chain_of(MAIL, zone.questions()) == "none"
    zone.is_away = True
    assert chain_of(mail, Zone({}).questions()) == "fail"
    assert chain_of(mail, zone.questions()) == "temperror"
