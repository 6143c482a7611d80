"""Calls while they are on, as programs see them."""

from __future__ import annotations

import pytest

from gateway.core import Core
from storage.staff import Role
from tests.gateway.live.caller import began, listening, speak, spoken
from tests.gateway.office import Office, problem_of

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def test_a_call_is_told_while_it_is_on_and_its_sound_to_social_workers(core: Core, office: Office) -> None:
    async with listening(core):
        hearing = core.capturing.begin(began())
        assert hearing is not None
        speak(hearing, spoken(2))
        await core.capturing.write()
        await core.capturing.index.write()
        [call] = (await office.program(Role.READONLY).get("/api/v1/calls")).json()
        assert call | {"id": ""} == {
            "id": "", "caller": "mobile", "began_at": "2026-11-23T10:15:00Z", "ended_at": None, "words": "", "note": "",
            "reference": None,
        }  # fmt: skip
        address = f"/api/v1/calls/{call['id']}/sound"
        assert problem_of(await office.program(Role.CALL_TAKER).get(address))["status"] == 403
        answer = await office.program(Role.SOCIAL_WORKER, "case system").get(address)
        assert answer.headers["content-type"] == "audio/wav" and answer.content.endswith(spoken(2))
        part = await office.program().get(address, headers={"Range": "bytes=0-3"})
        assert (part.status_code, part.content) == (206, b"RIFF")
        assert office.private_history()[0][0] == "case system"
        assert problem_of(await office.program().get("/api/v1/calls/none/sound"))["status"] == 404
