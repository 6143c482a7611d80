"""Which mails are a scanner's, and which files in them, or in an archive, are letters."""

from __future__ import annotations

import hashlib
import io
import zipfile
from dataclasses import replace
from email.message import EmailMessage
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.contract import Answerable, Inbound, Purpose, RawMessage, Unreadable
from channels.email.own import Own
from channels.email.parse import read_mail
from channels.letter import Letter, ScanBox
from channels.letter.carried import CARRIED, WORDS, letters_carried
from tests.channels.letter.scanner_mails import BODIES, MAILBOX, PDF, SCANNER, a_scanners_mail, at_the_door

BOX = ScanBox(mailbox=MAILBOX, senders=("@printers.northshire.example",))
ONE = a_scanners_mail({"scan.pdf": PDF})


def a_letter() -> Letter:
    def read_mail(raw: RawMessage) -> Inbound:
        raise Unreadable("read as a mail")

    return Letter(scan_dir=None, print_dir=Path("unused"), render=lambda notice: b"", read_mail=read_mail)


def an_archive(files: dict[str, bytes]) -> RawMessage:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return RawMessage(
        channel="letter", source_key="k", body=packed.getvalue(), media_type="application/zip",
        envelope={"name": "monday.zip", "arrived": "2026-11-20"},
    )  # fmt: skip


@pytest.mark.parametrize("maker", BODIES)
def test_what_a_scanner_mails_is_a_letter_without_the_words_of_the_machine(maker: str) -> None:
    subject, words = BODIES[maker]
    raw = BOX.sorted(at_the_door(a_scanners_mail({"scan.pdf": PDF}, subject=subject, words=words)))
    [letter] = letters_carried(raw)
    assert (raw.channel, letter.body, letter.media_type) == ("letter", PDF, "application/pdf")
    assert (letter.envelope["name"], letter.source_key) == ("scan.pdf", raw.source_key)
    assert letter.envelope[CARRIED] == hashlib.sha256(PDF).hexdigest() and WORDS not in letter.envelope
    inbound = a_letter().parse(raw)
    assert isinstance(inbound, Inbound)
    assert [each.content for each in inbound.enclosures] == [PDF] and inbound.text == ""


def test_each_file_is_a_letter_and_all_but_the_first_have_keys_of_their_own() -> None:
    files = {f"scan{number}.pdf": PDF + str(number).encode() for number in range(3)}
    letters = letters_carried(BOX.sorted(at_the_door(a_scanners_mail(files))))
    assert [each.body for each in letters] == list(files.values())
    assert [each.source_key for each in letters] == ["k", "k#2", "k#3"]
    assert [CARRIED in each.envelope for each in letters] == [True, False, False]
    assert letters == letters_carried(BOX.sorted(at_the_door(a_scanners_mail(files))))


def test_a_note_typed_at_the_scanner_goes_with_its_letter() -> None:
    raw = BOX.sorted(at_the_door(a_scanners_mail({"scan.pdf": PDF}, subject="Handed over at reception, urgent")))
    inbound = a_letter().parse(raw)
    assert isinstance(inbound, Inbound)
    assert inbound.text == "Written with the scan:\nHanded over at reception, urgent"


def test_words_that_may_be_a_persons_are_shown_even_if_they_sound_like_a_machines() -> None:
    words = "Her brother scanned this for me.\nSerial number: 12\n"
    raw = BOX.sorted(at_the_door(a_scanners_mail({"scan.pdf": PDF}, words=words)))
    assert letters_carried(raw)[0].envelope[WORDS] == "Written with the scan:\nHer brother scanned this for me."


def test_who_writes_more_than_a_note_writes_a_mail() -> None:
    words = (
        "I met the mother at the clinic this morning and she told me that nobody is looking after the baby at night."
    )
    raw = BOX.sorted(at_the_door(a_scanners_mail({"photo.jpg": b"\xff\xd8\xff\xe0 picture"}, words=words)))
    assert letters_carried(raw) == ()
    with pytest.raises(Unreadable, match="read as a mail"):
        a_letter().parse(raw)


def test_a_scanner_that_sends_no_file_sends_a_mail() -> None:
    raw = BOX.sorted(at_the_door(a_scanners_mail({"log.bin": b"\x00\x01\x02"}, words="Memory full")))
    with pytest.raises(Unreadable, match="read as a mail"):
        a_letter().parse(raw)


