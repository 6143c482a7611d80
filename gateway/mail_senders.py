"""From the settings: who checks the senders of mail, whom we know among them, and how we sign our own."""

from __future__ import annotations

from channels.email.proof import Border, Names, SenderChecks, border_of
from channels.email.signing import Signing, signing_of
from gateway.known_senders import known_senders
from gateway.settings import Settings


def border_server(settings: Settings) -> Border | None:
    """The server whose results are believed; None where there is none."""
    return border_of(settings.mail_border, settings.mail_border_networks)


def sender_checks(settings: Settings, names: Names | None = None) -> SenderChecks:
    """What finds out who really sent a mail; ``names`` is asked where no border server says it."""
    known = known_senders(settings.known_senders)
    return SenderChecks(
        names=names or Names(), known_as=known.kind_of, border=border_server(settings), when=settings.sender_checks
    )


def mail_signing(settings: Settings) -> Signing | None:
    """The key our mail is signed with; None where none is set."""
    if settings.dkim_key is None or not settings.dkim_selector:
        return None
    return signing_of(settings.dkim_key, settings.dkim_selector, mail_from=settings.sender_of_notices)
