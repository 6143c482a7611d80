"""One random walk through the life of a referral, by the real gateway: what may happen, and what must always hold."""

from __future__ import annotations

from datetime import datetime

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from gateway.decisions import DECISIONS
from gateway.guards import Actor
from gateway.life_cycle import SOCIAL_WORK, Action, Incomplete, NotAllowed, WrongRole, allowed, may_become
from storage import audit, notice
from storage.notice import NoticeKind, NoticeState
from storage.referral import Severity, State, ToldAs
from storage.staff import Role
from tests.gateway.ground import ACTORS, Ground, Seen, a_note_of, a_text, held

CHOSEN = {
    "severity": st.sampled_from([*Severity][1:]),
    "code": st.sampled_from([*DECISIONS]),
    "agreed_by": st.sampled_from(["", "a manager", "a social_worker", "an outsider"]),
    "told_as": st.sampled_from(["", *ToldAs]),
    "child_told_us": st.sampled_from(["", "", "yes", "no"]),
    "may_be_malicious": st.sampled_from(["", "", "", "yes", "no"]),
    "address_from_sender": st.sampled_from(["", "yes"]),
    "reasons_for_sender": st.sampled_from(["", "The school keeps an eye on it."]),
    "answer_by": st.sampled_from(["2026-11-25T17:00", "2026-12-09T12:00", "2026-12-30T09:00", "2027-01-20T09:00"]),
}
FILLED_IN = {
    "reason": "Because it is so", "level": "2", "question": "Which street?", "text": "A note", "case_id": "C-1",
    "handed_to": "Southshire Council", "receipt": "55120", "accepted_by": "Jo Example", "read_by": "Sam Example",
    "answer": "Rang back",
}  # fmt: skip
WRONG = {
    "severity": st.just("purple"), "code": st.just("nothing"), "level": st.just("5"), "told_as": st.just("friend"),
    "answer_by": st.sampled_from(["", "soon", "2026-11-20T17:00", "2029-11-25"]),
} | {name: st.just(" ") for name in FILLED_IN if name != "level"}  # fmt: skip
WELL = st.fixed_dictionaries({**CHOSEN, **{name: st.just(said) for name, said in FILLED_IN.items()}})
ASKED = st.one_of(
    WELL, WELL, WELL, st.builds(lambda well, wrong: well | wrong, WELL, st.fixed_dictionaries({}, optional=WRONG))
)
ONWARD = (Action.OPEN, Action.DECIDE, Action.CLOSE)
WORKERS = st.sampled_from([actor for actor in ACTORS if actor.role in SOCIAL_WORK])

ENDINGS = (NoticeKind.CLOSED, NoticeKind.PASSED_ON)


