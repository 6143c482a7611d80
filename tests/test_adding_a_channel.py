"""A new channel is one file and its line (with its import) in the wiring: shown on a copy of the source."""

import asyncio
import os
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
ROOMS = ("gateway", "channels", "storage", "transcription")

CHANNEL = '''
"""People write on the screen that stands in the library."""

from __future__ import annotations

import hashlib

from fastapi import APIRouter, Request

from channels.contract import Accept, Address, AddressClass, Inbound, RawMessage, WayIn


class Kiosk:
    """The library's screen."""

    name = "kiosk"

    def door(self, accept: Accept) -> APIRouter:
        """One address that takes words."""
        router = APIRouter()

        @router.post("/kiosk")
        async def write(request: Request) -> dict[str, str]:
            body = await request.body()
            key = hashlib.sha256(body).hexdigest()
            kept = await accept(RawMessage(channel="kiosk", source_key=key, body=body, media_type="text/plain"))
            return {"reference": kept.reference}

        return router

    def parse(self, raw: RawMessage) -> Inbound:
        """The words."""
        nobody = Address(kind=AddressClass.NONE)
        return Inbound(sender=nobody, text=raw.body.decode(errors="replace"), answered_by_door="web")

    def ways_in(self) -> tuple[WayIn, ...]:
        """For the contact page."""
        return (WayIn(title="Use the screen in the library", detail="Northtown Library"),)
'''

TRIAL = """
import asyncio, pathlib, sys
import httpx
from gateway.app import build_app
from gateway.core import open_core
from gateway.settings import Settings
from gateway.wiring import wire_channels, wire_desks

async def trial():
    core = open_core(Settings(data_dir=pathlib.Path(sys.argv[1]), api_token="trial"))
    channels = wire_channels(core)
    app = build_app(core, channels)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://t") as web:
        told = (await web.post("/kiosk", content="the boy at the blue door")).json()["reference"]
        await wire_desks(core, channels, ["reading"]).named("reading").drain()
        (found,) = (await web.get("/api/v1/queue", headers={"Authorization": "Bearer trial"})).json()
        contact = (await web.get("/")).text
    core.close()
    assert (found["reference"], found["channel"]) == (told, "kiosk"), found
    assert found["text"] == "the boy at the blue door"
    assert [n["state"] for n in found["notices"]] == ["sent"]
    assert "Northtown Library" in contact
    print("the new channel works")

asyncio.run(trial())
"""


async def test_adding_a_channel_is_one_file_and_one_line(tmp_path: Path) -> None:
    source = tmp_path / "source"
    for room in ROOMS:
        shutil.copytree(ROOT / room, source / room, ignore=shutil.ignore_patterns("__pycache__"))
    (source / "channels" / "kiosk.py").write_text(CHANNEL.lstrip())
    wiring = source / "gateway" / "wiring.py"
    before = wiring.read_text()
    imported = before.replace("from channels.letter", "from channels.kiosk import Kiosk\nfrom channels.letter", 1)
    after = imported.replace("        Note(),\n", "        Note(),\n        Kiosk(),\n", 1)
    assert after.count("\n") == before.count("\n") + 2
    wiring.write_text(after)
    (source / "trial.py").write_text(TRIAL)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "trial.py", str(tmp_path / "data"), cwd=source,
        env={**os.environ, "PYTHONPATH": str(source)}, stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    output, _ = await process.communicate()
    assert b"the new channel works" in output, output.decode()
