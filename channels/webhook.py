"""Takes what the telephony provider posts: forged is refused, genuine is kept, and the answer is never in doubt."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from fastapi import APIRouter, HTTPException, Request, Response

from channels.contract import Accept, NotKept, Purpose, RawMessage, Receipt
from channels.twilio_account import SignedForm, TwilioAccount, TwilioSignature

log = logging.getLogger(__name__)

PATIENCE = 3.0  # seconds to keep something in; the provider waits four (overrides.RETRY) and then asks again
EMPTY_DOCUMENT = '<?xml version="1.0" encoding="UTF-8"?><Response/>'
XML = "text/xml"

Step = Callable[[SignedForm], Awaitable[str]]
"""One step of a call: what was posted, to the document that leads on."""


class Webhooks:
    """The doors of one channel at the provider's address of ours."""

    def __init__(self, account: TwilioAccount, accept: Accept, *, patience: float = PATIENCE) -> None:
        self.router = APIRouter(include_in_schema=False)
        self._signature, self._accept, self._patience = TwilioSignature(account), accept, patience
        self._keeping: set[asyncio.Task[Receipt]] = set()

    async def keep(self, raw: RawMessage, *, patience: float | None = None) -> Receipt:
        """Keep it within the provider's patience; raises ``NotKept``. A late commit still counts: it is a repeat.

        ``patience`` in seconds, less than the provider's where nobody is told that it is kept.
        """
        seconds = self._patience if patience is None else min(patience, self._patience)
        keeping = asyncio.create_task(_kept(self._accept, raw))
        self._keeping.add(keeping)
        keeping.add_done_callback(self._done)
        done, _ = await asyncio.wait({keeping}, timeout=seconds)
        if not done:
            raise NotKept(f"not kept within {seconds} seconds")
        return keeping.result()

    def on_call(self, path: str, step: Step, otherwise: Callable[[], str]) -> None:
        """A step of a call: forged is 403; whatever fails on our side is answered by ``otherwise``, never by a 500."""

        async def answer(request: Request) -> Response:
            try:
                document = await step(await self._signature.signed_form(request))
            except HTTPException:
                raise
            except Exception as error:
                log.error("a step of a call failed, %s: %s", path, type(error).__name__)
                document = otherwise()
            return Response(document, media_type=XML)

        self.router.add_api_route(path, answer, methods=["POST"])

    def on_event(self, path: str, read: Callable[[SignedForm], RawMessage | None], answer: str = "") -> None:
        """Something posted once: kept and answered with ``answer`` or 204, or 503 so that it is posted again.

        ``read`` gives None for an event that says nothing to us.
        """

        async def take(request: Request) -> Response:
            raw = read(await self._signature.signed_form(request))
            try:
                if raw is not None:
                    await self.keep(raw)
            except Exception as error:
                log.error("a post of the provider was not kept, %s: %s", path, type(error).__name__)
                return Response(status_code=503)
            return Response(answer, media_type=XML) if answer else Response(status_code=204)

        self.router.add_api_route(path, take, methods=["POST"])

    def _done(self, keeping: asyncio.Task[Receipt]) -> None:
        self._keeping.discard(keeping)
        if not keeping.cancelled():
            keeping.exception()


def as_kept(
    form: SignedForm, *, channel: str, source_key: str, step: str, purpose: Purpose = Purpose.REPORT
) -> RawMessage:
    """A webhook as it goes into the ledger: exact bytes, which step it was, and the call it belongs to."""
    call = form.value("CallSid")
    return RawMessage(
        channel=channel,
        source_key=source_key,
        body=form.raw,
        media_type=form.media_type,
        envelope={"step": step, "idempotency_token": form.idempotency_token},
        conversation=f"call:{call}" if call else None,
        purpose=purpose,
    )


async def _kept(accept: Accept, raw: RawMessage) -> Receipt:
    return await accept(raw)
