"""Reads mails that came as files, and web pages saved as mails: the words, and the files that travel with them."""

import email
import email.errors
import email.header
from collections.abc import Iterator
from email.message import Message

from transcription.contract import Transcript
from transcription.documents.enclosed import EnclosedFile, Opened
from transcription.documents.plain import decoded, read_web_page, tidied
from transcription.documents.written import written

SHOWN = ("From", "To", "Cc", "Date", "Subject")
MOST_PARTS = 500
DEEPEST = 20
DAMAGE = (LookupError, ValueError, TypeError, AttributeError, email.errors.MessageError)
"""What the standard reader of mails raises on damaged ones."""


def read_mail(data: bytes) -> Opened:
    """Who wrote to whom and when, the words, and the attachments."""
    message = _parsed(data)
    parts = list(_leaves(message, 0))[:MOST_PARTS]
    texts = ["\n".join(_headings(message)), *_words(parts)]
    files = tuple(_file(part) for part in parts if _is_file(part))
    return Opened(transcript=written(texts, "text of the mail"), files=files)


def read_web_archive(data: bytes) -> Transcript:
    """The words of a web page that was saved whole (.mht), without its pictures."""
    parts = list(_leaves(_parsed(data), 0))[:MOST_PARTS]
    pages = [part for part in parts if part.get_content_type() in {"text/html", "application/xhtml+xml"}]
    return written(_words(pages or parts), "saved web page")


def _parsed(data: bytes) -> Message:
    start = data.lstrip(b"\r\n\t \xef\xbb\xbf")
    return email.message_from_bytes(start.partition(b"\n")[2] if start.startswith(b"From ") else start)


def _leaves(part: Message, depth: int) -> Iterator[Message]:
    """The parts that hold something, in order; of several forms of the same words the plainest that has any."""
    children = part.get_payload()
    if not isinstance(children, list) or depth > DEEPEST:
        yield part
        return
    inside = [list(_leaves(child, depth + 1)) for child in children if isinstance(child, Message)]
    if part.get_content_type() == "multipart/alternative" and (spoken := [each for each in inside if _said(each)]):
        yield from spoken[0]
        yield from (leaf for each in inside if each is not spoken[0] for leaf in each if _is_file(leaf))
        return
    for each in inside:
        yield from each


def _said(leaves: list[Message]) -> bool:
    return any(True for _ in _words(leaves))


def _headings(message: Message) -> Iterator[str]:
    for name in SHOWN:
        if value := message.get(name):
            yield f"{name}: {_unfolded(value)}"


def _unfolded(value: object) -> str:
    try:
        text = str(email.header.make_header(email.header.decode_header(str(value))))
    except DAMAGE:
        text = str(value)
    return " ".join(text.encode("utf-8", "replace").decode("utf-8").split())


def _words(parts: list[Message]) -> Iterator[str]:
    for part in parts:
        if part.get_content_maintype() != "text" or _is_file(part):
            continue
        content = _content(part)
        is_page = part.get_content_type() == "text/html"
        text = read_web_page(content).text if is_page else tidied(decoded(content))
        if text.strip():
            yield text


def _is_file(part: Message) -> bool:
    is_named = bool(_name(part)) or part.get_content_disposition() == "attachment"
    return is_named or part.get_content_maintype() not in {"text", "multipart"}


def _file(part: Message) -> EnclosedFile:
    return EnclosedFile(name=_name(part), data=_content(part), media_type=part.get_content_type())


def _name(part: Message) -> str:
    try:
        return _unfolded(part.get_filename() or "")
    except DAMAGE:
        return ""


def _content(part: Message) -> bytes:
    """The bytes of a part; words in another encoding than UTF-8 are turned into it, as far as the mail names it."""
    payload = part.get_payload(decode=True)
    content = payload if isinstance(payload, bytes) else b""
    if part.get_content_maintype() != "text":
        return content
    try:
        return content.decode(part.get_content_charset() or "utf-8").encode("utf-8")
    except DAMAGE:
        return content
