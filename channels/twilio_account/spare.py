"""Looks at the number's fallback: whether it stands on another host, and whether it takes a message without us."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from http import HTTPStatus

from channels.twilio_account.account import TwilioAccount
from channels.twilio_account.finding import Finding, unseen, well, wrong
from channels.twilio_account.our_number import OurNumber
from channels.twilio_account.outside import NoAnswer, Outside, Why
from channels.twilio_account.reached import THIS_MACHINE
from channels.twilio_account.setting_up import SET_IT, needed
from channels.twilio_account.spare_document import (
    Judged,
    NotADocument,
    host_of,
    judge_after,
    judge_first,
    said_in,
    spaced,
)

PART = "fallback"
MAKE_ONE = "host what frontdoor fallback-document makes away from here, and set FRONTDOOR_TWILIO_FALLBACK_URL to it"
AGAIN = "make it again with frontdoor fallback-document, unless those words are meant"
RING = "stop frontdoor for a minute, ring the number and leave a message"
DOCUMENTS = frozenset({"text/xml", "application/xml", "text/html"})  # what the provider takes for a document
OF_THE_PROVIDER = ("twilio.com", "twil.io")


class AnotherMethod(NotADocument):
    """The host answers, but not to this method."""


class Spare:
    """The fallback of one number. ``wanted`` is the address it is set to have, blank for whatever the number has.

    ``words`` are what is said before the message and after it, as they would be made now; none are not compared.
    """

    def __init__(
        self, outside: Outside, account: TwilioAccount, number: OurNumber, wanted: str = "", words: Sequence[str] = ()
    ) -> None:
        self._outside, self._account, self._number, self._words = outside, account, number, words
        self._url = wanted or number.voice_fallback_url

    async def look(self) -> Sequence[Finding]:
        """What was found; where the document can be had, also what the number would have to be set to."""
        if not self._url:
            return (wrong(PART, "none is set: with all of ours down a caller hears an error and is cut off", MAKE_ONE),)
        if host_of(self._url) == host_of(self._account.public):
            return (wrong(PART, "it is on the very host that it is to stand in for", MAKE_ONE),)
        if not self._url.startswith("https://") and host_of(self._url) not in THIS_MACHINE:
            return (wrong(PART, "it is not https: who rings could be read on the way to it", MAKE_ONE),)
        try:
            method = await self._method()
            first = await self._document(self._url, method)
            judged = judge_first(first, self._url, ours=host_of(self._account.public))
            if judged.faults:
                return [wrong(PART, fault, MAKE_ONE) for fault in judged.faults]
            return [*await self._to_its_end(first, judged), *self._set_to(method)]
        except (NoAnswer, NotADocument) as error:
            return (self._not_had(error),)

    async def _method(self) -> str:
        """How it can be had: by what the number says, else by POST, else by GET, which static hosts answer to."""
        why = NotADocument("it cannot be had")
        for method in dict.fromkeys((*self._said(), "POST", "GET")):
            try:
                await self._document(self._url, method)
            except AnotherMethod:
                continue
            except NotADocument as error:
                why = error
            else:
                return method
        raise why

    def _said(self) -> tuple[str, ...]:
        """The number's own method, where it already asks this document."""
        is_same = self._number.voice_fallback_url == self._url and self._number.voice_fallback_method
        return (self._number.voice_fallback_method,) if is_same else ()

    async def _to_its_end(self, first: str, judged: Judged) -> Sequence[Finding]:
        """The second document, and what both say; raises ``NotADocument`` for one that cannot be followed."""
        try:
            after = await self._document(judged.after, judged.method)
            if faults := judge_after(after):
                raise NotADocument("; ".join(faults))
        except NotADocument as error:
            raise NotADocument(f"after the message the second document fails: {error}") from None
        if not all(words in said_in(first) + said_in(after) for words in map(spaced, self._words)):
            return (unseen(PART, "it takes a message without us, but in other words than would be made now", AGAIN),)
        return (well(PART, "it takes a message without us"),)

    async def _document(self, url: str, method: str) -> str:
        """The text of a document; ``NotADocument`` where the provider would not take it for one."""
        answered = await self._outside.ask(url, method, {"AccountSid": self._account.sid})
        if answered.status in (HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.NOT_IMPLEMENTED):
            raise AnotherMethod(f"its host does not answer to {method}")
        if answered.status != HTTPStatus.OK:
            raise NotADocument(f"its host answers {answered.status} to {method}")
        if answered.media_type not in DOCUMENTS:
            raise NotADocument(f"its host calls it {answered.media_type or 'nothing'}, not text/xml")
        return answered.text

    def _not_had(self, error: Exception) -> Finding:
        """With the provider itself, or where nothing answered this once, a person has to try it."""
        passing = isinstance(error, NoAnswer) and error.kind is Why.SILENT
        if passing or host_of(self._url).endswith(OF_THE_PROVIDER):
            return unseen(PART, f"it could not be looked at from here: {error}", RING)
        return wrong(PART, f"it takes no message: {error}", MAKE_ONE)

    def _set_to(self, method: str) -> Iterator[Finding]:
        changes = needed(self._number, (("voice_fallback_url", self._url), ("voice_fallback_method", method)))
        if any(one.name == "voice_fallback_url" for one in changes):
            yield wrong(PART, "the number asks another document, or none", SET_IT, *changes)
        elif changes:
            yield wrong(PART, f"its host answers to {method}, and the number asks otherwise", SET_IT, *changes)
