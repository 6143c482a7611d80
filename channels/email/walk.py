"""Goes through a mail part by part and says what it finds; into files that hold others as well."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from email.message import Message

from channels.contract import Enclosure
from channels.email.charsets import is_binary, words
from channels.email.enclosed import children_of, content_with_parts, enclosure_of, inner_enclosure, name_of, whole
from channels.email.fields import field as header_field
from channels.email.mended import out_of_encoding, with_boundary
from channels.email.mime import MOST_PARTS, Part, parsed_anyhow
from channels.email.opening import is_encrypted, open_file
from channels.email.place import Limits, Place
from channels.email.said import Found, Origin, says_something_else
from channels.email.written import CALENDARS, WRITTEN, words_of
from channels.packed.encoded import without_uuencoded
from channels.packed.opened import LeftShut, Opened, sentences
from channels.packed.room import DEEPEST, Room

_DEEPEST = 20
_MOST_OPENED = 100
_MOST_OF_THE_REST = 200_000
_SAME_WORDS_AGAIN = "text/x-amp-html"
_REPORTS = frozenset({
    "message/delivery-status", "message/disposition-notification", "message/feedback-report",
    "message/global-delivery-status", "message/global-disposition-notification",
})  # fmt: skip
_LONGEST_USUAL = 1000
_ANOTHER_MAIL = re.compile(r"(?i)(?:From |(?:Return-Path|Delivered-To|Received|From|Date|Message-ID|Subject): )")
_FOR_OLD_READERS = re.compile(r"(?i)\bMIME\b|multi-?part")
_PGP = "-----BEGIN PGP MESSAGE-----"
_TOO_DEEP = f"[What is nested deeper than {_DEEPEST} parts was not opened.]"
_TOO_MANY = f"[{_MOST_OPENED} files that hold others were opened. The others were not looked into.]"
_ENCRYPTED = "[This mail is encrypted and cannot be read here. A person has to ask the sender for its words.]"


@dataclass(kw_only=True)
class Walk:
    """One way through a mail, or through one form of it; ``found`` is what it met so far."""

    limits: Limits
    found: Found = field(default_factory=Found)

    def take(self, part: Message, place: Place) -> None:
        """Take a part and all that is in it."""
        kind = part.get_content_type()
        if place.depth > _DEEPEST:
            self._keep(part, whole(part), place)
            self.found.remark([_TOO_DEEP])
        elif kind.startswith("multipart/") and part.is_multipart():
            self._say_around(part.preamble, place)
            self._take_parts(part, kind, place.deeper())
            self._say_around(part.epilogue, place)
        elif kind.startswith("message/") and kind not in _REPORTS and part.is_multipart():
            self._take_message(part, kind, place.deeper())
        elif kind.startswith("multipart/") and (mended := with_boundary(part)) is not None:
            self.take(mended, place.deeper())
        elif _is_written(part):
            self._take_words(part, place)
        else:
            self._take_file(part, place)

    def _take_parts(self, part: Message, kind: str, place: Place) -> None:
        if kind == "multipart/alternative":
            self._take_alternatives(part, place)
            return
        if kind == "multipart/encrypted":
            self.found.remark([_ENCRYPTED])
        for child in children_of(part):
            self.take(child, place)

    def say_rest(self, message: Message) -> None:
        """What came after so many parts that it was not taken apart, as it stands there."""
        rest = message.unparsed if isinstance(message, Part) else b""
        if rest:
            self.found.remark([f"[This mail has more than {MOST_PARTS} parts. What follows was not taken apart.]"])
            self.found.say(words(rest[:_MOST_OF_THE_REST], None).strip())
            self.limits.left_out += len(rest) > _MOST_OF_THE_REST

    def finished(self) -> Found:
        """With how much was left out, where anything was."""
        if count := self.limits.left_out:
            more = (
                "1 more file of it is not shown by itself"
                if count == 1
                else f"{count} more files of it are not shown by themselves"
            )
            self.found.remark([f"[{more}. The message as a whole is kept as it came.]"])
        return self.found

    def _take_words(self, part: Message, place: Place) -> None:
        content = content_with_parts(part)
        if part.get_content_type() != "text/plain":
            self.found.say(words_of(part, content), place.origin)
            return
        taken_out = without_uuencoded(content)
        text = words_of(part, taken_out.words)
        self.found.say(text, place.origin)
        if _PGP in text:
            self.found.remark([_ENCRYPTED])
        for file in taken_out.files:
            self._take_inner(file.name, file.content, place)

    def _say_around(self, around: str | None, place: Place) -> None:
        """Words above the first part and below the last: mostly what mail programs said to those older than MIME."""
        if not around or not re.search(r"\w", around):
            return
        if _ANOTHER_MAIL.match(around.lstrip()) and place.depth < _DEEPEST:
            self._take_attached(parsed_anyhow(around.lstrip().encode("utf-8", "surrogateescape")), place.deeper())
        elif len(around) > _LONGEST_USUAL or not _FOR_OLD_READERS.search(around):
            self.found.say(words(around.encode("utf-8", "surrogateescape"), None).strip(), place.origin)

    def _take_file(self, part: Message, place: Place) -> None:
        content = content_with_parts(part)
        file = self._keep(part, content, place)
        if part.get_content_type() in CALENDARS:
            self._say_invitation(words_of(part, content), place)
        elif file is not None:
            self.open(file, place)

    def _take_inner(self, name: str, content: bytes, place: Place) -> None:
        file = inner_enclosure(name, content, number=self.limits.files + 1, within=place.within)
        if self.limits.has_room():
            self.found.enclosures.append(file)
            self.open(file, place)

    def open(self, file: Enclosure, place: Place) -> None:
        """Take what a file holds, if it holds other files or a mail."""
        if is_encrypted(file):
            self.found.remark([_ENCRYPTED])
        if place.depth > _DEEPEST:
            self.found.remark([_TOO_DEEP])
            return
        if self.limits.opened >= _MOST_OPENED:
            self.found.remark([_TOO_MANY])
            return
        opened = open_file(file, Room(files=0) if place.archives >= DEEPEST else self.limits.room)
        if opened is None:
            return
        self.limits.opened += 1
        if place.archives >= DEEPEST and opened.left_shut:
            opened = Opened(left_shut=(LeftShut.TOO_DEEP,) * len(opened.left_shut))
        self.found.remark(sentences(file.name, opened.left_shut))
        inside = replace(place.deeper(), within=file.name, archives=place.archives + bool(opened.files))
        if opened.mail is not None and opened.is_attached:
            self._take_attached(opened.mail, inside)
        elif opened.mail is not None:
            self._take_wrapped(opened.mail, inside)
        for inner in opened.files:
            self._take_inner(inner.name, inner.content, inside)

    def _take_wrapped(self, mail: Message, place: Place) -> None:
        """This mail's own words in another form: said only where they were not said before."""
        inner = Walk(limits=self.limits)
        inner.take(mail, place)
        self.found.enclosures.extend(inner.found.enclosures)
        for said in inner.found.said:
            if said.words and not self.found.says_already(said.words):
                self.found.say(said.words, said.origin)

    def _take_alternatives(self, part: Message, place: Place) -> None:
        """The plain words, unless another form says far more than they do (a plain part that only says "see HTML").

        Forms that ought to say the same and do not are both shown.
        """
        forms: list[Found] = []
        for child in children_of(part):
            form = Walk(limits=self.limits)
            if child.get_content_type() in CALENDARS:
                forms.append(form.found)
                continue
            if child.get_content_type() != _SAME_WORDS_AGAIN:
                form.take(child, place)
            forms.append(form.found)
            self.found.enclosures.extend(form.found.enclosures)
        spoken = [form for form in forms if not form.is_silent]
        if spoken:
            richest = max(spoken, key=lambda form: len(form.text.split()))
            says_more = len(richest.text.split()) > 2 * len(spoken[0].text.split()) + 5
            self.found.said.extend((richest if says_more else spoken[0]).said)
            other = spoken[0] if says_more else spoken[-1]
            if says_something_else(other.text, richest.text if says_more else spoken[0].text):
                self.found.said.extend(other.said)
        for child in children_of(part):
            if child.get_content_type() in CALENDARS:
                self.take(child, place)

    def _take_message(self, part: Message, kind: str, place: Place) -> None:
        """A mail inside a mail is kept as a file, and its words and files are found too."""
        children = [out_of_encoding(part, child) for child in children_of(part)]
        file = self._keep(part, b"".join(whole(child) for child in children), place)
        inside = replace(place, within=file.name if file else place.within)
        if kind == "message/external-body":
            self.found.remark(["[A file is meant to be fetched from elsewhere. Nothing was fetched.]"])
        elif kind == "message/partial":
            self.found.remark(["[This is one piece of a mail that was cut up on its way. A person has to join them.]"])
            for child in children:
                self.take(child, inside)
        else:
            for child in children:
                self._take_attached(child, inside)

    def _take_attached(self, mail: Message, place: Place) -> None:
        about = [f"{name}: {value}" for name in ("From", "Subject") if (value := header_field(mail, name))]
        self.found.say("\n".join(["Attached message", *about]), Origin.ATTACHED)
        self.take(mail, replace(place, origin=Origin.ATTACHED))

    def _say_invitation(self, invitation: str, place: Place) -> None:
        self.found.say(self.found.without_what_is_said(invitation), place.origin)

    def _keep(self, part: Message, content: bytes, place: Place) -> Enclosure | None:
        """Its file, unless the mail has more of them than are shown."""
        if not self.limits.has_room():
            return None
        holds_others = part.is_multipart()
        if holds_others and not self.limits.room.take_again(len(content)):
            self.limits.left_out += 1
            return None
        file = enclosure_of(part, content, number=self.limits.files, within=place.within)
        self.found.enclosures.append(file)
        return file


def _is_written(part: Message) -> bool:
    """Words of the mail itself rather than a text file somebody attached; a multipart without parts is words too."""
    kind = part.get_content_type()
    if kind not in WRITTEN and not kind.startswith("multipart/"):
        return False
    is_file = part.get_content_disposition() == "attachment" or bool(name_of(part))
    return not is_file and not is_binary(content_with_parts(part))
