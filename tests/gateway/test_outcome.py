"""Which wording says a notice, by what may be told and by the medium."""

from dataclasses import replace

from gateway.decisions import DECISIONS
from gateway.notice_fields import NoticeFields
from gateway.outcome import wording_of
from gateway.staff import steps
from storage.notice import NoticeKind


def test_another_medium_says_as_much_as_it_has_room_for() -> None:
    whole = NoticeFields(acts=True, decision="We will start an assessment.")
    said = {medium: wording_of(NoticeKind.LOOKED_AT, medium, whole) for medium in ("email", "letter", "sms", "web")}
    assert said == {
        "email": "looked_at-professional", "letter": "looked_at-professional",
        "sms": "looked_at-outcome", "web": "looked_at-outcome",
    }  # fmt: skip
    assert wording_of(NoticeKind.LOOKED_AT, "letter", replace(whole, decision=None)) == "looked_at-outcome"
    assert wording_of(NoticeKind.LOOKED_AT, "email", NoticeFields()) == "looked_at"


def test_another_council_that_may_not_be_named_is_not_hinted_at() -> None:
    assert wording_of(NoticeKind.PASSED_ON, "email", NoticeFields()) == "closed"
    assert wording_of(NoticeKind.PASSED_ON, "email", NoticeFields(other_council="Southshire Council")) == "passed_on"


def test_the_form_asks_for_everything_that_closing_needs() -> None:
    for code, decision in DECISIONS.items():
        assert [field.name for field in steps.fields_to_close(code)] == [need.field for need in decision.closing]
