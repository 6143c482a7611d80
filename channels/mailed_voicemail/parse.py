"""Reads a mail of a telephone system as the message that was left there."""

from __future__ import annotations

import email
import email.parser
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from email.message import Message
from pathlib import PurePosixPath

from channels.calls.carrier import Carrier
from channels.calls.events import RecordingReady
from channels.calls.reading import read
from channels.calls.steps import SoFar
from channels.contract import AddressClass, DeliveryReport, Enclosure, Inbound, RawMessage
from channels.email.fields import field
from channels.email.parts import take_apart
from channels.mailed_voicemail.box import VoicemailBox
from channels.mailed_voicemail.caller import FIELDS, Caller, caller_in
from channels.mailed_voicemail.words import (
    MISSED,
    VOICEMAIL_WORDS,
    mailbox_in,
    said_by_system,
    seconds_in,
    without_caller,
)

WITHHELD = "the caller withheld their number"
WHO_RANG = "the mail does not say who rang: look in the telephone system"
NO_SOUND = "the mail has no sound: hear the message on the telephone system"
MISSED_CALL = "they rang the telephone system and left no message"
NOT_OUR_SYSTEM = "the mail does not come from our telephone system"
BY_MACHINE = "What the telephone system wrote, a machine's words that nobody has checked:"
_SOUNDS = (".wav", ".mp3", ".gsm", ".amr", ".m4a", ".ogg", ".opus", ".wma")

LOOKED_AT = 20_000
"""So many characters of a mail are looked through for who rang; systems write a few hundred."""
CARRIER = Carrier(title="a telephone system by mail")
"""It does nothing but hand recordings over."""
ReadMail = Callable[[RawMessage], Inbound | DeliveryReport]


@dataclass(frozen=True, kw_only=True)
class Left:
    """What the mail says was left. ``words`` are the system's, the caller taken out of them."""

    caller: Caller
    enclosures: tuple[Enclosure, ...]
    has_sound: bool
    seconds: int | None
    mailbox: str
    words: str
    is_voicemail: bool
    is_missed_call: bool = False


class MailedVoicemail:
    """Telephone systems as a carrier of calls: no call is live there, no keys, no streams, and nobody hears a receipt.

    All that is ever heard of a call is that its recording is ready; the caller is told by text where that is safe.
    ``read_mail`` reads what turns out to be somebody's own mail, such as an answer to the system's.
    """

    def __init__(self, box: VoicemailBox, *, read_mail: ReadMail) -> None:
        self._box, self._read_mail = box, read_mail

    def parse(self, raw: RawMessage) -> Inbound | DeliveryReport:
        """The voicemail, or the mail as it would be read in any mailbox; raises ``Unreadable`` for no mail at all."""
        message = _parsed(raw.body)
        left = _left(message)
        if not (left.is_voicemail or self._box.is_known(raw.envelope, message)):
            return self._read_mail(raw)
        inbound = read("recording", event_of(raw, left), SoFar())
        if not isinstance(inbound, Inbound):
            return inbound
        may_answer = self._box.may_be_answered(raw.envelope, message)
        facts = {**inbound.facts, "called": left.mailbox, "words_by": "machine"}
        return replace(
            inbound, sender_name=left.caller.name, text=_in_words(left), enclosures=left.enclosures,
            by_hand=_by_hand(left, may_answer=may_answer), cannot_answer=_cannot_answer(left),
            facts={name: value for name, value in facts.items() if value},
        )  # fmt: skip


def event_of(raw: RawMessage, left: Left) -> RecordingReady:
    """The one event such a call has; its id is the mail's own key."""
    return RecordingReady(
        call=raw.source_key, caller=left.caller.address, called=left.mailbox, seconds=left.seconds,
        state="completed" if left.has_sound else "absent",
    )  # fmt: skip


def _left(message: Message) -> Left:
    found = take_apart(message)
    subject, words = field(message, "Subject"), found.text[:LOOKED_AT]
    sound = tuple(each for each in found.enclosures if _is_sound(each))
    names = [each.name for each in found.enclosures]
    caller = caller_in(message, words, [each.name for each in sound])
    knows = any(field(message, name) for name in FIELDS) or field(message, "X-VoiceMessageDuration")
    speaks_of_it = VOICEMAIL_WORDS.search(f"{subject}\n{words[:500]}") is not None
    names_somebody = caller.address.kind is not AddressClass.NONE
    missed = not sound and MISSED.search(f"{subject}\n{words[:500]}") is not None
    return Left(
        is_missed_call=missed,
        caller=caller,
        enclosures=tuple(_named_for_nobody(found.enclosures)),
        has_sound=bool(sound),
        mailbox=mailbox_in(subject, words),
        seconds=seconds_in(message, subject, words, *names),
        words=without_caller(said_by_system(found.text), caller),
        is_voicemail=bool(knows) or (speaks_of_it and (names_somebody or bool(sound))),
    )


def _in_words(left: Left) -> str:
    """What staff read beside the sound; the system's words are marked as such."""
    length = f", {left.seconds} second{'' if left.seconds == 1 else 's'}" if left.seconds is not None else ""
    place = f" in mailbox {left.mailbox}" if left.mailbox else ""
    said = [f"{'Rang' if left.is_missed_call else 'Left on'} the telephone system{place}{length}."]
    if left.caller.address.kind is AddressClass.WITHHELD:
        said.append("The number was withheld.")
    elif not left.caller.address.value:
        said.append("The mail does not say who rang.")
    if left.is_missed_call:
        said.append("No message was left.")
    elif not left.has_sound:
        said.append("The mail came without the sound.")
    return "\n\n".join([" ".join(said), *([f"{BY_MACHINE}\n{left.words}"] if left.words else [])])


def _by_hand(left: Left, *, may_answer: bool) -> str:
    if not left.has_sound:
        return MISSED_CALL if left.is_missed_call else NO_SOUND
    if left.caller.address.kind is AddressClass.NONE:
        return WHO_RANG
    is_told = left.caller.address.kind is AddressClass.MOBILE
    return NOT_OUR_SYSTEM if is_told and not may_answer else ""


def _cannot_answer(left: Left) -> str:
    return WITHHELD if left.has_sound and left.caller.address.kind is AddressClass.WITHHELD else ""


def _named_for_nobody(enclosures: Sequence[Enclosure]) -> Iterator[Enclosure]:
    """Systems name a sound after the caller: who told us is kept apart, so it is a recording and no more."""
    for number, each in enumerate(enclosures, start=1):
        ending = PurePosixPath(each.name).suffix.lower()
        yield replace(each, name=f"recording-{number}{ending}") if _is_sound(each) else each


def _is_sound(each: Enclosure) -> bool:
    is_one = each.media_type.startswith(("audio/", "video/")) or each.name.lower().endswith(_SOUNDS)
    return is_one and bool(each.content)


def _parsed(body: bytes) -> Message:
    try:
        return email.message_from_bytes(body)
    except RecursionError:
        return email.parser.BytesHeaderParser().parsebytes(body)
