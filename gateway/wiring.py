"""The one list: which channels and engines this gateway runs with, and which desk works with what."""

from __future__ import annotations

import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from channels.calls.choosing import Numbers
from channels.contract import Receiver, Sender
from channels.email import Email
from channels.letter import LargeScans, Letter
from channels.mailbox import Mailbox
from channels.mailed_voicemail import MailedVoicemail
from channels.note import Note
from channels.notify import NotifyAccount
from channels.phone import Phone
from channels.sms import Sms
from channels.twilio_account import TwilioAccount, TwilioClient
from channels.voicemail import Voicemail
from channels.web_form import WebForm
from gateway.alerting import alerting_of
from gateway.asking_by_phone import AskingByPhone
from gateway.budgets import Budgets, limits_of
from gateway.by_notify import wire_notify
from gateway.call_words import CallWords
from gateway.calls_taken import calls_taken
from gateway.climbing import Climbing
from gateway.core import Core
from gateway.desk import Desk
from gateway.dividing.dividing import Dividing
from gateway.dividing.unpacking import Unpacking
from gateway.handing_in.too_large import too_large_to_scan
from gateway.languages import languages
from gateway.lapsing import Lapsing
from gateway.late_delivery import LateDelivery
from gateway.letter_pdf import Envelope
from gateway.live.words import LiveWords
from gateway.mail_entrance import mail_entrance
from gateway.mail_of_machines import machines_write_to, sorted_by_machine, voicemail_box
from gateway.mail_senders import border_server, mail_signing, sender_checks
from gateway.notifying import Notifying
from gateway.posting.as_letter import as_letter
from gateway.public import form_page, receipt_page
from gateway.pulling import MailboxesAway, Pulling
from gateway.pulling.wired import addresses_of, mailboxes_of
from gateway.raising import Raising
from gateway.reading import Reading
from gateway.reading.parts import Parts
from gateway.reading.recording import Recording
from gateway.recalling import Recall
from gateway.rereading import drawing_of
from gateway.scanning import Clamd, Scanning
from gateway.searching.filling import Filling
from gateway.settings import Settings, WrongSetting
from gateway.suggesting.looking_back import LookingBack
from gateway.transcribing import Transcribing
from gateway.watch import Sweep, Watch
from transcription.worker import TranscriptionWorker, can_read

DESKS = ("reading", "transcribing", "notifying", "watch")


@dataclass(frozen=True, kw_only=True)
class Channels:
    """Every channel by name, those we can answer on, and the mailboxes we fetch from."""

    receivers: Mapping[str, Receiver]
    senders: Mapping[str, Sender]
    twilio: TwilioClient | None
    notify: NotifyAccount | None = None
    mailboxes: Sequence[Mailbox] = ()

    async def close(self) -> None:
        """Let go of the connections to providers and the relay."""
        for channel in self.receivers.values():
            if isinstance(channel, Email):
                await channel.close()
        if self.twilio is not None:
            await self.twilio.aclose()
        if self.notify is not None:
            await self.notify.close()


def wire_channels(core: Core) -> Channels:
    """The channels of this gateway. A new channel is one line in ``every``."""
    settings, client = core.settings, twilio_client(core.settings)
    can_text = client is not None or "sms" in settings.notify_media
    numbers = Numbers(
        duty=settings.duty_number, night=settings.night_number or settings.duty_number,
        language_line=settings.language_line,
    )  # fmt: skip
    spoken = CallWords(
        core.words, duty=bool(numbers.duty), night=bool(numbers.night), texts=can_text, languages=languages()
    )
    email = wire_email(core)
    letters = Letter(
        scan_dir=settings.scan_dir, print_dir=settings.letters_dir, postal_address=settings.address,
        render=lambda notice: as_letter(core, notice), read_mail=email.parse,
        settle_seconds=settings.scan_settle_seconds,
        large=LargeScans(
            shelf=core.shelving, most_bytes=settings.largest_scan,
            told=partial(too_large_to_scan, settings.largest_scan),
        ),
    )  # fmt: skip
    notify = wire_notify(core, render=lambda notice: as_letter(core, notice, Envelope.NOTIFY), print_folder=letters)
    every: Sequence[Receiver] = (
        Phone(
            account=client.account if client else None, words=spoken, clock=core.clock, numbers=numbers,
            asking=AskingByPhone(database=core.database, seal=core.seal), listens=settings.live_capture,
        ),
        Voicemail(
            client=client, words=spoken, clock=core.clock, numbers=numbers,
            mailed=MailedVoicemail(voicemail_box(core), read_mail=email.parse),
        ),
        Sms(client=client),
        email,
        letters,
        WebForm(
            form_page=form_page(core.words, settings.phone), receipt_page=receipt_page(core.words, core.owing.code),
            link_key=core.seal.key_for("web form link"), clock=core.clock,
        ),
        Note(),
    )  # fmt: skip
    return Channels(
        receivers={channel.name: channel for channel in (*every, *notify.receivers)},
        senders={channel.name: channel for channel in every if isinstance(channel, Sender)} | dict(notify.senders),
        twilio=client, notify=notify.account,
        mailboxes=mailboxes_of(settings, email=email, sort=sorted_by_machine(core), shelf=core.shelving),
    )  # fmt: skip


