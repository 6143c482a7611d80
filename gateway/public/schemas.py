"""The published schema of what programs find in our mails, for anybody to fetch and keep."""

from __future__ import annotations

import hashlib

from fastapi import APIRouter, Request, Response

from gateway.machine_part import SCHEMA, SCHEMA_ADDRESS

KEPT_FOR = 86_400  # seconds
MEDIA_TYPE = "application/schema+json"


def schema_router() -> APIRouter:
    """One address for each version; what is published under one never changes its meaning."""
    content = SCHEMA.read_bytes()
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": f"public, max-age={KEPT_FOR}", "Access-Control-Allow-Origin": "*"}
    router = APIRouter(include_in_schema=False)

    def schema(request: Request) -> Response:
        if tag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        return Response(content, media_type=MEDIA_TYPE, headers=headers)

    router.add_api_route(SCHEMA_ADDRESS, schema, methods=["GET", "HEAD"])
    return router
