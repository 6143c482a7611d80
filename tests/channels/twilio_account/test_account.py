"""The account knows its own addresses and no others."""

from __future__ import annotations

import pytest

from tests.channels.twilio_account.signed import account

SID = "AC" + "0" * 31 + "1"
RE, MM, ME = "RE" + "a" * 32, "MM" + "b" * 32, "ME" + "c" * 32
BASE = f"https://api.twilio.com/2010-04-01/Accounts/{SID}"


def test_addresses_are_made_from_sids() -> None:
    assert account().recording_url(RE) == f"{BASE}/Recordings/{RE}.wav"
    assert account().message_media_url(MM, ME) == f"{BASE}/Messages/{MM}/Media/{ME}"
    assert account(api_url="http://127.0.0.1:4020/").recording_url(RE).startswith("http://127.0.0.1:4020/2010-04-01/")


@pytest.mark.parametrize("sid", ["", "RE1", RE + "/../x", RE.replace("RE", "ME"), RE + "?x=1", RE + "\n"])
def test_what_is_no_sid_makes_no_address(sid: str) -> None:
    with pytest.raises(ValueError, match="neither a recording nor"):
        account().recording_url(sid)


@pytest.mark.parametrize(
    ("named", "asked"),
    [
        (f"{BASE}/Recordings/{RE}", f"{BASE}/Recordings/{RE}.wav"),
        (f"{BASE}/Recordings/{RE}.mp3", f"{BASE}/Recordings/{RE}.wav"),
        (f"/2010-04-01/Accounts/{SID}/Messages/{MM}/Media/{ME}", f"{BASE}/Messages/{MM}/Media/{ME}"),
    ],
)
def test_media_named_by_a_webhook_is_asked_for_at_an_address_of_ours(named: str, asked: str) -> None:
    assert account().media_url(named) == asked


@pytest.mark.parametrize(
    "named",
    [
        f"https://evil.example.org/2010-04-01/Accounts/{SID}/Recordings/{RE}",
        f"http://api.twilio.com/2010-04-01/Accounts/{SID}/Recordings/{RE}",
        f"https://api.twilio.com:8443/2010-04-01/Accounts/{SID}/Recordings/{RE}",
        f"https://api.twilio.com@evil.example.org/2010-04-01/Accounts/{SID}/Recordings/{RE}",
        f"//evil.example.org/2010-04-01/Accounts/{SID}/Recordings/{RE}",
        f"{BASE[:-1]}2/Recordings/{RE}",
        f"{BASE}/Recordings/{RE}?to=https://evil.example.org",
        f"{BASE}/Recordings/../../AC/Recordings/{RE}",
        f"{BASE}/Calls.json",
        f"Recordings/{RE}",
        "file:///etc/hostname",
        "",
    ],
)
def test_media_anywhere_else_is_never_asked_for(named: str) -> None:
    with pytest.raises(ValueError, match=r"the media is not|neither a recording"):
        account().media_url(named)


@pytest.mark.parametrize(
    "wrong",
    [
        {"sid": "AC1"},
        {"auth_tokens": ()},
        {"auth_tokens": ("new-token", " ")},
        {"public_url": "front.example.org"},
        {"public_url": "https://user:secret@front.example.org"},
        {"public_url": "https://front.example.org/?x=1"},
        {"public_url": "https://front.example.org:99999"},
        {"api_url": "ftp://api.example.org"},
    ],
)
def test_an_account_that_cannot_work_is_refused_at_once(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"SID|token|URL|[Pp]ort"):
        account(**wrong)


def test_the_tokens_are_not_shown() -> None:
    assert "token" not in repr(account())
