"""Whether the provider reaches us as it has to: our public address, clock, region, and who may hear recordings."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from channels.twilio_account.account import TwilioAccount
from channels.twilio_account.client import TwilioClient
from channels.twilio_account.finding import Finding, unseen, well, wrong
from channels.twilio_account.our_number import asking
from channels.twilio_account.outside import NoAnswer, Outside, Why

PUBLIC, CLOCK, REGION, RECORDINGS = "public address", "clock", "region", "recordings"
STREAMS = "streams"
CALL_STATUS, MEDIA = "/twilio/call-status", "/twilio/media"
SWITCHED = 101
SOON = timedelta(days=14)
THIS_MACHINE = ("127.0.0.1", "localhost", "::1")
FARTHEST = timedelta(seconds=60)
REGIONAL = re.compile(r"api\.(?P<edge>[a-z-]+)\.(?P<region>[a-z]{2}\d)\.twilio\.com")
BE_PUBLIC = "set FRONTDOOR_PUBLIC_URL to the https address that the provider is to ask"
LET_IT_THROUGH = (
    "see that the proxy passes path, query and body on unchanged, and that frontdoor runs with these settings"
)


async def public_address(outside: Outside, account: TwilioAccount, *, at: datetime) -> Sequence[Finding]:
    """Whether a post signed as the provider's is believed at our public address, and one that is not is refused.

    It is told of a call that is still ringing, of which nothing is kept.
    """
    if faults := why_not_asked(account):
        return tuple(wrong(PUBLIC, fault, BE_PUBLIC) for fault in faults)
    news = {"AccountSid": account.sid, "CallSid": "CA" + "0" * 32, "CallStatus": "ringing", "Direction": "inbound"}
    url = account.public + CALL_STATUS
    try:
        believed = await outside.ask(url, "POST", news)
        forged = await outside.ask(url, "POST", news, signed=False)
    except NoAnswer as error:
        if error.kind is Why.SILENT:
            return (
                unseen(PUBLIC, f"{error}", "see that frontdoor serve runs; the provider may get through all the same"),
            )
        return (wrong(PUBLIC, str(error), "put the certificate or the name right: the provider takes no other"),)
    if believed.status == 403:
        return (wrong(PUBLIC, "what the provider signs is refused there as forged", LET_IT_THROUGH),)
    if believed.status != 204:
        return (wrong(PUBLIC, f"it answers {believed.status} where ours answers 204", LET_IT_THROUGH),)
    if forged.status != 403:
        return (wrong(PUBLIC, f"it answers {forged.status} to what nobody signed, not 403", LET_IT_THROUGH),)
    if believed.certificate_ends is not None and believed.certificate_ends - at < SOON:
        days = max(0, (believed.certificate_ends - at).days)
        return (wrong(PUBLIC, f"its certificate ends in {days} days", "renew it, and see that it renews itself"),)
    secured = "its certificate is valid" if believed.certificate_ends else "on this machine it needs no certificate"
    return (well(PUBLIC, f"signed posts are believed, unsigned ones refused, and {secured}"),)


async def streams(outside: Outside, account: TwilioAccount) -> Finding:
    """Whether a stream that is signed as the provider's is opened at our public address, and one that is not is not."""
    if why_not_asked(account):
        return unseen(STREAMS, "not tried, as the public address is not one the provider can ask")
    try:
        believed = await outside.opens_a_stream(account.public + MEDIA)
        forged = await outside.opens_a_stream(account.public + MEDIA, signed=False)
    except NoAnswer as error:
        return unseen(STREAMS, str(error))
    if believed != SWITCHED:
        how = "let the proxy pass WebSockets on; until then only the provider's recordings are kept"
        return wrong(STREAMS, f"what callers say cannot be streamed: {believed} where 101 is wanted", how)
    if forged == SWITCHED:
        return wrong(STREAMS, "a stream that nobody signed is opened", LET_IT_THROUGH)
    return well(STREAMS, "signed ones are opened, unsigned ones refused")


def clock(ours: datetime, theirs: datetime | None) -> Finding:
    """Whether our clock goes as the provider's: recall asks by time, and times are promised."""
    if theirs is None:
        return unseen(CLOCK, "the provider did not say what time it is")
    apart = abs(ours - theirs)
    if apart <= FARTHEST:
        return well(CLOCK, "as the provider's, within a minute")
    which = "ahead of" if ours > theirs else "behind"
    return wrong(
        CLOCK, f"{int(apart.total_seconds())} seconds {which} the provider's", "let the machine keep time by NTP"
    )


def region(account: TwilioAccount) -> Finding:
    """Which region we ask is seen; which one handles the number's calls is not in this API."""
    found = REGIONAL.fullmatch(urlsplit(account.api).hostname or "")
    asked = f"{found['region'].upper()} by {found['edge']}" if found else "US1, the provider's default"
    if urlsplit(account.api).hostname != "api.twilio.com" and found is None:
        asked = "an API that is not the provider's own"
    what = f"we ask {asked}; where the number's calls are handled is not told"
    return unseen(REGION, what, "look at the number's region in the provider's console: it must be the one we ask")


async def recordings(outside: Outside, client: TwilioClient) -> Finding:
    """Whether the sound of a recording is given to anybody who knows its address. Raises ``NotTold``."""
    with asking():
        kept = await client.rest.recordings.list_async(limit=1)
    if not kept:
        return unseen(
            RECORDINGS, "there is none yet to try whether it needs our credentials", "look again after a call"
        )
    is_open = await outside.is_open_to_all(client.account.recording_url(kept[0].sid))
    if is_open is None:
        return unseen(RECORDINGS, "it could not be tried whether they need our credentials")
    if is_open:
        how = "turn on HTTP authentication for media in the voice settings of the provider's console"
        return wrong(RECORDINGS, "whoever knows the address of one can hear it", how)
    return well(RECORDINGS, "they are given to nobody without our credentials")


def why_not_asked(account: TwilioAccount) -> Sequence[str]:
    """Why the provider would not ask our public address, by the look of it; nothing where it would.

    A pretend provider on this machine reaches what is there, and nobody listens on the way.
    """
    parts = urlsplit(account.public)
    host, is_pretend = parts.hostname or "", urlsplit(account.api).hostname in THIS_MACHINE
    found = ["its host has an underscore, which the provider does not ask"] if "_" in host else []
    if parts.scheme != "https" and not is_pretend:
        found.append("it is not https: what callers say and write could be read on its way")
    if _is_private(host) and not is_pretend:
        found.append("its host is this machine or a private network, where the provider reaches nobody")
    return found


def _is_private(host: str) -> bool:
    if host == "localhost" or host.endswith((".local", ".internal", ".localhost")):
        return True
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return False
