"""The files of our pages travel small, are kept by their mark, and are asked for again without it."""

from __future__ import annotations

import gzip

import httpx
from fastapi import FastAPI

from gateway.pages import STATIC, asset
from gateway.static_files import PageFiles


def browser(**headers: str) -> httpx.AsyncClient:
    app = FastAPI()
    app.mount("/static", PageFiles(directory=STATIC))
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://gateway.example", headers=headers)


async def test_a_file_with_its_mark_is_kept_for_a_year_and_without_it_asked_for_again() -> None:
    async with browser() as web:
        marked = await web.get(asset("staff.css"))
        old = await web.get("/static/staff.css?v=0123456789ab")
        plain = await web.get("/static/staff.css")
    assert marked.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert old.headers["cache-control"] == plain.headers["cache-control"] == "no-cache"
    assert marked.content == (STATIC / "staff.css").read_bytes()


async def test_a_file_is_compressed_for_whoever_can_read_that() -> None:
    async with browser(**{"Accept-Encoding": "identity"}) as web, browser(**{"Accept-Encoding": "gzip"}) as other:
        plain = await web.get(asset("staff.css"))
        async with other.stream("GET", asset("staff.css")) as packed:
            raw = b"".join([piece async for piece in packed.aiter_raw()])
    assert "content-encoding" not in plain.headers
    assert plain.headers["vary"] == packed.headers["vary"] == "Accept-Encoding"
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.headers["content-type"] == "text/css; charset=utf-8"
    assert gzip.decompress(raw) == plain.content
    assert len(raw) == int(packed.headers["content-length"]) < len(plain.content) / 3


async def test_a_file_a_browser_has_is_not_sent_again() -> None:
    async with browser(**{"Accept-Encoding": "gzip"}) as web:
        first = await web.get(asset("staff.css"))
        again = await web.get(asset("staff.css"), headers={"If-None-Match": first.headers["etag"]})
        nothing = await web.get("/static/nothing.css")
    assert (again.status_code, again.content) == (304, b"")
    assert nothing.status_code == 404 and "cache-control" not in nothing.headers
