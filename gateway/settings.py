"""Every setting, typed and checked at start: the only reader of the environment."""

from __future__ import annotations

import logging
import os
import tomllib
from pathlib import Path

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from channels.email.proof import When
from gateway import mail_setting_rules, setting_rules

PREFIX = "FRONTDOOR_"
log = logging.getLogger(__name__)


class WrongSetting(Exception):
    """A setting is missing or makes no sense: the gateway does not start; the message names it."""


class Settings(BaseSettings):
    """From the environment (``FRONTDOOR_…``) or ``frontdoor.toml``; the environment wins."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, toml_file="frontdoor.toml", extra="forbid")

    data_dir: Path = Field(Path("./frontdoor-data"), description="database file, sealed files, key, spool")
    database_url: str = Field("", description="SQLite in the data folder, or postgresql://…")
    blobs_url: str = Field("", description="file:// in the data folder, or s3://bucket/prefix")
    http: str = Field("127.0.0.1:8000", description="web address to listen on; empty closes that door")
    smtp: str = Field("127.0.0.1:2525", description="mail address to listen on; empty closes that door")
    smtp_tls_cert: Path | None = Field(None, description="PEM file of its certificate chain; STARTTLS is then offered")
    smtp_tls_key: Path | None = Field(None, description="PEM file of the certificate's key")
    smtp_tls: str = Field("offered", description="offered, or required of every server that comes by SMTP")
    smtp_connections: int = Field(500, ge=1, description="mail connections open at once in all")
    smtp_connections_per_peer: int = Field(200, ge=1, description="of those from one address; a relay is one")
    smtp_connections_per_minute: int = Field(6000, ge=1, description="new ones a minute from one address")
    lmtp: str = Field("", description="address, or path of a socket, where our own mail server hands over by LMTP")
    public_url: str = Field("http://127.0.0.1:8000", description="the one origin for links and provider signatures")
    organisation: str = Field("Northshire Council", description="name in notices")
    phone: str = Field("01632 960001", description="phone number in notices")
    address: str = Field("1 County Square, Northtown, NT1 1AA", description="postal address in notices and letters")
    complaint_url: str = Field("northshire.example/complain", description="where to complain, in notices")
    mailboxes: str = Field("referrals@northshire.example", description="recipients accepted, comma separated")
    voicemail_mailbox: str | None = Field(None, description="where a telephone system mails voicemail to; not shown")
    voicemail_from: str = Field(
        "", description="addresses, or @domains, a telephone system mails voicemail from, comma separated"
    )
    imap: str = Field("", description="mailboxes fetched from, imaps://user:password@host:993/Folder, comma separated")
    imap_afterwards: str = Field("keep", description="what is done there with a kept mail: keep, seen, move:Folder")
    graph_tenant: str | None = Field(None, description="Microsoft 365: the organisation mailboxes are fetched from")
    graph_client_id: str | None = Field(None, description="our application's id there")
    graph_client_secret: str | None = Field(None, description="its secret, or")
    graph_certificate: Path | None = Field(None, description="a PEM file with its private key and its certificate")
    graph_mailboxes: str = Field("", description="addresses of the mailboxes there, comma separated; address/Folder")
    graph_afterwards: str = Field("keep", description="as for IMAP; seen and move need Mail.ReadWrite")
    graph_url: str | None = Field(None, description="another base for sign-in and API, e.g. a twin")
    mail_relay: str | None = Field(None, description="smtp://user:pass@host:587 for notices out")
    mail_from: str | None = Field(None, description="sender of notices; the first mailbox if not set")
    mail_border: str = Field(
        "", description="how our own border server signs its Authentication-Results, which are believed; microsoft365"
    )
    mail_border_networks: str = Field("", description="where it connects from, comma separated; any if not set")
    sender_checks: When = Field(
        When.PUBLIC, description="which senders we check without a border server: public servers' mail, yes (all), no"
    )
    known_senders: str = Field("", description="professionals' domains: domain=kind, comma separated, or their file")
    dkim_key: Path | None = Field(None, description="a PEM file with the private key our mail is signed with")
    dkim_selector: str | None = Field(None, description="the name its public half is published under")
    twilio_account_sid: str | None = Field(None, description="telephony provider account")
    twilio_auth_token: str | None = Field(None, description="its token; two, comma separated, during rotation")
    twilio_number: str | None = Field(None, description="our number at the provider, E.164")
    twilio_api_url: str | None = Field(None, description="another base for the provider's API, e.g. a simulator")
    twilio_edge: str = Field("dublin", description="where the provider connects to us from; empty is its own choice")
    twilio_fallback_url: str | None = Field(None, description="the document that takes calls when all of ours is down")
    duty_number: str | None = Field(None, description="who live calls are put through to, E.164")
    night_number: str | None = Field(None, description="the same while we are closed; the duty number if not set")
    language_line: str | None = Field(None, description="interpreters to ring first for who asks for another language")
    live_capture: bool = Field(
        True, description="keep what callers say while they speak, as a stream beside the recording"
    )
    scan_dir: Path | None = Field(None, description="folder watched for scanned post")
    scan_settle_seconds: float = Field(
        2.0, ge=0.2, le=600, description="seconds a file in that folder must lie unchanged before it is taken"
    )
    scan_largest_mb: int = Field(500, ge=1, le=10_000, description="largest file of scanned post that is taken, in MB")
    scan_mailbox: str | None = Field(None, description="where a scanner mails post to; not shown")
    scan_from: str = Field("", description="addresses, or @domains, scanners mail post from, comma separated")
    print_dir: Path | None = Field(None, description="folder for letters to print; in the data folder if not set")
    notify_api_key: str | None = Field(None, description="GOV.UK Notify, for letters, texts and email")
    notify_api_url: str | None = Field(None, description="another base for its API, e.g. a twin")
    notify_for: str = Field("sms,email,letter", description="which notices go by GOV.UK Notify, comma separated")
    notify_callback_token: str | None = Field(None, description="the bearer token GOV.UK Notify calls back with")
    notify_sms_template: str | None = Field(None, description="id of its text template; found by name if not set")
    notify_email_template: str | None = Field(None, description="id of its email template; found by name if not set")
    outcome_told: str = Field(
        "public=0,parent=1,professional=2",
        description="how much of a decision each class of sender is told: 0 looked at, 1 whether we act, 2 the outcome",
    )
    clamd: str = Field("", description="virus scanner to ask of every file: host:port, or the path of its socket")
    alert_to: str = Field(
        "", description="who is told of each rung of the ladder, as role=address pairs, comma separated"
    )
    answers_per_domain: int = Field(
        600, ge=1, description="automatic answers one mail domain gets in ten minutes; beyond it a person answers"
    )
    answers_in_all: int = Field(
        6000, ge=1, description="automatic answers everybody together gets in ten minutes; beyond it a person answers"
    )
    reread_percent: int = Field(
        10, ge=1, le=100, description="percent of a week's decisions not to act that a second manager reads again"
    )
    texts_per_number: int = Field(
        10, ge=1, description="texts one number gets from us in 24 hours; beyond it a person tells them"
    )
    queue_streams: int = Field(1000, ge=1, description="browsers one process tells of the queue live, in all")
    queue_streams_each: int = Field(12, ge=1, description="of those by one person; further ones ask for themselves")
    lease_minutes: int = Field(
        15, ge=1, le=480, description="how long what somebody took stays theirs after the last they did or looked at"
    )
    speech_model: str = Field("small.en", description="a Whisper model name, or a folder or file on disk")
    speech_engine: str = Field("faster-whisper", description="faster-whisper or openai-whisper")
    accumulation: str = Field(
        "3 in 90", description="so many low reports of one cluster in so many days make a manager look, such as 3 in 90"
    )
    translate: bool = Field(False, description="put speech in other languages into English beside the original")
    api_token: str | None = Field(None, description="an administrator's token, for first start and scripts")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments, then the environment, then the file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    _is_listen_address = field_validator("http", "smtp")(setting_rules.listen_address)
    _is_lmtp_address = field_validator("lmtp")(mail_setting_rules.lmtp_address)
    _is_encryption = field_validator("smtp_tls")(mail_setting_rules.encryption)
    _is_origin = field_validator("public_url")(setting_rules.origin)
    _are_mailboxes = field_validator("mailboxes")(setting_rules.mailboxes)
    _are_senders = field_validator("voicemail_from", "scan_from")(setting_rules.senders)
    _is_mail_address = field_validator("mail_from", "voicemail_mailbox", "scan_mailbox")(setting_rules.mail_address)
    _are_imap = field_validator("imap")(setting_rules.imap)
    _are_graph = field_validator("graph_mailboxes")(setting_rules.graph_mailboxes)
    _is_afterwards = field_validator("imap_afterwards", "graph_afterwards")(setting_rules.afterwards)
    _is_graph_origin = field_validator("graph_url")(setting_rules.bare_origin)
    _is_relay = field_validator("mail_relay")(setting_rules.relay)
    _is_border = field_validator("mail_border")(setting_rules.border)
    _are_networks = field_validator("mail_border_networks")(setting_rules.networks)
    _are_known = field_validator("known_senders")(setting_rules.known)
    _is_number = field_validator("twilio_number", "duty_number", "night_number", "language_line")(setting_rules.number)
    _is_notify_key = field_validator("notify_api_key")(setting_rules.notify_key)
    _is_notify_origin = field_validator("notify_api_url")(setting_rules.bare_origin)
    _is_edge = field_validator("twilio_edge")(setting_rules.edge)
    _is_address = field_validator("twilio_fallback_url")(setting_rules.web_address)
    _is_long_enough = field_validator("notify_callback_token")(setting_rules.long_token)
    _is_template = field_validator("notify_sms_template", "notify_email_template")(setting_rules.template_id)
    _are_media = field_validator("notify_for")(setting_rules.media)
    _are_levels = field_validator("outcome_told")(setting_rules.levels)
    _is_scanner = field_validator("clamd")(setting_rules.scanner)
    _are_alerts = field_validator("alert_to")(setting_rules.alerts)
    _is_limit = field_validator("accumulation")(setting_rules.accumulation)
    _is_engine = field_validator("speech_engine")(setting_rules.engine)
    _is_database = field_validator("database_url")(setting_rules.database)
    _is_blob_store = field_validator("blobs_url")(setting_rules.blob_store)

    @model_validator(mode="after")
    def _certificate_is_whole(self) -> Settings:
        mail_setting_rules.certificate(self.smtp_tls_cert, self.smtp_tls_key, asked=self.smtp_tls, prefix=PREFIX)
        return self

    @model_validator(mode="after")
    def _twilio_is_whole(self) -> Settings:
        parts = (self.twilio_account_sid, self.twilio_auth_token, self.twilio_number)
        if any(parts) and not all(parts):
            names = (f"{PREFIX}TWILIO_{part}" for part in ("ACCOUNT_SID", "AUTH_TOKEN", "NUMBER"))
            raise ValueError(f"{', '.join(names)} go together")
        return self

    @model_validator(mode="after")
    def _graph_is_whole(self) -> Settings:
        parts = (self.graph_tenant, self.graph_client_id, self.graph_client_secret or self.graph_certificate)
        if any(parts) != all(parts) or any(parts) != bool(self.graph_mailboxes.strip()):
            names = ", ".join(f"{PREFIX}GRAPH_{part}" for part in ("TENANT", "CLIENT_ID", "MAILBOXES"))
            raise ValueError(f"{names} and {PREFIX}GRAPH_CLIENT_SECRET or _CERTIFICATE go together")
        return self

    @model_validator(mode="after")
    def _signs_with_a_key(self) -> Settings:
        if bool(self.dkim_key) != bool(self.dkim_selector):
            raise ValueError(f"{PREFIX}DKIM_KEY, {PREFIX}DKIM_SELECTOR go together")
        if self.dkim_key and self.dkim_selector:
            setting_rules.signing_key(self.dkim_key, self.dkim_selector, self.sender_of_notices)
        return self

    @property
    def sender_of_notices(self) -> str:
        """The address our mail comes from."""
        return self.mail_from or self.mailbox_list[0]

    @property
    def database(self) -> str:
        """The database's URL, the default filled in."""
        return self.database_url or f"sqlite:///{self.data_dir.absolute() / 'frontdoor.db'}"

    @property
    def blobs(self) -> str:
        """Where sealed files live, the default filled in."""
        return self.blobs_url or f"file://{self.data_dir.absolute() / 'sealed'}"

    @property
    def mailbox_list(self) -> tuple[str, ...]:
        """The recipients we accept."""
        return tuple(m.strip() for m in self.mailboxes.split(",") if m.strip())

    @property
    def voicemail_senders(self) -> tuple[str, ...]:
        """Who mails us voicemail."""
        return tuple(each.strip() for each in self.voicemail_from.split(",") if each.strip())

    @property
    def scanners(self) -> tuple[str, ...]:
        """Who mails us scanned post."""
        return tuple(each.strip() for each in self.scan_from.split(",") if each.strip())

    @property
    def largest_scan(self) -> int:
        """Bytes of the largest file of scanned post that is taken."""
        return self.scan_largest_mb * 1_000_000

    @property
    def auth_tokens(self) -> tuple[str, ...]:
        """The provider's tokens, the one for requests out first."""
        return tuple(t.strip() for t in (self.twilio_auth_token or "").split(",") if t.strip())

    @property
    def notify_media(self) -> frozenset[str]:
        """Which notices go by GOV.UK Notify: none without its key."""
        named = frozenset(part.strip() for part in self.notify_for.split(",") if part.strip())
        return named if self.notify_api_key else frozenset()

    @property
    def outcome_levels(self) -> dict[str, int]:
        """How much of a decision each class of sender is told; a class not named is told the least."""
        named = (part.strip().partition("=") for part in self.outcome_told.split(",") if part.strip())
        return {"public": 0, "parent": 0, "professional": 0} | {name: int(level) for name, _, level in named}

    @property
    def letters_dir(self) -> Path:
        """Where letters to print are put."""
        return self.print_dir or self.data_dir / "print"


def load(**given: object) -> Settings:
    """The settings, or ``WrongSetting`` naming what is wrong. A variable nothing here reads is named in the log."""
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    if unread := sorted(name for name in os.environ if name.startswith(PREFIX) and name not in known):
        log.warning("not a setting of this version, and not read: %s", ", ".join(unread))
    try:
        return Settings(**given)  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        name = "".join(f"{PREFIX}{str(part).upper()}: " for part in first["loc"][:1])
        raise WrongSetting(f"{name}{first['msg'].removeprefix('Value error, ')}") from None
    except tomllib.TOMLDecodeError as error:
        raise WrongSetting(f"frontdoor.toml: {error}") from None
