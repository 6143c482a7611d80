"""Proof that a webhook or media stream comes from our telephony provider and was not changed on its way."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from urllib.parse import parse_qs, parse_qsl, urlsplit

from fastapi import HTTPException, Request, WebSocket
from starlette.datastructures import FormData, UploadFile
from starlette.requests import HTTPConnection
from twilio.request_validator import RequestValidator

from channels.twilio_account.account import TwilioAccount

LARGEST_BODY = 1_000_000  # bytes; the largest webhooks known are some ten thousand
MOST_FIELDS = 1_000
FORM = "application/x-www-form-urlencoded"
DEFAULT_PORT = {"http": 80, "https": 443, "ws": 80, "wss": 443}


@dataclass(frozen=True, kw_only=True)
class SignedForm:
    """A genuine webhook: its exact bytes, what they say, and the URL that was signed.

    ``form`` keeps blank values and repeated names; it is empty for a JSON webhook, which is in ``raw`` alone.
    """

    raw: bytes
    media_type: str
    form: FormData
    url: str
    idempotency_token: str

    def value(self, name: str) -> str:
        """One field, or an empty string: the provider leaves fields out and adds new ones without notice."""
        return str(self.form.get(name, ""))

    @property
    def fields(self) -> dict[str, str]:
        """Every field once, for those who ask for names that are never repeated."""
        return {name: str(value) for name, value in self.form.items()}

    @property
    def queried(self) -> dict[str, str]:
        """What the query of the signed URL says, each name once."""
        return dict(parse_qsl(urlsplit(self.url).query))

    def asked_for(self, name: str) -> str:
        """One value of the query, which is signed with the rest of the URL; an empty string where there is none."""
        return parse_qs(urlsplit(self.url).query).get(name, [""])[0]


def form_of(raw: bytes) -> FormData:
    """The fields of a form body, blank values and repeats kept; ValueError when there are absurdly many."""
    fields: list[tuple[str, str | UploadFile]] = []
    fields += parse_qsl(raw.decode("utf-8", errors="replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    return FormData(fields)


class TwilioSignature:
    """Checks X-Twilio-Signature against the configured public origin.

    What the request says of its own host (Host, Forwarded, X-Forwarded-*) and of its key
    (X-Twilio-Webhooks-Signature-Settings) is ignored: only our settings choose them.
    """

    def __init__(self, account: TwilioAccount) -> None:
        self._public = urlsplit(account.public)
        self._validators = tuple(RequestValidator(token) for token in account.auth_tokens)

    async def signed_form(self, request: Request) -> SignedForm:
        """The webhook in a request, for ``Depends``; answers 403 to everything that is not genuine."""
        raw = await _body(request)
        media_type = request.headers.get("content-type", "").split(";")[0].strip().lower()
        try:
            form = form_of(raw) if media_type in ("", FORM) else FormData()
        except ValueError as error:
            raise _forbidden() from error
        if not _body_is_signed(raw, form, request):
            raise _forbidden()
        url = self._genuine(request, self._public.scheme, form)
        if not url:
            raise _forbidden()
        token = request.headers.get("i-twilio-idempotency-token", "")
        return SignedForm(raw=raw, media_type=media_type, form=form, url=url, idempotency_token=token)

    def verify_websocket(self, websocket: WebSocket) -> bool:
        """Whether the handshake of a media stream is genuine; if not, close with 1008 before accepting."""
        scheme = self._public.scheme.replace("http", "ws")
        return bool(self._genuine(websocket, scheme, FormData()))

    def _genuine(self, connection: HTTPConnection, scheme: str, form: FormData) -> str:
        """The URL that was signed, or nothing. Every token and spelling is tried, in constant time for each."""
        given = connection.headers.getlist("x-twilio-signature")
        if len(given) != 1:
            return ""
        claimed, genuine = given[0].encode("utf-8", "replace"), ""
        for validator in self._validators:
            for url in self._spellings(connection, scheme):
                computed = str(validator.compute_signature(url, form)).encode()
                genuine = url if hmac.compare_digest(computed, claimed) else genuine
        return genuine

    def _spellings(self, connection: HTTPConnection, scheme: str) -> list[str]:
        """The URL without and with its port: the provider signs either. Streams also with and without a last slash."""
        path, query = _target(connection)
        paths = [path, path[:-1] if path.endswith("/") else path + "/"] if scheme.startswith("ws") else [path]
        bare = self._public.netloc.removesuffix(f":{self._public.port}")
        hosts = [bare, f"{bare}:{self._public.port or DEFAULT_PORT[scheme]}"]
        return [f"{scheme}://{host}{self._public.path}{path}{query}" for path in paths for host in hosts]


async def _body(request: Request) -> bytes:
    """The exact bytes of the body; 403 once they are more than any webhook has."""
    raw = bytearray()
    async for chunk in request.stream():
        raw += chunk
        if len(raw) > LARGEST_BODY:
            raise _forbidden()
    return bytes(raw)


def _target(connection: HTTPConnection) -> tuple[str, str]:
    """Path and query exactly as they stood on the wire."""
    raw: bytes = connection.scope.get("raw_path") or connection.scope["path"].encode()
    query: bytes = connection.scope["query_string"]
    return raw.partition(b"?")[0].decode("latin-1"), "?" + query.decode("latin-1") if query else ""


def _body_is_signed(raw: bytes, form: FormData, request: Request) -> bool:
    """Whether the signature covers the body: by its fields or, for any other kind, by ``bodySHA256`` in the URL."""
    digests = parse_qs(request.scope["query_string"].decode("latin-1"), keep_blank_values=True).get("bodySHA256", [])
    if digests:
        claimed = digests[0].lower().encode("utf-8", "replace")
        return len(digests) == 1 and hmac.compare_digest(hashlib.sha256(raw).hexdigest().encode(), claimed)
    return bool(form) or not raw


def _forbidden() -> HTTPException:
    return HTTPException(403, "Not signed by our provider")
