"""How the senders of mail are checked, and whether others can tell our own mail from forgeries: a line for each."""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Sequence

from channels.email.proof import Names, NotAnswered, When, is_published, sent_by_relay
from channels.email.relay import relay_address
from gateway.commands.set_up import Row
from gateway.mail_senders import border_server, mail_signing
from gateway.settings import Settings

SECONDS = 5.0
SIGNATURE = "signature of our mail"
CANNOT_ASK = "the name service could not be asked"


async def mail_rows(settings: Settings, names: Names) -> Sequence[Row]:
    """Asks the name service only where something is set that it can say something of."""
    return [
        _senders(settings),
        *await asyncio.to_thread(lambda: [*_signature(settings, names), *_relay(settings, names)]),
    ]


def _senders(settings: Settings) -> Row:
    border = border_server(settings)
    part = "senders of mail"
    if border is None:
        said = {
            When.PUBLIC: "checked here where a server from outside brings a mail", When.YES: "checked here, all mail",
            When.NO: "not checked: FRONTDOOR_SENDER_CHECKS is no",
        }  # fmt: skip
        is_checked = settings.sender_checks is not When.NO
        return Row(state="ok" if is_checked else "look", part=part, what=said[settings.sender_checks])
    if border.networks:
        return Row(state="ok", part=part, what="checked by the border server, believed only from its own networks")
    to_do = "set FRONTDOOR_MAIL_BORDER_NETWORKS: whoever else reaches our mail door can write what that server would"
    return Row(state="look", part=part, what="checked by the border server", to_do=to_do)


def _signature(settings: Settings, names: Names) -> Sequence[Row]:
    signing = mail_signing(settings)
    if signing is None:
        what = "not set: FRONTDOOR_DKIM_KEY; whether the relay signs cannot be seen from here"
        return [Row(state="unseen", part=SIGNATURE, what=what)] if settings.mail_relay else []
    to_do = f"publish as TXT under {signing.record_name}: {signing.record}"
    try:
        is_there = is_published(signing.record_name, signing.public, names.within(SECONDS))
    except NotAnswered:
        return [Row(state="unseen", part=SIGNATURE, what=CANNOT_ASK, to_do=to_do)]
    if is_there:
        return [Row(state="ok", part=SIGNATURE, what=f"published under {signing.record_name}")]
    return [Row(state="wrong", part=SIGNATURE, what="the key is not published: nobody can check it", to_do=to_do)]


def _relay(settings: Settings, names: Names) -> Sequence[Row]:
    """Whether our domain says that its mail comes from the relay; of one in our own house that cannot be seen."""
    if not settings.mail_relay:
        return []
    host, domain = relay_address(settings.mail_relay).host, settings.sender_of_notices.rpartition("@")[2]
    part = "our domain's list of sending servers"
    if _is_in_the_house(host):
        return []
    try:
        result = sent_by_relay(host, domain, names.within(SECONDS))
    except NotAnswered:
        return [Row(state="unseen", part=part, what=CANNOT_ASK)]
    if result == "temperror":
        return [Row(state="unseen", part=part, what=CANNOT_ASK)]
    if result == "pass":
        return [Row(state="ok", part=part, what="it covers the relay (SPF)")]
    to_do = f"let {domain} publish an SPF record that covers {host}, or the addresses it sends from"
    return [Row(state="look", part=part, what=f"it does not cover the relay (SPF: {result})", to_do=to_do)]


def _is_in_the_house(host: str) -> bool:
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return "." not in host
