"""What operators are told of the virus scanner: in what is ready, by the doctor, and of a wrong setting."""

from __future__ import annotations

from dataclasses import replace

import httpx
import pytest
from fastapi import FastAPI

from gateway.commands.set_up import everything_else
from gateway.core import Core
from gateway.health import health_router
from gateway.settings import Settings, WrongSetting, load
from tests.gateway.scanning.clamd_twin import clamd_twin

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def ready(core: Core) -> httpx.Response:
    """The answer of ``/health/ready``."""
    app = FastAPI()
    app.include_router(health_router(core, 2))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://gateway.example") as client:
        return await client.get("/health/ready")


def with_scanner(core: Core, address: str) -> Core:
    """The same gateway with a scanner set."""
    return replace(core, settings=core.settings.model_copy(update={"clamd": address}))


async def test_a_scanner_that_answers_is_ready_by_its_version(core: Core) -> None:
    async with clamd_twin() as twin:
        scanned = with_scanner(core, twin.address)
        told = await ready(scanned)
        rows = [row for row in await everything_else(scanned) if row.part == "virus scanner"]
    assert told.json()["parts"]["scanner"].startswith("ready (ClamAV 1.4.6")
    assert [(row.state, row.what[:6]) for row in rows] == [("ok", "ClamAV")]


async def test_one_that_is_away_keeps_nothing_out_but_is_said(core: Core) -> None:
    scanned = with_scanner(core, "127.0.0.1:9")
    told = await ready(scanned)
    rows = [row for row in await everything_else(scanned) if row.part == "virus scanner"]
    assert told.json()["parts"]["scanner"].startswith("ready to receive, but the virus scanner cannot be asked")
    assert [row.state for row in rows] == ["look"]


async def test_nothing_is_said_of_one_that_is_not_set(core: Core) -> None:
    assert "scanner" not in (await ready(core)).json()["parts"]
    assert not [row for row in await everything_else(core) if row.part == "virus scanner"]


@pytest.mark.parametrize("address", ["localhost", "localhost:0", ":3310", "localhost:x", "clamd.ctl"])
def test_an_address_that_is_none_stops_the_start(settings: Settings, address: str) -> None:
    with pytest.raises(WrongSetting, match="FRONTDOOR_CLAMD"):
        load(clamd=address, data_dir=settings.data_dir)
