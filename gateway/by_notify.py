"""Which of our notices go by GOV.UK Notify: the settings say, and everything made for it is made here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from channels.contract import Outgoing, Receiver, Sender, SendFailed
from channels.email.own import Own
from channels.notify import NotifyAccount, NotifyEmails, NotifyLetters, NotifyReports, NotifyTexts
from channels.notify.api_key import api_key
from channels.notify.templates import EMAIL, TEXT, Template
from gateway.core import Core
from gateway.settings import Settings


@dataclass(frozen=True, kw_only=True)
class ByNotify:
    """``senders`` take the place of ours; ``receivers`` hear what became of what they sent. All empty without a key."""

    account: NotifyAccount | None = None
    senders: Mapping[str, Sender] = field(default_factory=dict)
    receivers: Sequence[Receiver] = ()


def account_of(settings: Settings) -> NotifyAccount | None:
    """The account that is set, if one is."""
    if not settings.notify_api_key:
        return None
    return NotifyAccount(api_key(settings.notify_api_key), api_url=settings.notify_api_url)


def wire_notify(core: Core, *, render: Callable[[Outgoing], bytes], print_folder: Sender) -> ByNotify:
    """The senders of the media that are set to go by it; ``render`` makes a letter for its printer's envelope."""
    settings, account = core.settings, account_of(core.settings)
    if account is None:
        return ByNotify()
    own = Own(
        mailboxes=settings.mailbox_list, mail_from=settings.mail_from or settings.mailbox_list[0],
        loop_key=core.seal.key_for("mail loop mark"),
    )  # fmt: skip
    every: Sequence[Sender] = (
        NotifyTexts(account, template_id=settings.notify_sms_template),
        NotifyEmails(account, is_own=own.is_own_address, template_id=settings.notify_email_template),
        NotifyLetters(account, render=render, otherwise=print_folder),
    )
    return ByNotify(
        account=account,
        senders={sender.name: sender for sender in every if sender.name in settings.notify_media},
        receivers=(NotifyReports(account, token=settings.notify_callback_token),),
    )


async def faults_of(settings: Settings) -> Sequence[str]:
    """What keeps it from sending, by asking it: its key, its templates, and whether it can call back."""
    account = account_of(settings)
    if account is None:
        return ()
    known = {TEXT: settings.notify_sms_template, EMAIL: settings.notify_email_template}
    found = (
        [] if settings.notify_callback_token else ["no FRONTDOOR_NOTIFY_CALLBACK_TOKEN: receipts are only asked for"]
    )
    for ours, template_id in known.items():
        if ours.medium in settings.notify_media:
            try:
                await Template(account, ours, known_id=template_id).id()
            except SendFailed as error:
                found.append(error.reason)
    await account.close()
    return tuple(dict.fromkeys(found))
