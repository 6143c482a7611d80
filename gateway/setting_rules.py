"""What each setting may be: a value as it was given, or ValueError with what it must be."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

from channels.email.proof import border_of
from channels.email.relay import relay_address
from channels.email.signing import WrongKey, signing_of
from channels.mailbox.contract import Afterwards
from channels.mailbox.graph_address import graph_addresses
from channels.mailbox.imap_address import imap_addresses
from channels.notify.api_key import api_key, is_uuid
from gateway.alerts import alerts_of
from gateway.known_senders import known_senders

LAST_PORT = 65535
SHORTEST_TOKEN = 10
ADDRESS = re.compile(r"[^\s@,]+@[^\s@,]+")
NUMBER = re.compile(r"sips?:\S+|\+?[\d\s()-]{3,}")


def listen_address(value: str) -> str:
    """``host:port``, or nothing."""
    host, _, port = value.rpartition(":")
    if value and not (host and port.isdecimal() and int(port) <= LAST_PORT):
        raise ValueError("must be host:port, or empty to close that door")
    return value


def origin(value: str) -> str:
    """An http(s) origin, its last slash taken off."""
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.query:
        raise ValueError("must be an http(s) origin")
    return value.rstrip("/")


def mailboxes(value: str) -> str:
    """Mail addresses, at least one."""
    named = [mailbox.strip() for mailbox in value.split(",") if mailbox.strip()]
    if not named or not all(ADDRESS.fullmatch(mailbox) for mailbox in named):
        raise ValueError("must be mail addresses, comma separated")
    return value


def senders(value: str) -> str:
    """Mail addresses or ``@domains``."""
    if not all(re.fullmatch(r"[^\s@,]*@[^\s@,]+", each.strip()) for each in value.split(",") if each.strip()):
        raise ValueError("must be mail addresses or @domains, comma separated")
    return value


def mail_address(value: str | None) -> str | None:
    """One mail address."""
    if value and not ADDRESS.fullmatch(value):
        raise ValueError("must be a mail address")
    return value


def imap(value: str) -> str:
    """Where mailboxes are, and how we sign in."""
    imap_addresses(value)
    return value


def graph_mailboxes(value: str) -> str:
    """Mailboxes of Microsoft 365."""
    graph_addresses(value)
    return value


def afterwards(value: str) -> str:
    """What is done with a mail that is kept."""
    Afterwards.of(value)
    return value


def relay(value: str | None) -> str | None:
    """Where a mail relay is."""
    if value:
        relay_address(value)
    return value


def border(value: str) -> str:
    """The name of a border server."""
    border_of(value)
    return value


def networks(value: str) -> str:
    """Networks such as ``192.0.2.0/24``."""
    try:
        border_of("border", value)
    except ValueError:
        raise ValueError("must be networks such as 192.0.2.0/24, comma separated") from None
    return value


def known(value: str) -> str:
    """Domains of professionals, or a file of them."""
    known_senders(value)
    return value


def signing_key(key_file: Path, selector: str, mail_from: str) -> None:
    """A key that mail can be signed with."""
    try:
        signing_of(key_file, selector, mail_from=mail_from)
    except WrongKey as error:
        raise ValueError(f"FRONTDOOR_DKIM_KEY, FRONTDOOR_DKIM_SELECTOR: {error}") from None


def number(value: str | None) -> str | None:
    """A telephone number or a SIP address."""
    if value and not NUMBER.fullmatch(value.strip()):
        raise ValueError("must be a telephone number such as +441632960001")
    return value


def notify_key(value: str | None) -> str | None:
    """A key of GOV.UK Notify, whole."""
    return api_key(value).whole if value else value


def bare_origin(value: str | None) -> str | None:
    """An http(s) origin without a path."""
    if value and urlsplit(origin(value)).path.strip("/"):
        raise ValueError("must be an http(s) origin without a path")
    return value


def edge(value: str) -> str:
    """The name of an edge of the provider's network."""
    if value and not re.fullmatch("[a-z]+(-[a-z]+)*", value):
        raise ValueError("must be a name such as dublin or london-ix, or empty")
    return value


def web_address(value: str | None) -> str | None:
    """An http(s) address."""
    if value and not (value.startswith(("http://", "https://")) and urlsplit(value).hostname):
        raise ValueError("must be an http(s) address")
    return value


def long_token(value: str | None) -> str | None:
    """As long as GOV.UK Notify asks a token to be."""
    if value and len(value) < SHORTEST_TOKEN:
        raise ValueError(f"must have at least {SHORTEST_TOKEN} characters, as GOV.UK Notify asks")
    return value


def template_id(value: str | None) -> str | None:
    """The id of a template at GOV.UK Notify."""
    if value and not is_uuid(value):
        raise ValueError("must be a template's id, a UUID")
    return value


def media(value: str) -> str:
    """Media that notices go by."""
    if unknown := {part.strip() for part in value.split(",") if part.strip()} - {"sms", "email", "letter"}:
        raise ValueError(f"{', '.join(sorted(unknown))}: must be some of sms, email, letter")
    return value


def levels(value: str) -> str:
    """How much each class of sender is told."""
    named = dict(part.strip().partition("=")[::2] for part in value.split(",") if part.strip())
    if not named.keys() <= {"public", "parent", "professional"} or not set(named.values()) <= {"0", "1", "2"}:
        raise ValueError("must be such as public=0,parent=1,professional=2, each 0, 1 or 2")
    return value


def alerts(value: str) -> str:
    """Who hears of which rung of the ladder."""
    alerts_of(value)
    return value


def scanner(value: str) -> str:
    """Where a virus scanner listens, or nothing."""
    host, _, port = value.rpartition(":")
    is_there = value.startswith("/") or (bool(host) and port.isdecimal() and 0 < int(port) <= LAST_PORT)
    if value and not is_there:
        raise ValueError("must be host:port or the full path of a socket")
    return value


def accumulation(value: str) -> str:
    """A number of reports from 2, and a number of days."""
    found = re.fullmatch(r"\s*(\d{1,3})\s+in\s+(\d{1,4})(?:\s+days)?\s*", value)
    if found is None or int(found[1]) < 2 or int(found[2]) < 1:
        raise ValueError("give a number of reports from 2 and a number of days, such as 3 in 90")
    return f"{int(found[1])} in {int(found[2])}"


def engine(value: str) -> str:
    """A speech engine we have."""
    if value not in ("faster-whisper", "openai-whisper"):
        raise ValueError("must be faster-whisper or openai-whisper")
    return value


def database(value: str) -> str:
    """The kind of database we can use."""
    if value and not value.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
        raise ValueError("must begin with sqlite:/// or postgresql://")
    return value


def blob_store(value: str) -> str:
    """The kind of store we can use."""
    if value and not value.startswith(("file://", "s3://")):
        raise ValueError("must begin with file:// or s3://")
    return value
