"""What we send is signed so that anybody can check it, and so that nothing can be added unseen."""

from __future__ import annotations

import base64
import hashlib
import re
import stat
import statistics
import subprocess
import time
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from channels.email.compose import notice_as_mail
from channels.email.proof.signatures import signatures_of
from channels.email.signing import Signing, WrongKey, signing_of
from tests.channels.email.northshire import OWN, a_mail, a_notice, email_channel
from tests.channels.email.proof.zone import Zone
from tests.channels.email.relay_sink import relay_sink

OURS = "referrals@northshire.example"
ALL_SIGNED = {
    "from", "to", "subject", "date", "message-id", "in-reply-to", "references", "auto-submitted", "mime-version",
    "content-type", "reply-to",
}  # fmt: skip
Key = rsa.RSAPrivateKey | Ed25519PrivateKey | ec.EllipticCurvePrivateKey


def written(folder: Path, key: Key, *, password: bytes | None = None) -> Path:
    sealing = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
    file = folder / "key.pem"
    file.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, sealing))
    return file


def signing(folder: Path, key: Key) -> Signing:
    return signing_of(written(folder, key), "frontdoor", mail_from=OURS)


def a_signed_notice(with_: Signing) -> bytes:
    handle = {"message_id": "1@school.example.org", "references": "0@school.example.org"}
    return with_.signed(notice_as_mail(a_notice(reply_handle=handle), own=OWN, organisation="Northshire Council"))


def what_was_signed(mail: bytes) -> tuple[bytes, bytes, dict[str, str]]:
    """Calculated after RFC 6376 by nothing but this: the bytes that were signed, the signature, and its tags."""
    head, _, body = mail.partition(b"\r\n\r\n")
    fields = [line.partition(b":")[::2] for line in re.split(rb"\r\n(?![ \t])", head)]
    name, value = fields[0]
    tags = dict(re.sub(r"\s", "", part).partition("=")[::2] for part in value.decode().split(";"))
    lines = [re.sub(rb"[ \t]+", b" ", line).rstrip() for line in body.split(b"\r\n")]
    plain = b"\r\n".join(lines).rstrip(b"\r\n") + b"\r\n"
    assert tags["bh"] == base64.b64encode(hashlib.sha256(plain).digest()).decode()
    left, hashed = [(each.lower().strip(), said) for each, said in fields[1:]], b""
    for wanted in tags["h"].split(":"):
        found = next((place for place in reversed(range(len(left))) if left[place][0] == wanted.encode()), None)
        if found is not None:
            each, said = left.pop(found)
            hashed += each + b":" + _relaxed(said) + b"\r\n"
    hashed += name.lower() + b":" + _relaxed(re.sub(rb"(;\s*b=)[^;]*", rb"\1", value))
    return hashed, base64.b64decode(tags["b"]), tags


def _relaxed(value: bytes) -> bytes:
    return re.sub(rb"\s+", b" ", value).strip()


def test_a_verifier_that_shares_nothing_with_the_signer_finds_the_rsa_signature_good(tmp_path: Path) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    hashed, signature, tags = what_was_signed(a_signed_notice(signing(tmp_path, key)))
    key.public_key().verify(signature, hashed, padding.PKCS1v15(), hashes.SHA256())
    assert (tags["a"], tags["d"], tags["s"]) == ("rsa-sha256", "northshire.example", "frontdoor")


def test_so_does_openssl(tmp_path: Path) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    with_ = signing(tmp_path, key)
    hashed, signature, _ = what_was_signed(a_signed_notice(with_))
    (tmp_path / "hashed").write_bytes(hashed)
    (tmp_path / "signature").write_bytes(signature)
    published = base64.b64decode(with_.record.partition("p=")[2])
    public = serialization.load_der_public_key(published)
    pem = serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    (tmp_path / "public").write_bytes(public.public_bytes(*pem))
    command = ["openssl", "dgst", "-sha256", "-verify", "public", "-signature", "signature", "hashed"]
    answer = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=30)
    assert answer.stdout.strip() == "Verified OK", answer.stderr


