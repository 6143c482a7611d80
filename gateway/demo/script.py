"""The scripted minute: who reaches the gateway when, on all seven channels; then somebody now and then."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from email.message import EmailMessage
from itertools import cycle

from gateway.demo import papers, people, post
from gateway.demo.filled_form import FROM_A_SCHOOL, filled_form
from gateway.demo.outside import File, Outside, Sent
from gateway.demo.twilio_sim import HangUp, Press

LEAVE_A_MESSAGE, DONE = Press("1"), Press("#")
TEXT_ME = Press("2", wait=90)
HANGS_UP_IN_MENU = HangUp(at=5)
FIRST_TEXTER, PICTURE_SENDER, FIRST_CALLER = (people.DRAMA_NUMBER.format(n) for n in (201, 202, 203))
LANDLINE = "+441632960123"

Act = Callable[[Outside], Awaitable[Sent]]


@dataclass(frozen=True, kw_only=True)
class Scene:
    """One thing somebody does. ``at`` is in seconds from the start; ``what`` says it without their words."""

    at: float
    what: str
    act: Act


def scripted_minute(today: date) -> list[Scene]:
    """Every scene in order. Whoever answers the gateway waits until it has written."""
    first = people.a_mail(people.NEIGHBOUR, "Child crying at night", people.NO_NAME_GIVEN)

    async def reply(outside: Outside) -> Sent:
        told = await outside.relay.answer_to(str(first["Message-ID"]))
        return await outside.mail(people.a_reply(told, people.NEIGHBOUR, people.ONE_MORE_THING))

    return [
        Scene(at=0, what="a mail that names no child", act=lambda o: o.mail(first)),
        Scene(at=1, what="a web form with one sentence", act=lambda o: o.fill_in({"concern": people.ONE_SENTENCE})),
        Scene(at=2, what="a letter stamped three days ago", act=lambda o: stamped_letter(o, today)),
        Scene(at=4, what="a withheld caller who hangs up in the menu", act=lambda o: o.call([HANGS_UP_IN_MENU], None)),
        Scene(at=6, what="a text", act=lambda o: o.text(people.TEXT, FIRST_TEXTER)),
        Scene(at=9, what="a voicemail whose caller asks for a text", act=voicemail_then_text),
        Scene(at=12, what="a mail with a photo", act=mail_with_photo),
        Scene(at=13, what="three letters in one scan", act=lambda o: batch_of_letters(o, today)),
        Scene(at=15, what="a school's referral as a Word document", act=mail_from_school),
        Scene(at=18, what="our own form, filled in as Word", act=mail_with_our_form),
        Scene(at=21, what="a text that goes on", act=lambda o: o.text(people.TEXT_GOES_ON, FIRST_TEXTER)),
        Scene(at=24, what="a text with a picture", act=text_with_picture),
        Scene(at=27, what="a note for a named worker", act=lambda o: o.note(people.FOR_A_WORKER)),
        Scene(at=30, what="a withheld caller who hears the reference", act=withheld_voicemail),
        Scene(at=33, what="a letter photographed with a phone", act=photographed_letter),
        Scene(at=36, what="a reply to an acknowledgement", act=reply),
        Scene(at=39, what="a web form with files", act=form_with_files),
        Scene(at=45, what="a scan that is broken", act=lambda o: o.scan("scan-0003.pdf", papers.broken_scan())),
    ]


def now_and_then() -> Iterator[Scene]:
    """One scene after another without end, from a number or address not heard of before."""
    return cycle(
        [
            Scene(at=0, what="an out-of-office answer", act=lambda o: o.mail(out_of_office())),
            Scene(at=0, what="a landline caller who hangs up after speaking", act=landline_voicemail),
            Scene(at=0, what="a text", act=lambda o: o.text(people.TEXT, people.a_number())),
            Scene(at=0, what="a mail", act=lambda o: o.mail(another_mail())),
            Scene(at=0, what="a voicemail", act=another_voicemail),
            Scene(at=0, what="a web form", act=lambda o: o.fill_in({"concern": people.ONE_SENTENCE})),
            Scene(at=0, what="a text with a picture", act=another_picture),
            Scene(at=0, what="a web form with files", act=form_with_files),
        ]
    )


async def stamped_letter(outside: Outside, today: date) -> Sent:
    """Post that lay in another office before it was scanned."""
    arrived = today - timedelta(days=3)
    return await outside.scan("scan-0001.pdf", await asyncio.to_thread(post.stamped_letter, arrived))


async def batch_of_letters(outside: Outside, today: date) -> Sent:
    """The morning's post in one go, with a separator sheet before each letter."""
    scan = await asyncio.to_thread(post.batch_of_letters, outside.organisation, today)
    return replace(await outside.scan("scan-0004.pdf", scan), files=(), letters=len(post.LETTERS))


