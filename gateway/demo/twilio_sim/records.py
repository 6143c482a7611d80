"""What the pretend provider remembers: texts, calls and recordings, each shown as its API resource."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime

API_VERSION = "2010-04-01"
Resource = dict[str, object]  # one JSON object of the provider's API


def new_sid(prefix: str) -> str:
    """A SID of the real shape: two letters and 32 hexadecimal digits."""
    return prefix + uuid.uuid4().hex


def account_path(account: str) -> str:
    """Where an account's resources are, below the API's host."""
    return f"/{API_VERSION}/Accounts/{account}"


def _now() -> datetime:
    return datetime.now(UTC)


def _date(at: datetime | None) -> str | None:
    return format_datetime(at) if at else None


@dataclass(kw_only=True)
class Text:
    """One text, in or out; ``direction`` inbound, outbound-api or outbound-reply."""

    sid: str
    account: str
    sender: str
    recipient: str
    body: str
    segments: int
    direction: str
    status: str
    error_code: int | None = None
    media: tuple[str, ...] = ()
    status_callback: str = ""
    validity: int = 0  # seconds after which it is no longer sent; 0: not said
    created_at: datetime = field(default_factory=_now)
    sent_at: datetime | None = None

    def resource(self) -> Resource:
        """The Message resource."""
        path = f"{account_path(self.account)}/Messages/{self.sid}"
        unknown = ("error_message", "messaging_service_sid", "price", "price_unit")
        return dict.fromkeys(unknown) | {
            "sid": self.sid,
            "account_sid": self.account,
            "api_version": API_VERSION,
            "uri": path + ".json",
            "to": self.recipient,
            "from": self.sender,
            "body": self.body,
            "direction": self.direction,
            "status": self.status,
            "error_code": self.error_code,
            "num_segments": str(self.segments),
            "num_media": str(len(self.media)),
            "date_created": _date(self.created_at),
            "date_sent": _date(self.sent_at),
            "date_updated": _date(self.sent_at or self.created_at),
            "subresource_uris": {"media": path + "/Media.json"},
        }


@dataclass(kw_only=True)
class CallRecord:
    """One call, in or out."""

    sid: str
    account: str
    sender: str
    recipient: str
    direction: str
    status: str
    duration: int | None = None
    created_at: datetime = field(default_factory=_now)
    ended_at: datetime | None = None

    def resource(self) -> Resource:
        """The Call resource."""
        path = f"{account_path(self.account)}/Calls/{self.sid}"
        return {
            "sid": self.sid,
            "account_sid": self.account,
            "api_version": API_VERSION,
            "uri": path + ".json",
            "to": self.recipient,
            "from": self.sender,
            "direction": self.direction,
            "status": self.status,
            "duration": None if self.duration is None else str(self.duration),
            "date_created": _date(self.created_at),
            "start_time": _date(self.created_at),
            "end_time": _date(self.ended_at),
            "subresource_uris": {"recordings": path + "/Recordings.json"},
        }


@dataclass(kw_only=True)
class Recording:
    """One recording; its media can be had from ``ready_at`` (``time.monotonic``) on."""

    sid: str
    account: str
    call_sid: str
    pcm: bytes
    source: str
    channels: int
    ready_at: float
    media_url: str
    created_at: datetime = field(default_factory=_now)

    @property
    def seconds(self) -> int:
        """Its length in whole seconds."""
        return len(self.pcm) // 16000

    def resource(self, *, ready: bool) -> Resource:
        """The Recording resource."""
        return {
            "sid": self.sid,
            "account_sid": self.account,
            "api_version": API_VERSION,
            "call_sid": self.call_sid,
            "uri": f"{account_path(self.account)}/Recordings/{self.sid}.json",
            "media_url": self.media_url,
            "source": self.source,
            "channels": self.channels,
            "duration": str(self.seconds),
            "status": "completed" if ready else "processing",
            "error_code": None,
            "date_created": _date(self.created_at),
            "start_time": _date(self.created_at),
        }
