"""A renewed certificate is shown from the next conversation on; one that does not fit changes nothing."""

import asyncio
import os
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from channels.email.certificate import Certificate
from channels.email.door import MailDoor
from channels.email.entrance import Entrance
from tests.channels.email.conftest import OpenDoor
from tests.channels.email.northshire import OWN, a_mail
from tests.channels.email.test_arriving import HELLO, say
from tests.channels.email.test_starttls import certificate
from tests.channels.keeping import Keeping

ANY = ssl.create_default_context()
ANY.check_hostname, ANY.verify_mode = False, ssl.CERT_NONE


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return certificate(tmp_path)


@pytest.fixture
async def front(file: Path) -> AsyncIterator[OpenDoor]:
    keeping = Keeping()
    entrance = Entrance(certificate=Certificate(file, file), must_encrypt=True)
    door = MailDoor(keeping, own=OWN, host="127.0.0.1", port=0, hostname="mx.northshire.example", entrance=entrance)
    await door.open()
    yield OpenDoor(door=door, keeping=keeping)
    await door.close()


async def encrypted(port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"EHLO x\r\n")
    assert b"250-STARTTLS" in await reader.readuntil(b"250 HELP\r\n")
    writer.write(b"STARTTLS\r\n")
    assert (await reader.readline()).startswith(b"220 ")
    await writer.start_tls(ANY, server_hostname="mx.northshire.example")
    return reader, writer


async def shown(port: int) -> bytes:
    """The certificate, as it lies in its file."""
    _, writer = await encrypted(port)
    shown = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
    writer.write(b"QUIT\r\n")
    writer.close()
    assert isinstance(shown, bytes)
    return shown


def in_file(file: Path) -> bytes:
    [one] = x509.load_pem_x509_certificates(file.read_bytes())
    return one.public_bytes(serialization.Encoding.DER)


async def test_a_renewal_is_seen_without_a_restart(front: OpenDoor, file: Path, tmp_path: Path) -> None:
    before = in_file(file)
    assert await shown(front.port) == before
    (tmp_path / "new").mkdir()
    renewed = certificate(tmp_path / "new")
    renewed.replace(file)
    assert in_file(file) != before
    assert await shown(front.port) == in_file(file)


@pytest.mark.parametrize("broken", [b"", b"-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n", None])
async def test_one_that_cannot_be_used_leaves_the_one_before_in_force(
    front: OpenDoor, file: Path, broken: bytes | None, caplog: pytest.LogCaptureFixture
) -> None:
    before, whole = in_file(file), file.read_bytes()
    file.unlink() if broken is None else file.write_bytes(broken)
    assert await shown(front.port) == before
    assert ("cannot be used" in caplog.text) == (broken is not None)
    assert str(file) not in caplog.text
    file.write_bytes(whole)
    os.utime(file, (1, 1))
    assert await shown(front.port) == before


def test_two_files_that_do_not_belong_together_are_refused_at_once(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    with pytest.raises(ssl.SSLError):
        Certificate(certificate(tmp_path / "a"), certificate(tmp_path / "b"))


async def test_where_encryption_is_required_nothing_is_taken_without_it(front: OpenDoor) -> None:
    answers = await say(front.port, HELLO)
    assert answers.count(b"530 Must issue a STARTTLS command first") == 3
    reader, writer = await encrypted(front.port)
    writer.write(HELLO + a_mail() + b"\r\n.\r\n")
    assert b"Kept as" in await reader.readuntil(b"Kept as")
    writer.write(b"\r\nSTARTTLS\r\n")
    assert b"503 5.5.1 TLS is on already" in await reader.readuntil(b"already")
    writer.close()
    assert front.keeping.kept[0].envelope["with"] == "ESMTPS"


async def test_a_handshake_that_is_none_ends_that_conversation_alone(front: OpenDoor) -> None:
    for _ in range(3):
        reader, writer = await asyncio.open_connection("127.0.0.1", front.port)
        writer.write(b"EHLO x\r\nSTARTTLS\r\n")
        await reader.readuntil(b"220 Ready to start TLS\r\n")
        writer.write(b"MAIL FROM:<evil@example.org>\r\n")
        assert b"250" not in await asyncio.wait_for(reader.read(), 5)
        writer.close()
    await shown(front.port)
    await asyncio.sleep(0.05)
    assert front.door._crowd._open.total() == len(front.door._conversations) <= 1
