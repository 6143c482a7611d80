"""Whether a static document takes a message with nothing of ours there: read verb by verb, as the provider does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urldefrag, urljoin, urlsplit
from xml.etree import ElementTree as ET

ENDS = frozenset({"Hangup", "Reject", "Leave"})
ASKS = ("action", "url", "waitUrl")


class NotADocument(Exception):
    """The provider could not follow it; the text says why."""


@dataclass(frozen=True, kw_only=True)
class Judged:
    """What is wrong with the first document, and where it goes on once a message is recorded; blank: nowhere."""

    faults: tuple[str, ...]
    after: str
    method: str


def judge_first(text: str, url: str, *, ours: str) -> Judged:
    """The document at ``url``; ``ours`` is our own host, which it may not need. Raises ``NotADocument``."""
    verbs = _verbs(text)
    before = verbs[: next((place for place, verb in enumerate(verbs) if verb.tag == "Record"), len(verbs))]
    if len(before) == len(verbs):
        return Judged(faults=("it takes no message: there is no Record in it",), after="", method="GET")
    record = verbs[len(before)]
    after = urljoin(url, record.get("action", "")) if record.get("action") else ""
    faults = (*_on_the_way(before, url, ours), *_going_on(after, url, ours))
    return Judged(faults=faults, after=after, method=record.get("method", "POST"))


def judge_after(text: str) -> Sequence[str]:
    """What is wrong with the document after the message: it has to end. Raises ``NotADocument``."""
    verbs = [verb.tag for verb in _verbs(text)]
    if "Redirect" in verbs or "Record" in verbs:
        return ("it does not end, but begins again",)
    return ()


def said_in(text: str) -> str:
    """Everything a document says, with single spaces."""
    return spaced(" ".join("".join(verb.itertext()) for verb in _verbs(text)))


def spaced(words: str) -> str:
    """The same words with single spaces between them."""
    return " ".join(words.split())


def host_of(url: str) -> str:
    """The host of an address, in small letters."""
    return (urlsplit(url).hostname or "").lower()


def _on_the_way(before: Sequence[ET.Element], url: str, ours: str) -> Iterator[str]:
    words = "".join("".join(verb.itertext()) for verb in before)
    if "999" not in "".join(words.split()):
        yield "it does not say 999 before the message"
    if any(verb.tag in ENDS or verb.tag == "Redirect" for verb in before):
        yield "it ends or goes elsewhere before it takes a message"
    asked = [noun.get(name) for verb in before for noun in verb.iter() for name in ASKS if noun.get(name)]
    if any(host_of(urljoin(url, said or "")) == ours for said in asked):
        yield "it asks our own host before it takes a message"


def _going_on(after: str, url: str, ours: str) -> Iterator[str]:
    if not after or urldefrag(after).url == urldefrag(url).url:
        yield "after the message it begins again: its Record needs an action, a second document that ends the call"
    elif host_of(after) == ours:
        yield "after the message it asks our own host"


def _verbs(text: str) -> list[ET.Element]:
    try:
        root = ET.fromstring(text)  # noqa: S314  # from the host the operator named
    except ET.ParseError:
        raise NotADocument("it is not well-formed XML") from None
    if root.tag != "Response":
        raise NotADocument("it is not a document for calls: it does not begin with Response")
    return list(root)
