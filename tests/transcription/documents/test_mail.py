"""Mails that came as files are read with who wrote them, and their attachments are handed on."""

import random
from email.message import EmailMessage

import pytest

from tests.transcription.compound import compound_file
from tests.transcription.old_office import outlook_mail, outlook_streams
from transcription.contract import CannotRead
from transcription.documents.enclosed import EnclosedFile
from transcription.documents.mail import read_mail, read_web_archive
from transcription.documents.outlook_mail import read_outlook_mail


def saved_mail() -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "Zo\u00eb <z@example.org>", "a@example.org", "Visit \u2013 Friday"
    mail.set_content("The boy is cold.\n")
    mail.add_alternative("<p>The boy is <b>cold</b>.</p>", subtype="html")
    mail.add_attachment(b"Name,Seen\n", maintype="text", subtype="csv", filename="visits.csv")
    return mail


def test_a_saved_mail_is_read_once_and_its_attachment_handed_on() -> None:
    opened = read_mail(saved_mail().as_bytes())
    assert opened.transcript.text == (
        "From: Zo\u00eb <z@example.org>\nTo: a@example.org\nSubject: Visit \u2013 Friday\n\nThe boy is cold."
    )
    assert opened.files == (EnclosedFile(name="visits.csv", data=b"Name,Seen\n", media_type="text/csv"),)


def test_a_mail_of_a_web_page_alone_gives_its_words() -> None:
    mail = EmailMessage()
    mail["From"] = "a@example.org"
    mail.set_content("<p>Zo\u00eb is <b>cold</b></p>", subtype="html", charset="iso-8859-1")
    assert read_mail(b"From x Mon\n" + mail.as_bytes()).transcript.text.endswith("Zo\u00eb is cold")


def test_a_web_page_saved_as_a_mail_gives_its_words() -> None:
    page = (
        "From: <Saved by a browser>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n--b\r\n"
        "Content-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<p>He is=20cold</p>\r\n--b\r\n"
        "Content-Type: image/png\r\n\r\nxx\r\n--b--\r\n"
    )
    assert read_web_archive(page.encode()).text == "He is cold"


def test_a_mail_saved_by_outlook_is_read_with_the_mail_and_the_file_inside_it() -> None:
    opened = read_outlook_mail(outlook_mail(attached=("note.txt", b"hungry"), inside=outlook_streams("And hurt.")))
    about = "From: A. Carter <a.carter@example.org>\nSubject: Visit on Friday"
    assert opened.transcript.text == f"{about}\n\nThe boy is cold.\n\nAttached message\n\n{about}\n\nAnd hurt."
    assert opened.files == (EnclosedFile(name="note.txt", data=b"hungry"),)


def test_another_compound_file_is_no_mail() -> None:
    with pytest.raises(CannotRead) as refused:
        read_outlook_mail(compound_file({"Workbook": b"x"}))
    assert refused.value.reason == "broken"


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("form", ["mail", "outlook"])
def test_damaged_mails_are_read_or_refused(form: str) -> None:
    whole = saved_mail().as_bytes() if form == "mail" else outlook_mail(attached=("note.txt", b"hungry"))
    read, chance = (read_mail if form == "mail" else read_outlook_mail), random.Random(5)
    for _ in range(200):
        changed = bytearray(whole)
        for _ in range(chance.choice([1, 5, 40])):
            changed[chance.randrange(len(changed))] = chance.randrange(256)
        try:
            read(bytes(changed))
        except CannotRead as refused:
            assert refused.reason in {"broken", "too_large"}
