"""The verdict: what the observer recorded against what the database holds, and nothing else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tests.chaos.kept import Kept, KeptMessage, KeptNotice, keys_of
from tests.chaos.plan import Fault, Way
from tests.chaos.story import SentMessage, Story, Telling

LAWFUL = ("automatic message", "number withheld", "no address was given")
BY_DIGEST = ("email", "web_form", "note", "letter")
COMMIT_SECONDS = 4.0
NOT_COMMITTED = frozenset(Fault) - {
    Fault.RELAY_REFUSES, Fault.RELAY_LATER, Fault.RELAY_NEVER, Fault.PROVIDER_BUSY, Fault.PROVIDER_BROKEN,
    Fault.PROVIDER_LISTS, Fault.ANSWER_LOST, Fault.WEBHOOK_TWICE, Fault.WEBHOOK_REVERSED, Fault.WEBHOOK_LATE,
    Fault.WEBHOOK_FORGED, Fault.TEXTS_FAIL, Fault.RECORDING_LATE,
}  # fmt: skip
"""Faults that can keep a gateway from recording a yes it was given."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One broken invariant: which, and what it is about."""

    rule: str
    about: str
    what: str = ""


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """``twice``: notices that went out twice where a process died or an answer was lost, each with why that is."""

    findings: Sequence[Finding]
    twice: Sequence[Finding]


def judge(story: Story, kept: Kept) -> Verdict:
    """Every rule; a finding names the message by its number in the plan."""
    court = _Court(story, kept)
    findings = [finding for message in story.messages.values() for finding in court.of_message(message)]
    findings += court.of_database()
    excused, unexcused = court.sent_twice()
    return Verdict(findings=findings + unexcused, twice=excused)


