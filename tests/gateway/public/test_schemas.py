"""Anybody may fetch the schema that the part for programs of our mails names, and keep it."""

from __future__ import annotations

import pytest

from gateway.core import Core
from gateway.machine_part import SCHEMA
from tests.gateway.public.site import PublicSite

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def test_the_schema_is_published_and_may_be_kept(core: Core) -> None:
    browser = PublicSite(core).browser
    answer = await browser.get("/schemas/notice-1.json")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/schema+json")
    assert answer.content == SCHEMA.read_bytes()
    assert answer.json()["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert answer.headers["cache-control"] == "public, max-age=86400"
    again = await browser.get("/schemas/notice-1.json", headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert (await browser.head("/schemas/notice-1.json")).status_code == 200
    assert (await browser.get("/schemas/notice-2.json")).status_code == 404
