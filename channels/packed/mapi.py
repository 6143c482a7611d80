"""The properties of an Outlook mail (MS-OXPROPS), by whatever file they came, and the mail they make up."""

from __future__ import annotations

import base64
import codecs
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.header import Header
from email.message import Message
from email.parser import HeaderParser
from email.utils import format_datetime, formataddr

from channels.packed.rtf import html_or_text, unpacked_rtf

SUBJECT, HEADERS, SENDER_NAME, SENDER_ADDRESS, SENDER_SMTP = 0x0037, 0x007D, 0x0C1A, 0x0C1F, 0x5D01
SENT_BY_NAME, SENT_BY_ADDRESS, SENT_AT, DISPLAY_TO, MESSAGE_ID = 0x0042, 0x0065, 0x0039, 0x0E04, 0x1035
BODY, RTF, HTML, DISPLAY_NAME, CODEPAGE, MESSAGE_CODEPAGE = 0x1000, 0x1009, 0x1013, 0x3001, 0x3FDE, 0x3FFD
FILE, FILE_NAME, LONG_NAME, MEDIA_TYPE, CONTENT_ID = 0x3701, 0x3704, 0x3707, 0x370E, 0x3712
UNICODE, STRING8, BINARY, TIME, LONG, OBJECT = 0x001F, 0x001E, 0x0102, 0x0040, 0x0003, 0x000D
_BEGAN = datetime(1601, 1, 1, tzinfo=UTC)
_NOT_IN_A_HEADER = re.compile(r"[\x00-\x1f\x7f]+")
_ABOUT_ITS_FORM = ("MIME-Version", "Content-Type", "Content-Transfer-Encoding", "Content-Disposition", "Content-ID")


@dataclass(frozen=True, kw_only=True)
class Value:
    """One property as it stands in the file: its MAPI type and bytes."""

    kind: int
    content: bytes


Properties = Mapping[int, Value]


@dataclass(frozen=True, kw_only=True)
class Attached:
    """One attachment: ``mail`` if it is a mail itself, else ``content``."""

    properties: Properties
    codepage: str
    content: bytes = b""
    mail: Message | None = None


def codepage_of(properties: Properties, default: str = "cp1252") -> str:
    """The charset of strings that are not Unicode."""
    for tag in (MESSAGE_CODEPAGE, CODEPAGE):
        value = properties.get(tag)
        if value is not None and value.kind == LONG and len(value.content) >= 4:
            number = int.from_bytes(value.content[:4], "little")
            name = {65001: "utf-8", 20127: "ascii", 28591: "cp1252", 1200: "utf-16-le"}.get(number, f"cp{number}")
            if _is_known(name):
                return name
    return default


def text(properties: Properties, tag: int, codepage: str) -> str:
    """A string property in words; empty when there is none."""
    value = properties.get(tag)
    if value is None or value.kind not in {UNICODE, STRING8}:
        return ""
    charset = "utf-16-le" if value.kind == UNICODE else codepage
    return value.content.decode(charset, "replace").split("\x00")[0]


def as_mail(properties: Properties, attached: list[Attached], *, default_codepage: str = "cp1252") -> Message:
    """The mail these properties make up, in the form in which the network would have carried it."""
    codepage = codepage_of(properties, default_codepage)
    mail = _header(properties, codepage)
    forms = _forms(properties, codepage)
    if len(forms) > 1:
        forms = [_holding("multipart/alternative", forms)]
    parts = [*forms, *(_file(each) for each in attached)]
    mail["Content-Type"] = "multipart/mixed"
    mail.set_payload(list[Message | str](parts))
    return mail


def _holding(kind: str, parts: Iterable[Message]) -> Message:
    holder = Message()
    holder["Content-Type"] = kind
    holder.set_payload(list[Message | str](parts))
    return holder


def _header(properties: Properties, codepage: str) -> Message:
    """What the network said of it where that is kept; else what Outlook knew."""
    mail = HeaderParser().parsestr(text(properties, HEADERS, codepage).lstrip("\r\n \t\x00"))
    mail.set_payload("")
    for name in _ABOUT_ITS_FORM:
        del mail[name]
    for name, written in _known(properties, codepage).items():
        if name not in mail and written:
            mail[name] = written
    return mail