class Walk(RuleBasedStateMachine):
    """One referral; every step is one that the real gateway takes, and may be refused by it."""

    ground: Ground

    def __init__(self) -> None:
        super().__init__()
        self.ground.clear()
        self.ground.walks += 1
        self.reference = ""

    @initialize(came_by=st.sampled_from(["sms", "note", "note with a safe number", "nobody"]))
    def it_arrives(self, came_by: str) -> None:
        """By a text, by a note with and without a way back, or from a caller nobody can reach."""
        fields = {"callback": "07700 900123", "safe_text": "yes"} if "safe" in came_by else {}
        raw = a_note_of("Shouting next door", **fields) if came_by.startswith("note") else a_text("Shouting next door")
        self.reference = self.ground.receive(raw)
        if came_by == "nobody":
            with self.ground.core.database.transaction() as session:
                row = held(session, self.reference)
                row.channel, row.identity_id = "voicemail", None
        self.before = self.seen()

    @rule(which=st.integers(0, 11), actor=WORKERS, asked=ASKED)
    def somebody_takes_a_step_that_is_in_turn(self, which: int, actor: Actor, asked: dict[str, str]) -> None:
        """Most often the one that the work waits for."""
        steps = allowed(self.before.state)
        forward = [step for step in steps if step in ONWARD]
        self._act((forward * 2 + list(steps))[which % (len(forward) * 2 + len(steps))], actor, asked)

    @rule(action=st.sampled_from(Action), actor=st.sampled_from(ACTORS), asked=ASKED)
    def somebody_tries_any_step(self, action: Action, actor: Actor, asked: dict[str, str]) -> None:
        """Out of turn too, and by whoever it is not for."""
        self._act(action, actor, asked)

    def _act(self, action: str, actor: Actor, asked: dict[str, str]) -> None:
        """One that is refused changes nothing; one that is taken is in the history under their name."""
        before, core = self.seen(), self.ground.core
        try:
            with core.database.transaction() as session:
                core.deciding.act(session, self.reference, Action(action), actor, {**asked, "to": self.reference})
        except (NotAllowed, Incomplete, WrongRole):
            self.ground.refused += 1
            assert self.seen() == before, "a refused step changed something"
            return
        self.ground.taken += 1
        assert self.seen().lines > before.lines, "a step without a line in the history"
        assert actor.role != Role.READONLY, "somebody who may only read took a step"
        if action == Action.DECIDE:
            self._was_decided_with_all_it_needs(before, actor, asked)

    def _was_decided_with_all_it_needs(self, before: Seen, actor: Actor, asked: dict[str, str]) -> None:
        """Said once more, in other words than the guards say it."""
        row, agreed = self.seen().row, asked.get("agreed_by", "")
        has_second = agreed not in ("", actor.name)
        has_manager = actor.role in ("manager", "administrator") or (has_second and agreed != "a social_worker")
        was_serious = before.row["severity_highest"] in ("amber", "red")
        is_serious = before.row["severity"] in ("amber", "red")
        fell = was_serious and (
            not is_serious or (before.row["severity_highest"], before.row["severity"]) == ("red", "amber")
        )
        assert row["decision_reason"] and row["decision_level"] in (1, 2, 3, 4) and row["decided_by"] == actor.name
        assert has_second or row["decision_code"] != "not_about_a_child"
        if row["may_be_malicious"] or (row["decision_code"] == "nfa" and (row["child_told_us"] or fell)):
            assert has_manager, "a decision that needs a manager was taken without one"

    @rule(from_them=st.booleans())
    def more_comes(self, from_them: bool) -> None:
        """A text from the same number, or a note that quotes the reference."""
        said = f"There is more. {self.reference}"
        self.ground.receive(a_text(said) if from_them else a_note_of(said, reference=self.reference))

    @rule(hours=st.sampled_from([0.1, 1, 5, 26, 120, 800]))
    def time_passes_and_the_watch_looks(self, hours: float) -> None:
        """As the watch does each minute."""
        self.ground.clock.move(hours=hours)
        self.ground.runner.run(self.ground.climbing.look())

    @rule(which=st.integers(0, 5))
    def a_notice_does_not_get_through(self, which: int) -> None:
        """The provider says so, or nobody heard in time."""
        with self.ground.core.database.transaction() as session:
            row = held(session, self.reference)
            out = [
                n
                for n in notice.of_referrals(session, [row.id or 0])
                if n.state in (NoticeState.OWED, NoticeState.SENT)
            ]
            out = [n for n in out if n.kind != NoticeKind.STAFF_TASK]
            if out:
                self.ground.core.delivery.failed(session, out[which % len(out)], "not in use")

    @invariant()
    def it_never_jumps_and_history_has_every_move(self) -> None:
        """Only along the table, and never unseen."""
        if not self.reference:
            return
        now = self.seen()
        assert may_become(self.before.state, now.state), (self.before.state, now.state)
        assert now.state == self.before.state or now.lines > self.before.lines, "a move without a line in the history"
        self.ground.states.add(now.state)
        self.before = now

    @invariant()
    def whatever_is_open_has_somebody_something_to_do_and_a_time(self) -> None:
        """domain.md feature 17."""
        if self.reference and self.before.state != State.CLOSED:
            row = self.before.row
            assert row["owner"] or row["queue"], "nobody has it"
            assert row["next_action"] and row["due_at"] and row["clock_from"] and row["rung_at"], "nothing is due"
            assert row["state"] != State.AWAITING_INFORMATION or row["asked_who_acts"], "nobody acts if no answer comes"
            assert row["state"] == State.RECEIVED or row["looked_at"] or row["state"] == State.REOPENED

    @invariant()
    def whatever_is_closed_was_decided_and_told(self) -> None:
        """domain.md feature 18: a decision, reasons, and a notice or the reason why there is none."""
        if not self.reference or self.before.state != State.CLOSED:
            return
        row = self.before.row
        assert row["decision_code"] in DECISIONS and row["decision_reason"] and row["close_reason"] and row["closed_at"]
        with self.ground.core.database.reading() as session:
            told = notice.of_referrals(session, [row["id"]])
        since: datetime = row["closed_at"]
        last = [n for n in told if n.kind in ENDINGS and n.created_at >= since]
        by_hand = [n for n in told if n.kind == NoticeKind.STAFF_TASK and n.created_at >= since and n.reason]
        assert last or by_hand, "closed without a word"
        assert all(n.text or n.reason for n in last), "neither words nor a reason why there are none"

    def seen(self) -> Seen:
        """As it stands in the database."""
        with self.ground.core.database.reading() as session:
            row = held(session, self.reference)
            return Seen(row=row.model_dump(), lines=len(audit.of_referrals(session, [row.id or 0])))
