"""Serves the files of our pages small and once: compressed where the browser can read that, kept until they change."""

from __future__ import annotations

import gzip
from functools import lru_cache
from pathlib import Path

from fastapi import Response
from starlette.datastructures import Headers
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from gateway.pages import asset

COMPRESSED = (".css", ".js", ".svg")
A_YEAR = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"


class PageFiles(StaticFiles):
    """The folder ``static``.

    A file asked for by the mark ``asset`` gives it is kept by browsers for a year: another file has another mark. Only
    these files are compressed, never a page: a page's length would tell of what it holds.
    """

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file, with how long it may be kept."""
        response = await super().get_response(path, scope)
        if response.status_code not in (200, 304):
            return response
        is_marked = asset(path) == f"/static/{path}?{scope.get('query_string', b'').decode('latin-1')}"
        response.headers["Cache-Control"] = A_YEAR if is_marked else ASK_AGAIN
        if response.status_code == 200 and path.endswith(COMPRESSED):
            response.headers["Vary"] = "Accept-Encoding"
            if scope["method"] == "GET" and "gzip" in Headers(scope=scope).get("accept-encoding", ""):
                return _packed(response, str(self.lookup_path(path)[0]))
        return response


def _packed(response: Response, path: str) -> Response:
    kept = {name: response.headers[name] for name in ("cache-control", "content-type", "etag", "last-modified", "vary")}
    packed = compressed(path, response.headers["etag"])
    return Response(packed, headers=kept | {"Content-Encoding": "gzip", "ETag": f"W/{response.headers['etag']}"})


@lru_cache(maxsize=128)
def compressed(path: str, etag: str) -> bytes:
    """A file's bytes packed, once for each version of it."""
    return gzip.compress(Path(path).read_bytes(), 9, mtime=0)