def test_an_ed25519_signature_is_found_good_too(tmp_path: Path) -> None:
    key = Ed25519PrivateKey.generate()
    hashed, signature, tags = what_was_signed(a_signed_notice(signing(tmp_path, key)))
    key.public_key().verify(signature, hashlib.sha256(hashed).digest())
    assert tags["a"] == "ed25519-sha256"


@pytest.mark.parametrize("field", sorted(ALL_SIGNED))
def test_no_field_can_be_added_a_second_time(tmp_path: Path, field: str) -> None:
    with_ = signing(tmp_path, Ed25519PrivateKey.generate())
    mail, zone = a_signed_notice(with_), Zone({(with_.record_name, "TXT"): [with_.record]})
    [before] = signatures_of(mail, zone.questions())
    [after] = signatures_of(mail.replace(b"\r\nFrom:", f"\r\n{field}: x\r\nFrom:".encode(), 1), zone.questions())
    assert (before.result, after.result) == ("pass", "fail")
    assert set(what_was_signed(mail)[2]["h"].split(":")) == ALL_SIGNED


def test_what_is_published_says_which_key_it_is(tmp_path: Path) -> None:
    with_ = signing(tmp_path, Ed25519PrivateKey.generate())
    assert with_.record_name == "frontdoor._domainkey.northshire.example"
    assert re.fullmatch(r"v=DKIM1; k=ed25519; p=[A-Za-z0-9+/]{43}=", with_.record)
    assert stat.S_ISREG((tmp_path / "key.pem").stat().st_mode) and "PRIVATE" not in with_.record


@pytest.mark.parametrize(
    ("selector", "content", "why"),
    [
        ("a b", "", "selector"),
        ("frontdoor", "", "no private key"),
        ("frontdoor", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "no private key"),
    ],
)
def test_a_key_that_cannot_be_used_is_told_at_the_start(tmp_path: Path, selector: str, content: str, why: str) -> None:
    file = tmp_path / "key.pem"
    file.write_text(content)
    with pytest.raises(WrongKey, match=why):
        signing_of(file, selector, mail_from=OURS)


def test_keys_of_the_wrong_kind_and_files_that_are_not_there(tmp_path: Path) -> None:
    wrong: list[tuple[Path, str]] = [
        (written(tmp_path, ec.generate_private_key(ec.SECP256R1())), "must be RSA or Ed25519"),
        (tmp_path / "nothing.pem", "cannot be read"),
    ]
    for file, why in wrong:
        with pytest.raises(WrongKey, match=why):
            signing_of(file, "frontdoor", mail_from=OURS)
    with pytest.raises(WrongKey, match="without a password"):
        signing_of(written(tmp_path, Ed25519PrivateKey.generate(), password=b"x"), "frontdoor", mail_from=OURS)


def test_a_mail_that_cannot_be_signed_goes_as_it_is(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with_ = signing(tmp_path, Ed25519PrivateKey.generate())
    broken = b"no header at all"
    assert with_.signed(broken) == broken
    assert "without a signature" in caplog.text


def test_signing_costs_little(tmp_path: Path) -> None:
    with_ = signing(tmp_path, rsa.generate_private_key(public_exponent=65537, key_size=2048))
    mail, spent = a_mail(), []
    for _ in range(7):
        begun = time.thread_time()
        with_.signed(mail)
        spent.append(time.thread_time() - begun)
    assert statistics.median(spent) < 0.05


async def test_what_the_relay_is_given_bears_the_signature(tmp_path: Path) -> None:
    with_ = signing(tmp_path, Ed25519PrivateKey.generate())
    async with relay_sink() as sink:
        channel = email_channel(relay=f"smtp://127.0.0.1:{sink.port}", signing=with_)
        await channel.send(a_notice(text="Thank you — né.\n.\nA line of one dot.", html="<p>Page</p>"))
        await channel.close()
    [taken] = sink.taken
    zone = Zone({(with_.record_name, "TXT"): [with_.record]})
    assert [each.result for each in signatures_of(taken.content, zone.questions())] == ["pass"]
