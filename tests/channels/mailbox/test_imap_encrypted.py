"""A password goes to another machine behind TLS only, and only to one whose certificate we trust."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from channels.email.own import Own
from channels.mailbox import CannotReach
from channels.mailbox.as_mail import AsMail
from channels.mailbox.imap import ImapMailbox
from channels.mailbox.imap_address import Hidden, ImapAddress
from tests.channels.mailbox.a_certificate import a_certificate
from tests.dovecot import PASSWORD, USER, Dovecot, dovecot
from tests.missing_parts import needs

pytestmark = needs("dovecot")
EITHER = [Hidden.AT_ONCE, Hidden.STARTTLS]


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    return a_certificate(tmp_path)[0]


@pytest.fixture
def server(certificate: Path) -> Iterator[Dovecot]:
    with dovecot(certificate=certificate) as running:
        yield running


async def count_at(server: Dovecot, hidden: Hidden) -> int:
    where = ImapAddress(
        host="localhost", port=server.tls_port if hidden is Hidden.AT_ONCE else server.port, user=USER,
        password=PASSWORD, folder="INBOX", address=USER, hidden=hidden,
    )  # fmt: skip
    own = Own(mailboxes=(USER,), mail_from=USER, loop_key=b"key")
    async with ImapMailbox(where, label="IMAP", as_mail=AsMail(own=own)).open() as there:
        return (await there.state()).count


@pytest.mark.parametrize("hidden", EITHER)
async def test_a_server_we_trust_is_signed_in_to(
    server: Dovecot, certificate: Path, hidden: Hidden, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    server.put(b"From: a@example.org\r\n\r\nWorried")
    assert await count_at(server, hidden) == 1
    assert "TLS" in (server.folder / "log").read_text()


@pytest.mark.parametrize("hidden", EITHER)
async def test_a_server_we_do_not_trust_hears_no_password(server: Dovecot, hidden: Hidden) -> None:
    with pytest.raises(CannotReach, match="certificate") as refused:
        await count_at(server, hidden)
    assert refused.value.is_refused
    assert "Login:" not in (server.folder / "log").read_text()


async def test_a_server_that_knows_no_tls_hears_no_password() -> None:
    with dovecot() as server:
        with pytest.raises(CannotReach):
            await count_at(server, Hidden.STARTTLS)
        assert "auth attempts" not in (server.folder / "log").read_text().replace("no auth attempts", "")