class _Court:
    def __init__(self, story: Story, kept: Kept) -> None:
        self._story, self._kept = story, kept
        self._by_key = defaultdict[str, list[KeptMessage]](list)
        for row in kept.messages:
            for key in set(keys_of(row.sha256, row.source_key, row.conversation)) - {""}:
                self._by_key[key].append(row)
        self._notices: Mapping[str, list[KeptNotice]] = defaultdict(list)
        for notice in kept.notices:
            self._notices[notice.referral].append(notice)

    def of_message(self, message: SentMessage) -> Iterator[Finding]:
        """Kept once, whole, answered or owed, and under the reference that was told."""
        rows = self._rows(message)
        about = f"{message.way} {message.number}"
        if message.way is Way.MACHINE:
            yield from self._answered(message, about)
        if not message.is_taken or not message.keys:
            return
        if not rows:
            yield Finding(rule="accepted and missing", about=about)
            return
        yield from self._kept_once(message, rows, about)
        yield from self._whole(message, rows, about)
        yield from self._acknowledged(message, rows, about)
        yield from self._rightly_named(message, rows, about)

    def of_database(self) -> Iterator[Finding]:
        """Nothing that nobody sent, no state that went back, nothing told of what is not there."""
        known = {key for message in self._story.messages.values() for key in message.keys}
        for row in self._kept.messages:
            if row.channel in BY_DIGEST and row.ledger_no is not None and row.sha256 not in known:
                yield Finding(rule="kept and never sent", about=f"{row.channel} number {row.ledger_no}")
            if self._story.forged & set(keys_of(row.sha256, row.source_key, row.conversation)):
                yield Finding(rule="forged and kept", about=f"{row.channel} number {row.ledger_no}")
        for line in self._story.backwards:
            yield Finding(rule="a status went backwards", about=f"notice {line.key}", what=line.words)
        references = self._with_stand_ins({notice.referral for notice in self._kept.notices})
        for told in self._story.tellings:
            if not told.number and told.references - references:
                yield Finding(rule="told a reference that is not there", about=f"{told.way} {told.key}")

    def sent_twice(self) -> tuple[list[Finding], list[Finding]]:
        """Notices told more than once: excused where an answer was lost or the yes could not be recorded, or not."""
        by_notice = defaultdict[tuple[str, str], list[Telling]](list)
        for told in self._story.tellings:
            if not told.number:
                by_notice[told.way, told.key if told.way == "email" else f"{told.who} {told.words}"].append(told)
        excused, unexcused = list[Finding](), list[Finding]()
        for (way, _), tellings in by_notice.items():
            for told in tellings[:-1]:
                why = self._why_again(told)
                about = f"{way} {told.key}"
                (excused if why else unexcused).append(
                    Finding(rule="sent twice", about=about, what=why or "though its answer was not lost")
                )
        return excused, unexcused

    def _why_again(self, told: Telling) -> str:
        if told.key in self._story.answers_lost:
            return "the answer was lost"
        for strike in self._story.strikes:
            if (
                strike.fault in NOT_COMMITTED
                and strike.began - 1 < told.at + COMMIT_SECONDS
                and told.at < strike.ended + 1
            ):
                return str(strike.fault)
        return ""

    def _with_stand_ins(self, references: set[str]) -> set[str]:
        """With those that find the same: told while the database was away for what it had under another."""
        return references | {told for told, meant in self._kept.stands_for.items() if meant in references}

    def _rows(self, message: SentMessage) -> list[KeptMessage]:
        return [row for key in message.keys for row in self._by_key.get(key, ())]

    def _kept_once(self, message: SentMessage, rows: list[KeptMessage], about: str) -> Iterator[Finding]:
        if message.way is not Way.CALL and len(rows) > 1:
            yield Finding(rule="kept twice", about=about, what=f"{len(rows)} rows")
        if len({row.referral_id for row in rows if row.referral_id is not None}) > 1:
            yield Finding(rule="duplicated as referrals", about=about)

    def _whole(self, message: SentMessage, rows: list[KeptMessage], about: str) -> Iterator[Finding]:
        if not all(row.is_read for row in rows):
            yield Finding(rule="never read", about=about)
        elif message.marker and not any(message.marker in row.text for row in rows):
            yield Finding(rule="its words are missing", about=about, what=rows[0].unreadable)

    def _acknowledged(self, message: SentMessage, rows: list[KeptMessage], about: str) -> Iterator[Finding]:
        referrals = {row.referral for row in rows if row.referral}
        if not referrals:
            yield Finding(rule="without a referral", about=about)
            return
        references = self._with_stand_ins(referrals | {row.reference for row in rows})
        tellings = [*self._story.told_at_door.get(message.number, ()), *self._story.told_to.get(message.who, ())]
        if any(told.references & references for told in tellings):
            return
        notices = [notice for referral in referrals for notice in self._notices[referral]]
        if any(_is_a_persons_task(notice) or _waits_to_be_posted(notice) for notice in notices):
            return
        if not any(n.kind == "receipt" and n.state == "cancelled" and n.reason.startswith(LAWFUL) for n in notices):
            states = ", ".join(f"{n.kind} by {n.channel} {n.state}" for n in notices) or "no notices"
            yield Finding(rule="without an acknowledgement or a person who owes it", about=about, what=states)

    def _answered(self, message: SentMessage, about: str) -> Iterator[Finding]:
        for told in self._story.tellings:
            is_answer = bool(message.mail_id) and told.answers == message.mail_id
            if is_answer or (message.who and told.who == message.who):
                yield Finding(rule="a machine was answered", about=about)

    def _rightly_named(self, message: SentMessage, rows: list[KeptMessage], about: str) -> Iterator[Finding]:
        known = self._with_stand_ins({name for row in rows for name in (row.reference, row.referral) if name})
        told = message.named | {
            reference for told in self._story.told_at_door.get(message.number, ()) for reference in told.references
        }
        if wrong := told - known:
            yield Finding(rule="told a reference that is not in the database", about=about, what=", ".join(wrong))


def _is_a_persons_task(notice: KeptNotice) -> bool:
    return notice.kind == "staff_task" and notice.state == "owed"


def _waits_to_be_posted(notice: KeptNotice) -> bool:
    """A letter that lies in the print folder: the post room owes it until somebody marks it posted."""
    return (notice.kind, notice.channel, notice.state) == ("receipt", "letter", "sent") and notice.provider_id != ""
