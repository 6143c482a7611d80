"""Where mailboxes are is read from one setting; the password is never shown, nor sent in the clear elsewhere."""

from __future__ import annotations

import pytest

from channels.mailbox.imap_address import Hidden, imap_addresses


def test_every_part_is_read_with_its_signs_written_out() -> None:
    first, second = imap_addresses(
        "imaps://referrals%40northshire.example:a%2Cb%2Fc%40d@mail.example.org/Front%20door/New, "
        "imap://desk:secret@[::1]:1143?address=desk@northshire.example"
    )
    assert (first.user, first.password, first.port) == ("referrals@northshire.example", "a,b/c@d", 993)
    assert (first.folder, first.address, first.hidden) == ("Front door/New", first.user, Hidden.AT_ONCE)
    assert (second.host, second.port, second.folder) == ("::1", 1143, "INBOX")
    assert (second.address, second.hidden) == ("desk@northshire.example", Hidden.STAYS_HERE)


@pytest.mark.parametrize("host", ["mail.example.org", "192.0.2.1", "localhost.example.org"])
def test_a_password_goes_to_another_machine_behind_tls_only(host: str) -> None:
    (found,) = imap_addresses(f"imap://a%40example.org:secret@{host}")
    assert found.hidden is Hidden.STARTTLS
    assert found.port == 143


def test_the_password_is_not_shown() -> None:
    (found,) = imap_addresses("imaps://a%40example.org:secret@mail.example.org")
    assert "secret" not in repr(found)
    assert "secret" not in found.name


@pytest.mark.parametrize(
    "words",
    [
        "mail.example.org", "imaps://mail.example.org", "imaps://user@mail.example.org", "imaps://user:secret@",
        "http://a%40example.org:secret@mail.example.org", "imaps://a%40example.org:secret@mail.example.org:port",
        "imaps://user:secret@mail.example.org", "imaps://user:secret@mail.example.org?address=nobody",
        "imaps://a%40b.example:secret@mail.example.org,imaps://a%40b.example:secret@mail.example.org/INBOX",
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_without_repeating_it(words: str) -> None:
    with pytest.raises(ValueError, match=r"^(must|names)") as refused:
        imap_addresses(words)
    assert "secret@" not in str(refused.value).replace("user:password@", "")


def test_none_is_none() -> None:
    assert imap_addresses(" , ") == ()
