"""Writes a notice as a mail: plain words, the same in HTML, a part for programs; the same at every attempt."""

from __future__ import annotations

import base64
import binascii
import email.policy
import email.utils
import html
import json
from email.headerregistry import Address as HeaderAddress
from email.message import EmailMessage
from functools import lru_cache

from channels.contract import Outgoing
from channels.email.envelope import for_any_relay
from channels.email.fields import is_message_id
from channels.email.own import LOOP_HEADER, Own, token_of
from channels.email.thread_index import thread_index

_SUPPRESS = "DR, RN, NRN, OOF, AutoReply"
_MOST_REFERENCES = 20
_EARLIER = "notices"
_NEVER_BREAK_AN_ID = 998  # RFC 5322 2.1.1; at 78 the library writes long ids of others as encoded words
_ASCII_HEADERS = email.policy.SMTP
_UTF8_HEADERS = email.policy.SMTPUTF8


def notice_as_mail(notice: Outgoing, *, own: Own, organisation: str) -> bytes:
    """The mail to one address. It quotes nothing and says in three ways that a machine wrote it (RFC 3834)."""
    recipient = for_any_relay(notice.address.value)
    mail = EmailMessage(policy=_ASCII_HEADERS if recipient.isascii() else _UTF8_HEADERS)
    mail["To"] = _address(recipient)
    mail["Subject"] = mail["Thread-Topic"] = " ".join((notice.subject or notice.reference).split())
    _join_thread(mail, notice, own)
    ours = {
        "Date": email.utils.format_datetime(notice.written_at), "Message-ID": f"<{own.message_id(notice.notice_id)}>",
        "Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": _SUPPRESS,
        LOOP_HEADER: own.loop_mark(notice.notice_id), "MIME-Version": "1.0",
        "Thread-Index": thread_index(_first_of_thread(notice), notice.written_at),
    }  # fmt: skip
    own_lines = "".join(f"{name}: {value}\r\n" for name, value in ours.items()).encode()
    named = "" if notice.is_discreet else organisation
    return _from_us(own, named) + _head(mail) + own_lines + _body(notice)


@lru_cache(maxsize=8)
def _from_us(own: Own, organisation: str) -> bytes:
    """The lines that say who writes and where answers go, the same in every mail."""
    mail = EmailMessage(policy=_ASCII_HEADERS if own.mail_from.isascii() else _UTF8_HEADERS)
    mail["From"] = _address(own.mail_from, name=organisation)
    if not own.is_monitored(own.mail_from) and own.mailboxes:
        mail["Reply-To"] = _address(own.mailboxes[0])
    return _head(mail)


def _head(mail: EmailMessage) -> bytes:
    """The header fields of a mail without the empty line that ends them."""
    return mail.as_bytes(policy=mail.policy.clone(max_line_length=_NEVER_BREAK_AN_ID)).removesuffix(b"\r\n")


def _address(address: str, *, name: str = "") -> HeaderAddress:
    local, _, domain = address.rpartition("@")
    return HeaderAddress(display_name=name, username=local, domain=domain)


def _join_thread(mail: EmailMessage, notice: Outgoing, own: Own) -> None:
    """Their mail, then ours to them in order: the last is what this one follows. Only proper ids go into our header."""
    handle = notice.reply_handle
    theirs = [*handle.get("references", "").split(), handle.get("message_id", "")]
    ours = [own.message_id(each) for each in handle.get(_EARLIER, "").split()]
    is_proper = is_message_id(theirs[-1]) or bool(ours)
    chain = [each for each in dict.fromkeys(reversed([*theirs, *ours])) if is_message_id(each)] if is_proper else []
    if chain:
        mail["In-Reply-To"] = f"<{chain[0]}>"
        mail["References"] = " ".join(f"<{each}>" for each in reversed(chain[:_MOST_REFERENCES]))


def _first_of_thread(notice: Outgoing) -> str:
    return next(iter(notice.reply_handle.get(_EARLIER, "").split()), notice.notice_id)


def _body(notice: Outgoing) -> bytes:
    """The words in both forms, then the facts for programs. Laid out here: the library takes ten times as long."""
    page = notice.html or "<p>" + html.escape(notice.text).replace("\n\n", "</p><p>").replace("\n", "<br>") + "</p>"
    facts = json.dumps(dict(notice.data), ensure_ascii=True, indent=1, sort_keys=True).encode()
    token = token_of(notice.notice_id)
    parts, words = f"=_{token}_parts", f"=_{token}_words"
    return b"".join((
        f'Content-Type: multipart/mixed; boundary="{parts}"\r\n\r\n--{parts}\r\n'.encode(),
        f'Content-Type: multipart/alternative; boundary="{words}"\r\n\r\n--{words}\r\n'.encode(),
        _written("plain", notice.text), f"\r\n--{words}\r\n".encode(),
        _written("html", page), f"\r\n--{words}--\r\n\r\n--{parts}\r\n".encode(),
        _machine_part_head(notice),
        base64.encodebytes(facts).replace(b"\n", b"\r\n"), f"\r\n--{parts}--\r\n".encode(),
    ))  # fmt: skip


def _machine_part_head(notice: Outgoing) -> bytes:
    """The part says by which published schema it is to be read, as its own first field does."""
    schema = notice.data.get("$schema", "")
    profile = (
        f'; profile="{schema}"' if schema.isascii() and schema.isprintable() and schema and '"' not in schema else ""
    )
    return (
        f"Content-Type: application/json{profile}\r\nContent-Transfer-Encoding: base64\r\n"
        f'Content-Disposition: attachment; filename="{notice.kind}.json"\r\nMIME-Version: 1.0\r\n\r\n'
    ).encode()


def _written(subtype: str, words: str) -> bytes:
    """One form of the words as quoted-printable, each line ended as mail ends lines."""
    lines = b"".join(line + b"\n" for line in words.encode().splitlines())
    head = f'Content-Type: text/{subtype}; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'
    return head.encode() + binascii.b2a_qp(lines, istext=True).replace(b"\n", b"\r\n")
