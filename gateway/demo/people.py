"""Invented people and what they say, in reserved numbers and domains: nobody here exists."""

from __future__ import annotations

from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from importlib.resources import files
from random import SystemRandom

from gateway.demo.twilio_sim import Speak, read_wav

DRAMA_NUMBER = "+447700900{:03}"
NEIGHBOUR = "A Neighbour <neighbour@example.org>"
GRANDMOTHER = "Gran Example <gran@example.org>"
SCHOOL = "Elm Lane Primary School <office@elm-lane.school.example>"
BORDER = "mail.northshire.example"
PROVEN = f"{BORDER}; dkim=pass header.d=elm-lane.school.example; dmarc=pass header.from=elm-lane.school.example"
AWAY = "Chris Example <chris@example.org>"
CHANCE = SystemRandom()

NO_NAME_GIVEN = (
    "I do not know what they are called. There is a child in the flat above ours who cries most nights, and a man "
    "shouts. Last night something was thrown against the wall. It is the second floor, Mill Court.\n\nI would rather "
    "they did not know it was me.\n"
)
ONE_MORE_THING = "I forgot to say that I saw her on the stairs this morning. She is about four, with a red coat.\n"
ABOUT_A_WINDOW = (
    "I am worried about my grandson. I went round today and the window in his room is broken and it is cold in there. "
    "I took a photo. His mum says it has been like that for three weeks.\n"
)
FROM_THE_SCHOOL = "Please find our referral attached. We are here until 4pm.\n\nAlex Example\n"
OUT_OF_OFFICE = "I am away until Monday. Please write to the office if it cannot wait.\n"
TEXT = "hi i think the kids at number 12 fern rd are on there own every evening til late"
TEXT_GOES_ON = "one of them is only about 3. it was like that again tonight"
TEXT_WITH_PICTURE = "this is the door i mean, the blue one. shouting again last night and a little boy crying"
ONE_SENTENCE = "Please can somebody check on the baby at the end house, she is always hungry."
LONGER_FORM = {
    "concern": "My nephew has bruises on his arms. He told me he fell, but it is the third time this month.",
    "child": "Sam, six years old",
    "where": "Northtown, near the station",
    "when": "I saw it on Sunday",
    "relation": "I am his aunt",
    "contact_email": "aunt@example.org",
    "safe_email": "yes",
}
FOR_A_WORKER: dict[str, str | bool] = {
    "text": "Caller wants to speak to her social worker about tomorrow's visit. She will not be at home before 3pm.",
    "caller_name": "Toni Example",
    "callback": "07700 900217",
    "safe_text": True,
    "for_worker": "Sam Example",
    "told_by": "phone",
}


def a_number() -> str:
    """A mobile number that is kept free for stories."""
    return DRAMA_NUMBER.format(CHANCE.randrange(300, 1000))


def saying(*names: str) -> Speak:
    """Somebody on the telephone: our own recordings of a synthetic voice, one after another with a pause between."""
    voices = files("gateway.demo") / "voices"
    return Speak((b"\0" * 16000).join(read_wav((voices / f"{name}.wav").read_bytes()) for name in names))


def a_mail(frm: str, subject: str, words: str, **headers: str) -> EmailMessage:
    """A mail with a Message-ID of its own; an underscore in a header's name stands for a dash."""
    mail = EmailMessage()
    mail["From"], mail["Subject"] = frm, subject
    mail["Message-ID"], mail["Date"] = make_msgid(domain="example.org"), formatdate(localtime=False)
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(words)
    return mail


def a_reply(answered: EmailMessage, frm: str, words: str) -> EmailMessage:
    """An answer to a mail of the gateway's, as a mail program makes it."""
    theirs = str(answered["Message-ID"]).strip()
    chain = f"{str(answered['References'] or '').strip()} {theirs}".strip()
    return a_mail(frm, f"Re: {answered['Subject']}", words, In_Reply_To=theirs, References=chain)
