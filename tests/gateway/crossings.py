"""For each guard of the life cycle: a step that crosses it and nothing else, and the same step put right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from gateway.guards import Actor
from gateway.life_cycle import Action
from storage.referral import State
from storage.staff import Role
from tests.fakes import MONDAY_MORNING

WORKER = Actor(name="a social_worker", role=Role.SOCIAL_WORKER)
MANAGER = {"agreed_by": "a manager"}
ASK = {"question": "Which street?", "answer_by": "2026-11-26T17:00"}
RATE = {"severity": "green", "reason": "No harm seen"}
DECIDE = {"code": "advice", "reason": "Known and safe", "level": "2"}
NFA = DECIDE | {"code": "nfa"}
FOR_WORKER = DECIDE | {"code": "worker_message"}
CLOSE = {"reason": "Done"}
ACCEPTED = CLOSE | {"accepted_by": "Jo Example", "case_id": "C-1"}
PASSED = CLOSE | {"handed_to": "Southshire Council", "receipt": "55120"}
ANSWERED = CLOSE | {"read_by": "Sam Example", "answer": "Rang back"}
HELD = {"owner": "jo", "held_by": "jo", "held_until": MONDAY_MORNING + timedelta(minutes=10)}
LAPSED = {"held_until": MONDAY_MORNING}
IN_TURN = {
    Action.CLAIM: State.RECEIVED, Action.RELEASE: State.RECEIVED, Action.OPEN: State.RECEIVED,
    Action.RATE: State.IN_TRIAGE, Action.ASK: State.IN_TRIAGE,
    Action.DECIDE: State.IN_TRIAGE, Action.CLOSE: State.DECIDED, Action.REOPEN: State.CLOSED,
    Action.LINK: State.IN_TRIAGE, Action.NOTE: State.IN_TRIAGE,
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Crossing:
    """``row`` is how the referral stands, ``wrong`` what is typed; ``right`` passes once ``mended`` stands instead."""

    row: Mapping[str, object] = field(default_factory=dict)
    wrong: Mapping[str, str]
    right: Mapping[str, str]
    mended: Mapping[str, object] = field(default_factory=dict)
    actor: Actor = WORKER


def without(asked: Mapping[str, str], name: str) -> Mapping[str, str]:
    """The same, but for one field."""
    return {key: value for key, value in asked.items() if key != name}


def left_out(asked: Mapping[str, str], name: str, **row: object) -> Crossing:
    """Everything but this field."""
    return Crossing(row=row, wrong=without(asked, name), right=asked)


def badly(asked: Mapping[str, str], name: str, wrong: str, right: str = "", **row: object) -> Crossing:
    """A value that will not do there, and one that will."""
    return Crossing(row=row, wrong={**asked, name: wrong}, right={**asked, name: right or asked.get(name, "")})


def alone(asked: Mapping[str, str], **row: object) -> Crossing:
    """A worker without the manager it needs; another worker's word is not a manager's."""
    return Crossing(row=row, wrong={**asked, "agreed_by": "a social_worker"}, right={**asked, **MANAGER})


def held_by_another(asked: Mapping[str, str], **row: object) -> Crossing:
    """What somebody else is at, and the same once their time is up."""
    return Crossing(row=HELD | row, wrong=asked, right=asked, mended=LAPSED)


CROSSINGS: dict[tuple[Action, str], Crossing] = {
    (Action.CLAIM, "free_to_claim"): Crossing(row=HELD, wrong={"reason": "Jo is ill"}, right={}, mended=LAPSED),
    (Action.CLAIM, "taken_from_another"): Crossing(
        row=HELD, wrong={}, right={"reason": "Jo is ill"}, actor=Actor(name="a manager", role=Role.MANAGER)
    ),
    (Action.RELEASE, "not_held"): held_by_another({}),
    (Action.RELEASE, "answers_for_it"): Crossing(
        row={"state": State.IN_TRIAGE, "owner": "jo", **LAPSED}, wrong={}, right={}, mended={"owner": WORKER.name}
    ),
    (Action.OPEN, "not_held"): held_by_another({}),
    (Action.RATE, "not_held"): held_by_another(RATE),
    (Action.ASK, "not_held"): held_by_another(ASK),
    (Action.DECIDE, "not_held"): held_by_another(DECIDE),
    (Action.CLOSE, "not_held"): held_by_another(CLOSE, decision_code="nfa"),
    (Action.RATE, "severity_known"): badly(RATE, "severity", "purple"),
    (Action.RATE, "rated_down"): left_out(RATE, "reason", severity="red"),
    (Action.RATE, "reason"): left_out(RATE, "reason"),
    (Action.RATE, "contact_source_known"): badly(RATE, "contact_source", "99Z", "1A"),
    (Action.RATE, "primary_need_known"): badly(RATE, "primary_need", "N99", "N1"),
    (Action.RATE, "told_as_known"): badly(RATE, "told_as", "friend", "parent"),
    (Action.RATE, "malicious_flag"): alone(RATE | {"may_be_malicious": "yes"}),
    (Action.RATE, "flag_taken_back"): alone(RATE | {"child_told_us": "no"}, child_told_us=True),
    (Action.ASK, "not_red"): Crossing(row={"severity": "red"}, wrong=ASK, right=ASK, mended={"severity": "amber"}),
    (Action.ASK, "question"): left_out(ASK, "question"),
    (Action.ASK, "answer_by_readable"): badly(ASK, "answer_by", "soon"),
    (Action.ASK, "answer_by_future"): badly(ASK, "answer_by", "2026-11-23T10:15"),
    (Action.ASK, "answer_by_near"): badly(ASK, "answer_by", "2026-12-21T17:01", "2026-12-21T17:00"),
    (Action.ASK, "can_be_asked"): Crossing(
        row={"channel": "voicemail", "identity_id": None}, wrong=ASK, right=ASK, mended={"channel": "note"}
    ),
    (Action.DECIDE, "code_known"): badly(DECIDE, "code", "nothing"),
    (Action.DECIDE, "reason"): left_out(DECIDE, "reason"),
    (Action.DECIDE, "level_known"): badly(DECIDE, "level", "5"),
    (Action.DECIDE, "rests_on_confirmed"): badly(DECIDE, "rests_on", "0123456789abcdef", ""),
    (Action.DECIDE, "contact_source_known"): badly(DECIDE, "contact_source", "99Z", "1A"),
    (Action.DECIDE, "primary_need_known"): badly(DECIDE, "primary_need", "N99", "N1"),
    (Action.DECIDE, "told_as_known"): badly(DECIDE, "told_as", "friend", "professional"),
    (Action.DECIDE, "malicious_flag"): alone(DECIDE | {"may_be_malicious": "yes"}),
    (Action.DECIDE, "flag_taken_back"): alone(DECIDE | {"child_told_us": "no"}, child_told_us=True),
    (Action.DECIDE, "second_person"): badly(
        DECIDE | {"code": "not_about_a_child"}, "agreed_by", "A Social_Worker", "casey"
    ),
    (Action.DECIDE, "re_referral"): alone(NFA, linked_to="KMR-4729-HX"),
    (Action.DECIDE, "child_told"): alone(NFA | {"child_told_us": "yes"}),
    (Action.DECIDE, "was_rated_down"): alone(NFA, severity="green", severity_highest="amber"),
    (Action.DECIDE, "may_be_malicious"): alone(DECIDE, may_be_malicious=True),
    (Action.DECIDE, "answer_by_readable"): badly(FOR_WORKER, "answer_by", "soon", "2026-11-26T17:00"),
    (Action.DECIDE, "answer_by_future"): badly(FOR_WORKER, "answer_by", "2026-11-20T17:00", "2026-11-26T17:00"),
    (Action.DECIDE, "answer_by_near"): badly(FOR_WORKER, "answer_by", "2027-11-26T17:00", "2026-11-26T17:00"),
    (Action.CLOSE, "reason"): left_out(CLOSE, "reason", decision_code="nfa"),
    (Action.CLOSE, "early_help_accepted_by"): left_out(ACCEPTED, "accepted_by", decision_code="early_help"),
    (Action.CLOSE, "early_help_case_id"): left_out(ACCEPTED, "case_id", decision_code="early_help"),
    (Action.CLOSE, "s17_accepted_by"): left_out(ACCEPTED, "accepted_by", decision_code="s17"),
    (Action.CLOSE, "s17_case_id"): left_out(ACCEPTED, "case_id", decision_code="s17"),
    (Action.CLOSE, "s47_accepted_by"): left_out(ACCEPTED, "accepted_by", decision_code="s47"),
    (Action.CLOSE, "s47_case_id"): left_out(ACCEPTED, "case_id", decision_code="s47"),
    (Action.CLOSE, "linked_accepted_by"): left_out(ACCEPTED, "accepted_by", decision_code="linked"),
    (Action.CLOSE, "passed_on_handed_to"): left_out(PASSED, "handed_to", decision_code="passed_on"),
    (Action.CLOSE, "passed_on_receipt"): left_out(PASSED, "receipt", decision_code="passed_on", handed_to="Southshire"),
    (Action.CLOSE, "worker_message_read_by"): left_out(ANSWERED, "read_by", decision_code="worker_message"),
    (Action.CLOSE, "worker_message_answer"): left_out(ANSWERED, "answer", decision_code="worker_message"),
    (Action.REOPEN, "reason"): left_out({"reason": "They rang again"}, "reason"),
    (Action.LINK, "to"): Crossing(wrong={"to": "itself"}, right={"to": "another"}),
    (Action.NOTE, "text"): left_out({"text": "She rang again"}, "text"),
}
"""By action and the name of its guard."""
