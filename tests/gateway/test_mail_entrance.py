"""How the mail door stands open is checked before anything starts, and is what the settings say."""

from dataclasses import replace
from pathlib import Path

import pytest

from channels.email.crowd import CrowdLimits
from gateway.core import Core
from gateway.mail_entrance import mail_entrance
from gateway.settings import WrongSetting, load
from tests.channels.email.test_starttls import certificate


@pytest.fixture
def pair(tmp_path: Path) -> dict[str, Path]:
    file = certificate(tmp_path)
    return {"smtp_tls_cert": file, "smtp_tls_key": file}


def test_every_default_is_open_to_many_and_offers_no_encryption(core: Core) -> None:
    entrance = mail_entrance(core)
    assert (entrance.lmtp, entrance.certificate, entrance.must_encrypt) == ("", None, False)
    assert entrance.limits == CrowdLimits(in_all=500, at_once=200, a_minute=6000)
    assert entrance.shelf is core.shelving


def test_what_is_set_is_what_the_door_does(core: Core, pair: dict[str, Path], tmp_path: Path) -> None:
    given = {
        "smtp_tls": "required", "lmtp": str(tmp_path / "lmtp"), "smtp_connections": 30,
        "smtp_connections_per_peer": 3, "smtp_connections_per_minute": 60,
    }  # fmt: skip
    entrance = mail_entrance(replace(core, settings=load(**pair, **given)))
    assert entrance.certificate is not None and entrance.must_encrypt
    assert entrance.lmtp == str(tmp_path / "lmtp")
    assert entrance.limits == CrowdLimits(in_all=30, at_once=3, a_minute=60)


def test_a_certificate_that_went_since_is_named(core: Core, pair: dict[str, Path]) -> None:
    settings = load(**pair)
    pair["smtp_tls_cert"].unlink()
    with pytest.raises(WrongSetting, match="FRONTDOOR_SMTP_TLS_CERT and FRONTDOOR_SMTP_TLS_KEY"):
        mail_entrance(replace(core, settings=settings))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"smtp_tls_cert": Path("mx.pem")}, "FRONTDOOR_SMTP_TLS_CERT and FRONTDOOR_SMTP_TLS_KEY go together"),
        ({"smtp_tls_key": Path("mx.key")}, "FRONTDOOR_SMTP_TLS_CERT and FRONTDOOR_SMTP_TLS_KEY go together"),
        ({"smtp_tls": "required"}, "FRONTDOOR_SMTP_TLS=required needs"),
        ({"smtp_tls": "always"}, "FRONTDOOR_SMTP_TLS: must be offered or required"),
        ({"smtp_connections": 0}, "FRONTDOOR_SMTP_CONNECTIONS"),
        ({"lmtp": "2424"}, "FRONTDOOR_LMTP: must be host:port"),
        ({"lmtp": "/no/such/folder/lmtp"}, "FRONTDOOR_LMTP: must be host:port, or a path"),
        ({"lmtp": "/" + "x" * 120}, "FRONTDOOR_LMTP: must be host:port, or a path"),
    ],
)
def test_what_makes_no_sense_is_named_before_anything_starts(given: dict[str, object], said: str) -> None:
    with pytest.raises(WrongSetting) as told:
        load(**given)
    assert str(told.value).startswith(said)


def test_a_key_that_is_not_the_certificates_is_named(tmp_path: Path, pair: dict[str, Path]) -> None:
    (tmp_path / "other").mkdir()
    with pytest.raises(WrongSetting, match="FRONTDOOR_SMTP_TLS_CERT and FRONTDOOR_SMTP_TLS_KEY"):
        load(**pair | {"smtp_tls_key": certificate(tmp_path / "other")})
