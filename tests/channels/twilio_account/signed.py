"""A door that answers what it took to be signed, and requests as the provider makes them."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import httpx
from fastapi import Depends, FastAPI

from channels.twilio_account import SignedForm, TwilioAccount, TwilioSignature

PUBLIC = "https://front.example.org"
TOKEN, OLD_TOKEN = "new-token", "old-token"
FORM = "application/x-www-form-urlencoded; charset=UTF-8"
BODY = b"CallSid=CA1&FromCity=&Body=Mum+said+%22no%22%0D%0A&To=%2B441632960001"
FIELDS = {"CallSid": "CA1", "FromCity": "", "Body": 'Mum said "no"\r\n', "To": "+441632960001"}


def account(**changes: object) -> TwilioAccount:
    """An account with two tokens, as during a change of token."""
    parts: dict[str, object] = {
        "sid": "AC" + "0" * 31 + "1",
        "auth_tokens": (TOKEN, OLD_TOKEN),
        "number": "+441632960001",
        "public_url": PUBLIC,
    }
    return TwilioAccount(**(parts | changes))  # type: ignore[arg-type]


def signature(url: str, fields: Mapping[str, str] | None = None, token: str = TOKEN, digest: str = "sha1") -> str:
    """X-Twilio-Signature, computed here from the provider's description rather than by its library."""
    text = url + "".join(name + value for name, value in sorted((fields or {}).items()))
    return base64.b64encode(hmac.new(token.encode(), text.encode(), digest).digest()).decode()


def hashed(path: str, body: bytes) -> str:
    """A path with the hash of a JSON body, as the provider signs it."""
    return f"{path}?bodySHA256={hashlib.sha256(body).hexdigest()}"


class Door:
    """``taken`` holds every webhook that was let in."""

    def __init__(self, **changes: object) -> None:
        self.taken: list[SignedForm] = []
        self._signature = TwilioSignature(account(**changes))
        self.app = FastAPI()

        async def take(form: SignedForm = Depends(self._signature.signed_form)) -> None:
            self.taken.append(form)

        self.app.add_api_route("/{path:path}", take, methods=["POST"])

    async def post(
        self, path: str = "/twilio/sms", body: bytes = BODY, kind: str = FORM, **headers: str
    ) -> httpx.Response:
        """Post to the door as it listens behind a proxy: over http and under another name."""
        sent = {"content-type": kind} | {name.replace("_", "-"): value for name, value in headers.items()}
        async with self.client() as http:
            return await http.post(path, content=body, headers=sent)

    @asynccontextmanager
    async def client(self) -> AsyncIterator[httpx.AsyncClient]:
        """A client of the door; errors inside it are answered 500, as a server does."""
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://10.0.0.1:8000") as http:
            yield http
