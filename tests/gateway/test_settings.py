"""A wrong setting is named before anything starts."""

from pathlib import Path

import pytest

from gateway.settings import WrongSetting, load

ACCOUNT = {"twilio_account_sid": "AC" + "1" * 32, "twilio_auth_token": "token", "twilio_number": "+441632960000"}
NOTIFY_KEY = "our-key-26785a09-ab16-4eb0-8407-a37497a57506-3d844edf-8d35-48ac-975b-e847b4f122b0"
RIGHT = [
    {"http": "", "smtp": ""},
    {"http": "[::1]:8000"},
    {"mailboxes": "referrals@northshire.example, mash@northshire.example"},
    {"mail_relay": "smtp://user:password@relay.example.org:587", "mail_from": "notices@northshire.example"},
    {"mail_border": "mx.northshire.example", "mail_border_networks": "192.0.2.0/24, 2001:db8::/32"},
    {"mail_border": "microsoft365", "sender_checks": "no", "known_senders": "academy.example.org=school"},
    {"duty_number": "+44 1632 960077"},
    {"duty_number": "sip:duty@northshire.example"},
    ACCOUNT,
    {"twilio_edge": "", "twilio_fallback_url": "https://static.example.org/fallback.xml"},
    {"notify_api_key": NOTIFY_KEY, "notify_api_url": "http://127.0.0.1:6011", "notify_callback_token": "0123456789"},
    {"notify_for": "letter, sms", "notify_sms_template": "f33517ff-2a88-4f6e-b855-c550268ce08a"},
]
WRONG = [
    ("http", "8000"),
    ("http", "127.0.0.1:99999"),
    ("smtp", "127.0.0.1:mail"),
    ("public_url", "northshire.example"),
    ("database_url", "mysql://db.example.org/frontdoor"),
    ("blobs_url", "ftp://files.example.org"),
    ("mailboxes", ""),
    ("mailboxes", "referrals"),
    ("mail_relay", "relay.example.org"),
    ("mail_relay", "smtp://relay.example.org:many"),
    ("mail_from", "referrals"),
    ("mail_border", "the border server"),
    ("mail_border_networks", "192.0.2.300"),
    ("sender_checks", "sometimes"),
    ("known_senders", "academy.example.org=scool"),
    ("known_senders", "nowhere/senders.txt"),
    ("duty_number", "the duty desk"),
    ("twilio_edge", "Dublin 2"),
    ("twilio_fallback_url", "static.example.org/fallback.xml"),
    ("speech_engine", "a parrot"),
    ("notify_api_key", "3d844edf-8d35-48ac-975b-e847b4f122b0"),
    ("notify_api_url", "https://notify.example.org/api"),
    ("notify_callback_token", "short"),
    ("notify_sms_template", "frontdoor text"),
    ("notify_for", "sms, fax"),
]


@pytest.mark.parametrize("given", RIGHT)
def test_what_makes_sense_is_taken(given: dict[str, str]) -> None:
    settings = load(**given)
    assert {name: getattr(settings, name) for name in given} == given


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_what_makes_no_sense_is_named(name: str, value: str) -> None:
    with pytest.raises(WrongSetting, match=f"^FRONTDOOR_{name.upper()}: "):
        load(**{name: value})


def test_a_password_is_not_repeated_when_its_setting_is_wrong() -> None:
    with pytest.raises(WrongSetting) as wrong:
        load(mail_relay="http://user:correct-horse@relay.example.org")
    assert "correct-horse" not in str(wrong.value)


@pytest.mark.parametrize("missing", ACCOUNT)
def test_part_of_a_telephony_account_is_none(missing: str) -> None:
    with pytest.raises(WrongSetting, match=f"FRONTDOOR_{missing.upper()}"):
        load(**{name: value for name, value in ACCOUNT.items() if name != missing})


@pytest.mark.parametrize("words", ['organisation = "Northshire', 'organization = "Northshire Council"\n'])
def test_a_file_that_cannot_be_read_or_says_too_much_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("frontdoor.toml").write_text(words)
    with pytest.raises(WrongSetting, match=r"FRONTDOOR_ORGANIZATION|frontdoor\.toml"):
        load()


def test_a_key_to_sign_with_is_looked_at_before_anything_starts(tmp_path: Path) -> None:
    (tmp_path / "key.pem").write_text("no key")
    for given in ({"dkim_key": tmp_path / "key.pem"}, {"dkim_selector": "frontdoor"}):
        with pytest.raises(WrongSetting, match="FRONTDOOR_DKIM_KEY, FRONTDOOR_DKIM_SELECTOR go together"):
            load(**given)
    with pytest.raises(WrongSetting, match=r"FRONTDOOR_DKIM_KEY.*no private key in PEM"):
        load(dkim_key=tmp_path / "key.pem", dkim_selector="frontdoor")
