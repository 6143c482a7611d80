"""A kept mail is read as it was meant, and only what is no mail at all is unreadable."""

import random

import pytest

from channels.contract import Address, AddressClass, Answerable, Unreadable
from tests.channels.email.northshire import (
    MAILBOX,
    NOTICE_ID,
    OWN,
    SENDER,
    a_mail,
    as_kept,
    email_channel,
    read,
    sample,
)


def test_words_sender_thread_and_pictures_of_a_mail_with_photos() -> None:
    inbound = read(sample("photo.eml"))
    assert inbound.sender == Address(kind=AddressClass.EMAIL, value="sam@example.org")
    assert inbound.sender_name == "Sam O’Example"
    assert inbound.subject == "Children at the blue door – please look"
    assert inbound.text == "The boy is about 6. It’s the blue door on Mill Lane."
    assert inbound.answerable is Answerable.YES
    assert inbound.replies_to == ("earlier-2@example.org", "earlier-1@example.org")
    assert inbound.reply_handle == {
        "message_id": "photo-1@example.org",
        "references": "earlier-1@example.org earlier-2@example.org",
    }
    shown = [(each.name, each.media_type) for each in inbound.enclosures]
    assert shown == [("IMG_0001.JPG", "image/jpeg"), ("door £.jpg", "image/jpeg")]
    assert all(each.content and each.content.startswith(b"\xff\xd8\xff") for each in inbound.enclosures)


def test_reading_twice_gives_the_same() -> None:
    assert read(sample("forwarded.eml")) == read(sample("forwarded.eml"))


def test_a_mail_inside_a_mail_is_kept_and_read() -> None:
    inbound = read(sample("forwarded.eml"))
    assert inbound.text == (
        "Please see the attached, which came to me by mistake.\n\n"
        "Attached message\nFrom: Parent <parent@example.org>\nSubject: My worry\n\nHe was left alone on Saturday."
    )
    assert [each.name for each in inbound.enclosures] == ["attachment-1.eml", "photo.jpg"]
    assert b"Message-ID: <inner@example.org>\r\n" in (inbound.enclosures[0].content or b"")
    assert inbound.answerable is Answerable.YES


def test_words_are_read_in_the_charset_they_are_in_whatever_it_is_called() -> None:
    inbound = read(sample("windows_1252.eml"))
    assert inbound.text == "She said “I don’t want to go home”. It cost £5."
    assert inbound.subject == "Café – a worry"


def test_html_alone_is_read_as_words() -> None:
    assert read(sample("html_only.eml")).text == "I hear shouting\nevery night.\n\nFlat 4 – £rent"


def test_html_is_read_where_the_plain_part_says_nothing() -> None:
    assert read(sample("see_html.eml")).text.startswith("There are three children in the house")


def test_parts_are_found_although_the_boundary_was_lost() -> None:
    inbound = read(sample("lost_boundary.eml"))
    assert inbound.text == "The words are here."
    assert [(each.name, each.media_type) for each in inbound.enclosures] == [("times.csv", "text/csv")]


def test_a_mail_that_says_everything_in_its_subject_says_something() -> None:
    inbound = read(a_mail("", Subject="Please check 4 Mill Lane"))
    assert inbound.text == "Please check 4 Mill Lane"


def test_a_reference_is_looked_for_in_subject_words_and_the_address_it_was_sent_to() -> None:
    inbound = read(
        a_mail("> quoted words", Subject="Re: KMR-4729-HX"),
        rcpt_to=f"referrals+fwx-6238-lm@northshire.example\n{MAILBOX}",
    )
    assert inbound.thread_text == "Re: KMR-4729-HX\nfwx-6238-lm\n> quoted words"


def test_an_answer_to_our_notice_names_it_as_send_returned_it() -> None:
    ours = OWN.message_id(NOTICE_ID)
    inbound = read(a_mail(In_Reply_To=f"<{ours}>", References=f"<0@example.org> <{ours}>"))
    assert inbound.replies_to == (ours, "0@example.org")
    assert inbound.answerable is Answerable.YES


def test_an_absence_note_sent_to_our_bounce_address_continues_the_notice() -> None:
    inbound = read(sample("out_of_office.eml"), mail_from="<>", rcpt_to=OWN.bounce_address(NOTICE_ID))
    assert inbound.replies_to == (OWN.message_id(NOTICE_ID),)
    assert inbound.answerable is Answerable.MACHINE


def test_an_id_that_could_break_a_header_is_not_used_for_answers() -> None:
    for strange in ("<a b@example.org>", "<no-at-sign>", "<é@example.org>", f"<{'x' * 300}@example.org>"):
        assert read(a_mail(Message_ID=strange)).reply_handle == {}


