"""What is exported passes the rules of the census that can be checked here, and holds nothing that nobody confirmed."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest

from gateway.__main__ import main
from gateway.census_codes import CONTACT_SOURCES, PRIMARY_NEEDS
from gateway.claims import Source, Stated, new_claim
from gateway.core import Core
from gateway.deciding import Actor
from gateway.exporting import Kind, export
from gateway.life_cycle import Action, Incomplete
from storage import message
from storage.claim import ClaimStatus, Entity
from storage.referral import Referral
from storage.staff import Role
from tests.builders import a_referral
from tests.gateway.exporting.rules import faults
from tests.gateway.office import Office, words_of

SAM = Actor(name="sam", role=Role.SOCIAL_WORKER)
DAY = date(2026, 11, 23)
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def decided(core: Core, code: str, **coded: str) -> Referral:
    row = await a_referral(core, caller_name="Alex Example", callback="07700 900123")
    asked = {"code": code, "reason": "Because it is so", "level": "2", "agreed_by": "jo"} | coded
    with core.database.transaction() as session:
        core.deciding.act(session, row.reference, Action.OPEN, SAM, {})
        core.deciding.act(session, row.reference, Action.DECIDE, SAM, asked)
    return row


def state(core: Core, row: Referral, field: str, value: str, status: ClaimStatus, *, is_open: bool = True) -> None:
    """Somebody states this of the first child."""
    with core.database.transaction() as session:
        [first, *_] = message.of_referrals(session, [row.id or 0])
        source = Source(referral_id=row.id or 0, message_id=first.id, attachment_id=None, extractor="a test")
        stated = Stated(
            entity=Entity.CHILD, entity_no=1, field=field, value=value, value_norm=value, words=value, place={},
            is_open=is_open,
        )  # fmt: skip
        made = new_claim(core.seal, stated, source, at=core.clock())
        made.status = status
        session.add(made)


def taken(core: Core, kind: Kind) -> dict[str, str]:
    found = export(core, kind, first=DAY, last=DAY, who="morgan")
    return {name: kept.decode() for name, kept in found.files.items()}


def details(core: Core) -> list[dict[str, str | None]]:
    root = ElementTree.fromstring(taken(core, Kind.CIN)["cin.xml"])
    return [{leaf.tag: leaf.text for leaf in child.iter() if len(leaf) == 0} for child in root.iter("Child")]


async def test_the_census_file_breaks_no_rule_whatever_was_coded(core: Core) -> None:
    await decided(core, "nfa")
    await decided(core, "s47", contact_source="2A", primary_need="N1")
    await decided(core, "s17", contact_source="6")
    await decided(core, "advice")
    await a_referral(core)
    found = details(core)
    assert faults(found) == []
    assert [(one["ReferralNFA"], one["ReferralSource"], one.get("PrimaryNeedCode")) for one in found] == [
        ("1", "10", None), ("0", "2A", "N1"), ("0", "6", "N0"),
    ]  # fmt: skip


async def test_annex_a_has_every_contact_and_the_labels_of_the_lists(core: Core) -> None:
    await decided(core, "advice", contact_source="1A")
    await decided(core, "s47", contact_source="5D", primary_need="N1")
    await a_referral(core)
    files = taken(core, Kind.ANNEX_A)
    contacts, referrals = (list(csv.DictReader(io.StringIO(each))) for each in files.values())
    assert [(one["Contact Source"], one["Contact Outcome"]) for one in contacts] == [
        ("a) 1A: Individual", "Information and Advice"), ("p1) 5D: LA services", "CIN Referral"),
        ("u) 10: Unknown", ""),
    ]  # fmt: skip
    [one] = referrals
    assert (one["Next Step"], one["No Further Action"], one["Date of Referral"]) == (
        "Strategy discussion and/or Section 47 enquiry", "No", "23/11/2026",
    )  # fmt: skip


async def test_only_what_a_person_confirmed_and_cannot_tell_who_told_us_is_in_it(core: Core) -> None:
    row = await decided(core, "s17")
    state(core, row, "dob", "2019-02-03", ClaimStatus.CONFIRMED)
    state(core, row, "sex", "female", ClaimStatus.PROPOSED)
    state(core, row, "ethnicity", "WBRI", ClaimStatus.CONFIRMED, is_open=False)
    [one] = details(core)
    assert (one["LAchildID"], one["PersonBirthDate"]) == (f"{row.reference}-1", "2019-02-03")
    assert (one["Sex"], one["Ethnicity"]) == ("U", "NOBT")
    everything = "".join([*taken(core, Kind.CIN).values(), *taken(core, Kind.ANNEX_A).values()])
    assert "2019" in everything
    assert not any(told in everything for told in ("Alex", "900123", "7700"))


async def test_a_code_that_is_none_is_refused_and_every_code_is_taken(core: Core) -> None:
    row = await decided(core, "s17")
    for field, codes in (("contact_source", CONTACT_SOURCES), ("primary_need", PRIMARY_NEEDS)):
        with core.database.transaction() as session:
            for code in codes:
                asked = {"severity": "green", "reason": "so", field: code}
                core.deciding.act(session, row.reference, Action.RATE, SAM, asked)
        with core.database.transaction() as session, pytest.raises(Incomplete):
            core.deciding.act(
                session, row.reference, Action.RATE, SAM, {"severity": "green", "reason": "so", field: "11"}
            )


async def test_who_took_which_list_is_on_record_and_only_managers_may(core: Core) -> None:
    office = Office(core)
    await decided(core, "nfa")
    asked = "/oversight/export.zip?kind=cin&first=2026-11-23&last=2026-11-23"
    assert (await (await office.browser(Role.SOCIAL_WORKER)).client.get(asked)).status_code == 403
    browser = await office.browser(Role.MANAGER, "morgan")
    assert (await browser.client.get(asked)).content[:2] == b"PK"
    assert ("morgan", "Exported cin of 2026-11-23 to 2026-11-23") in office.private_history()
    for first, last, words in (
        ("2026-11-23", "2026-11-01", "The last day lies before the first"), ("soon", "2026-11-01", "Give both days"),
        ("9999-12-01", "9999-12-31", "Give days of this century"),
    ):  # fmt: skip
        refused = await browser.client.get(f"/oversight/export.zip?first={first}&last={last}")
        assert refused.status_code == 422 and words in words_of(refused)


def test_the_command_names_the_option_that_is_wrong(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, database_url: str
) -> None:
    for first, last in (("2026-04-01", "9999-12-31"), ("0001-01-01", "2026-11-23"), ("9999-12-31", "9999-12-31")):
        assert main(["export", "cin", "--from", first, "--to", last, "--out", str(tmp_path)]) == 2
        assert "give a day of the years 2000 to 2099" in capsys.readouterr().err
    assert main(["export", "cin", "--from", "soon", "--to", "2026-11-23", "--out", str(tmp_path)]) == 2
    assert "--from: give a day such as 2026-04-01" in capsys.readouterr().err
