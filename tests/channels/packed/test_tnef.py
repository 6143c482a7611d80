"""What Outlook wrapped up in winmail.dat is read as if it had not."""

import base64

from channels.packed.tnef import open_tnef
from tests.channels.email.northshire import a_mail, read
from tests.channels.email.outlook_files import a_tnef

RICH = b"{\\rtf1\\ansi\\ansicpg1252 He was \\'e9 left alone.\\par Again.}"


def with_winmail(content: bytes, words: str = "See this.") -> bytes:
    coded = base64.encodebytes(content).decode()
    return a_mail(
        f"--m\r\n\r\n{words}\r\n--m\r\nContent-Type: application/ms-tnef; name=winmail.dat\r\n"
        f"Content-Transfer-Encoding: base64\r\n\r\n{coded}\r\n--m--\r\n",
        Content_Type="multipart/mixed; boundary=m",
    )


def test_its_files_are_files_of_the_mail_and_it_is_kept_itself() -> None:
    inbound = read(with_winmail(a_tnef(files=[("Zoë £.txt", b"words"), ("door.pdf", b"%PDF-1.4")])))
    assert [(each.name, each.within, each.content) for each in inbound.enclosures][1:] == [
        ("Zoë £.txt", "winmail.dat", b"words"), ("door.pdf", "winmail.dat", b"%PDF-1.4"),
    ]  # fmt: skip
    assert (inbound.enclosures[0].name, inbound.enclosures[0].media_type) == ("winmail.dat", "application/ms-tnef")


def test_its_words_are_said_where_the_mail_does_not_say_them_already() -> None:
    assert read(with_winmail(a_tnef(words="See  this."))).text == "See this."
    assert read(with_winmail(a_tnef(words="He was — left alone."))).text == "See this.\n\nHe was — left alone."


def test_words_in_rich_text_and_in_html_are_read() -> None:
    assert read(with_winmail(a_tnef(rich=RICH))).text == "See this.\n\nHe was é left alone.\nAgain."
    assert read(with_winmail(a_tnef(page=b"<p>He was <b>hungry</b>.</p>"))).text == "See this.\n\nHe was hungry."


def test_a_mail_attached_in_it_is_read_and_kept() -> None:
    inbound = read(with_winmail(a_tnef(mails={"Fwd": a_tnef(words="Inner words", subject="Inner")})))
    assert inbound.text == "See this.\n\nAttached message\nSubject: Inner\n\nInner words"
    assert [(each.media_type, each.within) for each in inbound.enclosures][1:] == [("message/rfc822", "winmail.dat")]


def test_one_that_breaks_off_gives_what_came_before() -> None:
    whole = a_tnef(words="He was hungry.", files=[("one.txt", b"1"), ("two.txt", b"2" * 500)])
    cut = read(with_winmail(whole[:-400]))
    assert cut.text == "See this.\n\nHe was hungry."
    assert [each.name for each in cut.enclosures][:2] == ["winmail.dat", "one.txt"]
    for end in range(0, len(whole), 7):
        open_tnef(whole[:end])


def test_one_that_breaks_off_anywhere_is_no_reason_to_stop() -> None:
    whole = a_tnef()
    assert all(open_tnef(whole[:length]) is not None for length in range(4, len(whole)))


def test_other_files_are_none() -> None:
    assert open_tnef(b"words") is None
