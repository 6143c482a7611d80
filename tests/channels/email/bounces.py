"""Bounces, warnings and false friends in the forms mail systems give them, made after their published texts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from channels.contract import DeliveryState, SendError
from tests.channels.email.northshire import SENDER, a_mail

CRLF = "\r\n"


@dataclass(frozen=True, kw_only=True)
class Style:
    """``text`` may hold ``{address}``, and ``{copy}`` for the header of our mail. ``state`` None: it is no news of it.

    ``mail_from`` is its envelope sender; ``report`` are the fields of RFC 3464 of each recipient.
    """

    subject: str
    text: str
    state: DeliveryState | None
    status: str = ""
    error: SendError | None = None
    is_delayed: bool = False
    writer: str = "Mail Delivery System <MAILER-DAEMON@mx.example.org>"
    mail_from: str = "<>"
    report: tuple[str, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)

    def mail(self, copy: str) -> bytes:
        """The mail; ``copy`` is what it brings back of ours."""
        text = self.text.format(address=SENDER, copy=copy).replace("\n", CRLF)
        given = {"From": self.writer, "Subject": self.subject, "Message_ID": "<b@mx.example.org>"} | dict(self.fields)
        if not self.report:
            return a_mail(text, **given)
        blocks = "".join(f"{each.format(address=SENDER)}\n\n".replace("\n", CRLF) for each in self.report)
        body = (
            f"--r\r\nContent-Type: text/plain\r\n\r\n{text}\r\n--r\r\nContent-Type: message/delivery-status\r\n\r\n"
            f"Reporting-MTA: dns; mx.example.org\r\n\r\n{blocks}--r\r\nContent-Type: text/rfc822-headers\r\n\r\n{copy}"
            "\r\n--r--\r\n"
        )
        kind = "multipart/report; report-type=delivery-status; boundary=r"
        return a_mail(body, **given | {"Content_Type": kind, "MIME_Version": "1.0"})


def a_block(action: str, status: str, diagnostic: str = "", who: str = "{address}") -> str:
    """One recipient of a report."""
    lines = [f"Final-Recipient: rfc822; {who}", f"Action: {action}", f"Status: {status}"]
    return "\n".join([*lines, *([f"Diagnostic-Code: {diagnostic}"] if diagnostic else [])])


FAILED, SENT, DELIVERED = DeliveryState.FAILED, DeliveryState.SENT, DeliveryState.DELIVERED
EXCHANGE = "Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@example.org>"
STYLES: dict[str, Style] = {
    "Postfix": Style(
        subject="Undelivered Mail Returned to Sender", state=FAILED, status="5.1.1", error=SendError.BAD_ADDRESS,
        text="I'm sorry to have to inform you that your message could not be delivered to one or more recipients.",
        report=(a_block("failed", "5.1.1", "smtp; 550 5.1.1 <{address}>: User unknown in virtual mailbox table"),),
    ),
    "Postfix, held up": Style(
        subject="Delayed Mail (still being retried)", state=SENT, status="4.4.1", is_delayed=True,
        text="THIS IS A WARNING ONLY.  YOU DO NOT NEED TO RESEND YOUR MESSAGE.",
        report=(a_block("delayed", "4.4.1", "X-Postfix; connect to mx.example.org: Connection timed out"),),
    ),
    "sendmail, five days over": Style(
        subject="Returned mail: see transcript for details", state=FAILED, status="4.4.7", error=SendError.UNREACHABLE,
        text="   ----- The following addresses had permanent fatal errors -----\n<{address}>",
        report=(a_block("failed", "4.4.7"),),
    ),
    "sendmail of old, held up": Style(
        subject="Warning: could not send message for past 4 hours", state=SENT, is_delayed=True,
        text="** THIS IS A WARNING MESSAGE ONLY **\n** YOU DO NOT NEED TO RESEND YOUR MESSAGE **\n{copy}",
    ),
    "Exchange Online": Style(
        subject="Undeliverable: We have your message", writer=EXCHANGE, state=FAILED, status="5.1.10",
        error=SendError.BAD_ADDRESS, text="Your message to {address} couldn't be delivered.",
        report=(a_block("failed", "5.1.10", "smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; not found"),),
    ),
    "Exchange that says it only in the diagnosis": Style(
        subject="Undeliverable: We have your message", writer="postmaster@example.org", state=FAILED, status="5.2.2",
        error=SendError.UNREACHABLE, text="The recipient's mailbox is full.",
        report=(a_block("failed", "5.0.0", "smtp;552 5.2.2 RESOLVER.RST.RecipMailboxFull"),),
    ),
    "Exchange of old": Style(
        subject="Undeliverable: We have your message", writer="System Administrator <postmaster@example.org>",
        text="Your message\n\nDid not reach the following recipient(s):\n\n{address} on Mon, 23 Nov 2026\n"
        "    The e-mail account does not exist at the organization this message was sent to.\n    <mx #5.1.1>",
        state=FAILED, status="5.1.1", error=SendError.BAD_ADDRESS,
    ),
    "qmail": Style(
        subject="failure notice", state=FAILED, status="5.1.1", error=SendError.BAD_ADDRESS,
        text="Hi. This is the qmail-send program at mx.example.org.\nI'm afraid I wasn't able to deliver your message "
        "to the following addresses.\nThis is a permanent error; I've given up. Sorry it didn't work out.\n\n"
        "<{address}>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n--- Below this line is a copy.\n\n{copy}",
    ),
    "Exim": Style(
        subject="Mail delivery failed: returning message to sender", state=FAILED, error=SendError.BAD_ADDRESS,
        text="This message was created automatically by mail delivery software.\n\nA message that you sent could not "
        "be delivered to one or more of its recipients. This is a permanent error.\n\n  {address}\n    Unrouteable: "
        "550 no such user here\n\n------ This is a copy of the message, including all the headers. ------\n\n{copy}",
        fields={"Auto_Submitted": "auto-replied", "X_Failed_Recipients": SENDER},
    ),
    "Exim, held up": Style(
        subject="Warning: message 1rXyZ-0001 delayed 24 hours", state=SENT, is_delayed=True,
        text="A message that you sent has not yet been delivered to one or more of its recipients after more than 24 "
        "hours on the queue.\nNo action is required on your part. Delivery attempts will continue for some time.",
        fields={"Auto_Submitted": "auto-replied"},
    ),
    "Gmail": Style(
        subject="Delivery Status Notification (Failure)", state=FAILED, status="5.1.1", error=SendError.BAD_ADDRESS,
        writer="Mail Delivery Subsystem <mailer-daemon@googlemail.com>",
        text="** Address not found **\n\nYour message wasn't delivered to {address} because the address couldn't be "
        "found, or is unable to receive mail.", fields={"X_Failed_Recipients": SENDER},
        report=(a_block("failed", "5.1.1", "smtp; 550-5.1.1 The email account that you tried does not exist."),),
    ),
    "Gmail, held up": Style(
        subject="Delivery Status Notification (Delay)", state=SENT, status="4.4.1", is_delayed=True,
        writer="Mail Delivery Subsystem <mailer-daemon@googlemail.com>",
        text="** Delivery incomplete **\n\nThere was a temporary problem delivering your message to {address}. Gmail "
        "will retry for 46 more hours.", report=(a_block("delayed", "4.4.1"),),
    ),
    "Yahoo": Style(
        subject="Failure Notice", writer="MAILER-DAEMON@yahoo.example.org", state=FAILED, error=SendError.BAD_ADDRESS,
        text="Sorry, we were unable to deliver your message to the following address.\n\n<{address}>:\n554: delivery "
        "error: This user doesn't have an account, no such user\n\n--- Forwarded message:\n{copy}",
    ),
    "Outlook.com": Style(
        subject="Delivery Status Notification (Failure)", writer="postmaster@outlook.example.org", state=FAILED,
        status="5.5.0", error=SendError.NOT_TAKEN, text="Delivery to the following recipients failed.\n\n  {address}",
        report=(a_block("failed", "5.5.0", "smtp;550 Requested action not taken: mailbox unavailable"),),
    ),
    "a firewall": Style(
        subject="Message rejected", writer="Mail Gateway <postmaster@gw.example.org>", state=FAILED, status="5.7.1",
        error=SendError.BLOCKED, text="The message to {address} was blocked by policy: 554 5.7.1 rejected.\n{copy}",
    ),
    "a bounce with a sender of its own": Style(
        subject="Undeliverable: We have your message", writer="Mail Administrator <admin@example.org>",
        mail_from="admin@example.org", state=FAILED, status="5.1.1", error=SendError.BAD_ADDRESS,
        text="Your message could not be delivered.\n550 5.1.1 no such address\n{copy}",
    ),
    "a bounce in German": Style(
        subject="Unzustellbar: We have your message", state=FAILED, error=SendError.BLOCKED,
        text="Ihre Nachricht konnte nicht zugestellt werden.\n{copy}",
    ),
    "handed on": Style(
        subject="Successful Mail Delivery Report", state=SENT, status="2.0.0", text="It was handed on.",
        report=(a_block("relayed", "2.0.0"),),
    ),
    "made into many": Style(
        subject="Successful Mail Delivery Report", state=SENT, status="2.0.0", text="It was expanded.",
        report=(a_block("expanded", "2.0.0"),),
    ),
    "arrived": Style(
        subject="Successful Mail Delivery Report", state=DELIVERED, status="2.1.5", text="It was delivered.",
        report=(a_block("delivered", "2.1.5"),),
    ),
    "one of an alias failed, another has it": Style(
        subject="Mail Delivery Report", state=DELIVERED, status="2.1.5", text="See below.",
        report=(a_block("failed", "5.1.1", who="old@example.org"), a_block("delivered", "2.1.5")),
    ),
    "one of an alias failed, another waits": Style(
        subject="Mail Delivery Report", state=FAILED, status="5.1.1", error=SendError.BAD_ADDRESS, text="See below.",
        report=(a_block("delayed", "4.2.0", who="old@example.org"), a_block("failed", "5.1.1")),
    ),
    "an absence without any mark": Style(
        subject="Re: We have your message", writer=f"Jo Example <{SENDER}>", state=None,
        text="I am away until Monday and read this then.", fields={"In_Reply_To": "{in_reply_to}"},
    ),
    "an absence as RFC 3834 has it": Style(
        subject="Auto: We have your message", writer=f"Jo Example <{SENDER}>", state=None,
        text="I am on annual leave.", fields={"Auto_Submitted": "auto-replied"},
    ),
    "who has left": Style(
        subject="Automatic reply: We have your message", writer=f"Jo Example <{SENDER}>", mail_from=SENDER, state=None,
        text="I no longer work here. This mailbox is not read.",
    ),
    "a demand to prove oneself": Style(
        subject="Please confirm your message", writer="challenge@example.org", mail_from="challenge@example.org",
        state=None, text="Your message to {address} was not delivered yet. Click to confirm that you are a person.",
    ),
    "a demand from a null sender": Style(
        subject="Sender verification", writer="guard@example.org", state=None,
        text="Your mail is held. Verify your address to be added to the list of approved senders.",
    ),
}  # fmt: skip
