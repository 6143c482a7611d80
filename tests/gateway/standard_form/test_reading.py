"""What is taken from the fields of a document, and what is not."""

from __future__ import annotations

import pytest

from gateway.standard_form.meaning import meant
from gateway.standard_form.reading import LONGEST, filled_form
from gateway.standard_form.telling_apart import told_apart
from storage.claim import Entity
from tests.gateway.standard_form.filled import Here, pdf, word
from transcription.contract import FormField, Transcript

HOSTILE = {
    "a formula": '=HYPERLINK("http://example.org","x")',
    "markup": "<script>alert(1)</script><img src=x onerror=1>",
    "a template": "{{ 7*7 }} {% include 'x' %}",
    "another order": "left \u202eright\u2066",
    "nothing seen": "a\x00b\x07c\x1b[31m",
    "half a sign": "\ud800 alone",
}


def a_field(name: str, value: str, **given: str) -> FormField:
    return FormField(name=name, value=value, kind="text", words=value, **given)  # type: ignore[arg-type]


def test_the_form_of_another_organisation_is_not_taken_for_ours() -> None:
    assert filled_form([a_field("Text1", "Alfie"), a_field("Child.Name", "Alfie")]) is None
    assert filled_form([]) is None


def test_known_questions_are_enough_where_the_mark_is_gone() -> None:
    form = filled_form([a_field("child.given_name", "Alfie"), a_field("Text1", "seven", label="Age")])
    assert form is not None and [each.value for each in form.stated()] == ["Alfie"]
    assert form.stated()[0].key == (Entity.CHILD, 1, "given_name")
    assert form.others == (("Age", "seven"),)


@pytest.mark.parametrize(("mark", "version"), [("0", "0"), ("12", "12"), ("<b>", "1"), ("99999", "1"), ("", "1")])
def test_an_old_version_or_a_tampered_one_is_read_all_the_same(mark: str, version: str) -> None:
    form = filled_form(
        [a_field("frontdoor.form", mark), a_field("child.1.dob", "2019-02-30"), a_field("gone.now", "x")]
    )
    assert form is not None and form.version == version
    assert [(each.value, each.value_norm) for each in form.stated()] == [("2019-02-30", "")]
    assert form.others == (("gone.now", "x"),)


def test_what_is_named_for_who_told_us_is_kept_apart_though_we_do_not_ask_it() -> None:
    form = filled_form([a_field("frontdoor.form", "1"), a_field("referrer.nickname", "Perpetua")])
    assert form is not None and form.others == ()
    (stated,) = form.stated()
    assert (stated.entity, stated.field, stated.value, stated.is_open) == (
        Entity.REFERRER,
        "nickname",
        "Perpetua",
        False,
    )


def test_one_question_answered_twice_counts_once() -> None:
    form = filled_form([a_field("child.1.given_name", "Alfie"), a_field("child.given_name", "Zeph")])
    assert form is not None and [each.value for each in form.stated()] == ["Alfie"]


@pytest.mark.parametrize("value", HOSTILE.values(), ids=HOSTILE)
def test_hostile_values_are_words_like_any_other_without_what_cannot_be_seen(value: str) -> None:
    form = filled_form([a_field("child.1.given_name", value)])
    assert form is not None
    (stated,) = form.stated()
    stated.value.encode()
    assert not set(stated.value) & set("\x00\x07\x1b\u202e\u2066")
    assert stated.value == value or len(stated.value) < len(value) or "\ud800" in value


def test_an_answer_of_megabytes_stands_whole_in_the_words_and_cut_in_the_claim() -> None:
    long = "He cries. " * 400_000
    read = Here().read(word({"concern.words": long, "child.1.given_name": "Alfie"}), "form.docx")
    form = filled_form(read.fields)
    assert form is not None and long.strip() in told_apart(read, form, frozenset()).text
    assert form.stated()[0].value == long[:LONGEST]


def test_what_was_written_beside_the_questions_is_shown_and_what_we_printed_is_not() -> None:
    read = Here().read(word({"child.1.given_name": "Alfie"}, beside="I forgot: he has a sister"), "form.docx")
    form = filled_form(read.fields)
    assert form is not None
    printed = frozenset(line for line in _lines(Here().read(word({}), "form.docx")))
    told = told_apart(read, form, printed)
    assert told.text == "Child 1, First name: Alfie\n\nAlso written on the form:\nI forgot: he has a sister"
    assert "Write here" not in told.text


def _lines(read: Transcript) -> list[str]:
    from gateway.standard_form.telling_apart import lines_of

    return list(lines_of(read.beside_fields))


def test_an_empty_form_states_nothing() -> None:
    for content in (word({}), pdf({})):
        form = filled_form(Here().read(content, "").fields)
        assert form is not None and form.stated() == ()


@pytest.mark.parametrize(
    ("means", "value", "wanted"),
    [
        ("date", "03/05/2019", "2019-05-03"), ("date", "3rd May 2019", "2019-05-03"),
        ("date", "3 MAY, 2019", "2019-05-03"),
        ("date", "2019-05-03", "2019-05-03"), ("date", "31 February 2019", ""), ("date", "03/05/19", ""),
        ("date", "about six", ""), ("date", "3 Ma 2019", ""), ("phone", "01632 960 001", "+441632960001"),
        ("phone", "ask at the school", ""), ("postcode", "nt14qq", "NT1 4QQ"), ("postcode", "NT1", ""),
        ("email", "A@Example.org", "a@example.org"), ("email", "a at example", ""), ("yes_no", "Yes!", "yes"),
        ("yes_no", "nac ydw", "no"), ("yes_no", "not_sure", ""), ("", "yes", ""),
    ],
)  # fmt: skip
def test_only_what_is_certain_is_put_into_another_form(means: str, value: str, wanted: str) -> None:
    assert meant(means, value) == wanted
