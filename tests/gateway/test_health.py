"""What operators are told of each part."""

import httpx
from fastapi import FastAPI

from gateway.core import Core
from gateway.health import health_router
from storage.blobs import FileBlobs


async def test_a_store_that_cannot_be_written_is_named_and_stops_nothing_from_being_taken_in(core: Core) -> None:
    assert isinstance(core.blobs, FileBlobs)
    app = FastAPI()
    app.include_router(health_router(core, 1))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://gateway.example") as operator:
        assert (await operator.get("/health/ready")).json()["parts"]["store"] == "ready"
        core.blobs.root.rename(core.blobs.root.with_name("elsewhere"))
        answer = await operator.get("/health/ready")
    assert "cannot be written" in answer.json()["parts"]["store"]
    assert answer.status_code == 200
