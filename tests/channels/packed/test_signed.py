"""What is only signed is read through its wrapping; what is encrypted is known to be."""

import base64
import datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization.pkcs7 import PKCS7Options, PKCS7SignatureBuilder

from channels.packed.signed import Wrapping, unwrap
from tests.channels.email.northshire import a_mail, read
from tests.channels.email.outlook_files import a_signed_wrapping

INNER = b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + "Zoë was hungry.".encode()


def really_signed(content: bytes) -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Jo Example")])
    now = datetime.datetime(2026, 11, 23, tzinfo=datetime.UTC)
    unsigned = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    dated = unsigned.serial_number(1).not_valid_before(now).not_valid_after(now + datetime.timedelta(days=1))
    builder = (
        PKCS7SignatureBuilder().set_data(content).add_signer(dated.sign(key, hashes.SHA256()), key, hashes.SHA256())
    )
    return builder.sign(serialization.Encoding.DER, [PKCS7Options.Binary])


def wrapped(content: bytes) -> bytes:
    return a_mail(
        base64.encodebytes(content),
        Content_Type="application/pkcs7-mime; name=smime.p7m",
        Content_Transfer_Encoding="base64",
    )


@pytest.mark.parametrize(
    "wrapping", [really_signed(INNER), a_signed_wrapping(INNER), a_signed_wrapping(INNER, open_ended=True)]
)
def test_a_mail_that_is_only_signed_is_read(wrapping: bytes) -> None:
    inbound = read(wrapped(wrapping))
    assert inbound.text == "Zoë was hungry."
    assert [each.name for each in inbound.enclosures] == ["smime.p7m"]
    assert not inbound.unopened


def test_a_mail_that_is_encrypted_is_kept_and_said_to_be() -> None:
    inbound = read(wrapped(a_signed_wrapping(b"x", kind=3)))
    assert "is encrypted" in inbound.text
    assert inbound.unopened


def test_what_is_damaged_is_a_file_and_never_fails() -> None:
    whole = a_signed_wrapping(INNER, open_ended=True)
    for end in range(len(whole)):
        unwrap(whole[:end])
    for noise in (b"", b"\x30\x80" * 5000, b"\x24\x80" * 9, b"\x30\x84\xff\xff\xff\xff", b"words"):
        assert unwrap(noise).wrapping is Wrapping.OTHER
