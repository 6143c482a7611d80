"""No value that was only proposed reaches a notice or a decision, whatever is proposed and whoever is told."""

from __future__ import annotations

import pytest

from gateway.claims import opened
from gateway.core import Core
from gateway.life_cycle import Action, Incomplete
from storage import claim, notice
from storage.claim import Claim, ClaimStatus, Entity
from storage.referral import Referral, ToldAs
from tests.builders import a_referral
from tests.fakes import MovableClock
from tests.gateway.test_nothing_given_away import MANAGER, act, late

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SAID = (
    "My name is Perpetua Quillfeather. I fear for Zephaniah Umber, aged 6. He goes to Copperhill Primary School. "
    "He lives at 9 Mallowfield Row, NT1 2AB with his mother Ottoline Umber and her partner Mr Grimsdale. Her number is "
    "01632 960847. I saw him on 3 November 2026. Ring me on 07700 900639."
)


def claims_of(core: Core, row: Referral) -> list[Claim]:
    with core.database.reading() as session:
        return claim.of_referrals(session, [row.id or 0])


@pytest.mark.parametrize(
    ("code", "told_as", "kinds"),
    [
        ("nfa", ToldAs.PUBLIC, {"closed"}), ("s17", ToldAs.PROFESSIONAL, {"looked_at", "closed"}),
        ("passed_on", ToldAs.PUBLIC, {"passed_on"}), ("worker_message", ToldAs.PARENT, {"closed"}),
    ],
)  # fmt: skip
async def test_no_notice_of_any_kind_says_what_was_only_proposed(
    core: Core, clock: MovableClock, code: str, told_as: str, kinds: set[str]
) -> None:
    row = await a_referral(core, SAID, callback="07700 900123", safe_text="yes")
    found = claims_of(core, row)
    assert {each.entity for each in found} >= {
        Entity.CHILD,
        Entity.ADULT,
        Entity.PLACE,
        Entity.REFERRER,
        Entity.CONCERN,
    }
    act(core, row, Action.OPEN)
    act(core, row, Action.RATE, told_as=told_as)
    act(core, row, Action.ASK, question="Which street is it?")
    act(core, row, Action.DECIDE, code=code, told_as=told_as, reasons_for_sender="We looked at it.")
    late(core, row, clock)
    act(core, row, Action.CLOSE)
    with core.database.reading() as session:
        told = [each for each in notice.of_referrals(session, [row.id or 0]) if each.text]
    assert {each.kind for each in told} >= {"receipt", "need_more", "late", *kinds}
    for each in found:
        said = opened(core.seal, each)
        for sent in (one for one in told if one.channel != "staff"):
            words = f"{sent.subject}\n{sent.text}\n{sent.html}"
            assert said.value not in words or len(said.value) < 3, (sent.kind, each.entity, each.field)
            assert "Umber" not in words and "Mallowfield" not in words and "900639" not in words.replace(" ", "")


async def test_a_decision_that_rests_on_what_was_only_proposed_is_refused(core: Core) -> None:
    row = await a_referral(core, SAID)
    name = next(each for each in claims_of(core, row) if each.field == "name")
    act(core, row, Action.OPEN)
    asked = {"code": "s17", "reason": "hungry", "level": "3", "rests_on": name.id}
    with pytest.raises(Incomplete), core.database.transaction() as session:
        core.deciding.act(session, row.reference, Action.DECIDE, MANAGER, asked)
    assert {each.status for each in claims_of(core, row)} == {ClaimStatus.PROPOSED}


async def test_nothing_machines_propose_changes_what_is_known_of_a_referral(core: Core) -> None:
    row = await a_referral(core, SAID)
    assert claims_of(core, row) and not row.child_known and row.severity == row.severity_floor == "unrated"
