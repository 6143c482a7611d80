"""Writes a notice as a mail: plain words, the same in HTML, a part for programs; the same at every attempt."""

from __future__ import annotations

import email.policy
import email.utils
import html
import json
from email.headerregistry import Address as HeaderAddress
from email.message import EmailMessage

from channels.contract import Outgoing
from channels.email.fields import is_message_id
from channels.email.own import LOOP_HEADER, Own, token_of

_SUPPRESS = "DR, RN, NRN, OOF, AutoReply"
_MOST_REFERENCES = 20
_NEVER_BREAK_AN_ID = 998  # RFC 5322 2.1.1; at 78 the library writes long ids of others as encoded words
_ASCII_HEADERS = email.policy.SMTP
_UTF8_HEADERS = email.policy.SMTPUTF8


def notice_as_mail(notice: Outgoing, *, own: Own, organisation: str) -> bytes:
    """The mail to one address. It quotes nothing and says in three ways that a machine wrote it (RFC 3834)."""
    policy = _ASCII_HEADERS if notice.address.value.isascii() else _UTF8_HEADERS
    mail = EmailMessage(policy=policy)
    mail["From"] = _address(own.mail_from, name=organisation)
    mail["To"] = _address(notice.address.value)
    if not own.is_monitored(own.mail_from) and own.mailboxes:
        mail["Reply-To"] = _address(own.mailboxes[0])
    mail["Subject"] = " ".join((notice.subject or notice.reference).split())
    mail["Date"] = email.utils.format_datetime(notice.written_at)
    mail["Message-ID"] = f"<{own.message_id(notice.notice_id)}>"
    _join_thread(mail, notice)
    mail["Auto-Submitted"] = "auto-replied"
    mail["X-Auto-Response-Suppress"] = _SUPPRESS
    mail[LOOP_HEADER] = own.loop_mark(notice.notice_id)
    _fill(mail, notice)
    return mail.as_bytes(policy=policy.clone(max_line_length=_NEVER_BREAK_AN_ID))


def _address(address: str, *, name: str = "") -> HeaderAddress:
    local, _, domain = address.rpartition("@")
    return HeaderAddress(display_name=name, username=local, domain=domain)


def _join_thread(mail: EmailMessage, notice: Outgoing) -> None:
    """Only proper ids go into our header: theirs came from outside."""
    continued = notice.reply_handle.get("message_id", "")
    if not is_message_id(continued):
        return
    known = [each for each in notice.reply_handle.get("references", "").split() if is_message_id(each)]
    mail["In-Reply-To"] = f"<{continued}>"
    chain = [*(each for each in known if each != continued), continued][-_MOST_REFERENCES:]
    mail["References"] = " ".join(f"<{each}>" for each in chain)


def _fill(mail: EmailMessage, notice: Outgoing) -> None:
    page = notice.html or "<p>" + html.escape(notice.text).replace("\n\n", "</p><p>").replace("\n", "<br>") + "</p>"
    mail.set_content(notice.text, cte="quoted-printable")
    mail.add_alternative(page, subtype="html", cte="quoted-printable")
    facts = json.dumps(dict(notice.data), ensure_ascii=True, indent=1, sort_keys=True).encode()
    mail.add_attachment(facts, maintype="application", subtype="json", filename="receipt.json", cte="base64")
    token = token_of(notice.notice_id)
    mail.set_boundary(f"=_{token}_parts")
    words = next(iter(mail.iter_parts()))
    words.set_boundary(f"=_{token}_words")
