"""The judge is judged: an honest run is acquitted, and each thing broken on purpose is named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from gateway.reference import draw
from tests.chaos.kept import Kept, KeptMessage, KeptNotice
from tests.chaos.plan import Fault, Way
from tests.chaos.record import Record, What, read_record
from tests.chaos.story import Story, story_of
from tests.chaos.verdict import Verdict, judge


def a_row(number: int, way: Way = Way.MAIL) -> KeptMessage:
    return KeptMessage(
        id=f"m{number}", ledger_no=number, channel="email" if way is not Way.TEXT else "sms", source_key=f"key{number}",
        conversation=None, reference=reference(number), sha256=f"sha{number}", referral_id=number,
        referral=reference(number), text=f"words marker{number}", unreadable="", is_read=True,
    )  # fmt: skip


def a_receipt(number: int, state: str = "sent", reason: str = "") -> KeptNotice:
    return KeptNotice(
        id=f"n{number}", referral=reference(number), kind="receipt", channel="email", state=state, reason=reason,
        provider_id="",
    )  # fmt: skip


def reference(number: int) -> str:
    return draw(Random(number))


class Run:
    """Mail 1 told by mail, form 2 told at the door, mail 3 a machine's; the database as it should be."""

    def __init__(self, folder: Path) -> None:
        self.record = Record(folder / "record.jsonl")
        for number, way in ((1, Way.MAIL), (2, Way.FORM), (3, Way.MACHINE)):
            self.record.write(
                What.SENT, number=number, way=way, key=f"sha{number}", who=f"s{number}@example.org",
                marker=f"marker{number}", answers=f"<{number}@example.org>",
            )  # fmt: skip
            self.record.write(What.TAKEN, number=number, way=way, words=reference(number))
        self.tell(1)
        self.record.write(What.TOLD, number=2, way="web_form", words=f"Your reference is {reference(2)}")
        automatic = a_receipt(3, "cancelled", "automatic message: Auto-Submitted")
        self.kept = Kept(messages=[a_row(1), a_row(2), a_row(3)], notices=[a_receipt(1), a_receipt(2), automatic])

    def tell(self, number: int) -> None:
        self.record.write(
            What.TOLD, way="email", key=f"<notice{number}>", who=f"s{number}@example.org",
            words=f"We have it [{reference(number)}]", answers=f"<{number}@example.org>",
        )  # fmt: skip

    def story(self) -> Story:
        return story_of(read_record(self.record.path))

    def verdict(self) -> Verdict:
        return judge(self.story(), self.kept)

    def rules(self) -> set[str]:
        return {finding.rule for finding in self.verdict().findings}


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    told = Run(tmp_path)
    yield told
    told.record.close()


def test_an_honest_run_is_acquitted(run: Run) -> None:
    assert run.verdict() == Verdict(findings=[], twice=[])


def test_a_message_taken_out_of_the_database_is_missing(run: Run) -> None:
    run.kept = replace(run.kept, messages=run.kept.messages[1:])
    assert [(f.rule, f.about) for f in run.verdict().findings] == [("accepted and missing", "mail 1")]


def test_a_message_that_became_two_referrals_is_named(run: Run) -> None:
    double = replace(a_row(1), id="m9", ledger_no=9, referral_id=9, referral=reference(9))
    run.kept = replace(run.kept, messages=[*run.kept.messages, double])
    assert {"kept twice", "duplicated as referrals"} <= run.rules()


def test_a_sender_nobody_answered_and_nobody_owes_is_named(run: Run) -> None:
    run.record.write(What.SENT, number=4, way=Way.MAIL, key="sha4", who="s4@example.org", marker="marker4")
    run.record.write(What.TAKEN, number=4, way=Way.MAIL)
    run.kept = Kept(messages=[*run.kept.messages, a_row(4)], notices=[*run.kept.notices, a_receipt(4)])
    (finding,) = run.verdict().findings
    assert (finding.rule, finding.about) == ("without an acknowledgement or a person who owes it", "mail 4")
    task = replace(a_receipt(4, "owed"), kind="staff_task", channel="staff")
    run.kept = replace(run.kept, notices=[*run.kept.notices, task])
    assert run.rules() == set()


def test_a_letter_in_the_print_folder_is_owed_by_the_post_room_and_one_that_is_not_there_by_nobody(run: Run) -> None:
    run.record.write(What.SENT, number=4, way=Way.LETTER, key="sha4", who="", marker="marker4")
    run.record.write(What.TAKEN, number=4, way=Way.LETTER)
    letter = replace(a_receipt(4), channel="letter", provider_id="n4.pdf")
    run.kept = Kept(messages=[*run.kept.messages, a_row(4)], notices=[*run.kept.notices, letter])
    assert run.rules() == set()
    run.kept = replace(run.kept, notices=[*run.kept.notices[:-1], replace(letter, provider_id="")])
    assert run.rules() == {"without an acknowledgement or a person who owes it"}


def test_a_cancelled_receipt_without_a_lawful_reason_is_no_answer(run: Run) -> None:
    run.kept = replace(run.kept, notices=[*run.kept.notices[:2], a_receipt(3, "cancelled", "somebody felt like it")])
    assert run.rules() == {"without an acknowledgement or a person who owes it"}


def test_a_machine_that_was_answered_is_named(run: Run) -> None:
    run.tell(3)
    assert run.rules() == {"a machine was answered"}


def test_a_status_that_went_backwards_is_named(run: Run) -> None:
    run.record.write(What.BACKWARDS, key="n1", words="delivered to sent")
    assert [(f.rule, f.what) for f in run.verdict().findings] == [("a status went backwards", "delivered to sent")]


def test_words_that_are_missing_and_a_reference_that_was_not_theirs_are_named(run: Run) -> None:
    wrong = replace(a_row(1), text="other words", reference=reference(8), referral=reference(8))
    run.kept = replace(run.kept, messages=[wrong, *run.kept.messages[1:]])
    assert {"its words are missing", "told a reference that is not in the database"} <= run.rules()


def test_what_was_forged_or_never_sent_is_named(run: Run) -> None:
    run.record.write(What.FORGED, key="key1")
    run.kept = replace(run.kept, messages=[*run.kept.messages, replace(a_row(9), sha256="unknown")])
    assert run.rules() == {"forged and kept", "kept and never sent"}


def test_a_notice_sent_twice_needs_a_lost_answer_or_a_process_that_died(run: Run) -> None:
    run.tell(1)
    assert run.rules() == {"sent twice"}
    run.record.write(What.LOST, way="email", key="<notice1>")
    assert run.rules() == set()
    assert [finding.what for finding in run.verdict().twice] == ["the answer was lost"]


def test_a_death_right_after_the_first_time_excuses_the_second(run: Run) -> None:
    run.record.write(What.BEGAN, way=Fault.KILL_DESKS, key="fault 1")
    run.record.write(What.ENDED, way=Fault.KILL_DESKS, key="fault 1")
    run.tell(1)
    assert [finding.what for finding in run.verdict().twice] == ["kill -9 of the desks"]
