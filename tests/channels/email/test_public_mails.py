"""Real mails that others have published: all are read, machines are not answered, people are.

They are not ours to ship: `FRONTDOOR_MAIL_CASES` names a folder with `manifest.json` (file, kind, truth) and the mails.
"""

import json
import os
import re
from pathlib import Path

import pytest

from channels.contract import Answerable, DeliveryReport, Inbound, Unreadable
from tests.channels.email.northshire import NOTICE_ID, OWN, SENDER, as_kept, email_channel

BESIDE_US = Path(__file__).parents[4] / "shared" / "cases" / "mail"
CASES = Path(os.environ.get("FRONTDOOR_MAIL_CASES", BESIDE_US))
MACHINES = {"bounce", "autoreply", "feedback-report"}
# Labelled a bounce in its collection, but it is a person who forwards one: the body begins "Begin forwarded message:".
FORWARDED_BY_A_PERSON = {"sisimai/err__make-test-36.eml"}
_TOP = re.compile(rb"\A(?:From [^\n]*\n)?(?:Return-Path:[^\n]*\n)?", re.IGNORECASE)

pytestmark = pytest.mark.skipif(not (CASES / "manifest.json").exists(), reason="no folder of public mails is at hand")


def cases() -> list[tuple[str, str, bytes]]:
    """File, truth, and the mail without what says at the top that it bounced: the hard way to tell."""
    listed = json.loads((CASES / "manifest.json").read_text())
    mails = [entry for entry in listed if entry["kind"] == "message"]
    return [
        (entry["file"], str(entry["truth"]), _TOP.sub(b"", (CASES / entry["file"]).read_bytes())) for entry in mails
    ]


def outcome(mail: bytes) -> Inbound | DeliveryReport:
    return email_channel().parse(as_kept(mail, mail_from=SENDER))


def test_every_published_mail_is_read() -> None:
    unreadable = []
    for file, _, mail in cases():
        try:
            outcome(mail)
        except Unreadable:
            unreadable.append(file)
    assert unreadable == []


def test_no_machine_is_answered_even_when_its_envelope_hides_it() -> None:
    answered = []
    for file, truth, mail in cases():
        found = outcome(mail) if truth in MACHINES else None
        if isinstance(found, Inbound) and found.answerable is Answerable.YES:
            answered.append(file)
    assert set(answered) <= FORWARDED_BY_A_PERSON


def test_every_person_is_answered() -> None:
    people = [(file, outcome(mail)) for file, truth, mail in cases() if truth.startswith("human")]
    assert len(people) >= 12
    assert [
        file for file, found in people if not (isinstance(found, Inbound) and found.answerable is Answerable.YES)
    ] == []


def test_what_mail_systems_return_is_known_as_news_of_the_notice_it_came_to_and_nothing_else_is() -> None:
    states: dict[str, list[str]] = {}
    for _, truth, mail in cases():
        raw = as_kept(mail, mail_from="<>", rcpt_to=OWN.bounce_address(NOTICE_ID))
        found = email_channel().parse(raw)
        state = found.state.value if isinstance(found, DeliveryReport) else "none"
        states.setdefault(truth, []).append("delayed" if getattr(found, "is_delayed", False) else state)
    returned = states["bounce"]
    assert sum(state in ("failed", "delayed") for state in returned) >= 0.97 * len(returned)
    assert set(states["autoreply"]) | {s for truth in states if truth.startswith("human") for s in states[truth]} == {
        "none"
    }
    assert "failed" not in states["feedback-report"]