@pytest.mark.parametrize("files", [{}, {"log.bin": b"\x00\x01\x02"}])
def test_what_a_scanner_says_of_itself_is_never_answered(files: dict[str, bytes]) -> None:
    own = Own(mailboxes=("referrals@northshire.example",), mail_from="referrals@northshire.example", loop_key=b"k" * 32)
    letter = Letter(
        scan_dir=None, print_dir=Path("unused"), render=lambda notice: b"", read_mail=partial(read_mail, own=own)
    )
    words = "The document in the feeder was jammed and nobody at the machine has taken it out, please go and look."
    mail = a_scanners_mail(files, subject="Scan job could not be completed", words=words)
    told = letter.parse(BOX.sorted(at_the_door(mail)))
    assert isinstance(told, Inbound) and words in told.text
    assert (told.answerable, told.answerable_reason) == (Answerable.MACHINE, "a scanner's mail without a scan")
    with_a_file = letter.parse(BOX.sorted(at_the_door(a_scanners_mail({"scan.pdf": PDF}, words=words))))
    assert isinstance(with_a_file, Inbound) and with_a_file.answerable is not Answerable.MACHINE


@pytest.mark.parametrize(
    ("box", "sender", "to", "is_post"),
    [
        (BOX, SCANNER, MAILBOX, True),
        (BOX, SCANNER, "Scans+floor2@northshire.example", True),
        (BOX, "jo@school.example.org", MAILBOX, False),
        (BOX, SCANNER, "referrals@northshire.example", False),
        (ScanBox(mailbox=MAILBOX), "anybody@example.org", MAILBOX, True),
        (ScanBox(senders=(SCANNER,)), SCANNER, "referrals@northshire.example", True),
        (ScanBox(), SCANNER, MAILBOX, False),
    ],
)
def test_post_is_what_comes_from_a_scanner_to_its_mailbox(box: ScanBox, sender: str, to: str, is_post: bool) -> None:
    body = a_scanners_mail({"scan.pdf": PDF}, sender=sender)
    assert (box.sorted(at_the_door(body, sender=sender, to=to)).channel == "letter") is is_post


def test_answers_words_alone_and_news_of_notices_stay_mails() -> None:
    answer = b"In-Reply-To: <2@example.org>\r\n" + ONE
    assert BOX.sorted(at_the_door(answer)).channel == "email"
    words = EmailMessage()
    words["From"] = "jo@school.example.org"
    words.set_content("He was hungry.")
    for box in (ScanBox(mailbox=MAILBOX), BOX):
        assert box.sorted(at_the_door(words.as_bytes(), sender="jo@school.example.org")).channel == "email"
    report = replace(at_the_door(ONE), purpose=Purpose.REPORT)
    assert BOX.sorted(report) == report


@settings(max_examples=50, deadline=None)
@given(body=st.binary(max_size=300))
def test_no_bytes_of_any_kind_break_the_sorting_or_the_reading(body: bytes) -> None:
    raw = BOX.sorted(at_the_door(b"Content-Type: multipart/mixed; boundary=x\r\nFrom: " + SCANNER.encode() + body))
    assert all(each.body for each in letters_carried(raw))


def test_each_document_in_an_archive_is_a_letter_and_the_rest_is_told_of() -> None:
    raw = an_archive({
        "a/one.pdf": PDF, "two.jpg": b"\xff\xd8\xff\xe0 picture", "a/Thumbs.db": b"\xd0\xcf\x11\xe0" + bytes(50),
        "index.xml": b"<a/>", "again.pdf": PDF,
    })  # fmt: skip
    one, two = letters_carried(raw)
    assert (one.envelope["name"], two.envelope["name"]) == ("one.pdf", "two.jpg")
    assert one.envelope["arrived"] == two.envelope["arrived"] == "2026-11-20"
    assert one.envelope[WORDS] == "[1 of the files it came with are no letters: they are kept as they came.]"


@pytest.mark.parametrize("files", [{}, {"index.xml": b"<a/>"}])
def test_an_archive_without_a_letter_goes_before_a_person(files: dict[str, bytes]) -> None:
    raw = an_archive(files)
    assert letters_carried(raw) == ()
    with pytest.raises(Unreadable, match="not a picture or document"):
        a_letter().parse(raw)


def test_a_document_that_is_an_archive_inside_is_one_letter() -> None:
    word = an_archive({
        "[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>", "word/media/image1.jpeg": b"\xff\xd8\xff\xe0",
    })  # fmt: skip
    assert letters_carried(word) == ()
