"""Those who answer our mails by machine, each with habits of their own, and the post that carries mail both ways."""

from __future__ import annotations

import asyncio
import email
import email.policy
import itertools
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage

import aiosmtplib
from aiosmtpd.smtp import SMTP, Envelope

MAILBOX = "referrals@northshire.example"
OURS = ("Auto-Submitted", "X-Auto-Response-Suppress", "X-Frontdoor-Loop", "References", "In-Reply-To", "Thread-Index")
_numbers = itertools.count(1)


@dataclass(frozen=True, kw_only=True)
class Carried:
    """A mail of ours as the relay got it."""

    sender: str
    recipient: str
    mail: EmailMessage


@dataclass(frozen=True, kw_only=True)
class Back:
    """A mail that comes back to us for it: its envelope and bytes."""

    sender: str
    mail: EmailMessage
    recipient: str = MAILBOX


Habit = Callable[[Carried], list[Back]]
"""What a correspondent sends us when a mail of ours has reached them."""


@dataclass(kw_only=True)
class Post:
    """The relay of a gateway and everybody behind it. ``door`` is the port of the gateway's own mail door."""

    habits: dict[str, Habit]
    door: int = 0
    port: int = 0
    carried: Counter[str] = field(default_factory=Counter)
    came_back: Counter[str] = field(default_factory=Counter)
    on_the_way: set[asyncio.Task[None]] = field(default_factory=set)

    async def handle_DATA(self, _: object, __: object, envelope: Envelope) -> str:
        """Take a mail of ours; the answer to it comes by a connection of its own."""
        (recipient,) = envelope.rcpt_tos
        mail = email.message_from_bytes(bytes(envelope.original_content or b""), policy=email.policy.default)
        assert isinstance(mail, EmailMessage)
        self.carried[recipient] += 1
        for back in self.habit_of(recipient)(Carried(sender=envelope.mail_from or "", recipient=recipient, mail=mail)):
            self.came_back[recipient] += 1
            going = asyncio.create_task(self.brings(back))
            self.on_the_way.add(going)
            going.add_done_callback(self.on_the_way.discard)
        return "250 OK"

    def habit_of(self, recipient: str) -> Habit:
        """Whoever it is, or the system they are part of."""
        domain = recipient.rpartition("@")[2]
        return self.habits.get(recipient) or next(h for a, h in self.habits.items() if a.endswith(f"@{domain}"))

    async def brings(self, back: Back) -> None:
        """To the gateway's mail door."""
        async with aiosmtplib.SMTP(hostname="127.0.0.1", port=self.door) as client:
            await client.mail("" if back.sender == "<>" else back.sender)
            await client.rcpt(back.recipient)
            await client.data(back.mail.as_bytes(policy=email.policy.SMTP))


@asynccontextmanager
async def a_post(habits: dict[str, Habit]) -> AsyncIterator[Post]:
    """The relay, listening."""
    post, loop = Post(habits=habits), asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(post, loop=loop), "127.0.0.1", 0)
    post.port = server.sockets[0].getsockname()[1]
    yield post
    server.close()
    await server.wait_closed()


def a_letter(sender: str, subject: str, words: str, **fields: str) -> EmailMessage:
    """A mail with an id of its own."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, MAILBOX, subject
    mail["Message-ID"] = f"<{next(_numbers)}@{sender.rpartition('@')[2].strip('>')}>"
    for name, value in fields.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(words)
    return mail


def words_of(mail: EmailMessage) -> str:
    """Its plain words."""
    plain = mail.get_body(("plain",))
    return str(plain.get_content()) if plain else ""


def says_nothing(_: Carried) -> list[Back]:
    """A person who has read it."""
    return []


def away_as_the_rule_has_it(got: Carried) -> list[Back]:
    """RFC 3834: to the envelope's sender, from a null one, marked and threaded."""
    fields = {"Auto_Submitted": "auto-replied", "In_Reply_To": str(got.mail["Message-ID"])}
    note = a_letter(got.recipient, f"Auto: {got.mail['Subject']}", "I am away until Monday.", **fields)
    return [Back(sender="<>", recipient=got.sender, mail=note)]


