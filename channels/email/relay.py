"""The connection to the relay that carries our mail: kept open, made again when dropped, one mail at a time."""

from __future__ import annotations

import asyncio
import ipaddress
from dataclasses import dataclass
from time import monotonic
from urllib.parse import unquote, urlsplit

import aiosmtplib

from channels.contract import SendError, SendFailed, SendUnknown
from channels.email.envelope import Envelope
from channels.email.refusals import Said, refused

_TIME_LIMIT_SECONDS = 60
_TRIES = 3
PARAMETERS_NOT_UNDERSTOOD = frozenset({501, 504, 555})


class _NotUnderstood(Exception):
    """The relay offers news of a mail and then refuses to be asked for it: the mail goes without."""


@dataclass(frozen=True, kw_only=True)
class RelayAddress:
    """Where the relay is: ``smtp://user:password@host:port``, or ``smtps://`` for TLS from the first byte."""

    host: str
    port: int
    tls_at_once: bool
    user: str | None
    password: str | None

    @property
    def is_here(self) -> bool:
        """Whether it runs on this machine: a password may go to it in the clear, or by a certificate nobody signed."""
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"


def relay_address(url: str) -> RelayAddress:
    """Reads the setting; raises ValueError that says what is wrong without repeating the password."""
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise ValueError("the mail relay is written smtp://user:password@host:port or smtps://…")
    at_once = parts.scheme == "smtps"
    usual = 465 if at_once else 587 if parts.username else 25
    return RelayAddress(
        host=parts.hostname, port=parts.port or usual, tls_at_once=at_once,
        user=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
    )  # fmt: skip


class Relay:
    """Hands mails over. A connection that turns out to be dead before a mail went over it is made again, once."""

    def __init__(self, address: RelayAddress, *, hostname: str, time_limit: float = _TIME_LIMIT_SECONDS) -> None:
        self._address, self._hostname, self._time_limit = address, hostname, time_limit
        self._client: aiosmtplib.SMTP | None = None
        self._lock = asyncio.Lock()
        self._hung_up_at = -1.0

    async def hand_over(self, mail: bytes, *, sender: str, recipient: str, mark: str = "") -> None:
        """Returns once the relay has taken it; ``SendUnknown`` when its last answer was lost, else ``SendFailed``.

        ``mark`` comes back in reports, where the relay offers them. Whoever waited for its turn while the relay went
        away is told so at once: a relay that hangs holds up one mail at a time.
        """
        asked_at = monotonic()
        async with self._lock:
            if self._hung_up_at >= asked_at:
                raise SendFailed(error=SendError.AWAY, reason="the relay did not answer the mail before")
            envelope = Envelope(sender=sender, recipient=recipient, mark=mark, size=len(mail))
            client = await self._with_envelope(envelope)
            try:
                await client.data(mail)
            except aiosmtplib.SMTPResponseException as error:
                await self._begin_again(client)
                raise refused(error, Said.MAIL) from None
            except (aiosmtplib.SMTPException, OSError, ValueError) as error:
                self._drop()
                self._hung_up_at = monotonic()
                raise SendUnknown(f"the relay's answer was lost: {type(error).__name__}") from None
            except asyncio.CancelledError:
                self._drop()
                raise

    async def close(self) -> None:
        """Say goodbye to the relay."""
        async with self._lock:
            if self._client is not None and self._client.is_connected:
                try:
                    await self._client.quit()
                except (aiosmtplib.SMTPException, OSError):
                    self._drop()
            self._client = None

    async def _with_envelope(self, envelope: Envelope) -> aiosmtplib.SMTP:
        """A connection that has taken sender and recipient and waits for the mail."""
        wants_news = True
        for _ in range(_TRIES):
            stale = self._client is not None and self._client.is_connected
            try:
                return await self._offer(envelope, wants_news=wants_news)
            except _NotUnderstood:
                wants_news = False
            except SendFailed as refusal:
                if stale and not (self._client and self._client.is_connected):
                    continue
                if refusal.error is SendError.AWAY:
                    self._hung_up_at = monotonic()
                raise
            except (aiosmtplib.SMTPException, OSError) as error:
                self._drop()
                if not stale:
                    self._hung_up_at = monotonic()
                    raise _unreachable(error) from None
            except BaseException:
                self._drop()
                raise
        raise SendFailed(error=SendError.AWAY, reason="the relay hangs up")

    async def _offer(self, envelope: Envelope, *, wants_news: bool) -> aiosmtplib.SMTP:
        client = await self._connected()
        offers = client.supports_extension
        if envelope.is_wide and not offers("smtputf8"):
            raise SendFailed(error=SendError.NOT_TAKEN, reason="the relay cannot carry this kind of address")
        encoding = "utf-8" if envelope.is_wide else "ascii"
        asks_for_news = wants_news and offers("dsn")
        said = Said.SENDER
        try:
            options = envelope.mail_options(offers, wants_news=wants_news)
            await client.mail(envelope.sender, options=options, encoding=encoding)
            said = Said.RECIPIENT
            options = envelope.rcpt_options(offers, wants_news=wants_news)
            await client.rcpt(envelope.recipient, options=options, encoding=encoding)
        except aiosmtplib.SMTPResponseException as error:
            await self._begin_again(client)
            if asks_for_news and error.code in PARAMETERS_NOT_UNDERSTOOD:
                raise _NotUnderstood from None
            raise refused(error, said) from None
        return client

    async def _connected(self) -> aiosmtplib.SMTP:
        if self._client is not None and self._client.is_connected:
            return self._client
        where = self._address
        must_hide = where.user is not None and not where.is_here and not where.tls_at_once
        client = aiosmtplib.SMTP(
            hostname=where.host, port=where.port, username=where.user, password=where.password,
            local_hostname=self._hostname, timeout=self._time_limit, use_tls=where.tls_at_once,
            start_tls=True if must_hide else None, validate_certs=where.tls_at_once or not where.is_here,
        )  # fmt: skip
        try:
            await client.connect()
            await client.ehlo()
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            client.close()
            raise _unreachable(error) from None
        self._client = client
        return client

    async def _begin_again(self, client: aiosmtplib.SMTP) -> None:
        """After a refusal the connection stays good for the next mail."""
        try:
            await client.rset()
        except (aiosmtplib.SMTPException, OSError):
            self._drop()

    def _drop(self) -> None:
        if self._client is not None:
            self._client.close()
        self._client = None


def _unreachable(error: BaseException) -> SendFailed:
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return refused(error, Said.HELLO)
    return SendFailed(error=SendError.AWAY, reason=f"the relay could not be reached: {type(error).__name__}")
