"""The public address as the provider meets it: its name, its certificate, and what answers behind it."""

from __future__ import annotations

import contextlib
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from fastapi import FastAPI, Request, Response

from channels.twilio_account.finding import Finding, State
from channels.twilio_account.outside import Outside
from channels.twilio_account.reached import clock, public_address, region
from tests.channels.static_host import ByName
from tests.channels.telephone import any_port, served
from tests.channels.twilio_account.signed import account

NAME, PUBLIC = "front.example.org", "https://front.example.org"
NOW = datetime.now(UTC)


@dataclass(frozen=True, kw_only=True)
class Issued:
    """A certificate and its key, as files."""

    certificate: Path
    key: Path


def issued(folder: Path, *, name: str = NAME, days: float = 60) -> Issued:
    """A certificate that vouches for itself, good until so many days from now."""
    key, title = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    ends = NOW + timedelta(days=days)
    made = (
        x509.CertificateBuilder().subject_name(title).issuer_name(title).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(min(NOW, ends) - timedelta(days=1))
        .not_valid_after(ends).add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    files = Issued(certificate=folder / "certificate.pem", key=folder / "key.pem")
    files.certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    files.key.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain))
    return files


def believing() -> FastAPI:
    """Answers as ours does: 204 to what bears a signature, 403 to what does not."""
    app = FastAPI()

    @app.post("/twilio/call-status")
    async def status(request: Request) -> Response:
        return Response(status_code=204 if request.headers.get("x-twilio-signature") else 403)

    return app


@contextlib.asynccontextmanager
async def looking(app: FastAPI, shown: Issued, trusted: Issued | None) -> AsyncIterator[httpx.AsyncClient]:
    """A client that trusts this certificate alone, and finds the host at the server that shows the other."""
    listening = any_port()
    where = f"https://127.0.0.1:{listening.getsockname()[1]}"
    trust = ssl.create_default_context(cafile=str(trusted.certificate) if trusted else None)
    async with (
        served(app, listening, ssl_certfile=str(shown.certificate), ssl_keyfile=str(shown.key)),
        httpx.AsyncClient(transport=ByName({NAME: where}, trust)) as http,
    ):
        yield http


async def found(app: FastAPI, shown: Issued, trusted: Issued | None) -> Finding:
    async with looking(app, shown, trusted) as http:
        ours = account(public_url=PUBLIC)
        (finding,) = await public_address(Outside(ours, http), ours, at=NOW)
        return finding


async def test_a_valid_certificate_for_our_name_is_well(tmp_path: Path) -> None:
    shown = issued(tmp_path)
    finding = await found(believing(), shown, shown)
    assert (finding.state, "certificate is valid" in finding.what) == (State.OK, True)


@pytest.mark.parametrize(
    ("name", "days", "is_trusted", "says"),
    [
        (NAME, 60, False, "certificate is not valid"),
        ("other.example.org", 60, True, "certificate is not valid"),
        (NAME, -1, True, "certificate is not valid"),
        (NAME, 5.5, True, "ends in 5 days"),
    ],
)
async def test_a_certificate_the_provider_would_not_take_or_not_for_long_is_told(
    tmp_path: Path, name: str, days: float, is_trusted: bool, says: str
) -> None:
    shown = issued(tmp_path, name=name, days=days)
    finding = await found(believing(), shown, shown if is_trusted else None)
    assert (finding.state, says in finding.what) == (State.WRONG, True), finding.what


async def test_a_gateway_that_believes_everybody_is_told(tmp_path: Path) -> None:
    app, shown = FastAPI(), issued(tmp_path)

    @app.post("/twilio/call-status")
    async def status() -> Response:
        return Response(status_code=204)

    finding = await found(app, shown, shown)
    assert (finding.state, "what nobody signed" in finding.what) == (State.WRONG, True)


@pytest.mark.parametrize(
    ("public", "says"),
    [
        ("http://front.example.org", "not https"),
        ("https://front_door.example.org", "underscore"),
        ("https://localhost:8000", "private network"),
        ("https://10.1.2.3", "private network"),
        ("https://[::1]:8000", "private network"),
        ("https://gateway.internal", "private network"),
    ],
)
async def test_an_address_the_provider_cannot_ask_is_told_without_being_asked(public: str, says: str) -> None:
    ours = account(public_url=public)
    async with httpx.AsyncClient(transport=ByName({})) as http:
        findings = await public_address(Outside(ours, http), ours, at=NOW)
    assert [(one.state, says in one.what) for one in findings] == [(State.WRONG, True)]


async def test_a_pretend_provider_reaches_what_is_on_this_machine() -> None:
    ours = account(public_url="http://127.0.0.1:9", api_url="http://127.0.0.1:4020")
    async with httpx.AsyncClient(trust_env=False) as http:
        (finding,) = await public_address(Outside(ours, http), ours, at=NOW)
    assert (finding.state, "nothing answered" in finding.what) == (State.CANNOT_BE_SEEN, True)


@pytest.mark.parametrize(
    ("api_url", "says"),
    [
        (None, "we ask US1"),
        ("https://api.dublin.ie1.twilio.com", "we ask IE1 by dublin"),
        ("http://127.0.0.1:4020", "not the provider's own"),
    ],
)
def test_the_region_we_ask_is_said_and_the_numbers_own_is_left_to_a_person(api_url: str | None, says: str) -> None:
    finding = region(account(api_url=api_url))
    assert (finding.state, says in finding.what, bool(finding.to_do)) == (State.CANNOT_BE_SEEN, True, True)


def test_a_provider_that_says_no_time_leaves_the_clock_unseen() -> None:
    assert clock(NOW, None).state is State.CANNOT_BE_SEEN
    assert clock(NOW, NOW + timedelta(seconds=59)).state is State.OK
