"""Mail can come in over TLS, and nothing said before the handshake counts after it."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiosmtplib
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from channels.email import Email
from channels.email.certificate import Certificate
from channels.email.entrance import Entrance
from channels.email.relay import Relay, relay_address
from tests.channels.email.conftest import OpenDoor
from tests.channels.email.northshire import KEY, MAILBOX, SENDER, a_mail
from tests.channels.keeping import Keeping


def certificate(folder: Path) -> Path:
    """A certificate for the machine itself, signed by itself, with its key in the same file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mx.northshire.example")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("mx.northshire.example")]), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    file = folder / "mx.pem"
    form = serialization.PrivateFormat.PKCS8
    private = key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return file


@pytest.fixture
def own_certificate(tmp_path: Path) -> Path:
    return certificate(tmp_path)


@pytest.fixture
async def tls_front(own_certificate: Path) -> AsyncIterator[OpenDoor]:
    entrance = Entrance(certificate=Certificate(own_certificate, own_certificate))
    channel = Email(
        mailboxes=(MAILBOX,), listen="127.0.0.1:0", relay=None, mail_from=MAILBOX, organisation="Northshire Council",
        hostname="mx.northshire.example", loop_key=KEY, entrance=entrance,
    )  # fmt: skip
    keeping = Keeping()
    door = channel.door(keeping)
    assert door is not None
    await door.open()
    yield OpenDoor(door=door, keeping=keeping)
    await door.close()


async def test_a_mail_over_tls_is_kept_exactly(tls_front: OpenDoor, own_certificate: Path) -> None:
    trusting = ssl.create_default_context(cafile=own_certificate)
    trusting.check_hostname = False
    client = aiosmtplib.SMTP(hostname="127.0.0.1", port=tls_front.port, start_tls=True, tls_context=trusting)
    async with client:
        await client.ehlo()
        assert not client.supports_extension("auth")
        assert not client.supports_extension("starttls")
        await client.sendmail(SENDER, [MAILBOX], a_mail("x" * 200_000))
    assert [raw.body for raw in tls_front.keeping.kept] == [a_mail("x" * 200_000) + b"\r\n"]


async def test_what_was_slipped_in_before_the_handshake_is_thrown_away(
    tls_front: OpenDoor, own_certificate: Path
) -> None:
    trusting = ssl.create_default_context(cafile=own_certificate)
    reader, writer = await asyncio.open_connection("127.0.0.1", tls_front.port)
    writer.write(b"EHLO x\r\n")
    await reader.readuntil(b"250 HELP\r\n")
    writer.write(b"STARTTLS\r\nEHLO evil\r\nMAIL FROM:<evil@example.org>\r\n")
    assert (await reader.readline()).startswith(b"220 ")
    await writer.start_tls(trusting, server_hostname="mx.northshire.example")
    writer.write(b"EHLO x\r\n")
    assert (await reader.readuntil(b"250 HELP\r\n")).startswith(b"250-mx.northshire.example")
    writer.write(f"MAIL FROM:<{SENDER}>\r\nQUIT\r\n".encode())
    assert (await reader.readline()).startswith(b"250 ")
    assert (await reader.readline()).startswith(b"221 ")
    writer.close()


async def test_a_relay_on_this_machine_needs_no_certificate_that_anybody_trusts(tls_front: OpenDoor) -> None:
    relay = Relay(relay_address(f"smtp://127.0.0.1:{tls_front.port}"), hostname="gateway.northshire.example")
    await relay.hand_over(a_mail(), sender=SENDER, recipient=MAILBOX)
    await relay.close()
    assert [raw.envelope["with"] for raw in tls_front.keeping.kept] == ["ESMTPS"]
