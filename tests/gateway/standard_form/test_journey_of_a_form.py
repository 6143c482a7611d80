"""The form as somebody has it: got from the public pages, filled in, mailed, read, confirmed, decided upon."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from gateway.demo.filled_form import FROM_A_SCHOOL, filled_form
from tests.gateway.standard_form.filled import a_mail
from tests.house import a_house


def is_read(referrals: list[Any]) -> bool:
    return len(referrals) == 1 and bool(referrals[0]["claims"])


async def test_a_form_goes_from_the_public_page_by_mail_to_a_confirmed_value(tmp_path: Path, database_url: str) -> None:
    async with a_house(tmp_path, database_url) as house:
        empty = (await house.web.get("/form.docx")).content
        await house.mail(a_mail(("form.docx", filled_form(empty, FROM_A_SCHOOL))))
        (seen,) = await house.settled(is_read)
        reference, claims = seen["reference"], {each["place"]["field"]: each for each in seen["claims"]}
        assert {name: each["value"] for name, each in claims.items()} == FROM_A_SCHOOL
        assert "Sky comes to school hungry" in seen["text"] and "Alex Example" not in seen["text"]
        assert seen["child_known"] and (seen["severity"], seen["severity_floor"]) == ("unrated", "amber")
        await house.do(reference, "open")
        born = claims["child.1.dob"]["id"]
        decision = {"code": "s17", "reason": "hungry every day", "level": 3, "rests_on": [born]}
        assert (await house.do(reference, "decide", **decision)).status_code == 422
        assert (await house.do(reference, f"claims/{born}", status="confirmed")).status_code == 200
        assert (await house.do(reference, "decide", **decision)).status_code == 200
        assert all("Sky" not in mail.decode("latin-1") for mail in house.relayed)