def wire_email(core: Core) -> Email:
    """Mail in and out; what a telephone system or a scanner mails goes to its own channel."""
    settings = core.settings
    return Email(
        mailboxes=settings.mailbox_list, fetched=addresses_of(settings), listen=settings.smtp,
        relay=settings.mail_relay, mail_from=settings.mail_from or settings.mailbox_list[0],
        organisation=settings.organisation, hostname=socket.gethostname(), loop_key=core.seal.key_for("mail loop mark"),
        machines_write_to=machines_write_to(settings), sort=sorted_by_machine(core),
        checks=sender_checks(settings), border=border_server(settings), signing=mail_signing(settings),
        entrance=mail_entrance(core),
    )  # fmt: skip


def twilio_client(settings: Settings) -> TwilioClient | None:
    """The telephony provider's account, if one is set."""
    if not settings.twilio_account_sid or not settings.twilio_number:
        return None
    try:
        account = TwilioAccount(
            sid=settings.twilio_account_sid, auth_tokens=settings.auth_tokens, number=settings.twilio_number,
            public_url=settings.public_url, api_url=settings.twilio_api_url, edge=settings.twilio_edge,
        )  # fmt: skip
    except ValueError as error:
        raise WrongSetting(f"FRONTDOOR_TWILIO_…: {error}") from None
    return TwilioClient(account)


def transcription_worker(core: Core) -> TranscriptionWorker:
    """The process that turns sound and pictures into text."""
    return worker_of(core.settings)


