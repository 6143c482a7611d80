"""Our application signs in with a secret or a certificate, asks for a token once an hour, and repeats no secret."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from channels.mailbox import CannotReach
from channels.mailbox.graph_sign_in import Application, SignIn
from tests.channels.mailbox.a_certificate import a_certificate
from tests.channels.mailbox.graph_api import CLIENT, SECRET, TENANT
from tests.channels.mailbox.graph_twin import GraphTwin


@pytest.fixture
async def twin() -> AsyncIterator[GraphTwin]:
    async with GraphTwin() as running:
        yield running


def ours(twin: GraphTwin, *, secret: str | None = SECRET, certificate: Path | None = None) -> Application:
    return Application(tenant=TENANT, client_id=CLIENT, secret=secret, certificate=certificate, url=twin.url)


async def test_a_token_is_asked_for_once_until_it_is_not_taken(twin: GraphTwin) -> None:
    sign_in = SignIn(ours(twin))
    first = await sign_in.token()
    assert await sign_in.token() == first
    assert await sign_in.token(anew=True) != first
    assert len(twin.assertions) == 2


async def test_a_certificate_signs_what_is_sent_in_place_of_a_secret(twin: GraphTwin, tmp_path: Path) -> None:
    pem, key = a_certificate(tmp_path)
    assert await SignIn(ours(twin, secret=None, certificate=pem)).token()
    header, claims, _ = (part + "=" * (-len(part) % 4) for part in twin.assertions[0].split("."))
    assert json.loads(base64.urlsafe_b64decode(claims))["iss"] == CLIENT
    thumbprint = base64.urlsafe_b64decode(json.loads(base64.urlsafe_b64decode(header))["x5t#S256"] + "==")
    assert thumbprint == key


@pytest.mark.parametrize("written", [None, "no certificate"])
async def test_a_certificate_that_cannot_be_used_is_said_to_be_so(
    twin: GraphTwin, tmp_path: Path, written: str | None
) -> None:
    pem = tmp_path / "graph.pem"
    if written:
        pem.write_text(written)
    with pytest.raises(CannotReach, match="certificate") as refused:
        await SignIn(ours(twin, secret=None, certificate=pem)).token()
    assert refused.value.is_refused


def test_the_secret_is_not_shown(tmp_path: Path) -> None:
    assert SECRET not in repr(Application(tenant=TENANT, client_id=CLIENT, secret=SECRET))
