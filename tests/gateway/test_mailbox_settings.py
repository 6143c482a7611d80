"""Settings of mailboxes that make no sense are named at start, and what is secret in them is not repeated."""

from __future__ import annotations

import pytest

from gateway.settings import WrongSetting, load

IMAP = "imaps://referrals%40northshire.example:top-secret@mail.example.org/INBOX"
GRAPH = {
    "graph_tenant": "t", "graph_client_id": "c", "graph_client_secret": "top-secret",
    "graph_mailboxes": "referrals@northshire.example",
}  # fmt: skip


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({"imap": f"{IMAP} {IMAP}:x"}, "FRONTDOOR_IMAP"),
        ({"imap": "imaps://user:top-secret@mail.example.org"}, "FRONTDOOR_IMAP"),
        ({"imap": f"{IMAP},{IMAP}"}, "FRONTDOOR_IMAP"),
        ({"imap_afterwards": "delete"}, "FRONTDOOR_IMAP_AFTERWARDS"),
        ({"imap_afterwards": "move:"}, "FRONTDOOR_IMAP_AFTERWARDS"),
        ({"graph_afterwards": "seen:x"}, "FRONTDOOR_GRAPH_AFTERWARDS"),
        (GRAPH | {"graph_mailboxes": "nobody"}, "FRONTDOOR_GRAPH_MAILBOXES"),
        (GRAPH | {"graph_mailboxes": ""}, "FRONTDOOR_GRAPH_MAILBOXES"),
        (GRAPH | {"graph_client_secret": None}, "FRONTDOOR_GRAPH_CLIENT_SECRET"),
        ({"graph_tenant": "t"}, "FRONTDOOR_GRAPH_TENANT"),
        (GRAPH | {"graph_url": "https://twin.example/v1.0"}, "FRONTDOOR_GRAPH_URL"),
    ],
)
def test_what_is_wrong_is_named_and_no_secret_is_repeated(given: dict[str, object], name: str) -> None:
    with pytest.raises(WrongSetting, match=name) as refused:
        load(**given)
    assert "top-secret" not in str(refused.value)


@pytest.mark.parametrize("given", [{"imap": IMAP, "imap_afterwards": "move:Done"}, GRAPH])
def test_what_is_right_is_taken(given: dict[str, object]) -> None:
    settings = load(**given)
    assert all(getattr(settings, name) == value for name, value in given.items())
