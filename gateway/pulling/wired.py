"""The mailboxes this gateway fetches from, by its settings, and what fetches from them."""

from __future__ import annotations

from collections.abc import Iterator

from channels.contract import Shelf
from channels.email import Email
from channels.email.door import Sort
from channels.mailbox import Afterwards, Mailbox
from channels.mailbox.as_mail import AsMail
from channels.mailbox.graph import GraphMailbox
from channels.mailbox.graph_address import graph_addresses
from channels.mailbox.graph_sign_in import Application, SignIn
from channels.mailbox.imap import ImapMailbox
from channels.mailbox.imap_address import imap_addresses
from gateway.settings import Settings


def mailboxes_of(settings: Settings, *, email: Email, sort: Sort, shelf: Shelf) -> tuple[Mailbox, ...]:
    """In the order of the settings; labelled by kind and number, for logs name no address."""
    as_mail = AsMail(own=email.own, sort=sort, shelf=shelf)
    return (*_by_imap(settings, as_mail), *_by_graph(settings, as_mail))


def addresses_of(settings: Settings) -> tuple[str, ...]:
    """The mail addresses people write to, of all that are fetched from."""
    by_imap = [where.address for where in imap_addresses(settings.imap)]
    by_graph = [where.address for where in graph_addresses(settings.graph_mailboxes)]
    return tuple(dict.fromkeys([*by_imap, *by_graph]))


def _by_imap(settings: Settings, as_mail: AsMail) -> Iterator[Mailbox]:
    afterwards = Afterwards.of(settings.imap_afterwards)
    for number, where in enumerate(imap_addresses(settings.imap), start=1):
        yield ImapMailbox(where, label=f"IMAP mailbox {number}", as_mail=as_mail, afterwards=afterwards)


def _by_graph(settings: Settings, as_mail: AsMail) -> Iterator[Mailbox]:
    wanted = graph_addresses(settings.graph_mailboxes)
    if not wanted:
        return
    application = Application(
        tenant=settings.graph_tenant or "", client_id=settings.graph_client_id or "",
        secret=settings.graph_client_secret, certificate=settings.graph_certificate, url=settings.graph_url,
    )  # fmt: skip
    sign_in, afterwards = SignIn(application), Afterwards.of(settings.graph_afterwards)
    for number, where in enumerate(wanted, start=1):
        yield GraphMailbox(
            where, label=f"Microsoft 365 mailbox {number}", application=application, sign_in=sign_in, as_mail=as_mail,
            afterwards=afterwards,
        )  # fmt: skip
