"""Who we are to the telephony provider, and the only addresses of its API we ever ask."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

from channels.twilio_account.overrides import overrides

PROVIDER_API = "https://api.twilio.com"
ACCOUNT_SID = re.compile(r"AC[0-9a-fA-F]{32}")
EDGE = re.compile(r"[a-z]+(-[a-z]+)*")
MEDIA_PATH = re.compile(
    r"Recordings/(?P<recording>RE[0-9a-fA-F]{32})(?:\.wav|\.mp3)?"
    r"|Messages/(?P<message>(?:SM|MM)[0-9a-fA-F]{32})/Media/(?P<media>ME[0-9a-fA-F]{32})"
)


@dataclass(frozen=True, kw_only=True)
class TwilioAccount:
    """One account of the provider and where we are to it.

    ``auth_tokens`` are one token, or two while it is being changed: either may sign what we receive, the first is used
    to ask. ``number`` is ours, in E.164. ``api_url`` replaces the provider's API, None means the provider's own.
    ``public_url`` is the one origin the provider knows us by, ``edge`` where it is to connect to us from; empty is its
    own choice. Raises ValueError when a part cannot be right.
    """

    sid: str
    auth_tokens: tuple[str, ...] = field(repr=False)
    number: str
    public_url: str
    api_url: str | None = None
    edge: str = ""

    def __post_init__(self) -> None:
        if not ACCOUNT_SID.fullmatch(self.sid):
            raise ValueError("the account SID is AC followed by 32 hexadecimal digits")
        if not self.auth_tokens or not all(token.strip() for token in self.auth_tokens):
            raise ValueError("an auth token is missing or blank")
        if self.edge and not EDGE.fullmatch(self.edge):
            raise ValueError("the edge is a name such as dublin or ashburn-ix")
        for name, url in (("public URL", self.public_url), ("API URL", self.api)):
            if not _is_plain(urlsplit(url)):
                raise ValueError(f"the {name} is not http(s)://host[:port][/path] without user, query or fragment")

    @property
    def api(self) -> str:
        """Base URL of the API, without a slash at its end."""
        return (self.api_url or PROVIDER_API).rstrip("/")

    @property
    def public(self) -> str:
        """The public origin, without a slash at its end."""
        return self.public_url.rstrip("/")

    def address(self, path: str) -> str:
        """An address of ours as the provider is to be given it: public, with how often it is to be tried."""
        return f"{self.public}{path}#{overrides(self.edge)}"

    @property
    def resources(self) -> str:
        """Where everything of this account lives in the API."""
        return f"{self.api}/2010-04-01/Accounts/{self.sid}"

    def recording_url(self, recording_sid: str) -> str:
        """Where the WAV file of one recording is; ValueError when that is no recording's SID."""
        return self._checked(f"Recordings/{recording_sid}") + ".wav"

    def message_media_url(self, message_sid: str, media_sid: str) -> str:
        """Where one picture or sound of one incoming text is; ValueError when those are not SIDs."""
        return self._checked(f"Messages/{message_sid}/Media/{media_sid}")

    def media_url(self, url_or_path: str) -> str:
        """The address of media named by a webhook, made anew from its SIDs.

        Takes an absolute URL or the path of one. ValueError unless it names a recording or message media of this
        account on the configured API: nothing else is ever asked for, whatever a form says.
        """
        asked, api = urlsplit(url_or_path), urlsplit(self.api)
        if asked.netloc and (asked.scheme, asked.netloc) != (api.scheme, api.netloc):
            raise ValueError("the media is not on the configured API")
        prefix = urlsplit(self.resources).path + "/"
        if asked.query or asked.fragment or not asked.path.startswith(prefix):
            raise ValueError("the media is not of this account")
        found = MEDIA_PATH.fullmatch(asked.path.removeprefix(prefix))
        if found is None:
            raise ValueError("that is neither a recording nor the media of a message")
        if found["recording"]:
            return self.recording_url(found["recording"])
        return self.message_media_url(found["message"], found["media"])

    def _checked(self, path: str) -> str:
        if not MEDIA_PATH.fullmatch(path):
            raise ValueError("that is neither a recording nor the media of a message")
        return f"{self.resources}/{path}"


def _is_plain(url: SplitResult) -> bool:
    bare = not (url.username or url.password or url.query or url.fragment)
    return url.scheme in ("http", "https") and bool(url.hostname) and bare and url.port != 0  # raises for a bad port
