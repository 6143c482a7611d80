"""What the doctor says of senders, of our signature and of our relay; it asks only where there is something to ask."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from channels.email.proof import Names
from gateway.commands.mail_set_up import mail_rows
from gateway.commands.set_up import Row
from gateway.mail_senders import mail_signing
from gateway.settings import Settings
from tests.channels.email.proof.zone import Zone

RELAY = "smtp://relay.example.org:587"
NAME = "frontdoor._domainkey.northshire.example"


async def rows(zone: Zone, **given: object) -> list[Row]:
    return list(await mail_rows(Settings(**given, _env_file=None), Names(zone)))  # type: ignore[arg-type]


@pytest.fixture
def key(tmp_path: Path) -> dict[str, object]:
    """The settings of a key."""
    pem = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    file = tmp_path / "key.pem"
    file.write_bytes(Ed25519PrivateKey.generate().private_bytes(*pem))
    return {"dkim_key": file, "dkim_selector": "frontdoor"}


@pytest.mark.parametrize(
    ("given", "state", "words"),
    [
        ({}, "ok", "a server from outside"),
        ({"sender_checks": "yes"}, "ok", "all mail"),
        ({"sender_checks": "no"}, "look", "FRONTDOOR_SENDER_CHECKS"),
        ({"mail_border": "mx.northshire.example"}, "look", "by the border server"),
        ({"mail_border": "microsoft365", "mail_border_networks": "192.0.2.0/24"}, "ok", "only from its own networks"),
    ],
)
async def test_how_senders_are_checked(given: dict[str, object], state: str, words: str) -> None:
    zone = Zone({})
    [row] = await rows(zone, **given)
    assert (row.state, zone.asked) == (state, []) and words in row.what


async def test_a_key_that_nobody_can_find_is_wrong_and_the_record_to_publish_is_told(key: dict[str, object]) -> None:
    signing = mail_signing(Settings(**key, _env_file=None))  # type: ignore[arg-type]
    assert signing is not None
    _, missing = await rows(Zone({}), **key)
    assert (missing.state, missing.to_do) == ("wrong", f"publish as TXT under {NAME}: {signing.record}")
    _, another = await rows(Zone({(NAME, "TXT"): ["v=DKIM1; k=ed25519; p=AAAA"]}), **key)
    assert another.state == "wrong"
    split = signing.record.replace("p=", "p= ").replace(signing.public, f"{signing.public[:9]} {signing.public[9:]}")
    _, there = await rows(Zone({(NAME, "TXT"): [split]}), **key)
    assert (there.state, there.what) == ("ok", f"published under {NAME}")
    away = Zone({})
    away.is_away = True
    _, unseen = await rows(away, **key)
    assert unseen.state == "unseen" and unseen.is_well and signing.record in unseen.to_do


@pytest.mark.parametrize(
    ("records", "state", "words"),
    [
        (["v=spf1 ip4:192.0.2.25 ip6:2001:db8::/32 -all"], "ok", "covers the relay"),
        (["v=spf1 ip4:192.0.2.25 -all"], "look", "SPF: fail"),
        ([], "look", "SPF: none"),
    ],
)
async def test_whether_our_domain_names_the_relay(records: list[str], state: str, words: str) -> None:
    zone = Zone({
        ("relay.example.org", "A"): ["192.0.2.25"], ("relay.example.org", "AAAA"): ["2001:db8::25"],
        ("northshire.example", "TXT"): records,
    })  # fmt: skip
    _, signature, relay = await rows(zone, mail_relay=RELAY)
    assert (signature.state, relay.state) == ("unseen", state) and words in relay.what


async def test_of_a_relay_in_our_own_house_nobody_is_asked() -> None:
    for host in ("127.0.0.1", "10.0.0.5", "localhost", "relay"):
        zone = Zone({})
        assert len(await rows(zone, mail_relay=f"smtp://{host}:25")) == 2 and zone.asked == []


async def test_a_name_service_that_is_away_is_nobodys_fault() -> None:
    zone = Zone({})
    zone.is_away = True
    assert [row.state for row in await rows(zone, mail_relay=RELAY)] == ["ok", "unseen", "unseen"]
