"""Looks at how the telephone is set up with the provider, and sets right what the provider lets us set."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import httpx

from channels.numbers import address_of
from channels.twilio_account import TwilioClient
from channels.twilio_account.finding import Change, Finding, unseen, well, wrong
from channels.twilio_account.our_number import NotTold, OurNumber, change, find
from channels.twilio_account.outside import Outside
from channels.twilio_account.reached import clock, public_address, recordings, region, streams, why_not_asked
from channels.twilio_account.setting_up import differences
from channels.twilio_account.spare import Spare
from gateway.clock import Clock
from gateway.time_limit import LIMIT

TIMEOUT = 10.0  # seconds for one request
FIRST_PUBLIC = "put the public address right first (below): nothing is set to one that the provider cannot ask"
CREDENTIALS = (
    "put FRONTDOOR_TWILIO_ACCOUNT_SID and FRONTDOOR_TWILIO_AUTH_TOKEN right: they are in the provider's console"
)


@dataclass(frozen=True, kw_only=True)
class Looked:
    """What was found, in the order it was looked at; ``number`` is None where the provider showed us none."""

    findings: tuple[Finding, ...]
    number: OurNumber | None = None

    @property
    def changes(self) -> tuple[Change, ...]:
        """Every setting of the number that is to be changed, each once."""
        return tuple({one.name: one for finding in self.findings for one in finding.changes}.values())


class TelephoneSetUp:
    """One account and its number; ``http`` follows no redirects, ``fallback_url`` is where the fallback is to be.

    ``listens``: what callers say is streamed to us. ``rings``: who callers are put through to.
    ``fallback_words``: what the fallback would say if it were made now.
    """

    def __init__(
        self,
        client: TwilioClient,
        http: httpx.AsyncClient,
        *,
        now: Clock,
        fallback_url: str | None = None,
        listens: bool = True,
        rings: Sequence[str] = (),
        fallback_words: Sequence[str] = (),
    ) -> None:
        self._rings, self._words = rings, fallback_words
        self._client, self._now, self._fallback_url, self._listens = client, now, fallback_url or "", listens
        self._outside = Outside(client.account, http)

    async def look(self) -> Looked:
        """Everything that can be told from here; changes nothing."""
        reached = await public_address(self._outside, self._client.account, at=self._now())
        if self._listens:
            reached = (*reached, await streams(self._outside, self._client.account))
        try:
            number = await find(self._client)
        except NotTold as error:
            return Looked(findings=(_not_told(error), *reached))
        keeps_time = clock(self._now(), self._client.providers_time)
        account = well("account", "our credentials are accepted")
        if number is None:
            return Looked(findings=(account, _no_number(), keeps_time, *reached))
        found = (
            account, well("number", "it belongs to this account"), *self._rung(),
            *self._differences(number),
            *await Spare(self._outside, self._client.account, number, self._fallback_url, self._words).look(),
            *reached, keeps_time, region(self._client.account), await self._recordings(),
            _queue(), _trial(), _service(),
        )  # fmt: skip
        return Looked(findings=found, number=number)

    async def put_right(self, looked: Looked) -> Looked:
        """Set every setting that is to be changed, in one request, and look again: what it says now is how it is."""
        if looked.number is None or not looked.changes:
            return looked
        refused: tuple[Finding, ...] = ()
        try:
            await change(self._client, looked.number.sid, looked.changes)
        except NotTold as error:
            refused = (wrong("number", f"the provider did not say that it was set: {error}", "try again"),)
        after = await self.look()
        return Looked(findings=(*refused, *after.findings), number=after.number)

    def _differences(self, number: OurNumber) -> Sequence[Finding]:
        """A number is never set to an address the provider cannot ask: whatever it asks now is better."""
        found = differences(self._client.account, number)
        if not why_not_asked(self._client.account):
            return found
        return [replace(one, changes=(), to_do=FIRST_PUBLIC) if one.changes else one for one in found]

    def _rung(self) -> Iterator[Finding]:
        """A caller put through to the number they have rung would be put through for ever."""
        ours = address_of(self._client.account.number)
        if any(address_of(number) == ours for number in self._rings):
            how = "FRONTDOOR_DUTY_NUMBER, _NIGHT_NUMBER and _LANGUAGE_LINE must each be another number than this"
            yield wrong("number", "callers are put through to this very number, and so go round for ever", how)

    async def _recordings(self) -> Finding:
        try:
            return await recordings(self._outside, self._client)
        except NotTold as error:
            return unseen("recordings", str(error))


def asks() -> httpx.AsyncClient:
    """The client to look at addresses with."""
    return httpx.AsyncClient(timeout=TIMEOUT, trust_env=False, headers={"Accept-Encoding": "identity"})


def _not_told(error: NotTold) -> Finding:
    if error.credentials:
        return wrong("account", str(error), CREDENTIALS)
    return unseen("account", str(error), "look again when the provider can be reached; nothing of the number was seen")


def _no_number() -> Finding:
    how = "set FRONTDOOR_TWILIO_NUMBER to a number of this account, as +44 and its digits"
    return wrong("number", "the account has no such number", how)


def _queue() -> Finding:
    hours = int(LIMIT.total_seconds() // 3600)
    return well("texts we send", f"each says that it is good for {hours} hours at most, so none comes later than that")


def _trial() -> Finding:
    how = "look at the first page of the provider's console: a trial account takes calls from verified numbers alone"
    return unseen("account", "whether it is a trial account is not told", how)


def _service() -> Finding:
    how = "look at the number's messaging settings in the provider's console: it must be in no service that answers"
    return unseen("messaging service", "whether one takes the number's texts is not told", how)
