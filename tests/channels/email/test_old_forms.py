"""Mail in the forms of thirty years is read as it was meant, and what cannot be read is said and kept."""

import base64
import binascii
import time

import pytest

from channels.contract import Enclosure
from channels.email.flowed import unflowed
from channels.email.parts import Origin, take_apart
from channels.email.whole import mail_in
from tests.channels.email.northshire import a_mail, read


def of_kind(kind: str, body: str | bytes, **fields: str) -> bytes:
    return a_mail(body, Content_Type=kind, **fields)


def with_parts(*parts: bytes, kind: str = "mixed") -> bytes:
    body = b"".join(b"--b\r\n" + part + b"\r\n" for part in parts) + b"--b--\r\n"
    return a_mail(body, Content_Type=f"multipart/{kind}; boundary=b")


def files_of(mail: bytes) -> list[tuple[str, str, bytes]]:
    return [(each.name, each.media_type, each.content or b"") for each in read(mail).enclosures]


def test_lines_broken_for_sending_only_are_joined() -> None:
    flowed = "He was \r\nleft alone.\r\n> quoted \r\n> words\r\n>> deeper\r\n-- \r\nJo\r\n"
    assert read(of_kind("text/plain; format=flowed", flowed)).text == (
        "He was left alone.\n> quoted words\n>> deeper\n-- \nJo"
    )
    assert read(of_kind("text/plain; format=flowed; delsp=yes", "Kinder \r\ngarten")).text == "Kindergarten"
    assert read(of_kind("text/plain", "He was \r\nleft")).text == "He was \nleft"


def test_the_rich_texts_of_before_html_are_read_without_their_commands() -> None:
    enriched = "<bold>He</bold> was\r\nalone.\r\n\r\n<param>red</param>5 << 6<nofill>\r\na\r\nb</nofill>"
    assert read(of_kind("text/enriched", enriched)).text == "He was alone.\n5 < 6\na\nb"
    assert (
        read(of_kind("text/richtext", "<bold>He</bold> was<nl>alone<comment>x</comment> <lt>")).text
        == "He was\nalone <"
    )


def test_a_uuencoded_file_in_the_words_is_a_file_and_the_words_stay() -> None:
    coded = binascii.b2a_uu(b"A photo of the door").decode()
    mail = a_mail(f"See this.\r\nbegin 644 door.jpg\r\n{coded}`\r\nend\r\nThank you.\r\n")
    assert read(mail).text == "See this.\nThank you."
    assert [(name, content) for name, _, content in files_of(mail)] == [("door.jpg", b"A photo of the door")]


def test_a_sentence_that_begins_with_begin_stays_a_sentence() -> None:
    words = "begin 644 reading at once\r\nplease, before he comes home\r\n"
    assert read(a_mail(words)).text == words.strip().replace("\r\n", "\n")


