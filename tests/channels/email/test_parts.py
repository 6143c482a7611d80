"""Everything that came with a mail is found, under a name that is safe and a kind that is true."""

import base64

import pytest

from tests.channels.email.northshire import a_mail, read

PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(20)).decode()


def with_part(*header: str, content: str = PNG) -> bytes:
    """A mail with a sentence and one more part."""
    part = "\r\n".join([*header, "Content-Transfer-Encoding: base64", "", content])
    body = f"--m\r\nContent-Type: text/plain\r\n\r\nSee this.\r\n--m\r\n{part}\r\n--m--\r\n"
    return a_mail(body, Content_Type="multipart/mixed; boundary=m")


@pytest.mark.parametrize(
    ("header", "name", "media_type"),
    [
        (['Content-Type: image/png; name="a.png"'], "a.png", "image/png"),
        (["Content-Type: application/octet-stream"], "attachment-1.png", "image/png"),
        (["Content-Type: image/jpeg", "Content-Disposition: attachment; filename=x.jpg"], "x.jpg", "image/png"),
        (['Content-Type: image/png; name="../../etc/pass\x01wd"'], "passwd", "image/png"),
        ([r'Content-Type: image/png; name="C:\\Users\\jo\\door.png"'], "door.png", "image/png"),
        (['Content-Type: image/png; name="=?utf-8?B?wqM1LnBuZw==?="'], "£5.png", "image/png"),
        (["Content-Type: image/png; name*=utf-8''%C2%A35.png"], "£5.png", "image/png"),
        (["Content-Type: image/png; name*=nonsense''%A35.png"], "£5.png", "image/png"),
        (["Content-Type: ;;;"], "attachment-1.png", "image/png"),
    ],
)
def test_a_file_keeps_its_name_and_gets_its_true_kind(header: list[str], name: str, media_type: str) -> None:
    inbound = read(with_part(*header))
    assert inbound.text == "See this."
    [enclosure] = inbound.enclosures
    assert (enclosure.name, enclosure.media_type) == (name, media_type)
    assert enclosure.content == base64.b64decode(PNG)


def test_a_text_file_somebody_attached_is_a_file() -> None:
    content = base64.b64encode("Zoë".encode("cp1252")).decode()
    inbound = read(
        with_part("Content-Type: text/plain; charset=windows-1252", "Content-Disposition: attachment", content=content)
    )
    assert inbound.text == "See this."
    assert [(each.name, each.media_type) for each in inbound.enclosures] == [("attachment-1.txt", "text/plain")]


def test_an_empty_file_is_still_shown() -> None:
    [enclosure] = read(with_part("Content-Type: image/png; name=empty.png", content="")).enclosures
    assert (enclosure.name, enclosure.content) == ("empty.png", b"")


def test_when_the_words_are_only_in_a_named_part_they_are_read_too() -> None:
    inbound = read(a_mail("He was hungry.", Content_Type="text/plain; name=message.txt"))
    assert inbound.text == "He was hungry."
    assert [each.name for each in inbound.enclosures] == ["message.txt"]


def test_an_invitation_beside_the_words_is_a_file_and_the_words_are_said_once() -> None:
    body = (
        "--a\r\nContent-Type: text/plain\r\n\r\nMeeting\r\n--a\r\nContent-Type: text/html\r\n\r\n<p>Meeting</p>\r\n"
        "--a\r\nContent-Type: text/x-amp-html\r\n\r\n<p>Meeting</p>\r\n"
        "--a\r\nContent-Type: text/calendar; name=invite.ics\r\n\r\nBEGIN:VCALENDAR\r\n--a--"
    )
    inbound = read(a_mail(body, Content_Type="multipart/alternative; boundary=a"))
    assert inbound.text == "Meeting"
    assert [(each.name, each.media_type) for each in inbound.enclosures] == [("invite.ics", "text/calendar")]


def test_a_report_of_delivery_is_kept_as_a_file() -> None:
    status = "Action: failed\r\n\r\nStatus: 5.0.0"
    body = f"--r\r\n\r\nSorry\r\n--r\r\nContent-Type: message/delivery-status\r\n\r\n{status}\r\n--r--"
    [enclosure] = read(a_mail(body, Content_Type="multipart/report; boundary=r")).enclosures
    assert enclosure.media_type == "message/delivery-status"
    assert b"Action: failed" in (enclosure.content or b"")
    assert b"Status: 5.0.0" in (enclosure.content or b"")


def test_mails_inside_mails_are_followed_only_so_far_and_then_kept_whole() -> None:
    inner = "Subject: innermost\r\n\r\nwords"
    for _ in range(40):
        inner = "Content-Type: message/rfc822\r\n\r\n" + inner
    inbound = read(a_mail(inner[len("Content-Type: message/rfc822\r\n\r\n") :], Content_Type="message/rfc822"))
    assert len(inbound.enclosures) < 30
    assert b"innermost" in (inbound.enclosures[-1].content or b"")


def test_forms_of_a_mail_that_say_different_things_are_both_said() -> None:
    plain = (
        "This was sent as a page and your program seems not to show pages. Please open it in a newer one, thank you."
    )
    page = "<p>Leo in year four told his teacher that he is alone at night and that there is no food in the house.</p>"
    body = f"--a\r\n\r\n{plain}\r\n--a\r\nContent-Type: text/html\r\n\r\n{page}\r\n--a--"
    text = read(a_mail(body, Content_Type="multipart/alternative; boundary=a")).text
    assert plain in text
    assert "Leo in year four told his teacher" in text


def test_forms_of_a_mail_that_say_the_same_are_said_once() -> None:
    words = "Leo in year four told his teacher\r\nthat he is alone at night and that there is no food in the house."
    page = f"<p>{words.replace(chr(13), '').upper()}</p>"
    body = f"--a\r\n\r\n{words}\r\n--a\r\nContent-Type: text/html\r\n\r\n{page}\r\n--a--"
    text = read(a_mail(body, Content_Type="multipart/alternative; boundary=a")).text
    assert text.casefold().count("alone at night") == 1
