"""A mail saved by Outlook is read like the mail it was."""

import json

import pytest
from oxmsg import Message as AsOthersRead

from channels.contract import Unreadable
from channels.packed.outlook import is_outlook_mail, open_outlook
from tests.channels.email.northshire import SENDER, as_kept, email_channel, read
from tests.channels.email.outlook_files import a_mail_folder, an_outlook_mail
from tests.channels.email.test_public_mails import CASES

HEADER = (
    "Received: from x\r\nFrom: Sam <sam@example.org>\r\nSubject: A worry\r\nMessage-ID: <1@example.org>\r\n"
    "Content-Type: multipart/mixed; boundary=gone\r\n"
)


def test_what_our_tests_save_is_what_other_programs_read() -> None:
    saved = an_outlook_mail(subject="A worry", words="He was hungry.", files=[("a.txt", b"x" * 5000), ("b.txt", b"y")])
    theirs = AsOthersRead.load(saved)
    assert (theirs.subject, theirs.body) == ("A worry", "He was hungry.")
    assert [(each.file_name, each.file_bytes) for each in theirs.attachments] == [
        ("a.txt", b"x" * 5000),
        ("b.txt", b"y"),
    ]


def test_sender_subject_words_and_files_are_found() -> None:
    inbound = read(
        an_outlook_mail(subject="Zoë – £5", words="He was — hungry.", sender=SENDER, files=[("é.txt", b"1")])
    )
    assert (inbound.sender.value, inbound.subject, inbound.text) == (SENDER, "Zoë – £5", "He was — hungry.")
    assert [(each.name, each.content) for each in inbound.enclosures] == [("é.txt", b"1")]


def test_what_the_network_said_of_it_goes_before_what_outlook_knew() -> None:
    inbound = read(an_outlook_mail(header=HEADER, sender=SENDER, subject="x", words="Words"))
    assert (inbound.sender.value, inbound.sender_name, inbound.subject) == ("sam@example.org", "Sam", "A worry")
    assert inbound.reply_handle["message_id"] == "1@example.org"


def test_a_page_alone_is_read_as_words() -> None:
    assert read(an_outlook_mail(page="<p>Zoë</p>".encode("cp1252"), sender=SENDER)).text == "Zoë"


def test_a_mail_inside_it_is_read_with_its_files_and_kept() -> None:
    inner = a_mail_folder(subject="Inner", words="Inner words", sender="sam@example.org", files=[("in.txt", b"2")])
    inbound = read(an_outlook_mail(words="See below.", sender=SENDER, mails=[inner]))
    assert inbound.text == (
        "See below.\n\nAttached message\nFrom: sam <sam@example.org>\nSubject: Inner\n\nInner words"
    )
    assert [(each.name, each.within) for each in inbound.enclosures] == [
        ("attachment-1.eml", ""), ("in.txt", "attachment-1.eml")
    ]  # fmt: skip


def test_one_damaged_is_read_as_far_as_it_goes_or_is_unreadable_and_never_fails() -> None:
    whole = an_outlook_mail(subject="A worry", words="He was hungry." * 400, files=[("a.txt", b"x" * 5000)])
    for end in range(600, len(whole), 997):
        open_outlook(whole[:end])
    broken = whole[:512] + bytes(len(whole) - 512)
    assert open_outlook(broken) is None
    with pytest.raises(Unreadable, match="Outlook"):
        email_channel().parse(as_kept(whole[:512] + "__properties_version1.0".encode("utf-16-le")))


@pytest.mark.skipif(not (CASES / "manifest.json").exists(), reason="no folder of public mails is at hand")
def test_every_published_mail_of_outlook_gives_its_words_and_its_subject_as_others_read_it() -> None:
    listed = json.loads((CASES / "manifest.json").read_text())
    saved = [(CASES / entry["file"]).read_bytes() for entry in listed if entry["kind"] == "attachment-blob:msg"]
    mails = [(read(each), AsOthersRead.load(each)) for each in saved if is_outlook_mail(each)]
    assert len(mails) >= 20
    assert [theirs.subject for ours, theirs in mails if not ours.text.strip()] == []
    # a converter wrote its own name above one of them; what the network said goes before it
    assert [theirs.subject for ours, theirs in mails if ours.subject not in " ".join(theirs.subject.split())] == []


def test_an_old_word_document_is_none() -> None:
    assert not is_outlook_mail(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000))
