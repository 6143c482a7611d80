"""What a message turned out to be: who wrote, what they said and sent along, and whether a machine may answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from channels.outgoing import Address


class Answerable(StrEnum):
    """Whether an automatic answer may go to this sender (RFC 3834 and findings on mail)."""

    YES = "yes"
    MACHINE = "machine"  # never answered by a machine; a person still looks
    PERHAPS = "perhaps"  # may be a person behind a list or no-reply address: a person acknowledges by hand


@dataclass(frozen=True, kw_only=True)
class Enclosure:
    """One file that came with a message: its bytes, or a ``handle`` by which the channel's ``fetch`` gets them."""

    name: str
    media_type: str
    content: bytes | None = None
    handle: str | None = None
    heard_live: bool = False  # the caller's sound as it was streamed while they spoke
    within: str = ""  # the name of the file it was packed in
    content_id: str = ""  # by which the mail's own page shows it, without brackets


class FoldKind(StrEnum):
    """Why a piece of the text is shown folded; it is never left out."""

    QUOTED = "quoted"
    SIGNATURE = "signature"


@dataclass(frozen=True, kw_only=True)
class Fold:
    """Characters ``start`` to ``end`` of ``Inbound.text`` that repeat what was said before or say nothing new."""

    start: int
    end: int
    kind: FoldKind


@dataclass(frozen=True, kw_only=True)
class Proof:
    """What is known of who really sent a mail. Results are those of RFC 8601: ``pass``, ``fail``, ``none`` …

    ``domains`` are those that a passing result vouches for, lower case; ``checked_by`` our own check or the border
    server we trust; empty: nothing was checked, and ``unchecked`` says why, as it does of what else was left out.
    ``claims`` is the author's own domain as it is written; ``known_as`` the kind of professional whose domain it is
    (police, school …), which only counts when ``is_proven``: the author's own domain passed. ``policy`` is what that
    domain asks others to do with mail that nothing vouches for (DMARC): ``none``, ``quarantine``, ``reject``.
    """

    spf: str = ""
    dkim: str = ""
    dmarc: str = ""
    arc: str = ""
    domains: tuple[str, ...] = ()
    checked_by: str = ""
    known_as: str = ""
    is_proven: bool = False
    claims: str = ""
    policy: str = ""
    unchecked: str = ""


@dataclass(frozen=True, kw_only=True)
class Way:
    """An address by which the sender says they can be reached, and what they said of it; None: they did not say.

    ``is_safe`` is of writing to it, ``safe_to_call`` of ringing a number; ``words`` is how, as they put it.
    """

    address: Address
    is_safe: bool | None = None
    safe_to_call: bool | None = None
    words: str = ""


@dataclass(frozen=True, kw_only=True)
class Inbound:
    """A message as read. Everything is optional but the sender's class: nothing is required of a referrer.

    ``text`` is what was said, newest words first in meaning, quoted parts included.
    ``thread_text`` is where a quoted reference of ours may stand (subject and body).
    ``replies_to`` are ids of notices or messages this one continues (mail ids, conversations).
    ``reply_handle`` is what our answer needs to join the sender's thread (mail: message-id, references).
    ``answered_by_door``: the door already told the sender the reference; ``voice``, ``web`` or ``None``.
    ``cannot_answer``: why no acknowledgement is possible at all, for example a withheld caller who hung up.
    ``by_hand``: why a person, not a machine, owes the acknowledgement; overrides sending.
    ``stop_texts`` and ``start_texts``: the whole message asks for no more texts, or for texts again.
    ``ways`` are addresses of this sender, by their own word, with what they said of their safety.
    ``household`` are addresses the sender says are the child's own household's: never written to by machine.
    ``facts`` are claims of the sender by name (child, callback, for_worker, contact_by ...), shown as such.
    ``folds``: what of ``text`` is quoted or a signature, in order, not overlapping. ``spam``: why it may be unwanted
    mail; it is read like any other. ``proof``: what is known of who really sent it; None where nothing can be.
    ``unopened``: a part of it is encrypted or could not be opened, which ``text`` says. ``has_page``: it was laid out
    as a page (HTML) beside its words. ``answers_notice``: the id of the letter of ours that it is written on, or is.
    """

    sender: Address
    sender_name: str = ""
    text: str = ""
    subject: str = ""
    thread_text: str = ""
    enclosures: tuple[Enclosure, ...] = ()
    replies_to: tuple[str, ...] = ()
    reply_handle: Mapping[str, str] = field(default_factory=dict)
    answerable: Answerable = Answerable.YES
    answerable_reason: str = ""
    answered_by_door: str | None = None
    cannot_answer: str = ""
    by_hand: str = ""
    stop_texts: bool = False
    start_texts: bool = False
    texts_are_safe: bool = False
    ways: tuple[Way, ...] = ()
    household: tuple[Address, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    folds: tuple[Fold, ...] = ()
    spam: str = ""
    proof: Proof | None = None
    unopened: bool = False
    has_page: bool = False
    answers_notice: str = ""

    @property
    def new_words(self) -> str:
        """The text without what is folded; all of it where that would leave nothing."""
        kept, at = [], 0
        for fold in self.folds:
            kept.append(self.text[at : fold.start])
            at = fold.end
        return "".join([*kept, self.text[at:]]).strip() or self.text