def worker_of(settings: Settings) -> TranscriptionWorker:
    """The same without the rest of a gateway."""
    return TranscriptionWorker(
        speech_model=settings.speech_model, speech_engine=settings.speech_engine,
        models_dir=settings.data_dir / "models", translates=settings.translate,
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Desks:
    """The desks that run in this process."""

    desks: Sequence[Desk]
    watch: Watch | None
    recall: Recall | None
    pulling: Pulling | None
    worker: TranscriptionWorker | None
    words: LiveWords | None

    def named(self, queue: str) -> Desk:
        """The desk of a queue."""
        return next(desk for desk in self.desks if desk.queue == queue)


def wire_desks(core: Core, channels: Channels, names: Sequence[str] = DESKS) -> Desks:
    """The desks with these names."""
    worker = transcription_worker(core) if "transcribing" in names else None
    desks = [desk_of(name, core, channels, worker) for name in names if name != "watch"]
    if "reading" in names:
        desks.append(wire_scanning(core))
    watch = wire_watch(core, channels) if "watch" in names else None
    recall = wire_recall(core, channels) if "watch" in names else None
    pulling = wire_pulling(core, channels) if "watch" in names and channels.mailboxes else None
    hears = core.settings.live_capture and channels.twilio is not None
    words = wire_live_words(core, worker) if worker is not None and hears else None
    return Desks(desks=desks, watch=watch, recall=recall, pulling=pulling, worker=worker, words=words)


def wire_live_words(core: Core, worker: TranscriptionWorker) -> LiveWords:
    """What hears calls while they are on."""
    return LiveWords(
        database=core.database, seal=core.seal, folder=core.capturing.sounds.root, clock=core.clock, worker=worker
    )


def wire_watch(core: Core, channels: Channels) -> Watch:
    """What is looked for once a minute. Something more to look for is one line in ``sweeps``."""
    sweeps: Sequence[Sweep] = (
        calls_taken(core).left,
        wire_climbing(core),
        LateDelivery(
            database=core.database, seal=core.seal, clock=core.clock, senders=channels.senders, delivery=core.delivery
        ),
        Raising(database=core.database, owing=core.owing, clock=core.clock),
        Lapsing(database=core.database, clock=core.clock, lease=core.deciding.lease),
        drawing_of(core),
        MailboxesAway(database=core.database, intake=core.intake, mailboxes=channels.mailboxes, clock=core.clock),
        Filling(database=core.database, seal=core.seal),
        LookingBack(database=core.database, seal=core.seal, suggesting=core.suggesting),
    )
    return Watch(database=core.database, owing=core.owing, clock=core.clock, sweeps=sweeps)


def wire_climbing(core: Core) -> Climbing:
    """What climbs the ladder, and who hears of it beside the queue."""
    return Climbing(
        database=core.database, owing=core.owing, reaching=core.reaching, alerting=alerting_of(core), clock=core.clock
    )


def wire_recall(core: Core, channels: Channels) -> Recall:
    """What asks the providers for what we missed."""
    return Recall(database=core.database, intake=core.intake, receivers=channels.receivers, clock=core.clock)


def wire_pulling(core: Core, channels: Channels) -> Pulling:
    """What fetches from the mailboxes others keep for us."""
    return Pulling(database=core.database, intake=core.intake, mailboxes=channels.mailboxes, clock=core.clock)


def desk_of(name: str, core: Core, channels: Channels, worker: TranscriptionWorker | None) -> Desk:
    """One desk and its step."""
    if name == "reading":
        reading = wire_reading(core, channels)
        return Desk(name, reading.step, reading.give_up, database=core.database, clock=core.clock)
    if name == "notifying":
        notifying = Notifying(
            database=core.database, seal=core.seal, clock=core.clock, senders=channels.senders, delivery=core.delivery
        )
        return Desk(name, notifying.step, notifying.give_up, database=core.database, clock=core.clock)
    if name == "transcribing" and worker is not None:
        step = Transcribing(database=core.database, blobs=core.blobs, clock=core.clock, worker=worker, forms=core.forms)
        return Desk(name, step.step, step.give_up, database=core.database, clock=core.clock, slots=1)
    raise ValueError(f"there is no desk called {name}")


def wire_scanning(core: Core) -> Desk:
    """The desk that asks the virus scanner, beside the reading desk and never before it."""
    scanner = Clamd(core.settings.clamd) if core.settings.clamd else None
    step = Scanning(database=core.database, contents=core.contents, clock=core.clock, scanner=scanner)
    return Desk("scanning", step.step, step.give_up, database=core.database, clock=core.clock, slots=2)


def wire_reading(core: Core, channels: Channels) -> Reading:
    """The reading desk's step."""
    parts = Parts(blobs=core.blobs, clock=core.clock, can_read=can_read, are_scanned=bool(core.settings.clamd))
    limits = limits_of(per_domain=core.settings.answers_per_domain, in_all=core.settings.answers_in_all)
    recording = Recording(
        seal=core.seal, clock=core.clock, parts=parts, owing=core.owing, reaching=core.reaching,
        budgets=Budgets(limits),
    )  # fmt: skip
    unpacking = Unpacking(blobs=core.blobs, accept=core.intake.accept)
    return Reading(
        database=core.database, blobs=core.blobs, seal=core.seal, clock=core.clock, receivers=channels.receivers,
        recording=recording, delivery=core.delivery, parts=parts,
        dividing=Dividing(blobs=core.blobs, seal=core.seal, clock=core.clock, unpacking=unpacking),
        proposing=core.proposing,
    )  # fmt: skip


__all__ = ["DESKS", "Channels", "Desks", "wire_channels", "wire_desks"]
