"""What a scan turns out to be: a letter to us, a letter of ours that came back, or one of ours with words on it."""

from __future__ import annotations

from channels.contract import (
    Address,
    AddressClass,
    DeliveryReport,
    DeliveryState,
    Enclosure,
    Inbound,
    RawMessage,
    SendError,
    Unreadable,
)
from channels.letter import codes
from channels.letter.carried import WORDS
from channels.media_type import is_document_or_picture, media_type_of
from channels.web_form.body import NotAForm, take_apart

CAME_BACK = "the letter came back"
BACK_OR_ANSWER = "check whether our letter came back or is an answer"
BACK_WITHOUT_CODE = "post of ours came back and no code on it says which: find the letter, and say so under Post"


def read_scan(raw: RawMessage) -> Inbound | DeliveryReport:
    """The scan itself is the message: its words come by transcription. What is no document goes before a person.

    The envelope may say ``came_back`` (it lay behind a sheet for returned post) and ``code``, which is ours.
    """
    files = _files(raw)
    notice_id = _notice_on(raw.envelope.get("code", ""))
    came_back = raw.envelope.get("came_back") == "yes"
    if came_back and notice_id:
        return returned(notice_id, enclosures=files)
    by_hand = BACK_WITHOUT_CODE if came_back else BACK_OR_ANSWER if notice_id else ""
    sender = Address(kind=AddressClass.POSTAL)
    words = raw.envelope.get(WORDS, "")
    return Inbound(sender=sender, text=words, enclosures=files, by_hand=by_hand, answers_notice=notice_id)


def returned(notice_id: str, reason: str = CAME_BACK, *, enclosures: tuple[Enclosure, ...] = ()) -> DeliveryReport:
    """The news that a letter of ours came back, as a provider would give it."""
    return DeliveryReport(
        provider_id="", notice_id=notice_id, state=DeliveryState.FAILED, error=SendError.BAD_ADDRESS, reason=reason,
        came_back=True, enclosures=enclosures,
    )  # fmt: skip


def _files(raw: RawMessage) -> tuple[Enclosure, ...]:
    """The scan, or the photos that are one letter together, which came as a form."""
    if not raw.body:
        raise Unreadable("empty")
    files = _of_form(raw)
    if not files:
        name = raw.envelope.get("name", "")
        media_type = media_type_of(raw.body, name=name)
        files = (Enclosure(name=name, media_type=media_type, content=raw.body),)
    if not any(is_document_or_picture(each.media_type) for each in files):
        raise Unreadable("not a picture or document")
    return files


def _of_form(raw: RawMessage) -> tuple[Enclosure, ...]:
    if not raw.media_type.startswith("multipart/form-data"):
        return ()
    try:
        return take_apart(raw.body, raw.media_type).files
    except NotAForm:
        return ()


def _notice_on(text: str) -> str:
    code = codes.read(text)
    return code.notice_id if code is not None and code.says is codes.OnPaper.LETTER else ""