async def photographed_letter(outside: Outside) -> Sent:
    """Post, photographed by whoever opened it."""
    return await outside.scan("scan-0002.jpg", await asyncio.to_thread(papers.photo_of_a_letter))


async def voicemail_then_text(outside: Outside) -> Sent:
    """Speaks, hears the reference and presses 2 to have it by text."""
    return await outside.call([LEAVE_A_MESSAGE, people.saying("a_child_crying"), DONE, TEXT_ME], FIRST_CALLER)


async def withheld_voicemail(outside: Outside) -> Sent:
    """Speaks and stays until the reference was read out."""
    return await outside.call([LEAVE_A_MESSAGE, people.saying("shouting_at_the_flat"), DONE], None)


async def landline_voicemail(outside: Outside) -> Sent:
    """Speaks and hangs up at once: a person has to ring back."""
    return await outside.call([LEAVE_A_MESSAGE, people.saying("i_do_not_know_her_name"), HangUp()], LANDLINE)


async def another_voicemail(outside: Outside) -> Sent:
    """Somebody else speaks and stays."""
    return await outside.call([LEAVE_A_MESSAGE, people.saying("hungry_and_cold"), DONE], people.a_number())


async def mail_with_photo(outside: Outside) -> Sent:
    """A grandmother and what she saw."""
    mail = people.a_mail(people.GRANDMOTHER, "My grandson", people.ABOUT_A_WINDOW)
    return await outside.mail(mail, [a_photo()])


async def mail_from_school(outside: Outside) -> Sent:
    """The school's own form, and what the council's border server found out about the school."""
    form = File(name="referral.docx", media_type=papers.WORD, content=papers.school_referral())
    mail = people.a_mail(people.SCHOOL, "Referral", people.FROM_THE_SCHOOL, Authentication_Results=people.PROVEN)
    return await outside.mail(mail, [form])


async def mail_with_our_form(outside: Outside) -> Sent:
    """The same school with our form: its answers are read into values that a person confirms."""
    content = filled_form(await outside.empty_form(), FROM_A_SCHOOL)
    form = File(name="form.docx", media_type=papers.WORD, content=content)
    mail = people.a_mail(people.SCHOOL, "Your form", people.FROM_THE_SCHOOL, Authentication_Results=people.PROVEN)
    return await outside.mail(mail, [form])


async def text_with_picture(outside: Outside) -> Sent:
    """A picture by text."""
    return await outside.text(people.TEXT_WITH_PICTURE, PICTURE_SENDER, [a_picture()])


async def another_picture(outside: Outside) -> Sent:
    """The same from somebody else."""
    return await outside.text(people.TEXT_WITH_PICTURE, people.a_number(), [a_picture()])


async def form_with_files(outside: Outside) -> Sent:
    """An aunt with a photo and a letter."""
    typed = await asyncio.to_thread(papers.typed_letter)
    letter = File(name="letter.pdf", media_type="application/pdf", content=typed)
    return await outside.fill_in(people.LONGER_FORM, [a_photo(), letter])


def out_of_office() -> EmailMessage:
    """What a machine writes when its owner is away."""
    return people.a_mail(people.AWAY, "Automatic reply: Visit", people.OUT_OF_OFFICE, Auto_Submitted="auto-replied")


def another_mail() -> EmailMessage:
    """The neighbour of somebody else."""
    return people.a_mail(people.NEIGHBOUR, "Child crying at night", people.NO_NAME_GIVEN)


def a_photo() -> File:
    """As a phone names it."""
    return File(name="photo.jpg", media_type="image/jpeg", content=papers.photo_of_a_window())


def a_picture() -> File:
    """As a text carries it."""
    return File(name="picture.png", media_type="image/png", content=papers.picture_of_a_door())
