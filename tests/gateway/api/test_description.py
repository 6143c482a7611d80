"""What the API says of itself."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.core import Core
from tests.gateway.office import Office, problem_of

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ADDRESSES = {
    "/api/v1/referrals", "/api/v1/queue", "/api/v1/queue/next", "/api/v1/referrals/{reference}", "/api/v1/check",
    "/api/v1/messages/{id}/raw",
    "/api/v1/parts/{id}",
    "/api/v1/parts/{id}/searchable", "/api/v1/notes", "/api/v1/letters", "/api/v1/letters/to-post",
    "/api/v1/letters/{notice_id}/posted", "/api/v1/letters/{notice_id}/print-again",
    "/api/v1/letters/{notice_id}/came-back", "/api/v1/referrals/{reference}/tasks/{id}",
    "/api/v1/referrals/{reference}/contact", "/api/v1/referrals/{reference}/household", "/api/v1/calls",
    "/api/v1/calls/{id}/sound", "/api/v1/form", "/api/v1/referrals/{reference}/claims/{id}",
    "/api/v1/search", "/api/v1/referrals/{reference}/cluster", "/api/v1/referrals/{reference}/cluster/{other}",
    "/api/v1/referrals/{reference}/suggestions", "/api/v1/referrals/{reference}/suggestions/{id}",
    "/api/v1/referrals/{reference}/arrived",
} | {
    f"/api/v1/referrals/{{reference}}/{action}"
    for action in ("claim", "release", "open", "rate", "ask", "decide", "close", "reopen", "link", "note")
}  # fmt: skip


async def described(office: Office) -> dict[str, Any]:
    """The OpenAPI document."""
    return dict((await office.stranger().get("/openapi.json")).json())


async def test_every_address_of_the_public_surface_is_described_and_no_page_of_staff(office: Office) -> None:
    assert set((await described(office))["paths"]) == ADDRESSES


async def test_every_operation_says_what_it_does_what_it_needs_and_how_it_refuses(office: Office) -> None:
    for path, operations in (await described(office))["paths"].items():
        for operation in operations.values():
            assert operation["description"] and operation["tags"], path
            assert operation["security"] == [{"token": []}], path
            for status in ("401", "403", "503"):
                assert list(operation["responses"][status]["content"]) == ["application/problem+json"], path


async def test_the_description_of_a_referral_has_the_names_of_the_json(core: Core, office: Office) -> None:
    schemas = (await described(office))["components"]["schemas"]
    assert set(schemas["SenderView"]["properties"]) == {"class", "address"}


async def test_an_address_that_is_none_and_a_method_that_is_none_are_told_as_problems(office: Office) -> None:
    assert problem_of(await office.program().get("/api/v1/nothing"))["status"] == 404
    assert problem_of(await office.program().delete("/api/v1/queue"))["status"] == 405