def test_an_invitation_is_shown_in_words_and_kept_as_a_file() -> None:
    invitation = (
        "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nSUMMARY:Strategy\r\n  discussion\\, Sam\r\n"
        "DTSTART;TZID=Europe/London:20261123T101500\r\nDTEND:20261123T110000Z\r\nLOCATION:Room 4\r\n"
        'ORGANIZER;CN="Jo; Example":mailto:jo@example.org\r\nDESCRIPTION:Please come.\\nIt is urgent.\r\n'
        "BEGIN:VALARM\r\nDESCRIPTION:Reminder\r\nEND:VALARM\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    mail = of_kind("text/calendar; method=REQUEST", invitation)
    assert read(mail).text == (
        "Calendar: REQUEST\nWhat: Strategy discussion, Sam\nBegins: 23/11/2026 10:15 (Europe/London)\n"
        "Ends: 23/11/2026 11:00 UTC\nWhere: Room 4\nAsked by: Jo; Example <jo@example.org>\n"
        "Words: Please come.\nIt is urgent."
    )
    assert [(name, kind) for name, kind, _ in files_of(mail)] == [("attachment-1.ics", "text/calendar")]


def test_every_mail_of_a_digest_is_read_with_its_files() -> None:
    one = b"\r\nFrom: a@example.org\r\nSubject: One\r\n\r\nFirst words"
    two = (
        b"\r\nSubject: Two\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n\r\nSecond words\r\n--c\r\n"
        b"Content-Type: image/png; name=door.png\r\n\r\nx\r\n--c--"
    )
    mail = with_parts(one, two, kind="digest")
    assert read(mail).text == (
        "Attached message\nFrom: a@example.org\nSubject: One\n\nFirst words\n\n"
        "Attached message\nSubject: Two\n\nSecond words"
    )
    assert [name for name, _, _ in files_of(mail)] == ["attachment-1.eml", "attachment-2.eml", "door.png"]
    assert [each.within for each in read(mail).enclosures] == ["", "", "attachment-2.eml"]


def test_both_halves_of_an_old_mac_file_are_kept() -> None:
    fork = b"Content-Type: application/applefile; name=%door.pdf\r\n\r\nresources"
    data = b"Content-Type: application/pdf; name=door.pdf\r\n\r\n%PDF-1.4"
    assert [name for name, _, _ in files_of(with_parts(fork, data, kind="appledouble"))] == ["%door.pdf", "door.pdf"]


def test_a_piece_of_a_mail_and_a_file_elsewhere_are_said_and_nothing_is_fetched() -> None:
    partial = read(of_kind("message/partial; number=2; total=3; id=x", "the second piece of words"))
    assert "the second piece of words" in partial.text
    assert "one piece of a mail" in partial.text
    elsewhere = read(
        of_kind("message/external-body; access-type=URL; URL=http://x.example.org/", "Content-ID: <a>\r\n\r\n")
    )
    assert elsewhere.text == "[A file is meant to be fetched from elsewhere. Nothing was fetched.]"
    assert len(elsewhere.enclosures) == 1


def test_encrypted_mail_is_said_to_be_so_and_kept() -> None:
    parts = (
        b"Content-Type: application/pgp-encrypted\r\n\r\nVersion: 1",
        b"Content-Type: application/octet-stream\r\n\r\nxx",
    )
    assert "is encrypted" in read(with_parts(*parts, kind="encrypted")).text
    assert len(read(with_parts(*parts, kind="encrypted")).enclosures) == 2
    assert "is encrypted" in read(a_mail("-----BEGIN PGP MESSAGE-----\r\n\r\nabc\r\n-----END PGP MESSAGE-----")).text


@pytest.mark.parametrize(
    ("coded", "words"),
    [
        (base64.b64encode(b"He was hungry.")[:-1] + b"!", "He was hungry"),
        (
            base64.encodebytes(b"He was hungry. " * 5) + b"\r\n--\r\nA footer that a list added\r\n",
            "A footer that a list added",
        ),
        (b"This was never in base64 at all.", "This was never in base64 at all."),
        (base64.b64encode(b"He was hungry.").rstrip(b"="), "He was hungry."),
        (base64.encodebytes(b"He was hungry. " * 9)[:-4], "He was hungry. He was hungry."),
    ],
)
def test_base64_that_is_broken_or_none_gives_its_words(coded: bytes, words: str) -> None:
    assert words in read(a_mail(coded, Content_Transfer_Encoding="base64")).text


def test_a_mail_encoded_inside_a_mail_against_the_rules_is_read() -> None:
    inner = base64.encodebytes(b"Subject: Inner\r\n\r\nHe was hungry.")
    part = b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n" + inner
    assert read(with_parts(part)).text == "Attached message\nSubject: Inner\n\nHe was hungry."


def test_words_outside_the_parts_are_read_unless_they_are_meant_for_old_readers() -> None:
    body = b"This is a multi-part message in MIME format.\r\n--b\r\n\r\nWords\r\n--b--\r\nA list added this.\r\n"
    assert read(a_mail(body, Content_Type="multipart/mixed; boundary=b")).text == "Words\n\nA list added this."


def test_a_boundary_that_never_ends_and_one_in_quotes_hold_their_parts() -> None:
    body = b'--a "b\r\n\r\nOne\r\n--a "b\r\nContent-Type: image/png\r\n\r\nx'
    inbound = read(a_mail(body, Content_Type='multipart/mixed; boundary="a \\"b"'))
    assert (inbound.text, len(inbound.enclosures)) == ("One", 1)


def test_a_picture_shown_in_the_page_keeps_the_id_it_is_shown_by() -> None:
    page = b"Content-Type: text/html\r\n\r\n<p>See <img src=cid:door@x></p>"
    picture = b"Content-Type: image/png; name=a.png\r\nContent-ID: <door@x>\r\n\r\nx"
    [file] = read(with_parts(page, picture, kind="related")).enclosures
    assert file.content_id == "door@x"


def test_eight_bit_header_words_are_in_the_charset_of_the_mail() -> None:
    russian = "Ребёнок один дома".encode("koi8-r")
    mail = (
        b"From: jo@example.org\r\nSubject: "
        + russian
        + b"\r\nContent-Type: text/plain; charset=koi8-r\r\n\r\n"
        + russian
    )
    assert (read(mail).subject, read(mail).text) == ("Ребёнок один дома", "Ребёнок один дома")


def test_words_without_any_header_in_an_old_charset_are_read() -> None:
    assert read("He said £5 — no more.\r\nZoë\r\n".encode("cp1252")).text == "He said £5 — no more.\nZoë"


def test_it_is_known_which_words_came_in_an_attached_mail() -> None:
    forwarded = b"Content-Type: message/rfc822\r\n\r\nSubject: Inner\r\n\r\n> quoted there"
    found = take_apart(mail_in(with_parts(b"\r\nSee below.", forwarded)))
    spoken = [(span.origin, found.text[span.start : span.end]) for span in found.spans]
    assert spoken == [
        (Origin.WRITTEN, "See below."),
        (Origin.ATTACHED, "Attached message\nSubject: Inner"),
        (Origin.ATTACHED, "> quoted there"),
    ]


def test_a_mail_with_no_end_of_parts_shows_five_hundred_files_and_says_so() -> None:
    inbound = read(with_parts(*[b"Content-Type: image/png\r\n\r\nx"] * 700))
    assert len(inbound.enclosures) == 500
    assert (
        inbound.text == "[200 more files of it are not shown by themselves. The message as a whole is kept as it came.]"
    )


def test_what_follows_two_thousand_parts_stands_as_it_came() -> None:
    inbound = read(with_parts(*[b"\r\nwords number %d" % number for number in range(9000)]))
    assert "words number 1999" in inbound.text
    assert "words number 8999" in inbound.text
    assert "more than 2000 parts" in inbound.text


def test_a_header_of_a_megabyte_hides_nothing() -> None:
    long = "".join(f"X-{number}: {'x' * 70}\r\n" for number in range(13_000))
    mail = long.encode() + a_mail("He was hungry.")
    assert len(mail) > 1_000_000
    assert (read(mail).sender.value, read(mail).text) == ("jo@school.example.org", "He was hungry.")


def test_a_file_is_an_enclosure_whatever_its_kind() -> None:
    assert isinstance(read(of_kind("chemical/x-pdb", "x")).enclosures[0], Enclosure)


def test_an_attached_mail_that_the_library_cannot_write_out_again_is_kept_field_by_field() -> None:
    inner = b"Subject: Inner\r\nX-Note: see\r\n h\x0btp: x\r\n\r\nHe was hungry."
    [file] = read(with_parts(b"Content-Type: message/rfc822\r\n\r\n" + inner)).enclosures
    assert file.content is not None
    assert file.content.startswith(b"Subject: Inner\r\nX-Note: see")
    assert file.content.endswith(b"\r\n\r\nHe was hungry.")


def test_lines_that_go_on_for_ever_are_joined_at_once() -> None:
    began = time.monotonic()
    joined = unflowed("word \n" * 300_000 + "end", del_sp=True)
    assert time.monotonic() - began < 4
    assert joined == "word" * 300_000 + "end"


def test_an_invitation_of_many_words_beside_a_long_mail_is_read_at_once() -> None:
    events = "".join(f"BEGIN:VEVENT\r\nDESCRIPTION:words {n}\r\nEND:VEVENT\r\n" for n in range(400))
    said = "it was said before\r\n" * 40_000
    calendar = f"Content-Type: text/calendar\r\n\r\nBEGIN:VCALENDAR\r\n{events}END:VCALENDAR"
    mail = with_parts(f"\r\n{said}".encode(), calendar.encode())
    began = time.monotonic()
    text = read(mail).text
    assert time.monotonic() - began < 4
    assert "Words: words 399" in text