def away_without_a_mark(got: Carried) -> list[Back]:
    """It answers every mail with one of its own, in nobody's thread, and quotes nothing."""
    return [Back(sender=got.recipient, mail=a_letter(got.recipient, "Hello", "I am away until Monday."))]


def away_to_the_author(got: Carried) -> list[Back]:
    """It looks at From instead of the envelope, and takes over the subject."""
    note = a_letter(got.recipient, f"Re: {got.mail['Subject']}", "Ich bin bis Montag im Urlaub.")
    return [Back(sender=got.recipient, mail=note)]


def away_in_few_words(got: Carried) -> list[Back]:
    """With a null sender, to the envelope's, and with nothing to be known by."""
    return [Back(sender="<>", recipient=got.sender, mail=a_letter(got.recipient, "Re: your mail", "Back on Monday."))]


def a_ticket(got: Carried) -> list[Back]:
    """A new number each time, so that no two of its answers are alike."""
    number = next(_numbers)
    words = f"We have received your request. Its number is {number}."
    return [Back(sender=got.recipient, mail=a_letter(got.recipient, f"[Request #{number}] Received", words))]


def a_ticket_with_an_address_of_its_own(got: Carried) -> list[Back]:
    """Another sender each time, in our thread or not."""
    number = next(_numbers)
    sender = f"case-{number}@{got.recipient.rpartition('@')[2]}"
    note = a_letter(sender, f"Re: {got.mail['Subject']}", f"Your request has been registered as {number}.")
    return [Back(sender=sender, mail=note)]


def a_list(got: Carried) -> list[Back]:
    """It gives our answer to all who read it, us among them, as lists do."""
    again = email.message_from_bytes(got.mail.as_bytes(), policy=email.policy.default)
    assert isinstance(again, EmailMessage)
    again["List-Id"], again["Precedence"] = "<staff.school.example>", "list"
    return [Back(sender="staff-bounces@school.example", mail=again)]


def a_list_in_its_own_name(got: Carried) -> list[Back]:
    """It puts itself into From and takes every mark off."""
    words = words_of(got.mail)
    mail = a_letter(f'"Northshire via staff" <{got.recipient}>', f"[staff] {got.mail['Subject']}", words)
    return [Back(sender=f"{got.recipient.partition('@')[0]}-errors@school.example", mail=mail)]


def a_redirect(got: Carried) -> list[Back]:
    """A rule sends what comes from us back to us, as it is."""
    return [Back(sender=got.recipient, mail=got.mail)]


def a_forward(got: Carried) -> list[Back]:
    """A rule forwards it as a mail of its own, ours below."""
    words = f"\n\n-------- Forwarded message --------\nFrom: {got.mail['From']}\n\n{words_of(got.mail)}"
    return [Back(sender=got.recipient, mail=a_letter(got.recipient, f"Fwd: {got.mail['Subject']}", words))]


def a_bounce(got: Carried) -> list[Back]:
    """To the envelope's sender, as servers do."""
    words = (
        f"Hi. This is the mail program.\n<{got.recipient}>: no such user (#5.1.1)\n--- Below is a copy.\n{copy(got)}"
    )
    return [Back(sender="<>", recipient=got.sender, mail=a_letter("MAILER-DAEMON@x.example", "failure notice", words))]


def a_bounce_to_the_author(got: Carried) -> list[Back]:
    """From a postmaster with an address of their own, and a second one for good measure."""
    words = f"Your mail could not be delivered: 550 5.1.1 no such user.\n{copy(got)}"
    sender = f"postmaster@{got.recipient.rpartition('@')[2]}"
    bounce = Back(sender=sender, mail=a_letter(sender, "Undeliverable mail", words))
    return [bounce, Back(sender=sender, mail=a_letter(sender, "Undeliverable: Undeliverable mail", words))]


def copy(got: Carried) -> str:
    """The header that a bounce brings back."""
    return f"Message-ID: {got.mail['Message-ID']}\nSubject: {got.mail['Subject']}"
