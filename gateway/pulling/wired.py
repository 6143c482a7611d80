"""The mailboxes this gateway fetches from, by its settings, and what fetches from them."""

from __future__ import annotations

from collections.abc import Iterator

from channels.contract import Shelf
from channels.email import Email
from channels.email.door import Sort
from channels.mailbox import Afterwards, Mailbox
from channels.mailbox.as_mail import AsMail
from channels.mailbox.imap import ImapMailbox
from channels.mailbox.imap_address import imap_addresses
from gateway.settings import Settings


def mailboxes_of(settings: Settings, *, email: Email, sort: Sort, shelf: Shelf) -> tuple[Mailbox, ...]:
    """In the order of the settings; labelled by kind and number, for logs name no address."""
    as_mail = AsMail(own=email.own, sort=sort, shelf=shelf)
    return (*_by_imap(settings, as_mail),)


def addresses_of(settings: Settings) -> tuple[str, ...]:
    """The mail addresses people write to, of all that are fetched from."""
    return tuple(dict.fromkeys(each.address for each in imap_addresses(settings.imap)))


def _by_imap(settings: Settings, as_mail: AsMail) -> Iterator[Mailbox]:
    afterwards = Afterwards.of(settings.imap_afterwards)
    for number, where in enumerate(imap_addresses(settings.imap), start=1):
        yield ImapMailbox(where, label=f"IMAP mailbox {number}", as_mail=as_mail, afterwards=afterwards)
