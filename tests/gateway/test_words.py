"""Notices say what they must, in one segment where it is a text, and never what is not known."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gateway.gsm7 import gsm7_length
from gateway.wording_rules import EVERYTHING_KNOWN
from gateway.words import WORDING, NoticeFields, NoWording, WordingFault, Words
from gateway.working_days import look_by

RECEIVED = datetime(2026, 11, 23, 10, 15, tzinfo=UTC)
TOLD = NoticeFields(
    reference="KMR-4729-HX",
    received=RECEIVED,
    read_by=look_by(RECEIVED),
    next_notice_by=datetime(2026, 11, 25, 17, 0, tzinfo=UTC),
    what_we_got="1 email and 2 photos",
)


def words_of(folder: Path = WORDING, organisation: str = "Northshire Council") -> Words:
    return Words(
        organisation=organisation,
        phone="01632 960001",
        address="1 County Square, Northtown, NT1 1AA",
        complaint_url="northshire.example/complain",
        text_number="07700 900123",
        folder=folder,
    )


def written(folder: Path, name: str, words: str) -> Words:
    (folder / name).write_text(words, encoding="utf-8")
    return words_of(folder)


def test_the_discreet_text_is_the_agreed_one_and_names_nobody() -> None:
    assert words_of().render("receipt", "sms", TOLD).text == (
        "Thanks, we have your message. Ref KMR-4729-HX. We will read it by 10:15am Tue 24 Nov and be in touch. "
        "Reply to add more, or STOP for no texts. Emergency: 999"
    )


def test_the_open_text_names_the_council() -> None:
    assert words_of().render("receipt", "sms-open", TOLD).text == (
        "Northshire Council: we have your report. Ref KMR-4729-HX. A social worker will read it by "
        "10:15am Tue 24 Nov. Call 01632 960 001 to add more. Danger now? 999"
    )


def test_a_mail_has_a_subject_plain_words_and_the_same_as_a_page() -> None:
    mail = words_of().render("receipt", "email", TOLD)

    assert mail.subject == "We have your message - KMR-4729-HX"
    assert mail.text.startswith("Thank you for contacting Northshire Council. We have your message.\n\n")
    assert "We have 1 email and 2 photos from you. We got this at 10:15am on Monday 23 November 2026." in mail.text
    assert "They will do this by 10:15am on Tuesday 24 November." in mail.text
    assert "by 5pm on Wednesday 25 November." in mail.text
    assert "Subject:" not in mail.text
    assert "<h2>What happens next</h2>" in str(mail.html)


def test_a_web_page_part_gives_the_code_only_where_there_is_one() -> None:
    with_code = words_of().render("receipt", "web", replace(TOLD, code="4821", nameless=True))
    without = words_of().render("receipt", "web", TOLD)

    assert "You did not give your name. That is fine." in with_code.text
    assert "Your code is 4821." in with_code.text
    assert "code" not in without.text
    assert str(with_code.html).startswith('<p class="govuk-body">We have your report.')


def test_a_manager_is_spoken_of_only_if_one_has_looked() -> None:
    alone = words_of().render("looked_at", "email", TOLD).text
    checked = words_of().render("looked_at", "email", replace(TOLD, agreed_by="Jo Example")).text

    assert "A manager has checked that." not in alone
    assert "A manager has checked that." in checked
    assert "Jo" not in checked


def test_a_question_stands_in_for_the_usual_ones_and_cannot_become_markup() -> None:
    asked = replace(TOLD, answer_by=RECEIVED, question="Which <b>street</b>, {{ organisation }}?\x07")
    mail = words_of().render("need_more", "email", asked)

    assert "Which <b>street</b>, {{ organisation }}?" in mail.text
    assert "Which &lt;b&gt;street&lt;/b&gt;" in str(mail.html)
    assert "nursery" not in mail.text
    assert "nursery" in words_of().render("need_more", "email", replace(asked, question=None)).text


def test_a_missing_value_is_named_with_its_file_and_nothing_is_sent() -> None:
    with pytest.raises(WordingFault, match=r"receipt\.sms\.txt: .*read_by_short"):
        words_of().render("receipt", "sms", NoticeFields(reference="KMR-4729-HX"))


def test_a_notice_without_a_wording_on_this_medium_says_so() -> None:
    assert words_of().has("receipt", "sms")
    assert not words_of().has("closed", "voice")
    with pytest.raises(NoWording, match=r"closed\.voice\.txt"):
        words_of().render("closed", "voice", TOLD)


@pytest.mark.parametrize("kind", ["receipt", "looked_at", "need_more", "late", "closed", "passed_on", "worker_message"])
@pytest.mark.parametrize("medium", ["sms", "email", "letter", "web"])
def test_every_notice_to_a_sender_exists_on_every_medium(kind: str, medium: str) -> None:
    assert "KMR-4729-HX" in words_of().render(kind, medium, EVERYTHING_KNOWN).text


def test_every_text_is_one_segment_at_any_minute_of_any_day() -> None:
    words = words_of()
    texts = [file.split(".")[:2] for file in words.wordings if ".sms" in file]
    for days in range(366):
        at = datetime(2028, 1, 1, 22, 48, tzinfo=UTC) + timedelta(days=days)
        told = replace(EVERYTHING_KNOWN, read_by=at, answer_by=at, promised=at, new_time=at, act_by=at)
        lengths = [gsm7_length(words.render(kind, medium, told).text) for kind, medium in texts]
        assert all(length and length <= 160 for length in lengths)
    assert len(texts) == 11


@pytest.mark.parametrize("name", ["Much Longer Northshire County Council", "Northshire’s Council"])
def test_a_text_that_would_be_two_or_change_alphabet_is_refused_by_file(name: str) -> None:
    with pytest.raises(WordingFault, match=r"receipt\.sms-open\.txt: is longer than one text"):
        words_of(organisation=name).render("receipt", "sms-open", TOLD)


def test_a_wording_that_is_not_well_formed_is_named_when_it_is_read(tmp_path: Path) -> None:
    with pytest.raises(WordingFault, match=r"receipt\.web\.txt: line 2"):
        written(tmp_path, "receipt.web.txt", "We have it.\n{% if code %}Your code")


@pytest.mark.parametrize("said", ["{{ reference - 1 }}", "{{ 1 / 0 }}", "{{ reference | round }}", "{{ code[0]() }}"])
def test_a_wording_that_asks_for_the_impossible_is_named_whatever_goes_wrong(tmp_path: Path, said: str) -> None:
    words = written(tmp_path, "receipt.web.txt", said)

    with pytest.raises(WordingFault, match=r"receipt\.web\.txt"):
        words.render("receipt", "web", replace(TOLD, code="1234"))


def test_a_wording_cannot_reach_into_the_machine(tmp_path: Path) -> None:
    words = written(tmp_path, "receipt.web.txt", "{{ organisation.__class__.__mro__ }}")

    with pytest.raises(WordingFault, match=r"receipt\.web\.txt"):
        words.render("receipt", "web", TOLD)


def test_a_value_cannot_add_a_header_to_a_subject(tmp_path: Path) -> None:
    words = written(tmp_path, "receipt.email.txt", "Subject: For {{ worker }}\n\nHello.\n")

    assert words.render("receipt", "email", NoticeFields(worker="Sam\nBcc: x@example.org")).subject == (
        "For Sam Bcc: x@example.org"
    )
