"""Programs see what may be about the same and what is suggested, and answer for the person who did."""

from __future__ import annotations

import pytest

from gateway.core import Core
from storage.staff import Role
from tests.builders import a_referral
from tests.gateway.office import Office

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PLACE = "They live at 9 Elm Row, NT1 2AB."


async def test_a_cluster_tells_reasons_and_no_sender(core: Core, office: Office) -> None:
    one = await a_referral(core, f"A worry. {PLACE}", callback="07700 900101", caller_name="Perpetua Quill")
    other = await a_referral(core, f"Another worry. {PLACE}", callback="07700 900101")
    async with office.program(Role.ADMINISTRATOR) as program:
        answer = await program.get(f"/api/v1/referrals/{other.reference}/cluster")
        seen = answer.json()
        assert (seen["number"], seen["reports"], seen["senders"], seen["unknown_senders"]) == (2, 2, None, None)
        (like,) = seen["likes"]
        assert like["reference"] == one.reference and like["weight"] == "strong"
        assert [reason["says"] for reason in like["reasons"]] == ["Same house"]
        assert "900101" not in answer.text and "Quill" not in answer.text and not office.private_history()
        said = await program.post(
            f"/api/v1/referrals/{other.reference}/cluster/{one.reference}", json={"status": "not_the_same"}
        )
        assert (said.json()["reports"], said.json()["likes"][0]["weight"]) == (1, "apart")
        wrong = await program.post(f"/api/v1/referrals/{other.reference}/cluster/{one.reference}", json={})
        assert wrong.status_code == 422


async def test_a_suggestion_is_set_aside_and_the_floor_stays(core: Core, office: Office) -> None:
    row = await a_referral(core, "He has a knife")
    address = f"/api/v1/referrals/{row.reference}"
    async with office.program(Role.SOCIAL_WORKER) as program:
        listed = (await program.get(f"{address}/suggestions")).json()
        grave = listed[0]
        assert (grave["about"], grave["value"], grave["words"], grave["place"]["from"]) == (
            "severity", "red", "has a knife", 3,
        )  # fmt: skip
        answered = await program.post(f"{address}/suggestions/{grave['id']}", json={"status": "set_aside"})
        assert {each["state"] for each in answered.json() if each["about"] == "severity"} == {"set_aside"}
        assert (await program.get(address)).json()["severity_floor"] == "red"
    async with office.program(Role.READONLY) as program:
        refused = await program.post(f"{address}/suggestions/{grave['id']}", json={"status": "accepted"})
        assert refused.status_code == 403
