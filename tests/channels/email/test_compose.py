"""A notice as a mail: laid out by hand, and read by others as it was meant."""

import email
import email.policy
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.contract import Address, AddressClass, Outgoing
from channels.email.compose import notice_as_mail
from channels.email.own import Own

OWN = Own(mailboxes=("referrals@northshire.example",), mail_from="noreply@northshire.example", loop_key=b"k" * 32)
SIGNS = st.characters(codec="utf-8", exclude_characters="\r\x00")
HARD = (
    ".\n..\nFrom here on\nends in spaces   \n\ttabs\t\n=3D and = and ==\n\n\n" + "long " * 400 + "\n" + "x" * 2000,
    "Zoë's käse \u2028 one line still \x0b\x0c \x85 and 😀",
    "--=_" + "0" * 32 + "_parts\nno boundary of ours, as = is written as =3D",
    "",
)


def mail_of(text: str, *, page: str = "", to: str = "jo@example.org", subject: str = "We have it") -> EmailMessage:
    notice = Outgoing(
        notice_id="0" * 32, reference="KMR-4729-HX", kind="receipt", address=Address(kind=AddressClass.EMAIL, value=to),
        text=text, subject=subject, html=page, data={"kind": "receipt", "reference": "KMR-4729-HX"},
        reply_handle={"message_id": "theirs@example.org"}, written_at=datetime(2026, 11, 23, 10, 15, tzinfo=UTC),
    )  # fmt: skip
    written = notice_as_mail(notice, own=OWN, organisation="Northshire Council, Children\u2019s Services")
    assert b"\n" not in written.replace(b"\r\n", b"")
    assert max(map(len, written.split(b"\r\n"))) <= 998
    return email.message_from_bytes(written, policy=email.policy.default)


def forms(mail: EmailMessage) -> list[str]:
    """Both forms of the words, as a reader's program shows them."""
    return [part.get_content().replace("\r\n", "\n") for part in mail.walk() if part.get_content_maintype() == "text"]


def ended(words: str) -> str:
    """Every line ended, the last one too."""
    return "".join(f"{line}\n" for line in words.removesuffix("\n").split("\n")) if words else ""


@pytest.mark.parametrize("words", HARD)
def test_the_words_arrive_as_they_were_written(words: str) -> None:
    assert forms(mail_of(words, page=words or "<p></p>")) == [ended(words), ended(words or "<p></p>")]


@settings(max_examples=60, deadline=None)
@given(st.text(SIGNS, min_size=1, max_size=300))
def test_whatever_the_words_are_they_arrive(words: str) -> None:
    mail = mail_of(words, page=f"<p>{words}</p>")
    assert mail.defects == []
    assert forms(mail) == [ended(words), ended(f"<p>{words}</p>")]


def test_the_mail_has_both_forms_of_the_words_then_the_facts_for_programs() -> None:
    mail = mail_of("We have it.")
    kinds = ["multipart/mixed", "multipart/alternative", "text/plain", "text/html", "application/json"]
    assert [part.get_content_type() for part in mail.walk()] == kinds
    (facts,) = mail.iter_attachments()
    assert (facts.get_filename(), b"KMR-4729-HX" in facts.get_content()) == ("receipt.json", True)


def test_it_says_who_writes_where_answers_go_and_that_a_machine_wrote_it() -> None:
    mail = mail_of("We have it.", subject="Your report: Zoë")
    (sender,), (answers,) = mail["From"].addresses, mail["Reply-To"].addresses
    assert (sender.display_name, sender.addr_spec) == ("Northshire Council, Children\u2019s Services", OWN.mail_from)
    assert answers.addr_spec == "referrals@northshire.example"
    assert (mail["Subject"], mail["Auto-Submitted"]) == ("Your report: Zoë", "auto-replied")
    assert (mail["In-Reply-To"], mail["Date"].datetime) == (
        "<theirs@example.org>", datetime(2026, 11, 23, 10, 15, tzinfo=UTC),
    )  # fmt: skip
    assert mail["Message-ID"] == f"<{OWN.message_id('0' * 32)}>"
    assert len(mail.keys()) == len(set(mail.keys()))