@pytest.mark.parametrize(
    ("written", "address", "name"),
    [
        ("Jo <jo@example.org>", "jo@example.org", "Jo"),
        ("jo@example.org", "jo@example.org", ""),
        ("Smith, Jo <jo@example.org>", "jo@example.org", "Smith, Jo"),
        ('"Smith, Jo" <jo@example.org>', "jo@example.org", "Smith, Jo"),
        ("=?utf-8?q?Zo=C3=AB?= <zoë@example.org>", "zoë@example.org", "Zoë"),
        ("Jo <jo@example.org> (office)", "jo@example.org", "Jo"),
    ],
)
def test_a_sender_is_found_however_it_is_written(written: str, address: str, name: str) -> None:
    inbound = read(a_mail(From=written))
    assert (inbound.sender.value, inbound.sender_name) == (address, name)
    assert inbound.answerable is Answerable.YES


@pytest.mark.parametrize(
    "written",
    ["", "Jo Example", "jo@example.org, sam@example.org", "undisclosed:;", '"a b"@example.org', "jo@@example.org"],
)
def test_without_one_clear_sender_a_person_answers(written: str) -> None:
    inbound = read(a_mail(From=written))
    assert inbound.answerable is Answerable.PERHAPS
    assert inbound.sender.kind is AddressClass.EMAIL


def test_without_any_address_at_all_there_is_none() -> None:
    inbound = read(a_mail(From=""), mail_from="<>")
    assert inbound.sender == Address(kind=AddressClass.NONE)


def test_a_broken_header_line_does_not_hide_the_sender() -> None:
    mail = b"Received: from x\r\nthis line is no field\r\nFrom: jo@example.org\r\nSubject: Hello\r\n\r\nWords\r\n"
    inbound = read(mail)
    assert (inbound.sender.value, inbound.subject, inbound.text) == ("jo@example.org", "Hello", "Words")


def test_words_without_any_header_are_read() -> None:
    inbound = read("Please look at 4 Mill Lane.\r\nA neighbour — Zoë\r\n".encode())
    assert inbound.text == "Please look at 4 Mill Lane.\nA neighbour — Zoë"
    assert inbound.answerable is Answerable.PERHAPS


def test_random_bytes_and_nothing_are_unreadable() -> None:
    drawn = random.Random(20261123)
    for body in (b"", b"\r\n\r\n", *(drawn.randbytes(size) for size in (50, 500, 5000, 50_000))):
        with pytest.raises(Unreadable):
            email_channel().parse(as_kept(body))


@pytest.mark.parametrize("body", [b"", b"\r\n \r\n", bytes(range(256)) * 4])
@pytest.mark.parametrize(
    ("mail_from", "sender", "by_machine"),
    [(SENDER, Address(kind=AddressClass.EMAIL, value=SENDER), False), ("<>", None, True), ("", None, True)],
)
def test_what_is_no_mail_keeps_the_sender_of_its_envelope(
    body: bytes, mail_from: str, sender: Address | None, by_machine: bool
) -> None:
    with pytest.raises(Unreadable) as raised:
        email_channel().parse(as_kept(body, mail_from=mail_from))
    assert (raised.value.sender, raised.value.by_machine) == (sender, by_machine)


def test_bytes_that_claim_to_be_words_become_a_file_with_its_true_kind() -> None:
    scanned = a_mail(b"%PDF-1.7\n\x00\x01\x02\x03\x04\x05\x06\xff\xfe" * 5, Content_Type="text/plain")
    [enclosure] = read(scanned).enclosures
    assert (enclosure.name, enclosure.media_type) == ("attachment-1.pdf", "application/pdf")


def test_no_text_has_what_a_database_cannot_hold() -> None:
    mail = a_mail(b"one \x00 two\r\nthree\r\n" + b"x" * 300, Subject="a\x00b", From="J\x00o <jo@example.org>")
    inbound = read(mail)
    assert "\x00" not in inbound.text + inbound.subject + inbound.sender_name + inbound.thread_text
    assert inbound.text.startswith("one  two\nthree")


def test_where_the_sender_wants_answers_is_shown_and_not_used() -> None:
    inbound = read(a_mail(Reply_To="Elsewhere <other@example.org>"))
    assert inbound.sender.value == SENDER
    assert inbound.facts == {"reply_to": "other@example.org"}
    assert read(a_mail(Reply_To=SENDER)).facts == {}


def test_a_mail_nested_deeper_than_anybody_writes_is_still_read() -> None:
    mail = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(3000))
    inbound = read(b"From: jo@example.org\r\n" + mail + b"\r\nwords")
    assert inbound.sender.value == "jo@example.org"


def test_damage_of_any_kind_never_stops_the_reading() -> None:
    drawn = random.Random(4729)
    for name in ("photo.eml", "forwarded.eml", "lost_boundary.eml", "see_html.eml", "out_of_office.eml"):
        whole = sample(name)
        for _ in range(60):
            damaged = bytearray(whole)
            for _ in range(drawn.randrange(1, 12)):
                at = drawn.randrange(len(damaged))
                damaged[at : at + drawn.randrange(3)] = drawn.randbytes(drawn.randrange(3))
            assert read(bytes(damaged)).sender.kind in {AddressClass.EMAIL, AddressClass.NONE}
