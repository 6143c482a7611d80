"""Asks what others find when they check mail of ours: the key that signs it, and the servers it comes from."""

from __future__ import annotations

import ipaddress

from channels.email.proof.domains import written
from channels.email.proof.names import Questions
from channels.email.proof.sending_server import Sent, sent_by_its_own


def is_published(name: str, public: str, questions: Questions) -> bool:
    """Whether this public key (base64) stands under that name; raises ``NotAnswered``."""
    records = (text.decode("utf-8", "replace") for text in questions.ask(name, "TXT"))
    keys = (part.partition("=")[2] for text in records for part in text.split(";") if part.strip().startswith("p="))
    return any("".join(key.split()) == public for key in keys)


def sent_by_relay(host: str, domain: str, questions: Questions) -> str:
    """What SPF says of mail of this domain from that host: ``pass`` only if it does of each of its addresses."""
    try:
        addresses = [str(ipaddress.ip_address(host))]
    except ValueError:
        found = [*questions.ask(written(host), "A"), *questions.ask(written(host), "AAAA")]
        addresses = [each.decode("ascii", "replace") for each in found]
    results = [
        sent_by_its_own(Sent(peer=each, helo=host, mail_from=f"postmaster@{written(domain)}"), questions)
        for each in addresses
    ]
    return next((result for result in results if result != "pass"), "pass" if results else "none")
