"""One account at GOV.UK Notify: its client, in threads of its own, each request once and no address in a log."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from io import BytesIO
from typing import Any, Protocol, TypeVar, cast

from notifications_python_client.errors import HTTPError
from notifications_python_client.notifications import NotificationsAPIClient

from channels.contract import DeliveryReport, SendError, SendFailed, SendUnknown
from channels.notify.api_key import ApiKey, is_uuid
from channels.notify.refusals import one_question, one_request
from channels.notify.states import report_of

API = "https://api.notifications.service.gov.uk"
CONNECT_TIMEOUT = 5.0  # seconds
TIMEOUT = 10.0  # seconds without a byte
AT_ONCE = 8
MOST_PAGES = 40  # of 250 notifications each

T = TypeVar("T")
Answer = Mapping[str, Any]
"""What the service answered, from JSON."""


class NotifyApi(Protocol):
    """What is used of the service's client, which has no types."""

    def send_sms_notification(
        self, phone_number: str, template_id: str, personalisation: Answer, reference: str
    ) -> Answer:
        """Send a text."""

    def send_email_notification(
        self, email_address: str, template_id: str, personalisation: Answer, reference: str
    ) -> Answer:
        """Send a mail."""

    def send_precompiled_letter_notification(self, reference: str, pdf_file: BytesIO) -> Answer:
        """Send a letter."""

    def get_notification_by_id(self, id: str) -> Answer:
        """One notification."""

    def get_all_notifications(
        self, status: Sequence[str] | None = None, reference: str | None = None, older_than: str | None = None
    ) -> Answer:
        """A page of notifications, the newest first."""

    def get_received_texts(self, older_than: str | None = None) -> Answer:
        """A page of texts people sent, the newest first."""

    def get_all_templates(self, template_type: str | None = None) -> Answer:
        """The account's templates."""


class NotifyAccount:
    """``api_url`` is the service's own unless another is given; ``timeout`` in seconds.

    The client blocks and may not be shared by threads: each request borrows one that no other uses.
    """

    def __init__(self, key: ApiKey, *, api_url: str | None = None, timeout: float = TIMEOUT) -> None:
        for name in ("notifications_python_client", "urllib3"):  # their warnings quote answers and addresses of pages
            logging.getLogger(name).setLevel(logging.CRITICAL)
        self._key, self._url, self._timeout = key, api_url or API, timeout
        self._idle: deque[NotifyApi] = deque()
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="notify")
        self._is_closed = False

    async def send(self, do: Callable[[NotifyApi], Answer]) -> str:
        """Have one notice sent; its id there. Raises ``SendFailed`` or ``SendUnknown``."""
        with one_request():
            return str((await self._in_thread(do))["id"])

    async def before_sending(self, do: Callable[[NotifyApi], Answer]) -> Answer:
        """Ask what must be known to send at all; raises ``SendFailed``, for nothing was sent yet."""
        try:
            with one_request():
                return await self._in_thread(do)
        except SendUnknown as error:
            raise SendFailed(error=SendError.AWAY, reason=str(error)) from None

    async def ask(self, do: Callable[[NotifyApi], T]) -> T:
        """Ask something; raises ConnectionError when there is no answer."""
        with one_question():
            return await self._in_thread(do)

    async def find(self, reference: str) -> str | None:
        """The id of what was sent under this reference of ours; None if nothing was taken. Else ConnectionError."""
        page = await self.ask(lambda client: client.get_all_notifications(reference=reference))
        with one_question():
            return next((str(one["id"]) for one in page["notifications"]), None)

    async def track(self, provider_id: str) -> DeliveryReport | None:
        """What became of a notification; None if the service has none of this id (it keeps them for a week)."""
        if not is_uuid(provider_id):
            return None
        found = await self.ask(lambda client: _unless_missing(client, provider_id))
        return report_of(found) if found is not None else None

    async def page(self, statuses: Sequence[str], older_than: str | None) -> Sequence[Answer]:
        """Up to 250 notifications in one of these states, the newest first; raises ConnectionError."""
        found = await self.ask(lambda client: client.get_all_notifications(status=statuses, older_than=older_than))
        with one_question():
            return cast(Sequence[Answer], found["notifications"])

    async def texts(self, older_than: str | None) -> Sequence[Answer]:
        """Up to 250 texts people sent in the last week, the newest first; raises ConnectionError."""
        found = await self.ask(lambda client: client.get_received_texts(older_than))
        with one_question():
            return cast(Sequence[Answer], found["received_text_messages"])

    async def close(self) -> None:
        """Let go of the connections; a request under way ends by its own time limit."""
        self._is_closed = True
        self._threads.shutdown(wait=False, cancel_futures=True)
        while self._idle:
            _close(self._idle.pop())

    async def _in_thread(self, do: Callable[[NotifyApi], T]) -> T:
        running = asyncio.get_running_loop().run_in_executor(self._threads, self._with_client, do)
        return await asyncio.wait_for(running, CONNECT_TIMEOUT + self._timeout)

    def _with_client(self, do: Callable[[NotifyApi], T]) -> T:
        client = self._idle.pop() if self._idle else self._new_client()
        try:
            return do(client)
        finally:
            if self._is_closed:
                _close(client)
            else:
                self._idle.append(client)

    def _new_client(self) -> NotifyApi:
        """Reads no proxy and no password from the environment, and follows the service nowhere else."""
        limits = (min(CONNECT_TIMEOUT, self._timeout), self._timeout)
        client = NotificationsAPIClient(self._key.whole, base_url=self._url, timeout=limits)  # type: ignore[no-untyped-call]
        client.request_session.trust_env = False
        client.request_session.max_redirects = 0
        return cast(NotifyApi, client)


def _unless_missing(client: NotifyApi, provider_id: str) -> Answer | None:
    try:
        return client.get_notification_by_id(provider_id)
    except HTTPError as error:
        if error.status_code == HTTPStatus.NOT_FOUND:
            return None
        raise


def _close(client: NotifyApi) -> None:
    cast(Any, client).request_session.close()