def _known(properties: Properties, codepage: str) -> dict[str, str]:
    """Fields by name, encoded for a header; empty where nothing is known."""
    name = text(properties, SENDER_NAME, codepage) or text(properties, SENT_BY_NAME, codepage)
    addresses = [text(properties, tag, codepage) for tag in (SENDER_SMTP, SENDER_ADDRESS, SENT_BY_ADDRESS)]
    address = next((each for each in addresses if "@" in each), "")
    sent = properties.get(SENT_AT)
    return {
        "From": formataddr((_written(name), _written(address))) if address else _written(name),
        "To": _written(text(properties, DISPLAY_TO, codepage)),
        "Subject": _written(text(properties, SUBJECT, codepage)),
        "Date": _moment(sent.content) if sent is not None and sent.kind == TIME else "",
        "Message-ID": _written(text(properties, MESSAGE_ID, codepage)),
    }


def _forms(properties: Properties, codepage: str) -> list[Message]:
    """Its words in every form Outlook kept that was not made from another: plain, and HTML or what RTF says."""
    plain, page = text(properties, BODY, codepage), properties.get(HTML)
    forms = [_part("text/plain", plain.encode("utf-8", "replace"))] if plain.strip() else []
    if page is not None and page.kind == BINARY and page.content.strip(b"\x00"):
        return [*forms, _part("text/html", page.content, charset=_charset_of_html(properties, codepage))]
    if page is not None and (words := text(properties, HTML, codepage)).strip():
        return [*forms, _part("text/html", words.encode("utf-8", "replace"))]
    rich = properties.get(RTF)
    said = html_or_text(unpacked_rtf(rich.content)) if rich is not None else None
    if said is None or not said.words.strip():
        return forms
    return [*forms, _part("text/html" if said.is_html else "text/plain", said.words.encode("utf-8", "replace"))]


def _charset_of_html(properties: Properties, codepage: str) -> str:
    value = properties.get(CODEPAGE)
    return codepage_of({CODEPAGE: value}, codepage) if value is not None else codepage


def _file(attached: Attached) -> Message:
    if attached.mail is not None:
        return _holding("message/rfc822", [attached.mail])
    names = (text(attached.properties, tag, attached.codepage) for tag in (LONG_NAME, FILE_NAME, DISPLAY_NAME))
    name = next((_NOT_IN_A_HEADER.sub(" ", each) for each in names if each.strip()), "")
    kind = text(attached.properties, MEDIA_TYPE, attached.codepage)
    part = _part(kind if re.fullmatch(r"[\w.+-]+/[\w.+-]+", kind) else "application/octet-stream", attached.content)
    part.add_header("Content-Disposition", "attachment", filename=("utf-8", "", name) if name else "file")
    if content_id := text(attached.properties, CONTENT_ID, attached.codepage).strip(" <>"):
        part["Content-ID"] = f"<{_written(content_id)}>"
    return part


def _part(kind: str, content: bytes, *, charset: str = "utf-8") -> Message:
    part = Message()
    part["Content-Type"] = f'{kind}; charset="{charset}"' if kind.startswith("text/") else kind
    part["Content-Transfer-Encoding"] = "base64"
    part.set_payload(base64.encodebytes(content).decode("ascii"))
    return part


def _written(value: str) -> str:
    """A value as it may stand in a header: on one line, encoded if it has to be."""
    line = _NOT_IN_A_HEADER.sub(" ", value).strip()[:2000]
    return line if line.isascii() else Header(line.encode("utf-8", "replace").decode(), "utf-8", 10**6).encode()


def _moment(content: bytes) -> str:
    """A Windows file time (100 ns since 1601) as a Date field; empty if it is none."""
    try:
        return format_datetime(_BEGAN + timedelta(microseconds=int.from_bytes(content[:8], "little") // 10))
    except OverflowError:
        return ""


def _is_known(codepage: str) -> bool:
    try:
        codecs.lookup(codepage)
    except LookupError:
        return False
    return True
