"""Signs our application in to Microsoft 365: a token for an hour or so, asked for again when it is over."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import msal

from channels.mailbox.contract import CannotReach

GRAPH = "https://graph.microsoft.com"
SIGN_IN = "https://login.microsoftonline.com"
TIME_LIMIT = 30.0


@dataclass(frozen=True, kw_only=True)
class Application:
    """What the tenant knows us by. ``certificate`` is a PEM file with private key and certificate, else a ``secret``.

    ``url`` is another base for both sign-in and API; None is Microsoft's own.
    """

    tenant: str
    client_id: str
    secret: str | None = field(default=None, repr=False)
    certificate: Path | None = None
    url: str | None = None

    @property
    def api(self) -> str:
        """The base of the API."""
        return f"{self.url or GRAPH}/v1.0"

    def credential(self) -> str | Mapping[str, str]:
        """As the library wants it; raises OSError where the file cannot be read."""
        if self.certificate is None:
            return self.secret or ""
        pem = self.certificate.read_text("ascii")
        return {"private_key": pem, "public_certificate": pem[pem.find("-----BEGIN CERTIFICATE") :]}


class SignIn:
    """Of one process, shared by its mailboxes; the library blocks, so it works in a thread, one question at a time."""

    def __init__(self, application: Application) -> None:
        logging.getLogger("msal").setLevel(logging.CRITICAL)  # it repeats what it was answered
        self._application = application
        self._library: Any = None
        self._asking = asyncio.Lock()

    async def token(self, *, anew: bool = False) -> str:
        """A token that is good now; ``anew`` if the last one was not taken. Raises ``CannotReach``."""
        async with self._asking:
            return await asyncio.to_thread(self._token, anew=anew)

    def _token(self, *, anew: bool) -> str:
        try:
            if self._library is None:
                self._library = self._signed_up()
            elif anew:
                self._library.remove_tokens_for_client()
            answer = self._library.acquire_token_for_client(scopes=[f"{GRAPH}/.default"])
        except OSError as error:
            raise CannotReach(
                f"the certificate's file cannot be read ({type(error).__name__})", is_refused=True
            ) from None
        except (httpx.HTTPError, json.JSONDecodeError) as error:
            raise CannotReach(f"sign-in does not answer ({type(error).__name__})") from None
        except (ValueError, KeyError, TypeError, msal.exceptions.MsalError) as error:
            raise CannotReach(
                f"the tenant or the certificate is not usable ({type(error).__name__})", is_refused=True
            ) from None
        if "access_token" not in answer:
            raise CannotReach(f"our application may not sign in ({_code(answer)})", is_refused=True)
        return str(answer["access_token"])

    def _signed_up(self) -> Any:
        ours = self._application
        return msal.ConfidentialClientApplication(
            ours.client_id, client_credential=ours.credential(), authority=f"{SIGN_IN}/{ours.tenant}",
            http_client=_Wire(ours.url),
        )  # fmt: skip


class _Wire:
    """What the library asks the network with; with a ``url`` everything goes there in the service's place."""

    def __init__(self, url: str | None) -> None:
        self._url = url

    def get(self, url: str, params: Any = None, headers: Any = None, **_: object) -> httpx.Response:
        """One question."""
        return self._asked("GET", url, params=params, headers=headers)

    def post(self, url: str, params: Any = None, data: Any = None, headers: Any = None, **_: object) -> httpx.Response:
        """One question with a form, of which the library gives some values as bytes."""
        form = {name: value.decode() if isinstance(value, bytes) else value for name, value in (data or {}).items()}
        return self._asked("POST", url, params=params, data=form, headers=headers)

    def close(self) -> None:
        """Nothing is held open between two questions, an hour apart."""

    def _asked(self, method: str, url: str, **given: Any) -> httpx.Response:
        there = url.replace(SIGN_IN, self._url, 1) if self._url else url
        answer = httpx.request(method, there, timeout=TIME_LIMIT, trust_env=self._url is None, **given)
        if answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
            answer.raise_for_status()
        return answer


def _code(answer: Mapping[str, Any]) -> str:
    """One of the error codes of RFC 6749 5.2; the words beside it name tenant and application."""
    code = str(answer.get("error", ""))
    return code if code.replace("_", "").isalpha() and len(code) < 40 else "refused"
