"""A host that only hands out files, as static hosts do, and a way to hosts by names that no DNS is asked for."""

from __future__ import annotations

import contextlib
import ssl
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field

import httpx
from fastapi import FastAPI, Response

from tests.channels.telephone import any_port, served


@dataclass(kw_only=True)
class StaticHost:
    """``files`` by their names, each with its media type; ``methods`` are those it answers to."""

    url: str
    files: dict[str, str] = field(default_factory=dict)
    media_type: str = "text/xml"
    methods: Sequence[str] = ("GET",)
    asked: list[str] = field(default_factory=list)

    def answer(self, name: str, method: str) -> Response:
        """One request."""
        self.asked.append(name)
        if method not in self.methods:
            return Response(status_code=405)
        if name not in self.files:
            return Response(status_code=404)
        return Response(self.files[name], media_type=self.media_type)


@contextlib.asynccontextmanager
async def a_static_host() -> AsyncIterator[StaticHost]:
    """The host on a port of its own."""
    listening = any_port()
    host, app = StaticHost(url=f"http://127.0.0.1:{listening.getsockname()[1]}"), FastAPI()

    @app.get("/{name}")
    async def get(name: str) -> Response:
        return host.answer(name, "GET")

    @app.post("/{name}")
    async def post(name: str) -> Response:
        return host.answer(name, "POST")

    async with served(app, listening):
        yield host


class ByName(httpx.AsyncBaseTransport):
    """Goes to this machine for the names it knows, by https where its address there begins so; knows no other host."""

    def __init__(self, hosts: Mapping[str, str], trust: ssl.SSLContext | None = None) -> None:
        self.hosts, self._way = dict(hosts), httpx.AsyncHTTPTransport(verify=trust or ssl.create_default_context())

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """One request."""
        host = request.url.host
        if host not in ("127.0.0.1", *self.hosts):
            raise httpx.ConnectError("[Errno -2] Name or service not known", request=request)
        if host in self.hosts:
            request.extensions = {**request.extensions, "sni_hostname": host}
            request.url = httpx.URL(self.hosts[host]).copy_with(raw_path=request.url.raw_path)
        return await self._way.handle_async_request(request)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._way.aclose()
