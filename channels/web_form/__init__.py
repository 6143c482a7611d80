"""The public web form: one page for everybody, nothing mandatory, no script needed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from fastapi import APIRouter

from channels.contract import Accept, Inbound, RawMessage, WayIn
from channels.web_form.confirmation import Confirmation, SealedLink
from channels.web_form.door import FormDoor, FormPage, Pages, ReceiptPage, Trouble
from channels.web_form.limit import Limit
from channels.web_form.parse import read_form

__all__ = ["MOST_BYTES", "Confirmation", "FormPage", "ReceiptPage", "Trouble", "WebForm"]

MOST_BYTES = 40_000_000


class WebForm:
    """The form channel.

    ``form_page`` and ``receipt_page`` draw the pages. ``link_key`` is secret and seals the link to the page with the
    reference. At most ``most_bytes`` are taken in one form, and ``most_forms`` an hour from one household or office.
    """

    name = "web_form"

    def __init__(
        self,
        *,
        form_page: FormPage,
        receipt_page: ReceiptPage,
        link_key: bytes,
        most_bytes: int = MOST_BYTES,
        most_forms: int = 60,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._pages = Pages(form=form_page, receipt=receipt_page)
        self._link = SealedLink(link_key)
        self._most_bytes, self._most_forms, self._clock = most_bytes, most_forms, clock

    def door(self, accept: Accept) -> APIRouter:
        """``/report`` and the page after it."""
        return FormDoor(
            accept,
            pages=self._pages,
            link=self._link,
            limit=Limit(times=self._most_forms, seconds=3600),
            most_bytes=self._most_bytes,
            clock=self._clock,
        ).router()

    def parse(self, raw: RawMessage) -> Inbound:
        """The form as a message."""
        return read_form(raw)

    def ways_in(self) -> tuple[WayIn, ...]:
        """The form's own address."""
        note = "You do not have to answer every question. You do not have to give your name. You can add photos."
        return (WayIn(title="Tell us online", detail="Fill in the contact form", href="/report", note=note),)
