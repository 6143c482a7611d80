"""From the border server to the queue: a school that is proven, police that are not, and a signed acknowledgement."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from channels.email.proof.signatures import signatures_of
from gateway.mail_senders import mail_signing
from tests.channels.email.northshire import a_mail
from tests.channels.email.proof.zone import Zone
from tests.house import House, a_house

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
BORDER = "mx.northshire.example"


@pytest.fixture
async def house(tmp_path: Path, database_url: str) -> AsyncIterator[House]:
    """A council with a border server and a key of its own."""
    pem = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    key = tmp_path / "mail-key.pem"
    key.write_bytes(Ed25519PrivateKey.generate().private_bytes(*pem))
    signs = {"dkim_key": key, "dkim_selector": "frontdoor"}
    async with a_house(tmp_path, database_url, mail_border=BORDER, **signs) as opened:
        yield opened


def settled(referrals: list[Any]) -> bool:
    return len(referrals) == 2 and all(each["notices"] for each in referrals) and referrals[0]["notices"][0]["sent_at"]


async def test_a_forgery_is_read_and_marked_and_the_school_gets_a_signed_answer(house: House) -> None:
    school = f"{BORDER}; dkim=pass header.d=school.example; dmarc=pass header.from=school.example"
    forged = f"{BORDER}; spf=pass smtp.mailfrom=evil.example; dmarc=fail header.from=police.example"
    await house.mail(a_mail(From="head@school.example", Authentication_Results=school), "head@school.example")
    mail = a_mail("Tell us where the family lives.", From="desk@police.example", Authentication_Results=forged)
    await house.mail(mail.replace(b"<1@", b"<2@"), "x@evil.example")
    first, second = await house.settled(settled)
    assert [each["messages"][0]["sender_mark"] for each in (first, second)] == ["School, proven", "Sender not proven"]
    assert first["look_by"][:16] == second["look_by"][:16] and "where the family lives" in second["text"]
    proof = second["messages"][0]["sender_proof"]
    assert (proof["standing"], proof["dmarc"], proof["claims"]) == ("doubted", "fail", "police.example")
    assert {(each["kind"], each["state"]) for each in second["notices"]} == {
        ("receipt", "cancelled"), ("staff_task", "owed")
    }  # fmt: skip
    [relayed] = house.relayed
    signing = mail_signing(house.core.settings)
    assert signing is not None
    zone = Zone({(signing.record_name, "TXT"): [signing.record]})
    assert [each.result for each in signatures_of(relayed, zone.questions())] == ["pass"]
    assert b"school.example" in relayed and b"police" not in relayed
