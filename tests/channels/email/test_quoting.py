"""What is folded in a mail: never a new word, and nearly everything that only repeats an earlier mail."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.contract import Address, AddressClass, Fold, FoldKind, Inbound
from channels.email.quoting import folds_in, folds_of
from channels.email.said import Found, Origin
from tests.channels.email.quoted_mails import MAILS, Mail

NAMES = [mail.name for mail in MAILS]
OPENS = "On Mon, 2 Nov 2026 at 10:00, Sam <sam@example.org> wrote:"
PIECES = (
    OPENS, "> old", ">> older", "-- ", "From: Sam <sam@example.org>", "Sent: 2 November 2026", "To: Robin",
    "Subject: help", "-----Original Message-----", "Sent from my iPhone", "", "new words",
)  # fmt: skip
LONG = ("> a", OPENS[:40], "From: a", "-- ", "this email is confidential ", "a@" * 500, "<" * 900, "- " * 900)


def _folded(mail: Mail) -> tuple[str, tuple[Fold, ...]]:
    """The text with each folded character made a full block."""
    folds = folds_of(mail.text, subject=mail.subject, is_reply=mail.is_reply)
    shown = list(mail.text)
    for fold in folds:
        shown[fold.start : fold.end] = "█" * (fold.end - fold.start)
    return "".join(shown), folds


def new_words(text: str, folds: tuple[Fold, ...]) -> str:
    """As the queue shows them."""
    return Inbound(sender=Address(kind=AddressClass.NONE), text=text, folds=folds).new_words


def _lines_folded(mail: Mail, labels: str) -> list[bool]:
    shown, _ = _folded(mail)
    pairs = zip(_by_line(mail, shown), mail.labelled, strict=True)
    return [set(line.strip()) == {"█"} for line, (label, words) in pairs if label in labels and words.strip()]


def _by_line(mail: Mail, shown: str) -> list[str]:
    """The shown text cut where the mail's lines end: a fold covers line ends too."""
    lines, at = [], 0
    for _, words in mail.labelled:
        lines.append(shown[at : at + len(words.rstrip())])
        at += len(words) + 1
    return lines


def test_there_are_enough_labelled_mails_to_measure_with() -> None:
    assert len(MAILS) >= 60 and len(set(NAMES)) == len(MAILS)


@pytest.mark.parametrize("mail", MAILS, ids=NAMES)
def test_no_new_word_and_nothing_that_is_to_be_read_is_ever_folded(mail: Mail) -> None:
    shown, _ = _folded(mail)
    cut = _by_line(mail, shown)
    assert [line for line, (label, _) in zip(cut, mail.labelled, strict=True) if label in "NO" and "█" in line] == []


def test_nearly_every_quoted_line_and_every_signature_is_folded() -> None:
    answers = [mail for mail in MAILS if mail.has("Q")]
    open_still = [mail.name for mail in answers if not all(_lines_folded(mail, "Q"))]
    assert len(open_still) <= 0.03 * len(answers), open_still
    assert [mail.name for mail in MAILS if not all(_lines_folded(mail, "S"))] == []


def test_quotes_and_signatures_are_told_apart() -> None:
    phone = next(mail for mail in MAILS if mail.name == "phone")
    _, folds = _folded(phone)
    assert [fold.kind for fold in folds] == [FoldKind.SIGNATURE, FoldKind.QUOTED]
    assert new_words(phone.text, folds).startswith("He has not been at school") and "ring" not in new_words(
        phone.text, folds
    )


def test_what_is_left_open_has_no_fold_at_all() -> None:
    assert [mail.name for mail in MAILS if not mail.has("Q") and not mail.has("S") and _folded(mail)[1]] == []


def test_a_mail_that_came_attached_and_our_own_remarks_are_never_folded() -> None:
    found = Found()
    found.say("Thank you, we can meet on Tuesday at ten.\n\n-- \nRobin Example\n01632 960123")
    found.say(f"She says she is scared at home.\n\n{OPENS}\n> My dad hit me again", Origin.ATTACHED)
    found.remark(["[What is nested deeper than 20 parts was not opened.]"])
    [fold] = folds_in(found, subject="Re: x", is_reply=True)
    assert found.text[fold.start : fold.end] == "-- \nRobin Example\n01632 960123"


@given(st.lists(st.sampled_from(PIECES), max_size=30), st.booleans())
def test_folds_of_any_mail_are_in_order_within_it_and_leave_words(pieces: list[str], is_reply: bool) -> None:
    text = "\n".join(pieces)
    folds = folds_of(text, subject="Re: x", is_reply=is_reply)
    ends = [0, *(place for fold in folds for place in (fold.start, fold.end)), len(text)]
    assert ends == sorted(ends) and all(fold.start < fold.end for fold in folds)
    assert not folds or new_words(text, folds) != text


@pytest.mark.parametrize("line", LONG)
def test_a_long_mail_takes_no_longer_than_it_is(line: str) -> None:
    began = time.perf_counter()
    folds_of("\n".join([line] * 20_000)[:300_000], subject="Re: x", is_reply=True)
    assert time.perf_counter() - began < 2
